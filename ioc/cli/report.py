"""``ioc report``: the periodic report, the flash report of 24 hours, and the page of an incident, as DOCX and HTML."""

import asyncio
from contextlib import aclosing
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ioc.alerts.alert import AlertChanged
from ioc.cli import fail, moment
from ioc.cli.counted import rows, tallies
from ioc.cli.flow import LOCAL_REDIS, RedisUrl
from ioc.cli.present import unknown
from ioc.cli.replay import DistrictName, opened, progress, rules_of
from ioc.district import BadDistrict, District
from ioc.district import load as load_district
from ioc.office.periods import BadPeriod, period

if TYPE_CHECKING:
    from dashboards.reports.known import Known
    from dashboards.reports.paper import Paper

MODES = {
    "driven": "SỐ LIỆU MÔ PHỎNG, KHÔNG PHẢI BÁO CÁO THẬT",
    "exercise": "DIỄN TẬP, KHÔNG PHẢI SỰ CỐ THẬT",
}


def register(app: typer.Typer) -> None:
    app.command("report")(report)


def report(
    recordings: Annotated[
        list[Path] | None, typer.Argument(help="Recordings; without any, the running system's read model.")
    ] = None,
    over: Annotated[
        str | None, typer.Option("--period", help="The periodic report of 2026-10, 2026-Q3, 2026-H1, 2026-9M, 2026, …")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--day", help="The flash report of the 24 hours before: a moment, or now (07:00 today)."),
    ] = None,
    alert: Annotated[str | None, typer.Option("--alert", help="The page of the alert whose id begins so.")] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Where to: .docx to edit and sign, .html to look at.")
    ] = (Path("report.docx")),
    district: DistrictName = None,
    rule: Annotated[
        str | None, typer.Option(help="How periods are cut; without one, the district's first rule.")
    ] = None,
    space: Annotated[str, typer.Option(envvar="IOC_SPACE", help="The space of the running system.")] = "wall",
    redis: RedisUrl = LOCAL_REDIS,
) -> None:
    """Write a report that an official edits and signs: give one of --period, --day, --alert.

    Figures are computed from single events, or declared by offices and marked so. A period runs by its cut-off rule:
    2026-10 by Decree 09/2019 is 15 September to 14 October. What nobody filed is said, and is never zero.

        ioc report thieu_hoa.jsonl.zst --district thieu_hoa --period 2022-9M --rule calendar -o bao-cao.docx
        ioc report --space wall --day now -o bao-cao-nhanh.docx
    """
    if sum(each is not None for each in (over, until, alert)) != 1:
        raise fail("give one of --period, --day and --alert")
    if output.suffix not in (".docx", ".html"):
        raise fail(f"{output}: end it with .docx or .html")
    known = _recorded(recordings, district) if recordings else asyncio.run(_running(space, redis, district))
    paper = _paper(known, over, until, alert, rule)
    _write(paper, output)
    print(f"{output}: {paper.kind.lower()} {paper.about}")


def _paper(known: "Known", over: str | None, until: str | None, alert: str | None, rule: str | None) -> "Paper":
    from dashboards.reports import briefing, incident, periodic

    try:
        if over is not None:
            return periodic.paper(known, period(over, known.district.cut_off(rule)))
    except (BadPeriod, BadDistrict, ValueError) as error:
        raise fail(error) from None
    if until is not None:
        return briefing.paper(known, _morning(known) if until == "now" else moment(until, "--day") or known.now)
    found = incident.paper(known, alert or "")
    if found is None:
        raise fail(f"--alert {alert}: no such alert, or more than one begins so")
    return found


def _morning(known: "Known") -> datetime:
    """The newest 07:00 that has passed."""
    today = known.district.moment(known.today, time(7))
    return today if today <= known.now else today - timedelta(days=1)


def _write(paper: "Paper", output: Path) -> None:
    from dashboards.reports import docx_file, html_page

    content = docx_file.written(paper) if output.suffix == ".docx" else html_page.page(paper).encode()
    try:
        output.write_bytes(content)
    except OSError as error:
        raise fail(f"{output}: {error.strerror}") from None


def _recorded(recordings: list[Path], district: str | None) -> "Known":
    from dashboards.reports.known import Known

    source = opened(recordings)
    plan = rules_of(source, district)
    newest: list[datetime] = []
    with progress(source, "replaying") as advance:
        result = source.run(plan, None, advance)
    lines = result.alerts
    counted = rows(result.totals())
    newest += [line.at for line in lines]
    if counted:
        last = max(row.day for row in counted)
        newest.append(plan.district.moment(last, time(23, 59)))
    if not newest:
        raise fail("nothing was counted and nothing rang: is this the district's recording?")
    header = source.header
    warning = "" if header is None or header.mode == "wall" else MODES[header.mode]
    return Known(plan.district, counted, lines, max(newest), tallies(), warning)


async def _running(space: str, redis: str, name: str | None) -> "Known":
    from dashboards.reports.known import Known
    from dashboards.wall.store import Store, Unavailable

    try:
        async with aclosing(Store(redis)) as store:
            present = await store.present(space)
            if present.state is None or present.now is None:
                raise unknown(space)
            found = [AlertChanged.model_validate_json(text) async for text in store.all_alerts(space, None)]
            lines: list[AlertChanged] = []
            for alert in found:
                story = await store.alert(space, str(alert.alert_id))
                lines += story[0] if story else [alert]
            counted = await store.tally_rows(space)
    except Unavailable as error:
        raise fail(f"{redis}: {error}") from None
    district = _district(name or present.state.district)
    at = datetime.fromtimestamp(present.now, district.local(datetime.now().astimezone()).tzinfo)
    return Known(district, counted, lines, at, tallies(), MODES.get(present.state.mode, ""))


def _district(name: str) -> District:
    try:
        return load_district(name)
    except BadDistrict as error:
        raise fail(error) from None
