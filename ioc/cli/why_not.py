"""``ioc why-not``: why an alert did not ring: how near its rule came, or what held it back."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import detectors
from ioc.alerts.alert import ALERTS_INBOX, AlertChanged
from ioc.cli import fail, moment
from ioc.cli.explain import asked, plain, say
from ioc.cli.flow import LOCAL, Bootstrap, Space
from ioc.cli.replay import DistrictName, Salvage, opened, progress, rules_of
from ioc.detector import Outlook, Spec
from ioc.engine.plan import Plan
from ioc.folds import SOURCES
from ioc.replay.source import Source
from ioc.replay.whynot import Inquiry, watching
from ioc.text import Text


def register(app: typer.Typer) -> None:
    app.command("why-not")(why_not)


def why_not(
    kind: Annotated[str, typer.Option(help="Kind of alert, as `ioc detectors list` names it.")],
    subject: Annotated[str, typer.Option(help="What it would have been about, as alerts name it.")],
    at: Annotated[str, typer.Option(help="When it ought to have rung: 2026-01-05T08:00:00+07:00.")],
    recordings: Annotated[
        list[Path] | None,
        typer.Argument(help="The recordings of the time when it did not ring; without any, the running system."),
    ] = None,
    district: DistrictName = None,
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    salvage: Salvage = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Why an alert did not ring: how near its rule came in the 24 hours before, or what held it back.

    Of a running system, what its sources and people said is read from Kafka, as far back as Kafka holds it.

        ioc why-not day.jsonl.zst --kind queue_growing --subject dien --at 2026-01-05T10:00:00+07:00
        ioc why-not --space wall --kind queue_growing --subject dien --at 2026-01-05T10:00:00+07:00
    """
    spec = next((spec for spec in detectors.ALL if any(each.name == kind for each in spec.kinds)), None)
    if spec is None:
        known = sorted(each.name for spec in detectors.ALL for each in spec.kinds)
        raise fail(f"--kind {kind}: no such kind of alert; there are: {', '.join(known)}")
    then = moment(at, "--at")
    assert then is not None
    inquiry = Inquiry(kind, subject, then)
    with nullcontext(recordings) if recordings else running(space, bootstrap) as paths:
        source = opened(paths, salvage)
        rules = rules_of(source, district)
        look(inquiry, source, rules)
    show(answer(inquiry, spec, rules), as_json)


@contextmanager
def running(space: str, bootstrap: str) -> Iterator[list[Path]]:
    """What Kafka holds of a running system's sources and people, as a recording that is gone afterwards."""
    from streams import recorder, topics

    wanted = recorder.Wanted(bootstrap, space, [*(topic.name for topic in SOURCES), ALERTS_INBOX.name])
    with tempfile.TemporaryDirectory(prefix="ioc-why-not-") as folder:
        path = Path(folder, f"{space}.jsonl")
        try:
            asyncio.run(topics.wait_for_broker(bootstrap))
            with Console(stderr=True).status(f"reading what Kafka holds of space {space}"):
                asyncio.run(recorder.record(wanted, path, lambda _: None))
        except (recorder.Nothing, OSError) as error:
            raise fail(error) from None
        yield [path]


def look(inquiry: Inquiry, source: Source, rules: Plan) -> None:
    """Run up to the moment; say where the beginning is missing, as states begin empty there."""
    if source.header and (gone := sorted(place for place, offset in source.header.first.items() if offset)):
        print(f"the first records of {', '.join(gone)} are not held any more: states begin empty", file=sys.stderr)
    end, flow = inquiry.at + timedelta(microseconds=1), watching(rules, inquiry)
    with progress(source, "looking") as advance:
        source.run(rules, end, advance, inquiry.hear, flow=flow, to=inquiry.at)


def show(said: dict[str, Any], as_json: bool) -> None:
    """The answer as text or JSON."""
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return
    plain(said["because"]["vi"], said["because"]["en"])
    for name in ("nearest", "now"):
        if near := said[name]:
            why = f"{near['why']['vi']} · {near['why']['en']}"
            plain(f"  {name}: {near['at']} saw {near['saw']}, needed {near['needs']} ({why})")
    if not said["nearest"]:
        for name, state in said["states"].items():
            plain(f"  {name} knows: {json.dumps(state, ensure_ascii=False)}")
    say("\n[bold]The rule asks[/bold]")
    for each in said["rule"]["settings"]:
        plain(f"  {each['name']} = {json.dumps(each['value'], ensure_ascii=False)}  ({each['what']})")


def answer(inquiry: Inquiry, spec: Spec, plan: Plan) -> dict[str, Any]:
    """Everything that was heard, and the one sentence that it comes to."""
    local = plan.district.local

    def near(at: datetime, told: Outlook) -> dict[str, Any]:
        return {
            "at": local(at).isoformat(), "saw": told.saw, "needs": told.needs, "share": round(told.share, 3),
            "why": {"vi": told.why.vi, "en": told.why.en},
        }  # fmt: skip

    because = reason(inquiry, plan)
    return {
        "because": {"vi": because.vi, "en": because.en},
        "nearest": near(*inquiry.nearest) if inquiry.nearest else None,
        "now": near(inquiry.at, inquiry.now) if inquiry.now else None,
        "events heard": inquiry.heard,
        "states": inquiry.states,
        "rule": asked(spec, plan),
    }


def reason(inquiry: Inquiry, plan: Plan) -> Text:
    """The sentence."""
    local, last = plan.district.local, inquiry.lines[-1] if inquiry.lines else None
    if last is not None and last.condition != "cleared":
        return _rang(last, inquiry, f"{local(last.opened_at):%H:%M %d/%m/%Y}")
    if last is not None:
        cleared = f"{local(last.cleared_at):%H:%M %d/%m/%Y}" if last.cleared_at else ""
        return Text(f"Đã kêu và đã hết lúc {cleared}", f"It rang, and had cleared at {cleared}")
    if inquiry.found:
        at = f"{local(inquiry.found[-1][0]):%H:%M %d/%m/%Y}"
        return Text(
            f"Quy tắc đã phát hiện lúc {at}, nhưng [alerts.kinds] của địa bàn bắt chờ thêm",
            f"Its rule found it at {at}, but the district's [alerts.kinds] makes it wait",
        )
    if not inquiry.heard and not inquiry.states:
        return Text("Chưa từng nhận sự kiện nào về đối tượng này", "No event about this subject had ever been heard")
    if inquiry.nearest is None:
        return Text(
            "Điều kiện chưa xảy ra; đây là điều hệ thống biết", "Its condition did not hold; this is what was known"
        )
    return Text("Chưa đủ điều kiện; lần gần nhất:", "Its condition was not met; the nearest it came:")


def _rang(line: AlertChanged, inquiry: Inquiry, opened: str) -> Text:
    """It rang; and what kept it from people, if anything did."""
    vi, en = f"Có kêu: cảnh báo {line.alert_id} mở từ {opened}", f"It rang: alert {line.alert_id} opened at {opened}"
    if quiet := ", ".join(each.kind for each in line.suppression):
        vi, en = f"{vi}, nhưng đang bị tắt tiếng ({quiet})", f"{en}, but it is kept quiet ({quiet})"
    if inquiry.untold:
        untold = inquiry.untold[-1]
        why = f"{untold.because} {untold.ref} {untold.reason}".strip()
        vi, en = f"{vi}; không báo tin: {why}", f"{en}; people were not told: {why}"
    return Text(vi, en)
