"""``ioc explain``: why an alert rang, with the proof."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import detectors
from ioc.alerts.alert import ALERTS_INBOX, alert_id
from ioc.cli import fail
from ioc.cli.flow import LOCAL, Bootstrap, Space
from ioc.cli.replay import DistrictName, Salvage, opened, progress, rules_of
from ioc.cli.replay import rules as rules_named
from ioc.detector import Spec
from ioc.engine.plan import Plan
from ioc.recording.records import CODECS
from ioc.replay.casebook import Casebook, Told
from ioc.replay.cases import Case
from ioc.replay.flow import Shape
from ioc.replay.source import Source


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    alert: Annotated[str, typer.Argument(help="The alert's id, or its beginning.")],
    recordings: Annotated[
        list[Path] | None, typer.Argument(help="The recordings in which it rang; without any, the running system.")
    ] = None,
    district: DistrictName = None,
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    salvage: Salvage = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Why an alert rang: what the rule asked, what it saw, the events as evidence, and the proof.

    The proof: the fold runs again from the key's state before the opening, over the key's events since, and must
    find the same, to the byte. The exit code is 1 where it does not.

    The first time, the recording is replayed and a file of cases is written beside it; then it takes no replay.
    In a running system the key's whole log is read.

        ioc explain 3a8034e1 day.jsonl.zst
        ioc explain 3a8034e1-208a-5689-a81b-2967c78ea7c4 --space wall --district my_district.toml
    """
    if recordings:
        told, rules, shape = recorded(alert, opened(recordings, salvage), district)
    else:
        told, rules, shape = running(alert, space, bootstrap, district)
    said = explanation(told, rules, shape)
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        show(said)
    raise typer.Exit(0 if said["proof"]["same"] else 1)


def recorded(alert: str, source: Source, district: str | None) -> tuple[Told, Plan, Shape]:
    """What a recording holds of the alert."""
    rules = rules_of(source, district)
    book = Casebook(source, rules)
    if not book.path.exists():
        with progress(source, "finding every alert's case") as advance:
            book.make(advance)
    try:
        told = book.find(alert)
    except LookupError as error:
        raise fail(error) from None
    if told is None:
        raise fail(f"{alert}: no such alert in this recording by these rules; `ioc replay --alerts` lists them")
    return told, rules, book.shape


def running(alert: str, space: str, bootstrap: str, district: str | None) -> tuple[Told, Plan, Shape]:
    """What a running system holds of the alert."""
    from ioc.recording.records import TOPICS
    from streams import explaining, recorder, topics
    from streams.names import topic_name

    wanted = recorder.Wanted(bootstrap, space, [])
    try:
        asyncio.run(topics.wait_for_broker(bootstrap))
        state = asyncio.run(recorder.state_of(wanted))
        told = asyncio.run(explaining.find(bootstrap, space, alert))
    except (explaining.Gone, OSError, topics.WrongShape) as error:
        raise fail(error) from None
    if told is None:
        raise fail(f"{alert}: space {space} has no such alert; its whole id is needed here")
    counts = {name: topics.partitions(space)[topic_name(space, topic)] for name, topic in TOPICS.items()}
    return told, rules_named(district or state.district), Shape(state.mode, counts)


def explanation(told: Told, plan: Plan, shape: Shape) -> dict[str, Any]:
    """Everything that there is to say, in order."""
    first, last = told.lines[0], told.lines[-1]
    spec = next((spec for spec in detectors.ALL if any(kind.name == first.kind for kind in spec.kinds)), None)
    local = plan.district.local
    return {
        "alert": str(first.alert_id),
        "title": {"vi": first.title.vi, "en": first.title.en},
        "summary": {"vi": first.summary.vi, "en": first.summary.en},
        "subject": first.about,
        "commune": plan.district.commune_name(first.commune) or None,
        "opened": local(first.opened_at).isoformat(),
        "cleared": local(last.cleared_at).isoformat() if last.cleared_at else None,
        "severity": last.severity,
        "changes": [{"at": local(line.at).isoformat(), "transition": line.transition, "summary": line.summary.vi}
                    for line in told.lines],
        "rule": asked(spec, plan) if spec else None,
        "saw": {"value": first.value, "threshold": first.threshold, "unit": first.unit},
        "evidence": [json.loads(event) for event in told.events],
        "proof": prove(told.case, str(first.alert_id), plan, shape),
    }  # fmt: skip


