"""``ioc fire``: forest fire danger from a weather file, without Kafka; and the newest bulletins of a space."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Shown
from rich.text import Text as Styled

from ioc.cli import fail, gateway
from ioc.cli.flow import LOCAL, Bootstrap, Space
from ioc.events.forest import BULLETINS, DangerRated
from ioc.fire import fwi, tables, weather_file
from ioc.fire.assess import assess
from ioc.fire.drought import Span
from ioc.fire.season import Rules

HELP = """Rate forest fire danger day by day from a weather file.

FILE is CSV with the columns `yr, mon, day, temp, rh, ws, prec, lat`: temperature (°C), relative humidity (%),
wind (km/h) at 13:00 local time, and rain (mm) of the 24 hours before. Empty or `NA` means *not known*, which is
not zero.
Several places in one file are told apart by a column `station`, or by `lat` and `long`.

Each day gets the Canadian FFMC, DMC, DC, ISI, BUI, FWI and DSR, index P (Phạm Ngọc Hưng) with its level I–V,
and for comparison Nesterov's and Ångström's. Levels come from a table: `tham_khao` (no decision's, for reference
only), one that is shipped, or a file of your own. A zone or month that a table does not know gets no level.

A day that is not in the file is told as missing. What adds up is then *at least* what it shows, and FWI begins
anew; `--bridge 2` carries up to two such days over with the reading before them and the rain unknown.

Exit code: 0 all was read; 3 some rows were left out (told with their lines); 2 nothing can be rated.

