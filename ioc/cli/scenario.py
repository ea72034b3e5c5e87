"""``ioc scenario``: the five reports' districts as single events, and what their figures come to."""

import json
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table
from rich.text import Text

from ioc import district as districts
from ioc import recording
from ioc.cli import fail
from ioc.cli.counted import counting, rows, tallies
from ioc.engine.plan import plan
from ioc.replay import Replay
from ioc.scenarios import blocks
from ioc.scenarios.compared import Line, lines
from ioc.scenarios.telling import events
from ioc.targets.standing import Standing

Seed = Annotated[int, typer.Option(help="Another seed, other days and places; the same figures.")]

#: What a line says, and how wide it is beside the others.
COLUMNS = {"số liệu": 5, "in": 2, "tính được": 2, "tử số / mẫu số": 3, "kết quả": 2}


def register(app: typer.Typer) -> None:
    app.command("scenario")(scenario)


def scenario(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(blocks.names())}; a .toml file; or all.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write its events here (.jsonl, .gz, .zst).")
    ] = None,
    seed: Seed = 7,
    table: Annotated[
        bool, typer.Option("--table", help="Replay it, and hold every printed figure against it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The table as JSON.")] = False,
) -> None:
    """Make the events of a report's district, and show that its figures come out of them.

    With --table the events go through the very detectors that count live, and every figure that the report printed is
    held against the computed one. What the report does not print (a denominator, a goal) is chosen, and named. The exit
    code is 1 if a figure is not reproduced.

        ioc scenario thieu_hoa -o thieu_hoa.jsonl.zst
        ioc scenario all --table
    """
    if name == "all" and output:
        raise fail("-o takes the events of one scenario: name it")
    found = [
        line for each in (blocks.names() if name == "all" else (name,)) for line in _one(each, output, seed, table)
    ]
    if as_json:
        print(json.dumps([asdict(line) for line in found], ensure_ascii=False, indent=1))
    elif table:
        _show(found)
    raise typer.Exit(0 if all(line.reproduced for line in found) else 1)


def _one(name: str, output: Path | None, seed: int, table: bool) -> list[Line]:
    console = Console(stderr=True)
    try:
        said = blocks.load(name)
        district = districts.load(said.district)
        rules = plan(district, counting(district))
        told = events(said, district, seed)
    except (blocks.BadScenario, districts.BadDistrict) as error:
        raise fail(error) from None
    console.print(f"{said.report}: {len(told):,} events, {told[0].at:%d/%m/%Y} to {told[-1].at:%d/%m/%Y}")
    console.print(f"[dim]{said.about.strip()}[/dim]")
    if output:
        recording.write(output, told)
    if not table:
        return []
    bar = track(told, f"replaying {said.id}", console=console, transient=True, update_period=0.5)
    result = Replay(rules).run(recording.clocked(bar))
    if result.rejected:
        raise fail(f"{said.id}: {result.rejected[0]}")
    return list(lines(said, Standing(district, rows(result.totals()), tallies())))


def _show(found: list[Line]) -> None:
    """A table for each report, narrow enough for a terminal of 80 columns."""
    console = Console()
    for report, of_report in groupby(found, key=lambda line: line.report):
        columns = (Column(name, ratio=ratio) for name, ratio in COLUMNS.items())
        table = Table(*columns, title=report, title_justify="left", expand=True)
        for line in of_report:
            table.add_row(_about(line), line.printed, line.computed, line.parts, _result(line), end_section=True)
        console.print(table)
    good = sum(line.reproduced for line in found)
    print(f"{good} of {len(found)} reproduced")


def _about(line: Line) -> Text:
    """What was counted; below it the period, where it comes from, what of it was chosen, and a note."""
    chosen = line.chosen.replace("numerator", "tử số").replace("denominator", "mẫu số")
    more = (line.period, line.source.vi, chosen and f"tự chọn: {chosen}", line.note)
    return Text.assemble(line.name.vi, "\n", ("; ".join(filter(None, more)), "dim"))


def _result(line: Line) -> str:
    return line.result.vi if line.reproduced else f"✗ {line.result.vi}"