def asked(spec: Spec, plan: Plan) -> dict[str, Any]:
    """The rule, in its own words, with the settings that it had."""
    params = spec.params.model_validate(plan.district.detectors.get(spec.name, {}))
    settings = [
        {"name": name, "value": value, "what": spec.params.model_fields[name].description}
        for name, value in params.model_dump(mode="json", by_alias=True).items()
        if name in spec.params.model_fields
    ]
    return {"detector": spec.name, "title": {"vi": spec.title.vi, "en": spec.title.en}, "settings": settings}


def prove(case: Case | None, name: str, plan: Plan, shape: Shape) -> dict[str, Any]:
    """Run the case again: does it find the same, and is the alert's id made of it?"""
    if case is None:
        return {"same": False, "why": "no fold found it here: it came with the recording's first state, or by hand"}
    found = case.run(plan, shape)
    opening = CODECS[ALERTS_INBOX.name].read_structured(case.finding.encode())
    again = case.finding in found
    same_id = str(alert_id(opening.subject, opening.at)) == name
    return {
        "same": again and same_id,
        "fold": f"{case.fold}/{case.partition}", "key": case.key, "records": len(case.records),
        "from": "the key's saved state" if case.state else "a key without state",
        "finding": json.loads(case.finding), "found": [json.loads(line) for line in found],
        "why": "" if again and same_id else "run again, the fold does not find the same: other code or other rules?",
    }  # fmt: skip


def show(said: dict[str, Any]) -> None:
    """The explanation as text."""
    title, summary, proof = said["title"], said["summary"], said["proof"]
    commune = f", {said['commune']}" if said["commune"] else ""
    say(f"[bold]{title['vi']}[/bold] · {title['en']}  [dim]{said['alert']}[/dim]")
    plain(f"  {summary['vi']}", f"  {summary['en']}")
    plain(f"  {said['subject']}{commune}; {said['opened']} – {said['cleared'] or 'still firing'}")
    if rule := said["rule"]:
        say(f"\n[bold]The rule asked[/bold] ({rule['detector']}: {rule['title']['vi']} · {rule['title']['en']})")
        for each in rule["settings"]:
            plain(f"  {each['name']} = {json.dumps(each['value'], ensure_ascii=False)}  ({each['what']})")
    saw = said["saw"]
    if saw["value"] is not None:
        limit = f", the limit is {saw['threshold']} {saw['unit']}" if saw["threshold"] is not None else ""
        say(f"\n[bold]It saw[/bold] {saw['value']} {saw['unit']}{limit}")
    say("\n[bold]Evidence[/bold]")
    for event in said["evidence"]:
        data = json.dumps(event["data"], ensure_ascii=False)
        plain(f"  {event['time']} {event['source']} {event['id']}: {data}")
    if not said["evidence"]:
        plain("  no event: time passed, and nothing came")
    say("\n[bold]History[/bold]")
    for change in said["changes"]:
        plain(f"  {change['at']} {change['transition']}: {change['summary']}")
    if proof["same"]:
        say(
            f"\n[bold green]Proved[/bold green]: fold {proof['fold']}, run again from {proof['from']} over "
            f"{proof['records']} records, finds the same to the byte, and that makes this alert's id"
        )
    else:
        say(f"\n[bold red]Not proved[/bold red]: {proof['why']}")


def say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def plain(*lines: str) -> None:
    """Text from outside: never markup."""
    for line in lines:
        Console(highlight=False, soft_wrap=True, markup=False).print(line)
