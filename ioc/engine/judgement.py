"""The judgement of one partition: its detectors, the states of its keys, their deadlines and figures.

It is told what happened and when, in order; what order that is, :mod:`ioc.engine.partition` decides.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ioc.detector import Count, Detector, Finding, State
from ioc.engine.findings import event_of
from ioc.engine.keys import JOURNAL, Judge, Keys, Live
from ioc.engine.results import Output, Rejected
from ioc.engine.timers import Timers
from ioc.engine.totals import Label, Totals
from ioc.events.base import AnyEvent, Data, Declared, Event, Place, Topic
from ioc.events.figures import TallyTotal
from ioc.folds import Fold

TALLY, SHARED = b"\x00tally/", b"\x00shared/"


class Ear(NamedTuple):
    """What a detector is asked by one method: which detector, the method, and its deadline, if it ever has one."""

    number: int
    name: str
    ask: Callable[[Any, Any], Iterable[Finding]]
    next_deadline: Callable[[Any], datetime | None] | None


class Judgement:
    """A fold's detectors over the keys of one partition. What they find gathers in ``outputs``."""

    def __init__(self, fold: Fold, judges: Sequence[Judge], declared: Iterable[str]) -> None:
        self._fold, self._judges, self._key = fold, judges, fold.inbox.key
        kinds: list[type[Data]] = [Declared, *fold.inbox.events]
        self._ears = {
            method: {
                kind: tuple(ear for judge, ear in zip(judges, ears(judges, method), strict=True)
                            if kind in judge.spec.hears)
                for kind in kinds
            }
            for method in ("on_event", "on_late")
        }  # fmt: skip
        self._at_deadline, self._at_rules = ears(judges, "on_deadline"), ears(judges, "on_rules")
        #: What each detector keeps for all keys of the partition, and which of it changed since the last save.
        self._shared: list[State | None] = [judge.detector.new_shared() for judge in judges]
        self._shared_changed: set[int] = set()
        self._telling = [(index, judge) for index, judge in enumerate(judges) if judge.spec.facts]
        self.keys, self.timers = Keys(judges), Timers()
        self._journal = JOURNAL * len(judges)
        self._settles = self.keys.mortal or any(ear.next_deadline for ear in self._at_deadline)
        self.totals = Totals(fact for judge in judges for fact in judge.spec.facts)
        self._declared = frozenset(declared)
        self._undeclared = sorted(self._declared)
        self.outputs: list[Output] = []
        self.rejected: list[Rejected] = []

    @property
    def eventful(self) -> bool:
        """Has anything been found, changed or rejected since it was last taken?"""
        return bool(
            self.outputs or self.rejected or self.keys.changed or self.totals.tallies_changed or self._shared_changed
        )

    def reject(self, offset: int | None, reason: str) -> None:
        self.rejected.append(Rejected(offset, reason))

    # -- what happens ----------------------------------------------------------------------------------------

    def declare(self, at: datetime) -> None:
        """Time is known now: keys that the district names, and that have no state yet, begin to exist."""
        if not self._undeclared:
            return
        new, self._undeclared = [key for key in self._undeclared if key not in self.keys], []
        for key in new:
            event = Event(at, "/district", key, Declared(key=key))
            self._judge(key, event, "on_event", self._ears["on_event"][Declared], None)

    def hand_over(self, event: AnyEvent, method: str, offset: int | None) -> None:
        """An event, for its key's detectors and for the fold's routes."""
        for topic in self._fold.routes:
            self.outputs.append(Output(topic, event))
        hearing = self._ears[method][type(event.data)]
        if event.data.TO_ALL:
            self._tell_all(event, method, hearing, offset)
        elif hearing:
            self._judge(self._key(event), event, method, hearing, offset)

    def _tell_all(self, event: AnyEvent, method: str, hearing: Iterable[Ear], offset: int | None) -> None:
        """What concerns every key: what is kept for all changes, then those that it concerns, then its own key."""
        for number in (ear.number for ear in hearing):
            self._shared[number] = self._judges[number].detector.on_shared(self._shared[number], event)
            self._shared_changed.add(number)
        own = self._key(event)
        for key in self.keys.all():
            states = self.keys.look(key).states
            told = (self._judges[number].detector.concerns(states[number], event) for number, *_ in hearing)
            if key != own and any(told):
                self._judge(key, event, method, hearing, offset)
        self._judge(own, event, method, hearing, offset)

    def fire(self, key: str, due: datetime) -> None:
        """A key's deadline has passed."""
        live = self.keys.use(key)
        for index, wanted in enumerate(live.dues):
            if wanted is not None and wanted <= due:
                self._call(key, live, self._at_deadline[index], "on_deadline", due, None)
        self._settle(key, live, after=due)

    # -- asking the detectors --------------------------------------------------------------------------------

    def _judge(self, key: str, event: AnyEvent, method: str, hearing: Iterable[Ear], offset: int | None) -> None:
        while (due := self.timers.get(key)) is not None and due < event.at:  # in the order of the log: catch up
            self.fire(key, due)
        live = self.keys.use(key)
        for ear in hearing:
            told = event if event.place is None else self._with_shared(event, event.place, ear.number)
            self._call(key, live, ear, method, told, offset)
        if self._settles:
            self._settle(key, live)

    def _with_shared(self, event: AnyEvent, place: Place, number: int) -> AnyEvent:
        known = Place(place.now, place.partition, self._shared[number], place.said_at)
        return Event(event.at, event.source, event.id, event.data, event.trace, known)

    def _call(self, key: str, live: Live, ear: Ear, method: str, arg: Any, offset: int | None) -> None:
        """Ask one detector. One that fails loses this event alone: its state goes back to before."""
        index, name, ask, next_deadline = ear
        state = live.states[index]
        try:
            found = ask(state, arg)
            said = [_said(each, arg, name) for each in found] if found else ()
            if next_deadline is not None:
                live.dues[index] = next_deadline(state)
        except Exception as error:
            self._undo(key, live, ear, method, arg, offset, error)
            return
        live.journal.append((index, method, arg))
        if len(live.journal) > self._journal:
            self.keys.rebase(live)
        for each in said:
            self._say(key, live, each, arg)

    def _undo(
        self, key: str, live: Live, ear: Ear, method: str, arg: Any, offset: int | None, error: Exception
    ) -> None:
        asked = "changed rules at" if method == "on_rules" else "deadline"
        where = f"{arg.source} {arg.id}" if isinstance(arg, Event) else f"{asked} {arg.isoformat()}"
        self._failed(offset, self._judges[ear.number], key, where, error)
        self.keys.undo(live, ear.number)
        live.dues[ear.number] = None
        if method != "on_deadline" and ear.next_deadline is not None:
            live.dues[ear.number] = ear.next_deadline(live.states[ear.number])

    def _failed(self, offset: int | None, judge: Judge, key: str, where: str, error: Exception) -> None:
        what = f"{type(error).__name__}: {error}"[:300]
        self.reject(offset, f"detector {judge.spec.name} failed on key {key!r}, {where}: {what}")

    def _say(self, key: str, live: Live, said: "Count | tuple[datetime, Topic, Data]", arg: Any) -> None:
        if isinstance(said, Count):
            self.totals.count(said)
            return
        live.outputs += 1
        at, topic, data = said
        trace = arg.trace if isinstance(arg, Event) else None
        self.outputs.append(Output(topic, Event(at, f"/{self._fold.name}/{key}", f"{live.outputs:010}", data, trace)))

    def _settle(self, key: str, live: Live, after: datetime | None = None) -> None:
        """Set the key's next deadline, or forget it at once when every detector is done with it.

        A key that the district names is never forgotten: after a restart it would be declared again.
        """
        if self.keys.mortal and key not in self._declared and self.keys.finished(live):
            self.totals.replace(key, live.shares, {})
            self.keys.forget(key)
            self.timers.set(key, None)
            return
        due = None
        for wanted in live.dues:
            if wanted is not None and (due is None or wanted < due):
                due = wanted
        if due is not None and after is not None and due <= after:
            self.reject(
                None, f"a detector of fold {self._fold.name} asked again for {due.isoformat()}, which has passed"
            )
            due = None
        self.timers.set(key, due)

    # -- state out and back ----------------------------------------------------------------------------------

    def changes(self) -> list[tuple[bytes, bytes | None]]:
        """The record of every key that changed since the last time, None for one that is forgotten."""
        changed: list[tuple[bytes, bytes | None]] = []
        for key, live in self.keys.changed.items():
            if live is None:
                changed.append((key.encode(), None))
                continue
            shares = self._shares(key, live)
            self.totals.replace(key, live.shares, shares)
            changed.append((key.encode(), self.keys.save(key, live, self.timers.get(key), shares)))
        self.keys.saved_all()
        for index in sorted(self._shared_changed):
            if (shared := self._shared[index]) is not None:
                name = SHARED + self._judges[index].spec.name.encode()
                changed.append((name, shared.model_dump_json().encode()))
        self._shared_changed.clear()
        return changed

    def _shares(self, key: str, live: Live) -> dict[Label, int]:
        """What the key says now; a detector that fails on it goes on saying what it said before."""
        shares: dict[Label, int] = {}
        for index, judge in self._telling:
            state = live.states[index]
            try:
                told = [((fact.name, labels), value) for fact, labels, value in judge.detector.facts(state)]
            except Exception as error:
                self._failed(None, judge, key, "facts", error)
                names = {fact.name for fact in judge.spec.facts}
                told = [(label, value) for label, value in live.shares.items() if label[0] in names]
            for label, value in told:
                shares[label] = shares.get(label, 0) + value
        return shares

    def restore(self, name: bytes, saved: bytes) -> None:
        """Take one record of the changelog back. Raises StateUnreadable."""
        if name.startswith(TALLY):
            self.totals.restore(TallyTotal.model_validate_json(saved))
            return
        if name.startswith(SHARED):
            self._restore_shared(name.removeprefix(SHARED).decode(), saved)
            return
        key = name.decode()
        due, shares = self.keys.restore(key, saved)
        self.timers.set(key, due)
        self.totals.replace(key, {}, shares)

    def _restore_shared(self, detector: str, saved: bytes) -> None:
        for index, judge in enumerate(self._judges):
            fresh = judge.detector.new_shared()
            if judge.spec.name == detector and fresh is not None:
                self._shared[index] = type(fresh).model_validate_json(saved)

    def reconsider(self, at: datetime | None) -> None:
        """The rules are others than those the states were saved under: read every state, set its deadline anew."""
        for key in list(self.keys):
            live = self.keys.use(key)
            for ear in self._at_rules if at is not None else ():
                self._call(key, live, ear, "on_rules", at, None)
            self._settle(key, live)


def ears(judges: Sequence[Judge], method: str) -> list[Ear]:
    """Each detector's ear for a method; one that does not say when it must be looked at is not asked."""
    return [
        Ear(
            index,
            judge.spec.name,
            getattr(judge.detector, method),
            None if type(judge.detector).next_deadline is Detector.next_deadline else judge.detector.next_deadline,
        )
        for index, judge in enumerate(judges)
    ]


def _said(found: Finding, arg: Any, detector: str) -> "Count | tuple[datetime, Topic, Data]":
    """What a finding says, written out."""
    if isinstance(found, Count):
        return found
    return (found.at, *event_of(found, arg if isinstance(arg, Event) else None, detector))
