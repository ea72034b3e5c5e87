"""Recordings to be replayed, once or again and again with other rules."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from ioc import recording
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.recording.recorded import Header, Recorded, is_recorded
from ioc.recording.records import Record
from ioc.replay import Flow, Replay
from ioc.replay.checkpoint import Checkpoint
from ioc.replay.recorded import RecordedReplay, Stage, Stopped
from ioc.replay.restart import RestartingFlow
from ioc.replay.result import Result

Advance = Callable[[int], None]
Hear = Callable[[Partition, Output], None]


def deaf(_partition: Partition, _output: Output) -> None:
    """Hears nothing."""


class Source:
    """One space as it was recorded, lane by lane; or any other recordings, as events merged by time.

    ``bad`` gathers what could not be read. Damage of a recording of Kafka is the end, unless it is to be salvaged.
    """

    def __init__(self, paths: Sequence[Path], salvage: bool = False) -> None:
        self.paths, self._salvage = paths, salvage
        self.bad: list[str] = []
        kinds = [is_recorded(path) for path in paths]
        headers = [Recorded(path).header for path, is_one in zip(paths, kinds, strict=True) if is_one]
        one_space = all(kinds) and len({header.space for header in headers}) == 1
        #: Of a recording of Kafka: its space, clock, district and rules.
        self.header: Header | None = headers[0] if one_space else None

    def count(self) -> int:
        """About how many lines there are."""
        return sum(recording.count(path) for path in self.paths)

    def recordings(self) -> list[Recorded]:
        """Each of them, to be read from its beginning."""
        return [Recorded(path, self._salvage, self.bad) for path in self.paths]

    def run(
        self,
        plan: Plan,
        until: datetime | None = None,
        advance: Advance = lambda _: None,
        hear: Hear = deaf,
        *,
        stage: Stage = "sources",
        expect: Callable[[Record], None] | None = None,
        flow: Callable[..., Flow] = Flow,
        to: datetime | None = None,
        checkpoint: Checkpoint | None = None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Result:
        """Through all folds. ``advance`` hears how many more lines are through; what is after ``to`` is left out.

        With a ``checkpoint``, goes on from there; where ``stop`` says so, it writes one and raises Stopped.
        """
        self.bad.clear()
        if checkpoint is not None:
            return self._stoppable(plan, checkpoint, until, advance, stop)
        if self.header:
            recordings = self.recordings()
            replay = RecordedReplay(plan, recordings, stage, listen=hear, expect=expect, flow=flow, to=to)
            return replay.run(until, advance)
        merged = recording.merged([recording.readable(path, self.bad) for path in self.paths])
        if to is not None:
            merged = (event for event in merged if event.at <= to)
        return Replay(plan, hear=hear, flow=flow).run(recording.clocked(merged, until), advance)

    def _stoppable(
        self, plan: Plan, checkpoint: Checkpoint, until: datetime | None, advance: Advance, stop: Callable[[], bool]
    ) -> Result:
        replay = RecordedReplay(plan, self.recordings(), flow=RestartingFlow)
        checkpoint.load(replay)
        try:
            return replay.run(until, advance, stop)
        except Stopped:
            checkpoint.save(replay)
            raise
