"""The judgement of one partition: its detectors, the states of its keys, their deadlines and figures.

It is told what happened and when, in order; what order that is, :mod:`ioc.engine.partition` decides.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ioc.detector import Count
from ioc.engine.findings import event_of
from ioc.engine.keys import Judge, Keys, Live
from ioc.engine.results import Output, Rejected
from ioc.engine.timers import Timers
from ioc.engine.totals import Label, Totals
from ioc.events.base import AnyEvent, Data, Declared, Event, Topic
from ioc.events.figures import TallyTotal
from ioc.folds import Fold

TALLY = b"\x00tally/"


class Judgement:
    """A fold's detectors over the keys of one partition. What they find gathers in ``outputs``."""

    def __init__(self, fold: Fold, judges: Sequence[Judge], declared: Iterable[str]) -> None:
        self._fold, self._judges = fold, judges
        kinds: list[type[Data]] = [Declared, *fold.inbox.events]
        self._hearing = {
            kind: tuple(index for index, judge in enumerate(judges) if kind in judge.spec.hears) for kind in kinds
        }
        self.keys, self.timers = Keys(judges), Timers()
        self.totals = Totals(fact for judge in judges for fact in judge.spec.facts)
        self._declared = frozenset(declared)
        self._undeclared = sorted(self._declared)
        self.outputs: list[Output] = []
        self.rejected: list[Rejected] = []

    @property
    def eventful(self) -> bool:
        """Has anything been found, changed or rejected since it was last taken?"""
        return bool(self.outputs or self.rejected or self.keys.changed or self.totals.tallies_changed)

    def reject(self, offset: int | None, reason: str) -> None:
        self.rejected.append(Rejected(offset, reason))

    # -- what happens ----------------------------------------------------------------------------------------

    def declare(self, at: datetime) -> None:
        """Time is known now: keys that the district names, and that have no state yet, begin to exist."""
        if not self._undeclared:
            return
        new, self._undeclared = [key for key in self._undeclared if key not in self.keys], []
        for key in new:
            self._judge(key, Event(at, "/district", key, Declared(key=key)), "on_event", None)

    def hand_over(self, event: AnyEvent, method: str, offset: int | None) -> None:
        """An event, for its key's detectors and for the fold's routes."""
        for topic in self._fold.routes:
            self.outputs.append(Output(topic, event))
        if self._hearing[type(event.data)]:
            self._judge(self._fold.inbox.key(event), event, method, offset)

    def fire(self, key: str, due: datetime) -> None:
        """A key's deadline has passed."""
        live = self.keys.use(key)
        for index, wanted in enumerate(live.dues):
            if wanted is not None and wanted <= due:
                self._call(key, live, index, "on_deadline", due, offset=None)
        self._settle(key, live, after=due)

    # -- asking the detectors --------------------------------------------------------------------------------

    def _judge(self, key: str, event: AnyEvent, method: str, offset: int | None) -> None:
        while (due := self.timers.get(key)) is not None and due < event.at:  # in the order of the log: catch up
            self.fire(key, due)
        live = self.keys.use(key)
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
            asked = "deadline" if method == "on_deadline" else "changed rules at"
            where = f"{cause.source} {cause.id}" if cause else f"{asked} {arg.isoformat()}"
            self._failed(offset, judge, key, where, error)
            self.keys.undo(live, index)
            live.dues[index] = None if method == "on_deadline" else judge.detector.next_deadline(live.states[index])
            return
        live.journal.append((index, method, arg))
        live.dues[index] = due
        for each in said:
            self._say(key, live, each, cause.trace if cause else None)

    def _failed(self, offset: int | None, judge: Judge, key: str, where: str, error: Exception) -> None:
        what = f"{type(error).__name__}: {error}"[:300]
        self.reject(offset, f"detector {judge.spec.name} failed on key {key!r}, {where}: {what}")

    def _say(self, key: str, live: Live, said: Count | tuple[datetime, Topic, Data], trace: str | None) -> None:
        if isinstance(said, Count):
            self.totals.count(said)
            return
        live.outputs += 1
        at, topic, data = said
        self.outputs.append(Output(topic, Event(at, f"/{self._fold.name}/{key}", f"{live.outputs:010}", data, trace)))

    def _settle(self, key: str, live: Live, after: datetime | None = None) -> None:
        """Set the key's next deadline, or forget it at once when every detector is done with it.

        A key that the district names is never forgotten: after a restart it would be declared again.
        """
        if self.keys.finished(live) and key not in self._declared:
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
        return changed

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

    def restore(self, name: bytes, saved: bytes) -> None:
        """Take one record of the changelog back. Raises StateUnreadable."""
        if name.startswith(TALLY):
            self.totals.restore(TallyTotal.model_validate_json(saved))
            return
        key = name.decode()
        due, shares = self.keys.restore(key, saved)
        self.timers.set(key, due)
        self.totals.replace(key, {}, shares)

    def reconsider(self, at: datetime | None) -> None:
        """The rules are others than those the states were saved under: read every state, set its deadline anew."""
        for key in list(self.keys):
            live = self.keys.use(key)
            for index in range(len(self._judges) if at is not None else 0):
                self._call(key, live, index, "on_rules", at, offset=None)
            self._settle(key, live)
