"""What an alert rests on, kept so that it can be proved: its key's state before, and the records since.

:class:`NotingFlow` is a flow that takes such notes while it runs. A :class:`Case` is then run again by itself, on
a fresh partition, and must find the same.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, cast

from pydantic import BaseModel

from ioc.alerts.alert import ALERTS_INBOX, AlertChanged, Raised
from ioc.engine.partition import CHECKPOINT, Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Batch
from ioc.events.base import AnyEvent, Tick
from ioc.events.codec import structured
from ioc.folds import FOLDS, Fold
from ioc.recording import tick
from ioc.recording.records import CODECS
from ioc.replay.flow import Flow, Shape

#: An opening follows its finding at once; of findings that open nothing, only so many are kept for a while.
FINDINGS = 10_000
_FOLDS = {fold.name: fold for fold in FOLDS}


class Taken(BaseModel):
    """A record of the key's partition; of other keys, only how far time came with it."""

    offset: int
    lane: str
    appended: datetime | None
    event: str


class Case(BaseModel):
    """One finding that opened an alert, with all that it rests on."""

    finding: str
    fold: str
    partition: int
    key: str
    #: What the key's partition had saved of it, and of its progress, before the records; None: nothing.
    state: str | None
    checkpoint: str | None
    records: list[Taken]

    @property
    def evidence(self) -> set[tuple[str, str]]:
        """The events that the finding names: source and id."""
        found = CODECS[ALERTS_INBOX.name].read_structured(self.finding.encode())
        return {(each.source, each.id) for each in found.data.evidence}

    def named(self) -> dict[tuple[str, str], str]:
        """Those of the records that the finding names."""
        codec, wanted = CODECS[_FOLDS[self.fold].inbox.name], self.evidence
        lines = ((codec.read_structured(each.event.encode()), each.event) for each in self.records)
        return {(event.source, event.id): line for event, line in lines if (event.source, event.id) in wanted}

    def run(self, plan: Plan, shape: Shape) -> list[str]:
        """The findings of the key when its fold runs again over the records, as lines like ``finding``."""
        fold = _FOLDS[self.fold]
        partition = plan.partition(
            fold, self.partition, mode=shape.mode, partitions=shape.partitions, owns=lambda key: key == self.key
        )
        kept = {self.key.encode(): self.state, CHECKPOINT: self.checkpoint}
        partition.restore([(name, said.encode() if said else None) for name, said in kept.items()])
        codec = CODECS[fold.inbox.name]
        for record in self.records:
            event = codec.read_structured(record.event.encode())
            partition.apply(record.offset, event, record.appended, record.lane)
        found = partition.take().outputs
        return [structured(output.event).decode() for output in found if isinstance(output.event.data, Raised)]


class Noting:
    """A partition that remembers what it was given since its state was last saved."""

    def __init__(self, partition: Partition, note: Callable[[Case], None]) -> None:
        self.partition, self._note = partition, note
        self._fold, self._key = partition.fold, partition.fold.inbox.key
        self._records: list[tuple[int, AnyEvent, datetime | None, str]] = []
        self._states: dict[bytes, bytes] = {}
        self._saved = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.partition, name)

    def apply(self, offset: int, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        self._records.append((offset, event, appended, lane))
        self.partition.apply(offset, event, appended, lane)

    def take(self) -> Batch:
        batch = self.partition.take()
        prefix = f"/{self._fold.name}/"
        for _, event in batch.outputs:
            if isinstance(event.data, Raised):
                self._note(self._case(event, event.source.removeprefix(prefix)))
        for name, saved in batch.changes:
            if saved is None:
                self._states.pop(name, None)
            else:
                self._states[name] = saved
        self._records = [each for each in self._records if each[0] >= self.partition.resume_from]
        self._saved = self.partition.position
        return batch

    def _case(self, finding: AnyEvent, key: str) -> Case:
        state, checkpoint = self._states.get(key.encode()), self._states.get(CHECKPOINT)
        return Case(
            finding=structured(finding).decode(), fold=self._fold.name, partition=self.partition.number, key=key,
            state=state.decode() if state else None, checkpoint=checkpoint.decode() if checkpoint else None,
            records=list(relevant(self._said(key))),
        )  # fmt: skip

    def _said(self, key: str) -> Iterable[tuple[int, str, datetime | None, datetime, AnyEvent | None]]:
        """The records, without the events of other keys: only the time that came with them."""
        for offset, event, appended, lane in self._records:
            tells = isinstance(event.data, Tick)
            ours = not tells and self._key(event) == key
            at = event.at if tells else event.at - self._fold.inbox.lateness
            if ours or offset >= self._saved:  # of what waits since before, only the key's own comes again
                yield offset, lane, appended, at, event if ours else None


def relevant(records: Iterable[tuple[int, str, datetime | None, datetime, AnyEvent | None]]) -> Iterable[Taken]:
    """Events of one key, and ticks for the time that all else brought: of several in a row in a lane, the last.

    Each record is its offset, lane, append time, how far it brings its lane, and the event if it is the key's.
    """
    passed: dict[str, tuple[int, datetime, datetime | None]] = {}
    heard: set[str] = set()

    def told() -> Iterable[Taken]:
        for lane, (offset, at, appended) in sorted(passed.items(), key=lambda each: each[1][0]):
            yield Taken(offset=offset, lane=lane, appended=appended, event=structured(tick(at)).decode())
        passed.clear()

    for offset, lane, appended, at, event in records:
        if event is not None or lane not in heard:  # a lane's first word may be the partition's first watermark
            yield from told()
            heard.add(lane)
            said = structured(event or tick(at)).decode()
            yield Taken(offset=offset, lane=lane, appended=appended, event=said)
        else:
            before = passed.get(lane)
            passed[lane] = offset, max(at, before[1]) if before else at, appended
    yield from told()


class NotingFlow(Flow):
    """A flow that gives a case for every alert that opens."""

    def __init__(self, *arguments: Any, opened: Callable[[AlertChanged, Case], None], **more: Any) -> None:
        self._findings: dict[tuple[str, datetime], Case] = {}
        self._opened = opened
        super().__init__(*arguments, **more)
        listen = self._listen

        def hear(partition: Partition, output: Any) -> None:
            listen(partition, output)
            line = output.event.data
            if isinstance(line, AlertChanged) and (case := self._findings.pop((line.dedupe_key, line.opened_at), None)):
                self._opened(line, case)

        self._listen = hear

    def partition(self, fold: Fold, number: int) -> Partition:
        return cast(Partition, Noting(super().partition(fold, number), self._note))

    def _note(self, case: Case) -> None:
        found = CODECS[ALERTS_INBOX.name].read_structured(case.finding.encode())
        self._findings[found.subject, found.at] = case
        while len(self._findings) > FINDINGS:
            del self._findings[next(iter(self._findings))]