Examples: `ioc fire assess --weather tra-my.csv`,
`ioc fire assess --weather hue.csv --table thua_thien_hue_33_2022 --zone 1 --plot hue.svg --json`
"""
#: From this many columns of the terminal on, P is drawn too.
WIDE = 108
COLOURS = {"I": "green", "II": "blue", "III": "yellow", "IV": "dark_orange", "V": "red"}


def register(app: typer.Typer) -> None:
    fire = typer.Typer(help="Forest fire (cháy rừng): danger rated from weather, and bulletins.", no_args_is_help=True)
    fire.command("assess", help=HELP)(assess_file)
    fire.command()(bulletins)
    app.add_typer(fire, name="fire")
    gateway.register(app)  # what the forest's stations send by


def assess_file(
    weather: Annotated[Path, typer.Option(metavar="FILE.csv", help="The weather, one row a day.")],
    ffmc: Annotated[float, typer.Option(min=0, max=101, help="FFMC before the first day.")] = 85.0,
    dmc: Annotated[float, typer.Option(min=0, help="DMC before the first day.")] = 6.0,
    dc: Annotated[float, typer.Option(min=0, help="DC before the first day.")] = 15.0,
    p: Annotated[float, typer.Option(min=0, help="P before the first day.")] = 0.0,
    table: Annotated[
        str, typer.Option(help=f"Table of levels: a file, or one of {', '.join(tables.shipped())}.")
    ] = "tham_khao",
    zone: Annotated[str | None, typer.Option(help="Zone of the table, where it has several.")] = None,
    rain_limit: Annotated[
        float | None, typer.Option(min=0, help="Rain (mm) above which P begins anew, instead of the table's.")
    ] = None,
    latitude: Annotated[
        float | None, typer.Option("--lat", min=0, max=90, help="Degrees north, for rows without lat.")
    ] = None,
    bridge: Annotated[int, typer.Option(min=0, max=10, help="Missing days in a row that are carried over.")] = 0,
    plot: Annotated[Path | None, typer.Option(help="Draw the days: .svg, .png or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A list of days instead of a table.")] = False,
) -> None:
    problems: list[str] = []
    try:
        levels = tables.load(table)
        places = weather_file.read(weather.read_text("utf-8-sig").splitlines(keepends=True), latitude, problems)
    except (tables.BadTable, OSError) as error:
        raise fail(error) from None
    except UnicodeDecodeError:
        raise fail(f"{weather}: not UTF-8 text") from None
    except weather_file.BadFile as error:
        raise fail(f"{weather}: {error}") from None
    days: list[dict[str, Any]] = []
    for place in places:
        rules = Rules(levels, place.latitude, zone, rain_limit, fwi.Codes(ffmc, dmc, dc), Span(p, p), bridge)
        days += assess(place, rules)
    for problem in problems:
        print(f"{weather}: {problem}", file=sys.stderr)
    refused = sorted({day["refused"] for day in days if day["refused"]})
    if refused and all(day["refused"] for day in days):
        raise fail(refused[0])
    for reason in refused:
        print(
            f"{weather}: {sum(day['refused'] == reason for day in days)} days have no level: {reason}", file=sys.stderr
        )
    if plot:
        _plot(days, levels, weather.name, plot)
    if as_json:
        typer.echo(json.dumps(days, ensure_ascii=False))
    else:
        _show(days, levels)
    raise typer.Exit(3 if problems else 0)


def bulletins(
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    as_json: Annotated[bool, typer.Option("--json", help="A list of bulletins as they travel on Kafka.")] = False,
) -> None:
    """Print the newest bulletin (bản tin) of every commune of a space, the most dangerous first."""
    told = sorted(asyncio.run(_bulletins(space, bootstrap)), key=lambda each: (-(each.level or 0), each.commune))
    if as_json:
        typer.echo(
            json.dumps([json.loads(each.model_dump_json(exclude_none=True)) for each in told], ensure_ascii=False)
        )
        return
    console = Console()
    for each in told:
        console.print(Styled(each.bulletin.vi, style=COLOURS.get(each.roman, "dim")))
        console.print(Styled(each.bulletin.en, style="dim"))
        for duty in each.duties:
            console.print(Styled(f"  – {duty.vi} · {duty.en}"))
    if not told:
        console.print("Chưa có bản tin nào · No bulletin yet")


async def _bulletins(space: str, bootstrap: str) -> list[DangerRated]:
    from aiokafka import TopicPartition
    from aiokafka.errors import KafkaError

    from streams.ledger import compacted
    from streams.names import topic_name

    name = topic_name(space, BULLETINS)
    try:
        kept = await compacted(bootstrap, *(TopicPartition(name, number) for number in range(BULLETINS.partitions)))
    except (KafkaError, OSError) as error:
        raise fail(
            f"Kafka at {bootstrap}: {type(error).__name__}: is it running, and `ioc topics apply` done?"
        ) from None
    return [DangerRated.model_validate_json(value) for each in kept.values() for value in each.values() if value]


def _plot(days: list[dict[str, Any]], levels: tables.Table, title: str, file: Path) -> None:
    from dashboards.fire_plot import draw

    first = days[0]["station"]
    try:
        draw([day for day in days if day["station"] == first], levels, f"{title} {first}".strip(), file)
    except (ValueError, OSError) as error:
        raise fail(f"{file}: {error}") from None


def _show(days: list[dict[str, Any]], levels: tables.Table) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    several = len({day["station"] for day in days}) > 1
    names = ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr", "p")
    titles = ("ngày", "°C", "%", "km/h", "mm", *(name.upper() for name in names), "cấp")
    shown = Shown(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for number, title in enumerate(titles):
        shown.add_column(title, justify="right" if 0 < number < len(titles) - 1 else "left", no_wrap=True)
    if console.width >= WIDE:
        shown.add_column("P")
    top = max((day["p"] or 0.0 for day in days), default=0.0) or 1.0
    for index, day in enumerate(days):
        if several and (index == 0 or days[index - 1]["station"] != day["station"]):
            shown.add_row(Styled(day["station"], style="bold"))
        cells = (_number(day[name], name) for name in ("temp", "rh", "ws", "prec", *names))
        level, bar = _level(day, top)
        shown.add_row(day["date"], *cells, level, *([bar] if console.width >= WIDE else []))
    console.print(shown)
    basis = " · ".join(dict.fromkeys((levels.basis.vi, levels.basis.en)))
    console.print(Styled(f"Cấp · Levels: {basis}", style="dim"))
    if any(day["level"] and not day["certain"] for day in days):
        console.print(Styled("≤ nhiều nhất: chưa rõ mưa · at most: rain unknown    "
                             "≥ ít nhất: thiếu ngày · at least: days missing", style="dim"))  # fmt: skip
    console.print(Styled(f"FWI: {fwi.LATITUDE_RULE}", style="dim"))


def _number(value: float | None, name: str) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if name in ("rh", "ws", "p") else f"{value:.1f}"


def _level(day: dict[str, Any], top: float) -> tuple[Styled, Styled]:
    """The numeral with its doubts, and P as a bar."""
    level = day["level"]
    if level is None:
        why = "thiếu số liệu" if day["missing"] else "bảng không có" if day["refused"] else ""
        return Styled("–", style="dim"), Styled(why, style="dim")
    doubt = "" if day["certain"] else " ≥" if day["p_high"] is None else " ≤"
    style = COLOURS[level]
    return Styled(level + doubt, style=f"bold {style}"), Styled("█" * max(1, round(day["p"] / top * 24)), style=style)
