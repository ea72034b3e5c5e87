"""Why an alert did not ring at a moment: how near its rule came, or what held it back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ioc.alerts.alert import AlertChanged, NotNotified, Raised
from ioc.detector import Outlook
from ioc.engine.keys import Judge
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.base import AnyEvent
from ioc.folds import Fold
from ioc.replay.flow import Flow

#: A near miss is looked for so long before the moment asked about.
BEFORE = timedelta(hours=24)


@dataclass
class Inquiry:
    """One question, and what a replay up to the moment hears about it."""

    kind: str
    subject: str
    at: datetime
    nearest: tuple[datetime, Outlook] | None = None
    now: Outlook | None = None
    #: The key's state as its detector had it, where the rule says nothing of how near it came.
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: int = 0
    found: list[tuple[datetime, Raised]] = field(default_factory=list)
    lines: list[AlertChanged] = field(default_factory=list)
    untold: list[NotNotified] = field(default_factory=list)

    def concerns(self, key: str) -> bool:
        """Is the subject this key, or a part of it?"""
        return self.subject == key or self.subject.startswith(f"{key}/") or key.endswith(f"/{self.subject}")

    def hear(self, _: Partition, output: Output) -> None:
        match output.event.data:
            case Raised(kind=self.kind, about=self.subject) as found:
                self.found.append((output.event.at, found))
            case AlertChanged(kind=self.kind, about=self.subject) as line:
                self.lines.append(line)
            case NotNotified() as untold if self.lines and untold.alert_id == self.lines[-1].alert_id:
                self.untold.append(untold)
            case _:
                pass

    def look(self, judges: list[tuple[int, Judge]], partition: Partition, key: str, event: AnyEvent | None) -> bool:
        """Ask the rule how near it is, after this event; without one, at the moment asked about. Is it our subject?"""
        at, ours = event.at if event else self.at, self.concerns(key)
        states = partition.states(key)
        if states is None or at > self.at:
            return ours
        for index, judge in judges:
            for told in judge.detector.outlook(states[index], at, event):
                if (told.kind.name, told.about) != (self.kind, self.subject):
                    continue
                ours = True
                if event is None:
                    self.now = told
                if at >= self.at - BEFORE and (self.nearest is None or told.share > self.nearest[1].share):
                    self.nearest = at, told
            if ours:
                self.states[judge.spec.name] = states[index].model_dump(mode="json")
        return ours


class Watched:
    """A partition's subject is looked at after each of its events."""

    def __init__(self, partition: Partition, judges: list[tuple[int, Judge]], inquiry: Inquiry) -> None:
        self._partition, self._judges, self._inquiry = partition, judges, inquiry
        self._key = partition.fold.inbox.key
        self._keys: set[str] = set()
        partition.listen(self._look)

    def _look(self, event: AnyEvent) -> None:
        key = self._key(event)
        if self._inquiry.look(self._judges, self._partition, key, event):
            self._keys.add(key)
            self._inquiry.heard += 1

    def end(self) -> None:
        """The moment has come."""
        declared = {self._inquiry.subject} if self._partition.states(self._inquiry.subject) is not None else set()
        for key in sorted(self._keys | declared):
            self._inquiry.look(self._judges, self._partition, key, None)


def watching(plan: Plan, inquiry: Inquiry) -> Callable[..., Flow]:
    """A flow that looks at one subject."""
    of_kind = {
        name: [(index, judge) for index, judge in enumerate(judges)
               if any(kind.name == inquiry.kind for kind in judge.spec.kinds)]
        for name, judges in plan.judges.items()
    }  # fmt: skip

    watched: list[Watched] = []

    class Watching(Flow):
        def partition(self, fold: Fold, number: int) -> Partition:
            fresh, judges = super().partition(fold, number), of_kind[fold.name]
            if judges:
                watched.append(Watched(fresh, judges, inquiry))
            return fresh

        def finish(self) -> Counter[str]:
            for each in watched:
                each.end()
            return super().finish()

    return Watching
