"""All that is measured of the cameras, and how it is shown."""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from streams.bench.vision import cost, fire, motion, tamper, wind
from streams.bench.vision.clips import Clip, fixed, found
from streams.bench.vision.faults import FAULTS, NEGATIVES


@dataclass
class Measured:
    """What came of it; what was not asked for is empty."""

    half: str
    costs: list[cost.Cost] = field(default_factory=list)
    storm: wind.Wind | None = None
    clips: list[str] = field(default_factory=list)
    not_fixed: list[str] = field(default_factory=list)
    told: list[tamper.Told] = field(default_factory=list)
    still: motion.Compared | None = None
    fires: list[fire.Burnt] = field(default_factory=list)


def measured(
    folders: Sequence[Path], half: str, most: int, with_cost: bool, in_wind: int, say: Callable[[str], None]
) -> Measured:
    """Measure everything that the clips allow. Raises NotReady where Kafka does not start."""
    made = Measured(half)
    if in_wind:
        say(f"{in_wind} cameras in a storm")
        with tempfile.TemporaryDirectory(prefix="ioc-bench-") as folder:
            made.storm = wind.storm(Path(folder), in_wind, os.cpu_count() or 1)
    if with_cost:
        made.costs = list(_costs(say))
    every = [clip for folder in folders for clip in found(folder) if clip.half == half]
    moving = [clip for clip in every if clip.moving]
    made.fires = fire.watched(moving)
    _on_clips(made, [*moving, *(clip for clip in every if not clip.moving)][:most], say)
    return made


def _on_clips(made: Measured, chosen: Sequence[Clip], say: Callable[[str], None]) -> None:
    steady = [clip for clip in chosen if fixed(clip)]
    made.clips = [clip.path.name for clip in steady]
    made.not_fixed = [clip.path.name for clip in chosen if clip not in steady]
    for number, clip in enumerate(steady, 1):
        say(f"faults in clip {number} of {len(steady)}: {clip.path.name}")
        with _quiet():
            made.told += tamper.matrix([clip])
    stills = [clip for clip in steady if not clip.moving][:6]
    if stills:
        say(f"motion in {len(stills)} stills")
        made.still = motion.compare(stills)


def _costs(say: Callable[[str], None]) -> Iterator[cost.Cost]:
    import asyncio

    from streams import topics
    from streams.embedded.kafka import Kafka

    with tempfile.TemporaryDirectory(prefix="ioc-bench-") as folder:
        say("starting Kafka")
        with Kafka(Path(folder) / "kafka") as kafka:
            asyncio.run(topics.apply(kafka.bootstrap, "bench"))
            for name, short, long in cost.streams(Path(folder)):
                say(f"reading {name}")
                yield cost.cost(name, short, long, kafka.bootstrap, "bench")


@contextmanager
def _quiet() -> Iterator[None]:
    """libjpeg tells of every byte that was broken, straight to standard error."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def show(made: Measured, as_json: bool) -> None:
    """Tables for people, or JSON."""
    if as_json:
        print(json.dumps(_figures(made), indent=1, ensure_ascii=False))
        return
    console = Console()
    console.width = max(console.width, 130)
    for table in _tables(made):
        console.print(table)
    if made.not_fixed:
        console.print("left out, their own camera moves: " + ", ".join(made.not_fixed), markup=False)


def summary(told: Sequence[tamper.Told]) -> dict[str, float]:
    """Shares alarmed and named right of the faults, and false alarms on what is none."""
    faults = [row for row in told if row.expected != "ok"]
    harmless = [row for row in told if row.expected == "ok"]
    return {
        "faults": len(faults),
        "alarmed": round(sum(row.said != "ok" for row in faults) / max(1, len(faults)), 4),
        "named": round(sum(row.right for row in faults) / max(1, len(faults)), 4),
        "harmless": len(harmless),
        "false": sum(row.said != "ok" for row in harmless),
        "early": len({row.clip for row in told if row.early}),
    }


def _figures(made: Measured) -> dict[str, Any]:
    return {
        "half": made.half,
        "costs": [{**row._asdict(), "cameras_a_core": round(row.cameras, 1)} for row in made.costs],
        "storm": made.storm._asdict() if made.storm else None,
        "clips": made.clips,
        "not_fixed": made.not_fixed,
        "tamper": summary(made.told) if made.told else None,
        "matrix": [row._asdict() for row in made.told],
        "motion": made.still._asdict() if made.still else None,
        "fire": [row._asdict() for row in made.fires],
    }


def _tables(made: Measured) -> Iterator[Table]:
    if made.costs:
        table = Table("stream", "CPU ms a camera-second", "decode alone", "cameras a core", "decode alone", "events",
                      title="One camera: decoding, motion and health 5 times a second, events to Kafka")  # fmt: skip
        for row in made.costs:
            table.add_row(row.stream, f"{row.all_ms:.1f}", f"{row.decode_ms:.1f}", f"{row.cameras:.1f}",
                          f"{row.decode_cameras:.1f}", str(row.events))  # fmt: skip
        yield table
    if made.storm:
        storm = made.storm
        table = Table("cameras", "budget", "analysed a second: least", "middle", "most", "skipped", "cores used",
                      "false motion", title=f"Storm: {wind.FPS} frames a second sent for {wind.SECONDS} s")  # fmt: skip
        table.add_row(str(storm.cameras), str(storm.budget), *(f"{rate:.2f}" for rate in storm[2:5]),
                      f"{storm.skipped:.1%}", f"{storm.cores:.2f}", str(storm.false_motion))  # fmt: skip
        yield table
    if made.told:
        figures = summary(made.told)
        table = Table("what is done", "right", "seconds to the alarm", "otherwise", title=(
            f"Faults in {len(made.clips)} clips ({made.half}): {figures['alarmed']:.1%} alarmed, "
            f"{figures['named']:.1%} named right, {figures['false']:.0f} false of {figures['harmless']:.0f}"
        ))  # fmt: skip
        for what in (*FAULTS, *NEGATIVES):
            own = [row for row in made.told if row.what == what]
            delays = sorted(row.delay for row in own if row.delay is not None)
            wrong = Counter(row.said for row in own if not row.right)
            table.add_row(what, f"{sum(row.right for row in own)} of {len(own)}",
                          f"{delays[len(delays) // 2]:.1f}" if delays else "",
                          ", ".join(f"{said} {count}" for said, count in wrong.items()))  # fmt: skip
        yield table
    if made.still:
        both = made.still
        table = Table("motion on what is none", "ours", "running average", title=f"{both.hours:.2f} hours")
        table.add_row("CPU ms a frame", f"{both.ours_ms:.2f}", f"{both.average_ms:.2f}")
        table.add_row("false events an hour", f"{both.ours_false:.1f}", f"{both.average_false:.1f}")
        for what, (ours, average) in both.by_negative.items():
            table.add_row(f"  {what}", str(ours), str(average))
        yield table
    if made.fires:
        table = Table("clip", "burns", "flame said after", "smoke said after", title="Fire, half a minute a clip")
        for burnt in made.fires:
            table.add_row(burnt.clip, "yes" if burnt.burns else "no",
                          *("" if at is None else f"{at:.1f} s" for at in (burnt.flame, burnt.smoke)))  # fmt: skip
        yield table
