"""``ioc import``: a recorded log of another system becomes a recording of events."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ioc import recording
from ioc.cli import fail
from ioc.events.base import AnyEvent
from ioc.importing import firms
from ioc.importing.files import Unusable
from ioc.importing.mapping import BadMapping, load, shipped
from ioc.importing.run import Report, import_file

SOME_PROBLEMS = 3
#: Hotspots of NASA FIRMS: their columns are known.
FIRMS = "firms"
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
#: So many problems are shown; ``--json`` has more.
SHOWN_PROBLEMS = 20

err = Console(stderr=True)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import")(import_log)


def import_log(
    mapping: Annotated[
        str, typer.Argument(metavar="MAPPING.toml", help=f"mapping file, or one of: {', '.join([*shipped(), FIRMS])}")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the log: XES, CSV or JSON lines, plain or .gz")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="recording to write, .jsonl, .jsonl.gz or .jsonl.zst; without, a trial"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the summary as one JSON object")] = False,
) -> None:
    """Turn a recorded log into events, as a mapping says.

    What cannot be read is told with its file and line, is counted, and hinders nothing else. The same log
    gives the same events with the same ids, so importing twice does no harm. The guide to writing a mapping
    is ioc/mappings/README.md. `ioc import firms FILE.csv` takes hotspots of NASA FIRMS (VIIRS and MODIS).

    Exit code: 0 all was read; 3 some of it was not, the rest is written; 2 nothing is usable or written.
    """
    if output and not output.name.endswith(SUFFIXES):
        raise fail(f"{output}: a recording ends in {', '.join(SUFFIXES)}")
    try:
        with _progress(file) as watch:
            if mapping == FIRMS:
                events, report = firms.import_file(file, watch)
            else:
                events, report = import_file(load(mapping), file, watch)
    except (BadMapping, Unusable) as why:
        raise fail(why) from None
    _tell_problems(report)
    if not events:
        raise fail(f"{file}: no event could be made of it")
    if output:
        _write(output, events)
    _summary(report, output, as_json)
    raise typer.Exit(SOME_PROBLEMS if report.problem_count else 0)


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal over the bytes of the file; nothing where nobody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(escape(file.name), total=file.stat().st_size if file.is_file() else None)
        yield lambda place: bar.update(task, completed=place)


def _write(output: Path, events: list[AnyEvent]) -> None:
    """Write beside, then put in place: a reader never finds half a recording."""
    beside = output.with_name(f".{os.getpid()}-{output.name}")
    try:
        recording.write(beside, events)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise fail(f"{output}: {error.strerror}") from None


def _tell_problems(report: Report) -> None:
    for line in report.lines()[:SHOWN_PROBLEMS]:
        print(line, file=sys.stderr)
    if report.problem_count:
        print(f"problems: {report.problem_count:,}; what they are about was left out", file=sys.stderr)


def _summary(report: Report, output: Path | None, as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(_as_json(report, output), option=orjson.OPT_INDENT_2))
        return
    table = Table("", "", show_header=False, title=str(output) if output else "A trial: nothing is written")
    table.columns[1].justify = "right"
    table.add_row("rows", f"{report.rows:,}")
    table.add_row("cases", f"{report.cases:,}", end_section=True)
    for event, count in sorted(report.events.items()):
        table.add_row(event, f"{count:,}")
    table.add_row("events", f"[bold]{report.events.total():,}", end_section=True)
    table.add_row("first", str(report.first))
    table.add_row("last", str(report.last), end_section=True)
    table.add_row("rows without an event", f"{report.silent_rows:,}")
    table.add_row("times moved to the earliest possible", f"{report.moved:,}")
    for name, count in report.further.items():
        table.add_row(name, f"{count:,}")
    table.add_row("problems", f"{report.problem_count:,}")
    if report.never_seen:
        table.add_row("columns in no row", escape(", ".join(report.never_seen)))
    Console().print(table)


def _as_json(report: Report, output: Path | None) -> dict[str, object]:
    return {
        "file": str(report.file),
        "output": str(output) if output else None,
        "rows": report.rows,
        "cases": report.cases,
        "events": dict(sorted(report.events.items())),
        "first": report.first,
        "last": report.last,
        "rows_without_event": report.silent_rows,
        "times_moved": report.moved,
        "columns_in_no_row": report.never_seen,
        "further": report.further,
        "problem_count": report.problem_count,
        "problems": report.lines(),
    }
