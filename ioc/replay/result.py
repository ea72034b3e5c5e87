"""What a replay gives: the alert history in canonical order, however long it is, and the figures."""

import heapq
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import IO, Any, NamedTuple

from ioc.alerts.alert import AlertChanged, CommandRefused
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output, Rejected
from ioc.events.figures import FactTotals, TallyTotal

#: So many lines of history are kept in memory; more of them go to a temporary file, sorted.
IN_MEMORY = 50_000
#: So many refusals are kept with their reasons; all are counted.
REASONS = 1000
_EPOCH, _MICROSECOND, _KEY = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1), 20 + 36 + 10


def canonical(line: AlertChanged) -> bytes:
    """A line of history as canonical JSON: what two runs are compared by."""
    return line.__pydantic_serializer__.to_json(line, by_alias=True)


class History:
    """Lines of alert history, sorted by (at, alert id, version). Its memory does not grow with its length."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._limit, self._length = in_memory, 0
        self._lines: list[bytes] = []
        self._runs: list[IO[bytes]] = []

    def __len__(self) -> int:
        return self._length

    def add(self, line: AlertChanged) -> None:
        since = (line.at - _EPOCH) // _MICROSECOND
        self.take_back(b"%020d%36s%010d" % (since, str(line.alert_id).encode(), line.version) + canonical(line))

    def keyed(self) -> Iterator[bytes]:
        """The lines with what they are sorted by before them; for a checkpoint."""
        for run in self._runs:
            run.seek(0)
            yield from (line[:-1] for line in run)
        yield from self._lines

    def take_back(self, line: bytes) -> None:
        """One of those that :meth:`keyed` gave."""
        self._lines.append(line)
        self._length += 1
        if len(self._lines) >= self._limit:
            self._spill()

    def _spill(self) -> None:
        run = tempfile.TemporaryFile()  # noqa: SIM115 # it lives as long as the history
        weakref.finalize(self, run.close)
        run.writelines(line + b"\n" for line in sorted(self._lines))
        self._runs.append(run)
        self._lines = []

    def lines(self) -> Iterator[bytes]:
        """Canonical JSON, without line breaks."""
        for run in self._runs:
            run.seek(0)
        runs = [(line[:-1] for line in run) for run in self._runs]
        for line in heapq.merge(*runs, sorted(self._lines)):
            yield line[_KEY:]

    def __iter__(self) -> Iterator[AlertChanged]:
        return (AlertChanged.model_validate_json(line) for line in self.lines())


class Refused(NamedTuple):
    """A record, or a deadline, that a partition could not take."""

    partition: str
    offset: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.partition}{'' if self.offset is None else f'@{self.offset}'}: {self.reason}"


@dataclass
class Result:
    """What a replay gave: the alert history, figures, and what could not be taken."""

    history: History = field(default_factory=History)
    figures: dict[str, FactTotals | TallyTotal] = field(default_factory=dict)
    rejected: list[Refused] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: What people had said and these rules could not do: an alert that does not ring here, or looks different.
    refused: list[CommandRefused] = field(default_factory=list)
    #: Names of the gauges of which the largest counts, not the sum.
    maxima: frozenset[str] = frozenset()

    @classmethod
    def of(cls, plan: Plan) -> "Result":
        """An empty one for these rules."""
        specs = [judge.spec for judges in plan.judges.values() for judge in judges]
        return cls(maxima=frozenset(fact.name for spec in specs for fact in spec.facts if fact.aggregate == "max"))

    @property
    def alerts(self) -> list[AlertChanged]:
        """The whole history in memory: for those that are short."""
        return list(self.history)

    def lines(self) -> list[bytes]:
        """The alert history as canonical JSON lines, sorted by (at, alert id, version)."""
        return list(self.history.lines())

    def take(self, output: Output) -> None:
        """An event that leaves the flow: a line of history, or a figure."""
        match output.event.data:
            case AlertChanged() as line:
                self.history.add(line)
            case CommandRefused() as refused:
                self.counts["commands refused"] += 1
                self.refused += [refused] if len(self.refused) < REASONS else []
            case (FactTotals() | TallyTotal()) as figure:
                self.figures[figure.subject] = figure

    def reject(self, partition: Partition, rejected: list[Rejected]) -> None:
        room = REASONS - len(self.rejected)
        self.rejected += [Refused(partition.name, each.offset, each.reason) for each in rejected[:room]]

    def totals(self) -> dict[str, list[dict[str, Any]]]:
        """Facts and tallies of all partitions together: ``{"facts": [...], "tallies": [...]}``."""
        facts: dict[tuple[str, tuple[str, ...]], int] = {}
        tallies: dict[tuple[str, str, tuple[str, ...]], int] = {}
        for figure in self.figures.values():
            if isinstance(figure, TallyTotal):
                key = (figure.tally, str(figure.day), figure.labels)
                tallies[key] = tallies.get(key, 0) + figure.value
            else:
                for fact in figure.facts:
                    label, both = (fact.name, fact.labels), max if fact.name in self.maxima else sum
                    facts[label] = both((facts[label], fact.value)) if label in facts else fact.value
        return {
            "facts": [{"name": n, "labels": list(ls), "value": v} for (n, ls), v in sorted(facts.items())],
            "tallies": [
                {"name": n, "day": day, "labels": list(ls), "value": v} for (n, day, ls), v in sorted(tallies.items())
            ],
        }
