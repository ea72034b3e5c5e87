"""``ioc replay``: recordings through the detectors and the alert fold, in this process."""

import gc
import json
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

import detectors
from ioc import district as districts
from ioc.cli import fail, moment
from ioc.cli.against import of_revision, show
from ioc.engine.plan import Plan, plan
from ioc.recording import BadRecording
from ioc.replay.checkpoint import Checkpoint
from ioc.replay.difference import difference
from ioc.replay.parallel import Parallel
from ioc.replay.proof import Proof
from ioc.replay.recorded import Stopped
from ioc.replay.result import Result
from ioc.replay.source import Advance, Source

Recordings = Annotated[list[Path], typer.Argument(help="Recordings: .jsonl, .jsonl.gz, .jsonl.zst; merged by time.")]
DistrictName = Annotated[
    str | None,
    typer.Option("--district", help="District file, by path or by name of a shipped one; by default the recording's."),
]
Until = Annotated[str | None, typer.Option(help="Let time go on past the end: 2026-01-05T08:00:00+07:00.")]
Salvage = Annotated[bool, typer.Option(help="Read what can be read of a damaged recording, and say what was lost.")]


def register(app: typer.Typer) -> None:
    app.command()(replay)


def replay(
    recordings: Recordings,
    district: DistrictName = None,
    alerts: Annotated[Path | None, typer.Option(help="Write the alert history here, one JSON line a change.")] = None,
    facts: Annotated[Path | None, typer.Option(help="Write gauges and tallies here, as JSON.")] = None,
    until: Until = None,
    jobs: Annotated[
        int,
        typer.Option(min=1, help="Processes for a recording by `ioc record`; the result has the same bytes."),
    ] = 1,
    checkpoint: Annotated[
        Path | None,
        typer.Option(help="Ctrl-C stops the replay and writes this file; the same command goes on from there."),
    ] = None,
    prove: Annotated[
        bool, typer.Option(help="Give every fold its recorded inbox, and hold what it says against what was recorded.")
    ] = False,
    against: Annotated[
        str | None, typer.Option(help="Another district file: say how its alerts (B) differ from these (A).")
    ] = None,
    against_rev: Annotated[
        str | None, typer.Option(help="A git revision: say how the alerts of its code (B) differ from these (A).")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the difference here, as a page to look at.")] = None,
    salvage: Salvage = False,
    as_json: Annotated[bool, typer.Option("--json", help="A summary as JSON instead of a table.")] = False,
) -> None:
    """Run recordings through the very detectors that run live, as fast as the machine goes, without Kafka.

    A recording by `ioc record` is run lane by lane, with the ticks and the order it had; others as events merged
    by time. The alert history is canonical: the same input gives the same bytes.

    Lines that cannot be read are told with their number and left out; the exit code is then 3. With --prove it
    is 1 where anything differs from what was recorded, with --against where the alerts differ.

        ioc replay day.jsonl.zst --district old.toml --against new.toml --html difference.html
    """
    source = opened(recordings, salvage)
    ours, end = rules_of(source, district), moment(until, "--until")
    theirs = rules(against) if against else None
    header = source.header
    if prove and header is None:
        raise fail("--prove needs recordings of one space by `ioc record`, which hold what the folds said")
    if jobs > 1 and (header is None or prove or salvage):
        raise fail("--jobs needs recordings of one space by `ioc record`, and goes with neither --prove nor --salvage")
    if checkpoint and (header is None or jobs > 1 or prove or salvage or against or against_rev):
        raise fail("--checkpoint needs recordings of one space by `ioc record`, and goes with no other kind of replay")
    parallel = Parallel(source, ours, jobs, end) if jobs > 1 else None
    proof = Proof(header.partitions if header else {}, frozenset(header.topics if header else ()))
    with progress(source, "replaying", 2 if theirs else 1) as advance:
        if prove:
            result = source.run(ours, end, advance, proof.hear, stage="inboxes", expect=proof.expect)
        else:
            result = parallel.run(advance) if parallel else stoppable(source, ours, end, advance, checkpoint)
        other = source.run(theirs, end, advance) if theirs else None
    if alerts:
        with alerts.open("wb") as file:
            file.writelines(line + b"\n" for line in result.history.lines())
    if facts:
        facts.write_text(json.dumps(result.totals(), ensure_ascii=False, indent=1) + "\n")
    if checkpoint:
        checkpoint.unlink(missing_ok=True)
    differs = False
    if prove:
        differs = proved(proof, as_json)
    elif other and against:
        differs = compared(ours, result, other.history.lines(), against, html, as_json)
    elif against_rev:
        with of_revision(against_rev, recordings, ours.district.id if district is None else district, until) as lines:
            differs = compared(ours, result, lines.read_bytes().splitlines(), against_rev, html, as_json)
    else:
        summary(result, as_json)
    complain(source, result)
    raise typer.Exit(1 if differs else 0)


def stoppable(source: Source, ours: Plan, end: datetime | None, advance: Advance, path: Path | None) -> Result:
    """The replay; with a checkpoint's path, a signal stops it there."""
    if path is None:
        return source.run(ours, end, advance)
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda which, _: told.append(which))
    try:
        kept = Checkpoint(path, source.paths, ours)
        return source.run(ours, end, advance, checkpoint=kept, stop=lambda: bool(told))
    except Stopped:
        print(f"stopped; {path} holds the progress, and the same command goes on from there", file=sys.stderr)
        raise typer.Exit(130) from None


