"""The life of alerts, the room and what it withholds, told of findings minute by minute."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import detectors
from ioc.alerts import commands
from ioc.alerts.alert import AlertChanged, CommandRefused, IncidentChanged, NotNotified, Raised, Resolved, Words2
from ioc.alerts.kind import Severity
from ioc.alerts.parts import Person
from ioc.district import District
from ioc.engine.plan import plan
from ioc.engine.results import Output
from ioc.events.base import Data, Event
from ioc.folds import ALERT, ROOM, WITHHELD
from ioc.notices.events import Item, NoticeDue
from ioc.partitioner import partition_of
from ioc.recording import tick
from ioc.replay import Flow, Shape
from ioc.room.events import Incident
from tests.ioc.engine.echo import EIGHT

MINUTE = timedelta(minutes=1)
AN = Person(user="an", name="Trần An")
Said = tuple[timedelta, Any]


class Heard:
    """``policy`` is the district file's ``[alerts]``, ``more`` its other tables."""

    def __init__(self, policy: Mapping[str, Any] | None = None, partitions: int = 1, **more: Any) -> None:
        self.district = District.model_validate({"id": "d", "name": "d", "name_en": "d", "alerts": policy or {}} | more)
        self.due: list[NoticeDue] = []
        self.untold: list[NotNotified] = []
        self.incidents: list[Incident] = []
        self.changes: list[IncidentChanged] = []
        self.refused: list[CommandRefused] = []
        self.storms: list[Raised | Resolved] = []
        self.lines: list[AlertChanged] = []
        rules, shape = plan(self.district, detectors.ALL), Shape(otherwise=partitions)
        self._lanes = rules.lanes(ALERT.inbox, shape.partitions)
        self._flow = self._made(rules, shape)
        self._partitions = partitions

    def _made(self, rules: Any, shape: Shape) -> Flow:
        return Flow(rules, shape, self._hear, self._reject, folds=(ALERT, ROOM, WITHHELD))

    def _reject(self, _: object, rejected: Iterable[Any]) -> None:
        raise AssertionError(list(rejected))

    def _hear(self, _: object, output: Output) -> None:
        match output.event.data:
            case NoticeDue() as told:
                self.due.append(told)
            case NotNotified() as untold:
                self.untold.append(untold)
            case Incident() as incident:
                self.incidents.append(incident)
            case IncidentChanged() as change:
                self.changes.append(change)
            case CommandRefused() as refused:
                self.refused.append(refused)
            case AlertChanged() as line:
                self.lines.append(line)
            case Raised() | Resolved() as said if said.kind == "alert_storm":
                self.storms.append(said)

    @property
    def told(self) -> list[Item]:
        """What the centre is told."""
        return [each.item for each in self.due if each.receiver == "centre"]

    def run(self, found: Iterable[Said], until: timedelta) -> "Heard":
        """What is said by then, each at its time; a function makes a command of what is known by then."""
        waiting = sorted(found, key=lambda each: each[0])
        minute, number = timedelta(0), 0
        while minute <= until:
            while number < len(waiting) and waiting[number][0] <= minute:
                after, data = waiting[number]
                number += 1
                self._put(EIGHT + after, data(self) if callable(data) else data, f"{number}")
            for where in range(self._partitions):
                for lane in self._lanes:
                    self._flow.put(ALERT.inbox.name, where, tick(EIGHT + minute), lane)
            self._flow.settle()
            minute += MINUTE
        return self

    def _put(self, at: datetime, data: Data, name: str) -> None:
        where = range(self._partitions) if data.TO_ALL else [partition_of(data.subject.encode(), self._partitions)]
        lane = self._lanes[0] if isinstance(data, Raised | Resolved) else ""
        for each in where:
            self._flow.put(ALERT.inbox.name, each, Event(at, "/x", name, data), lane)

    def command(self, kind: type[commands.Command], about: str, **fields: Any) -> commands.Command:
        """A command to the newest alert about something."""
        line = [each for each in self.lines if each.about == about][-1]
        return kind(alert_id=line.alert_id, dedupe_key=line.dedupe_key, version=line.version, by=AN, **fields)


def do(kind: type[commands.Command], about: str, **fields: Any) -> Any:
    """A command, made when its time has come."""
    return lambda heard: heard.command(kind, about, **fields)


def found(about: str, severity: Severity = "moderate", **more: Any) -> Raised:
    title = Words2(vi="Hồ sơ quá hạn", en="Dossier overdue")
    said = {"kind": "dossier_overdue", "module": "dossiers", "commune": "20900", "title": title, "summary": title}
    return Raised(about=about, severity=severity, **(said | more))


def gone(about: str, kind: str = "dossier_overdue") -> Resolved:
    return Resolved(kind=kind, about=about)
