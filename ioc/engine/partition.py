"""One partition of one fold: records in, in the order of the log; outputs, changed state and a checkpoint out.

Everything follows from the partition's log alone. Records may be applied one by one or in batches of any size,
and the state may be saved and restored between any two of them: what comes out is the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson

from ioc.detector import Count
from ioc.engine.findings import event_of
from ioc.engine.keys import Judge, Keys, Live
from ioc.engine.lanes import Lanes
from ioc.engine.timers import Timers
from ioc.engine.totals import Label, Totals
from ioc.engine.waiting import Waiting, within
from ioc.events.base import AnyEvent, Data, Declared, Event, Tick, Topic
from ioc.events.figures import FIGURES, FactTotals, Mode, TallyTotal
from ioc.folds import Fold

#: No event of an office or a device happened before or will happen after these.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)

CHECKPOINT = b"\x00checkpoint"
TALLY = b"\x00tally/"
#: How far an event of a driven space may lie ahead of its newest tick: such a clock goes in steps.
DRIVEN_SKEW = timedelta(hours=12)


class Output(NamedTuple):
    """An event to be written to a topic, under that topic's key."""

    topic: Topic
    event: AnyEvent


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record, or a deadline, that this partition could not take, and why."""

    offset: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one or more applied records amount to: to be written together or not at all."""

    outputs: list[Output]
    changes: list[tuple[bytes, bytes | None]]
    rejected: list[Rejected]


class CheckpointMismatch(Exception):
    """Saved progress does not belong to this fold or code; the message says what to do."""