def compared(ours: Plan, result: Result, other: Iterable[bytes], name: str, html: Path | None, as_json: bool) -> bool:
    """Show how two histories differ; do they?"""
    from dashboards.difference import page

    found = difference(result.history.lines(), other)
    show(found, ours.district, as_json)
    if html:
        html.write_text(page(found, ours.district, ours.district.id, name), "utf-8")
    return bool(found.differs)


def opened(paths: list[Path], salvage: bool = False) -> Source:
    """The recordings, or the end with a sentence."""
    try:
        return Source(paths, salvage)
    except (OSError, BadRecording) as error:
        raise fail(error) from None


def rules_of(source: Source, district: str | None) -> Plan:
    """The rules of this district, or of the one that was recorded; said where they are not those that ran then."""
    header = source.header
    recorded = header.district if header and header.district not in ("", "-") else "open_logs"
    found = rules(district or recorded)
    if header and header.rules not in ("", found.digest):
        print(f"rules {found.digest} are not those that ran when it was recorded ({header.rules})", file=sys.stderr)
    return found


def rules(district: str) -> Plan:
    """The rules of a district file, or the end with a sentence."""
    try:
        return plan(districts.load(district), detectors.ALL)
    except districts.BadDistrict as error:
        raise fail(error) from None


@contextmanager
def progress(source: Source, what: str, rounds: int = 1) -> Iterator[Advance]:
    """A bar over the lines of a source, read so many times; damage and missing files end with a sentence."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # batches make many short-lived objects and hardly a cycle
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=rounds * source.count())
            yield lambda more: bar.advance(task, more)
    except (OSError, BadRecording) as error:
        raise fail(error) from None


def complain(source: Source, result: Result) -> None:
    """Say what could not be taken; the exit code is 3 if there was any."""
    for refused in result.refused[:5]:
        print(f"a person's {refused.action} of {refused.said_at.isoformat()}: {refused.reason.en}", file=sys.stderr)
    if count := result.counts["commands refused"]:
        print(f"{count:,} commands of people could not be done here", file=sys.stderr)
    lost = [*source.bad, *map(str, result.rejected)]
    for line in lost[:20]:
        print(line, file=sys.stderr)
    if lost:
        count = len(source.bad) + result.counts["rejected"]
        print(
            f"{count:,} records could not be taken" + (", the first 20 are above" if count > 20 else ""),
            file=sys.stderr,
        )
        raise typer.Exit(3)


def proved(proof: Proof, as_json: bool) -> bool:
    """Show what was said again as it had been; does anything differ?"""
    more = proof.close()
    if as_json:
        shown = [
            {"topic": each.topic, "lane": each.lane, "recorded": _text(each.recorded), "said": _text(each.said)}
            for each in proof.differences
        ]
        print(json.dumps({"identical": dict(proof.same), "differences": shown, "after the end": more}))
    else:
        table = Table("what the folds wrote", "identical records")
        for topic, same in sorted(proof.same.items()):
            table.add_row(topic, f"{same:,}")
        Console().print(table)
        for each in proof.differences:
            print(f"{each.topic}, {each.lane}:\n  recorded {_text(each.recorded)}\n  said now {_text(each.said)}")
        print("DIFFERENT" if proof.differences else "identical in the canonical form, lane by lane")
        if more:
            print(f"{more:,} more would have followed after the recording's end")
    return bool(proof.differences)


def _text(line: bytes | None) -> str | None:
    return None if line is None else line.decode()


def summary(result: Result, as_json: bool) -> None:
    """Per kind: alerts opened, cleared, still firing."""
    opened, firing = Counter[str](), dict[UUID, str]()
    for line in result.history:
        opened[line.kind] += line.version == 1
        if line.condition == "cleared":  # what people do with it afterwards is told by lines of its own
            firing.pop(line.alert_id, None)
        else:
            firing[line.alert_id] = line.kind
    still = Counter(firing.values())
    if as_json:
        rows = {kind: {"opened": opened[kind], "cleared": opened[kind] - still[kind]} for kind in sorted(opened)}
        print(json.dumps({"kinds": rows, "changes": len(result.history), "counts": dict(result.counts)}))
        return
    if not opened:
        print("no alerts")
        return
    table = Table("kind", "opened", "cleared", "still firing")
    for kind in sorted(opened):
        table.add_row(kind, *(f"{n:,}" for n in (opened[kind], opened[kind] - still[kind], still[kind])))
    Console().print(table)
