"""Runs the jobs that are asked for on one broker, and shows what came of them."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from streams.bench import environment
from streams.bench.bench import Bench
from streams.bench.jobs.counted import json_counted, validated
from streams.bench.jobs.demo_mix import demo_mix
from streams.bench.jobs.keyed import keyed
from streams.bench.jobs.latency import latency
from streams.bench.jobs.many_keys import many_keys
from streams.bench.jobs.replay import replay
from streams.bench.jobs.soak import soak
from streams.bench.jobs.two_workers import two_workers
from streams.bench.readings import Row
from streams.embedded.kafka import Kafka

#: Columns that the table takes, also where it is not shown on a screen.
WIDTH = 130
JOBS: dict[str, Callable[[Bench], list[Row]]] = {
    "json": json_counted,
    "validated": validated,
    "keyed": keyed,
    "demo-mix": demo_mix,
    "two-workers": two_workers,
    "latency": latency,
    "many-keys": many_keys,
    "soak": soak,
    "replay": replay,
}
#: Half an hour of its own: run only where it is asked for.
BY_NAME_ONLY = {"soak"}


def run(
    jobs: Sequence[str], directory: Path, rounds: int, events: int, peers: bool, say: Callable[[str], None]
) -> Iterator[Row]:
    """Measure, job by job. Raises NotReady or BenchFailed."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every retry; what fails is raised
    interpreter = environment.python(say) if peers else None
    say("starting Kafka")
    with Kafka(directory / "kafka", heap_mb=768) as kafka:
        bench = Bench(kafka, directory, say, rounds, events, interpreter)
        for job in jobs:
            yield from JOBS[job](bench)


def table(rows: Sequence[Row]) -> Table:
    """For people."""
    shown = Table("job", "system", "events/s", "CPU µs/event", "ours is", "by CPU", "spread", "must be", "met")
    for row in rows:
        value = f"{row.value:,.3g} {row.unit}" if row.value is not None else _number(row.ratio, "{:.2f} ×")
        shown.add_row(
            row.job,
            row.system,
            _number(row.events_per_second, "{:,.0f}"),
            _number(row.cpu_us_per_event, "{:.2f}"),
            value,
            _number(row.cpu_ratio, "{:.2f} ×"),
            " – ".join(f"{each:,.0f}" if each > 1000 else f"{each:.2f}" for each in row.spread or ()),
            str(row.goal or ""),
            _verdict(row),
        )
    return shown


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _verdict(row: Row) -> str:
    if row.goal is None or row.judged is None:
        return ""
    return "yes" if row.met else f"[red]no, by {row.goal.missed_by(row.judged):.0%}[/red]"


def show(rows: Sequence[Row], as_json: bool) -> None:
    """A table for people, or JSON."""
    if as_json:
        print(json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False))
    else:
        console = Console()
        console.width = max(console.width, WIDTH)
        console.print(table(rows))