class Partition:
    """The fold's detectors over one partition's log. ``lanes`` are the upstream lanes it expects to hear."""

    def __init__(
        self,
        fold: Fold,
        number: int,
        judges: Sequence[Judge],
        *,
        mode: Mode = "driven",
        lanes: Iterable[str] = (),
        declared: Iterable[str] = (),
        digest: str = "",
    ) -> None:
        self.fold, self.number, self.mode, self.digest = fold, number, mode, digest
        self.name = f"{fold.name}/{number}"
        self.position = 0
        #: The offset to read from after a restore: the oldest record still waiting, or the position.
        self.resume_from = 0
        self.counts: Counter[str] = Counter()
        self._judges = judges
        kinds: list[type[Data]] = [Declared, *fold.inbox.events]
        self._hearing = {
            kind: tuple(index for index, judge in enumerate(judges) if kind in judge.spec.hears) for kind in kinds
        }
        self._keys, self._timers, self._waiting = Keys(judges), Timers(), Waiting()
        self._totals = Totals(fact for judge in judges for fact in judge.spec.facts)
        self.lanes = Lanes(lanes)
        self._released: datetime | None = None
        self._held: list[list[int]] = []
        self._declared = frozenset(declared)
        self._undeclared = sorted(self._declared)
        self._ticked: dict[str, datetime] = {}
        self._outputs: list[Output] = []
        self._rejected: list[Rejected] = []
        self._taken = 0

    @property
    def changed(self) -> bool:
        """Were records applied since the last :meth:`take`? Until then there is nothing to be written."""
        return self.position != self._taken

    @property
    def eventful(self) -> bool:
        """Has more happened since the last :meth:`take` than the passing of time?"""
        return bool(self._outputs or self._rejected or self._keys.changed or self._totals.tallies_changed)

    @property
    def size(self) -> int:
        """How many keys have state."""
        return len(self._keys)

    @property
    def watermark(self) -> datetime | None:
        """Everything before this moment has been handed to the detectors, and its deadlines have fired."""
        return self._released

    # -- records in ------------------------------------------------------------------------------------------

    def apply(self, offset: int, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        """Take one record: hand over what is in order, fire what is due."""
        if offset < self.position:
            if within(self._held, offset):  # read again after a restore: it was still waiting then
                self._waiting.add(event, offset)
            return
        self.position, self._held = offset + 1, []
        if isinstance(event.data, Tick):
            self._ticked[lane] = max(event.at, self._ticked.get(lane, event.at))
            self.lanes.advance(lane, event.at, appended)
        elif reason := self._implausible(event, appended, lane):
            self._reject(offset, reason)
        else:
            self._accept(offset, event, appended, lane)
        if (watermark := self.lanes.watermark) is not None:
            self._release(watermark)

    def reject(self, offset: int, reason: str) -> None:
        """Take note of a record that is no event."""
        if offset >= self.position:
            self.position = offset + 1
            self._reject(offset, reason)

    def _reject(self, offset: int | None, reason: str) -> None:
        self.counts["rejected"] += 1
        self._rejected.append(Rejected(offset, reason))

    def _implausible(self, event: AnyEvent, appended: datetime | None, lane: str) -> str | None:
        """Why a source event's time cannot be right. Derived events were checked at their source."""
        if lane:
            return None
        inbox, said = self.fold.inbox, f"its time {event.at.isoformat()}"
        if not EARLIEST <= event.at <= LATEST:
            return f"{said} is none at which anything happened"
        wall = self.mode == "wall"
        now, skew = (appended, inbox.skew) if wall else (self._ticked.get(lane), DRIVEN_SKEW)
        if now is not None and event.at - now > skew:
            return f"{said} lies in the future: more than {skew} after {now.isoformat()}"
        since = self.lanes.marks.get(lane) or now
        if since is not None and since - event.at > inbox.max_age:
            return f"{said} is too old: more than {inbox.max_age.days} days before {since.isoformat()}"
        return None

    def _accept(self, offset: int, event: AnyEvent, appended: datetime | None, lane: str) -> None:
        late = self._released is not None and event.at < self._released
        self.lanes.advance(lane, event.at - self.fold.inbox.lateness, appended)
        if self.fold.order == "log":
            if self._waiting.at_once(event):
                self._hand_over(event, "on_event", offset)
            else:
                self.counts["duplicate"] += 1
        elif late:
            self.counts["late"] += 1
            self._hand_over(event, "on_late", offset)
        elif not self._waiting and (mark := self.lanes.watermark) is not None and event.at <= mark:
            self._in_order(event, offset)  # the common case: nothing to wait for
        elif not self._waiting.add(event, offset):
            self.counts["duplicate"] += 1

    def _in_order(self, event: AnyEvent, offset: int) -> None:
        if not self._waiting.at_once(event):
            self.counts["duplicate"] += 1
            return
        if self._undeclared:
            self._declare(event.at)
        while (first := self._timers.first()) is not None and first[0] < event.at:
            self._fire(first[1], first[0])
        self._hand_over(event, "on_event", offset)

    # -- time ------------------------------------------------------------------------------------------------

    def _release(self, watermark: datetime) -> None:
        """Hand over what the watermark has reached and fire what it has passed, in order of time.

        At one instant events come before deadlines, so a deadline fires only once time is past it.
        """
        if self._undeclared:
            self._declare(watermark)
        while True:
            at = self._waiting.next_at()
            if at is not None and at > watermark:
                at = None
            first = self._timers.first()
            if first is not None and first[0] < watermark and (at is None or first[0] < at):
                self._fire(first[1], first[0])
            elif at is not None:
                self._hand_over(self._waiting.pop(), "on_event", None)
            else:
                break
        if self._released is None or watermark > self._released:
            self._released = watermark

    def _declare(self, at: datetime) -> None:
        new, self._undeclared = [key for key in self._undeclared if key not in self._keys], []
        for key in new:
            self._judge(key, Event(at, "/district", key, Declared(key=key)), "on_event", None)

    def _fire(self, key: str, due: datetime) -> None:
        live = self._keys.use(key)
        for index, wanted in enumerate(live.dues):
            if wanted is not None and wanted <= due:
                self._call(key, live, index, "on_deadline", due, offset=None)
        self._settle(key, live, after=due)

    def _settle(self, key: str, live: Live, after: datetime | None = None) -> None:
        """Set the key's next deadline, or forget it at once when every detector is done with it.

        A key that the district names is never forgotten: after a restart it would be declared again.
        """
        if self._keys.finished(live) and key not in self._declared:
            self._totals.replace(key, live.shares, {})
            self._keys.forget(key)
            self._timers.set(key, None)
            return
        due = None
        for wanted in live.dues:
            if wanted is not None and (due is None or wanted < due):
                due = wanted
        if due is not None and after is not None and due <= after:
            self._reject(None, f"a detector of {self.name} asked again for {due.isoformat()}, which has passed")
            due = None
        self._timers.set(key, due)

    # -- judgement -------------------------------------------------------------------------------------------

    def _hand_over(self, event: AnyEvent, method: str, offset: int | None) -> None:
        self._outputs.extend(Output(topic, event) for topic in self.fold.routes)
        if self._hearing[type(event.data)]:
            self._judge(self.fold.inbox.key(event), event, method, offset)

    def _judge(self, key: str, event: AnyEvent, method: str, offset: int | None) -> None:
        while (due := self._timers.get(key)) is not None and due < event.at:  # in the order of the log: catch up
            self._fire(key, due)
        live = self._keys.use(key)
        for index in self._hearing[type(event.data)]:
            self._call(key, live, index, method, event, offset=offset)
        self._settle(key, live)

    def _call(self, key: str, live: Live, index: int, method: str, arg: Any, *, offset: int | None) -> None:
        """Ask one detector. One that fails loses this event alone: its state goes back to before."""
        judge, state = self._judges[index], live.states[index]
        cause = arg if isinstance(arg, Event) else None
        try:
            found = tuple(getattr(judge.detector, method)(state, arg))
            said = [each if isinstance(each, Count) else (each.at, *event_of(each, cause)) for each in found]
            due = judge.detector.next_deadline(state)
        except Exception as error:
            where = f"{cause.source} {cause.id}" if cause else f"deadline {arg.isoformat()}"
            self._failed(offset, judge, key, where, error)
            self._keys.undo(live, index)
            live.dues[index] = None if method == "on_deadline" else judge.detector.next_deadline(live.states[index])
            return
        live.journal.append((index, method, arg))
        live.dues[index] = due
        for each in said:
            self._say(key, live, each, cause.trace if cause else None)

    def _failed(self, offset: int | None, judge: Judge, key: str, where: str, error: Exception) -> None:
        what = f"{type(error).__name__}: {error}"[:300]
        self._reject(offset, f"detector {judge.spec.name} failed on key {key!r}, {where}: {what}")

    def _say(self, key: str, live: Live, said: Count | tuple[datetime, Topic, Data], trace: str | None) -> None:
        if isinstance(said, Count):
            self._totals.count(said)
            return
        live.outputs += 1
        at, topic, data = said
        self._outputs.append(Output(topic, Event(at, f"/{self.fold.name}/{key}", f"{live.outputs:010}", data, trace)))

    # -- results out -----------------------------------------------------------------------------------------

    def take(self) -> Batch:
        """What came of the records since the last time, with the state and checkpoint that belong to it."""
        self._taken = self.position
        changes: list[tuple[bytes, bytes | None]] = []
        for key, live in self._keys.changed.items():
            if live is None:
                changes.append((key.encode(), None))
                continue
            shares = self._shares(key, live)
            self._totals.replace(key, live.shares, shares)
            changes.append((key.encode(), self._keys.save(key, live, self._timers.get(key), shares)))
        self._keys.saved_all()
        for tally in sorted(self._totals.tallies_changed):
            total = self._totals.tally(self.fold.name, self.number, tally)
            changes.append((TALLY + total.subject.encode(), total.model_dump_json().encode()))
            self._outputs.append(Output(FIGURES, self._figure(total)))
        self._totals.tallies_changed.clear()
        changes.append((CHECKPOINT, self._checkpoint()))
        batch = Batch(self._outputs, changes, self._rejected)
        self._outputs, self._rejected = [], []
        return batch

    def take_facts(self) -> Output | None:
        """The gauges of this partition, if they changed since the last time."""
        if not self._totals.facts_changed or self._released is None:
            return None
        self._totals.facts_changed = False
        return Output(FIGURES, self._figure(FactTotals(
            fold=self.fold.name, partition=self.number, watermark=self._released, facts=self._totals.facts(),
        )))  # fmt: skip

    def _figure(self, data: FactTotals | TallyTotal) -> AnyEvent:
        at = self._released or max(mark for mark in self.lanes.marks.values() if mark is not None)
        return Event(at, f"/{self.name}", str(self.position), data)

    def _shares(self, key: str, live: Live) -> dict[Label, int]:
        """What the key says now; a detector that fails on it goes on saying what it said before."""
        shares: dict[Label, int] = {}
        for judge, state in zip(self._judges, live.states, strict=True):
            try:
                told = [((fact.name, labels), value) for fact, labels, value in judge.detector.facts(state)]
            except Exception as error:
                self._failed(None, judge, key, "facts", error)
                names = {fact.name for fact in judge.spec.facts}
                told = [(label, value) for label, value in live.shares.items() if label[0] in names]
            for label, value in told:
                shares[label] = shares.get(label, 0) + value
        return shares

    def _checkpoint(self) -> bytes:
        held = self._held or self._waiting.offsets()  # not all may have been read again yet
        self.resume_from = held[0][0] if held else self.position
        return orjson.dumps(
            {
                "fold": self.fold.name,
                "position": self.position,
                "held": held,
                "released": self._waiting.released(),
                "watermark": self._released.isoformat() if self._released else None,
                "lanes": self.lanes.dump(),
                "ticked": {lane: at.isoformat() for lane, at in self._ticked.items()},
                "digest": self.digest,
            }
        )

    # -- and back --------------------------------------------------------------------------------------------

    def restore(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Take back what was saved: the newest value of each record of this partition's changelog.

        Raises StateUnreadable or CheckpointMismatch. Where the rules are others than those of the checkpoint,
        every state is read, and its deadline and facts are computed anew.
        """
        checkpoint: dict[str, Any] = {}
        for name, saved in records:
            if saved is None:
                continue
            if name == CHECKPOINT:
                checkpoint = orjson.loads(saved)
            elif name.startswith(TALLY):
                self._totals.restore(TallyTotal.model_validate_json(saved))
            else:
                key = name.decode()
                due, shares = self._keys.restore(key, saved)
                self._timers.set(key, due)
                self._totals.replace(key, {}, shares)
        if not checkpoint:
            return
        if checkpoint["fold"] != self.fold.name:
            raise CheckpointMismatch(f"the changelog of {self.name} holds a checkpoint of {checkpoint['fold']!r}")
        self.position, self._held = checkpoint["position"], checkpoint["held"]
        self.resume_from = self._held[0][0] if self._held else self.position
        self._taken = self.position
        self._waiting.load(checkpoint["released"])
        self.lanes.load(checkpoint["lanes"], checkpoint["watermark"])
        self._released = self.lanes.watermark
        self._ticked = {lane: datetime.fromisoformat(at) for lane, at in checkpoint["ticked"].items()}
        if checkpoint["digest"] != self.digest:
            for key in list(self._keys):
                self._settle(key, self._keys.use(key))
