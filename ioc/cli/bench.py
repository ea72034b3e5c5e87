"""``ioc bench``: how fast it is, beside its peers, on this machine."""

import os
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from ioc.cli import fail

if TYPE_CHECKING:
    from streams.bench.readings import Row


def register(app: typer.Typer) -> None:
    group = typer.Typer()
    group.callback(invoke_without_command=True)(bench)
    group.command("cameras")(cameras)
    app.add_typer(group, name="bench")


def bench(
    context: typer.Context,
    job: Annotated[
        list[str] | None, typer.Option(help="Only this job; may be given again. By default all but the soak.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each system is measured.")] = 3,
    events: Annotated[int, typer.Option(min=1000, help="Events that are measured, after a warm-up.")] = 300_000,
    without_peers: Annotated[bool, typer.Option(help="Leave out Quix Streams and Bytewax.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep Kafka's files and all logs in this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Measure throughput, CPU, latency, restore and memory, on a Kafka of its own. It takes some minutes.

    Peers are installed once, in an environment of their own. Run it on a machine that does nothing else; the
    ratios and CPU seconds bear noise better than events/s. The exit code is 0 also where a goal is missed.
    """
    if context.invoked_subcommand:
        return
    from streams.bench import run as benches
    from streams.bench.bench import BenchFailed
    from streams.embedded.not_ready import NotReady

    unknown = set(job or ()) - benches.JOBS.keys()
    if unknown:
        raise fail(f"no such job: {min(unknown)}; there are: {', '.join(benches.JOBS)}")
    console, begun = Console(stderr=True, highlight=False), time.monotonic()

    def say(what: str) -> None:
        console.print(f"[dim]{time.monotonic() - begun:6.1f} s[/dim]  {what}")

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows: list[Row] = []
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    try:
        with tempfile.TemporaryDirectory(prefix="ioc-bench-") as temporary:
            chosen = job or [name for name in benches.JOBS if name not in benches.BY_NAME_ONLY]
            for row in benches.run(chosen, keep or Path(temporary), rounds, events, not without_peers, say):
                rows.append(row)  # one by one: what was measured is shown, whatever comes after
    except KeyboardInterrupt:
        say("stopped; nothing is left running")
        raise typer.Exit(130) from None
    except (NotReady, BenchFailed) as error:
        raise fail(error) from None
    finally:
        benches.show(rows, as_json)


def cameras(
    clips: Annotated[
        list[Path] | None, typer.Option(help="Folder of videos and stills: the tamper matrix and false events on them.")
    ] = None,
    half: Annotated[str, typer.Option(help="tune or report: which half of the clips, by their names.")] = "report",
    most: Annotated[int, typer.Option(min=1, help="Clips at most: a clip takes about twenty seconds.")] = 20,
    without_cost: Annotated[bool, typer.Option(help="Leave out the cost of cameras: no Kafka is started.")] = False,
    wind: Annotated[int, typer.Option(min=0, help="So many cameras at once, wind in all of them; 0 for none.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Measure the cameras' part: CPU a camera, false motion beside a running average, faults alarmed and named, fire.

    CPU time, one thread. Faults and weather are put into each clip (`streams/bench/vision/faults.py`); parameters were
    chosen on `tune`, numbers are told of `report`. Clips whose own camera moves are left out, and named.
    """
    from streams.bench.vision import report
    from streams.embedded.not_ready import NotReady

    console = Console(stderr=True, highlight=False)
    try:
        measured = report.measured(
            clips or [], half, most, not without_cost, wind, lambda what: console.print(what, style="dim")
        )
    except NotReady as error:
        raise fail(error) from None
    report.show(measured, as_json)
