"""``ioc alerts``: see the alerts of a running system, and act on them as a person does at the desk."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ioc.alerts.alert import AlertChanged, NotNotified
from ioc.alerts.kind import SEVERITY_WORDS
from ioc.alerts.parts import CLOCKS, CONDITIONS, HANDLINGS, QUIETS
from ioc.alerts.transitions import TITLES
from ioc.cli import acting
from ioc.cli.acting import Json, Lang, Which
from ioc.cli.flow import LOCAL_REDIS, RedisUrl, Space
from ioc.cli.present import alerts, local, run, story
from ioc.text import Language, Text

HEADS = {
    "vi": ("mã", "mức", "tình trạng", "xử lý", "từ", "cơ quan", "nội dung"),
    "en": ("id", "severity", "condition", "handling", "since", "agency", "why"),
}


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Alerts of a running system: list, show, and everything a person can do with one. A command is answered "
        "by the system itself: exit code 0 done, 1 refused with the reason, 3 no answer in time.",
        no_args_is_help=True,
    )
    group.command("list")(show_all)
    group.command("show")(show)
    acting.register(group)
    app.add_typer(group, name="alerts")


def show_all(
    space: Space = "wall",
    redis: RedisUrl = LOCAL_REDIS,
    closed: Annotated[bool, typer.Option("--all", help="Closed and rejected ones too, the newest first.")] = False,
    severity: Annotated[str | None, typer.Option(help="Only this severity.")] = None,
    module: Annotated[str | None, typer.Option(help="Only this module.")] = None,
    commune: Annotated[str | None, typer.Option(help="Only this commune, by code.")] = None,
    last: Annotated[int, typer.Option(help="At most so many.")] = 50,
    lang: Lang = "vi",
    as_json: Json = False,
) -> None:
    """List open alerts, those that need a person first."""
    from dashboards.wall.listing import urgency

    wanted = {"severity": severity, "module": module, "commune": commune}
    filters = {name: value for name, value in wanted.items() if value is not None}
    found = [alert for alert in run(alerts(redis, space, closed)) if _matches(alert, filters)]
    if not closed:
        found.sort(key=urgency)
    if as_json:
        for alert in found[:last]:
            print(alert.model_dump_json(exclude_none=True))
        return
    shown = min(len(found), last)
    title = f"{shown}/{len(found)} cảnh báo" if lang == "vi" else f"{shown} of {len(found)} alerts"
    table = Table(*HEADS[lang], title=title)
    for alert in found[:last]:
        table.add_row(*_row(alert, lang))
    Console().print(table)


def _row(alert: AlertChanged, lang: Language) -> list[str]:
    quiet = ", ".join(_in(QUIETS[each.kind], lang) for each in alert.suppression)
    return [
        str(alert.alert_id)[:8],
        _in(SEVERITY_WORDS[alert.severity], lang),
        _in(CONDITIONS[alert.condition], lang),
        _in(HANDLINGS[alert.handling], lang) + (f" ({quiet})" if quiet else ""),
        local(alert.opened_at),
        alert.owner.agency if alert.owner else "",
        getattr(alert.summary, lang),
    ]


def show(
    alert: Which, space: Space = "wall", redis: RedisUrl = LOCAL_REDIS, lang: Lang = "vi", as_json: Json = False
) -> None:
    """Show one alert: why it rang, who did what when, why somebody was not told, its due times, what it rests on."""
    history, evidence, untold = run(story(redis, space, alert))
    if as_json:
        lines = [line.model_dump(mode="json", by_alias=True, exclude_none=True) for line in history]
        named = [each.model_dump(mode="json") for each in evidence]
        quiet = [each.model_dump(mode="json", exclude_none=True) for each in untold]
        told = {"alert": lines[-1], "history": lines, "not_notified": quiet, "evidence": named}
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    newest, console = history[-1], Console()
    console.print(f"{_in(SEVERITY_WORDS[newest.severity], lang)}: {getattr(newest.title, lang)}", style="bold")
    console.print(str(newest.alert_id), getattr(newest.summary, lang), sep="\n", markup=False)
    console.print(f"{_in(CONDITIONS[newest.condition], lang)}; {_in(HANDLINGS[newest.handling], lang)}")
    for name, clock in newest.clocks.items():
        due = local(clock.due) if clock.due else _in(TITLES["K5"], lang)
        console.print(f"  {_in(CLOCKS[name], lang)}: {due} ({clock.state})", markup=False)
    console.print(_history(history, untold, lang))
    for each in evidence:
        console.print(f"  {local(each.at)} {each.source} {each.id}", markup=False)


def _history(history: list[AlertChanged], untold: list[NotNotified], lang: Language) -> Table:
    table = Table("", "", "", "", box=None, show_header=False)
    quiet = {each.version: each for each in untold}
    for line in history:
        who = line.by.name or line.by.user if line.by else ""
        why = quiet.get(line.version)
        hidden = f"({_in(QUIETS[why.because], lang)}: {why.reason})" if why else ""
        title = f"{line.transition} {_in(TITLES[line.transition], lang)}"
        table.add_row(*map(escape, (local(line.at), title, f"{who} {line.text}".strip(), hidden)))
    return table


def _matches(alert: AlertChanged, filters: dict[str, str]) -> bool:
    return all(getattr(alert, name) == value for name, value in filters.items())


def _in(text: Text, lang: Language) -> str:
    return str(getattr(text, lang))
