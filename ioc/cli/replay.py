"""``ioc replay``: recordings through the detectors and the alert fold, in this process."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import detectors
from ioc import district as districts
from ioc import recording
from ioc.cli import fail, moment
from ioc.engine.plan import plan
from ioc.replay import Replay, Result


def register(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    recordings: Annotated[
        list[Path], typer.Argument(help="Recordings: .jsonl, .jsonl.gz, .jsonl.zst; merged by time.")
    ],
    district: Annotated[str, typer.Option(help="District file, by path or by name of a shipped one.")] = "open_logs",
    alerts: Annotated[Path | None, typer.Option(help="Write the alert history here, one JSON line a change.")] = None,
    facts: Annotated[Path | None, typer.Option(help="Write gauges and tallies here, as JSON.")] = None,
    until: Annotated[str | None, typer.Option(help="Let time go on past the end: 2026-01-05T08:00:00+07:00.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A summary as JSON instead of a table.")] = False,
) -> None:
    """Run recordings through the very detectors that run live, as fast as the machine goes, without Kafka.

    Lines that cannot be read are told with their number and left out; the exit code is then 3.
    """
    try:
        rules = plan(districts.load(district), detectors.ALL)
    except districts.BadDistrict as error:
        raise fail(error) from None
    end = moment(until, "--until")
    bad: list[str] = []
    console = Console(stderr=True)
    try:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("replaying", total=sum(recording.count(file) for file in recordings))
            merged = recording.merged([recording.readable(file, bad) for file in recordings])
            result = Replay(rules).run(recording.clocked(merged, end), lambda _: progress.advance(task))
    except (OSError, recording.BadRecording) as error:
        raise fail(error) from None
    if alerts:
        alerts.write_bytes(b"".join(line + b"\n" for line in result.lines()))
    if facts:
        facts.write_text(json.dumps(result.totals(), ensure_ascii=False, indent=1) + "\n")
    summary(result, as_json)
    for line in [*bad, *(rejected.reason for rejected in result.rejected)][:20]:
        print(line, file=sys.stderr)
    if bad or result.rejected:
        print(f"{len(bad) + len(result.rejected)} records could not be taken", file=sys.stderr)
        raise typer.Exit(3)


def summary(result: Result, as_json: bool) -> None:
    """Per kind: alerts opened, cleared, still firing."""
    opened = Counter(line.kind for line in result.alerts if line.version == 1)
    cleared = Counter(line.kind for line in result.alerts if line.condition == "cleared")
    if as_json:
        rows = {kind: {"opened": opened[kind], "cleared": cleared[kind]} for kind in sorted(opened)}
        print(json.dumps({"kinds": rows, "changes": len(result.alerts), "counts": dict(result.counts)}))
        return
    if not opened:
        print("no alerts")
        return
    table = Table("kind", "opened", "cleared", "still firing")
    for kind in sorted(opened):
        table.add_row(kind, *(f"{n:,}" for n in (opened[kind], cleared[kind], opened[kind] - cleared[kind])))
    Console().print(table)
