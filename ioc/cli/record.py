"""``ioc record``: what Kafka holds of a space, as a file that can be replayed, compared and explained."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ioc.cli import fail, moment
from ioc.cli.flow import LOCAL, Bootstrap, Space

#: By default everything that a replay can use or prove: every inbox of a fold, and the alert history.
HISTORY = "alerts.events"
SUFFIXES = (".jsonl", ".gz", ".zst")


def register(app: typer.Typer) -> None:
    app.command()(record)


def record(
    output: Annotated[Path, typer.Option("--output", "-o", help="The new file: .jsonl, .jsonl.gz or .jsonl.zst.")],
    space: Space = "wall",
    topics: Annotated[
        str | None, typer.Option(help="Names, with commas; `sources` for what came from outside. By default all.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Records appended from this time on: 2026-01-05T08:00:00+07:00.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Records appended before this time.")] = None,
    follow: Annotated[bool, typer.Option(help="Go on recording what comes, until Ctrl-C.")] = False,
    bootstrap: Bootstrap = LOCAL,
) -> None:
    """Write what Kafka holds of a space: every record, its ticks, its order, with checksums.

    Times are those at which Kafka took the records, which in a simulation are not those of its events. A
    recording from the beginning of a space replays to the same; one that starts later begins with empty states.

        ioc record --space wall -o day.jsonl.zst
        ioc replay day.jsonl.zst --prove
    """
    from streams import recorder

    if output.suffix not in SUFFIXES:
        raise fail(f"-o {output}: name it .jsonl, .jsonl.gz or .jsonl.zst")
    wanted = recorder.Wanted(bootstrap, space, _topics(topics), moment(since, "--from"), moment(until, "--to"))
    columns = (SpinnerColumn(), TextColumn("recording"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("recording", total=None)
            written = asyncio.run(
                _record(wanted, output, follow, lambda count: progress.update(task, completed=count))
            )  # fmt: skip
    except FileExistsError:
        raise fail(f"{output}: it is there already; a recording is never written over") from None
    except (recorder.Nothing, OSError) as error:
        raise fail(error) from None
    print(f"{written:,} records of space {space} written to {output}")


async def _record(wanted: object, output: Path, follow: bool, done: object) -> int:
    from streams import recorder

    stop = asyncio.Event() if follow else None
    if stop:
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return await recorder.record(wanted, output, done, follow=stop)  # type: ignore[arg-type]


def _topics(said: str | None) -> list[str]:
    from ioc.folds import FOLDS, SOURCES
    from ioc.recording.records import TOPICS

    sources = [topic.name for topic in SOURCES]
    if said is None:
        return [*(fold.inbox.name for fold in FOLDS), HISTORY]
    names = [name for part in said.split(",") for name in (sources if part.strip() == "sources" else [part.strip()])]
    if unknown := [name for name in names if name not in TOPICS]:
        raise fail(f"--topics {unknown[0]}: no such topic; there are: {', '.join(sorted(TOPICS))}")
    return list(dict.fromkeys(names))
