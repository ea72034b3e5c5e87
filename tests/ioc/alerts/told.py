"""The alert fold alone, told of findings, commands and time, one after the other."""

from collections.abc import Iterable, Mapping
from typing import Any

from ioc.alerts.alert import (
    Alert,
    AlertChanged,
    AlertForgotten,
    CommandRefused,
    Evidence,
    NotNotified,
    QuietChanged,
    Raised,
    Resolved,
    Words2,
)
from ioc.alerts.commands import Acknowledge, Command
from ioc.alerts.kind import Severity
from ioc.alerts.lifecycle import SPEC
from ioc.alerts.parts import Person
from ioc.detector import Params
from ioc.district import District
from ioc.engine.keys import Judge
from ioc.engine.partition import Partition
from ioc.events.base import Data, Event
from ioc.events.figures import FactTotal, TallyTotal
from ioc.folds import ALERT
from ioc.recording import tick
from ioc.room.events import IncidentAsked
from tests.ioc.engine.echo import second
from tests.ioc.engine.restarts import Restartable

WORDS = Words2(vi="lời", en="word")
AN = Person(user="an", name="Trần An")
BINH = Person(user="binh", name="Lê Bình", agency="hat-kiem-lam")
LANE = "echo/0"


def district(policy: Mapping[str, Any], **more: Any) -> District:
    return District.model_validate({"id": "d", "name": "d", "name_en": "d", "alerts": policy} | more)


def rises(severity: Severity = "minor", value: float | None = None, refs: Iterable[int] = (), **more: Any) -> Raised:
    evidence = tuple(Evidence(source="/s", id=str(number), at=second(number)) for number in refs)
    fields = {"kind": "echo", "about": "a", "module": "platform", "title": WORDS, "summary": WORDS} | more
    return Raised(severity=severity, value=value, evidence=evidence, **fields)


def falls(**more: Any) -> Resolved:
    return Resolved(**({"kind": "echo", "about": "a"} | more))


class Told:
    """``policy`` is the district file's ``[alerts]``, ``more`` its other tables."""

    def __init__(self, policy: Mapping[str, Any] | None = None, **more: Any) -> None:
        self._district = district(policy or {}, **more)
        self.kept = Restartable(self._fresh)
        self.lines: list[AlertChanged] = []
        self.alerts: list[Alert] = []
        self.refused: list[CommandRefused] = []
        self.unnotified: list[NotNotified] = []
        self.quiets: list[QuietChanged] = []
        self.forgotten: list[AlertForgotten] = []
        self.asked: list[IncidentAsked] = []
        self.findings: list[Raised | Resolved] = []
        self.tallies: dict[tuple[str, tuple[str, ...]], int] = {}
        self._facts: tuple[FactTotal, ...] = ()
        self._count = 0

    def _fresh(self) -> Partition:
        built = SPEC.build(Params(), self._district)
        return Partition(ALERT, 0, [Judge(SPEC, built)], lanes=[LANE], digest=self._district.model_dump_json())

    def restart(self, policy: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Again from what was saved; under another district file, where one is given."""
        if policy is not None:
            self._district = district(policy, **more)
        self.kept.restart(self._fresh)
        self._hear()

    # -- in --

    def add(self, at: float, data: Data, lane: str = LANE, id_: str = "") -> None:
        """A finding, at its own time."""
        self._count += 1
        self.kept.add(Event(second(at), "/echo/a", id_ or f"{self._count:010}", data), lane=lane)
        self._hear()

    def time(self, at: float) -> None:
        self.kept.add(tick(second(at)), lane=LANE)
        self._hear()

    def do(self, kind: type[Command], version: int | None = None, by: Person = AN, id_: str = "", **fields: Any) -> str:
        """A command to the newest alert; returns its id."""
        about = self.lines[-1]
        alert = {"alert_id": about.alert_id, "dedupe_key": about.dedupe_key}
        data = kind(**(alert | {"version": version or about.version, "by": by} | fields))
        self._count += 1
        name = id_ or f"command-{self._count}"
        self.add(9_000_000, data, lane="", id_=name)  # whatever the person's clock says
        return name

    def acknowledge(self) -> None:
        self.do(Acknowledge)

    # -- out --

    def _hear(self) -> None:
        batch = self.kept.take()
        assert batch.rejected == [], batch.rejected
        for _, event in batch.outputs:
            match event.data:
                case AlertChanged() as line:
                    self.lines.append(line)
                case Alert() as alert:
                    self.alerts.append(alert)
                case CommandRefused() as refused:
                    self.refused.append(refused)
                case NotNotified() as unnotified:
                    self.unnotified.append(unnotified)
                case QuietChanged() as quiet:
                    self.quiets.append(quiet)
                case AlertForgotten() as forgotten:
                    self.forgotten.append(forgotten)
                case IncidentAsked() as asked:
                    self.asked.append(asked)
                case TallyTotal(tally=name, labels=labels, value=value):
                    self.tallies[name, labels] = value
                case Raised() | Resolved() as finding:
                    self.findings.append(finding)

    def gauge(self, name: str) -> dict[tuple[str, ...], int]:
        """A gauge as it is now, by its labels."""
        if told := self.kept.take_facts():
            self._facts = told.event.data.facts
        return {fact.labels: fact.value for fact in self._facts if fact.name == name and fact.value}

    @property
    def numbers(self) -> list[str]:
        return [line.transition for line in self.lines]

    @property
    def alert(self) -> Alert:
        return self.alerts[-1]
