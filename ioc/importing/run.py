"""A whole log to events: read, sorted by time, with what could not be read.

All events are held in memory to be sorted: about 2 KB each, so some millions on an ordinary machine. Split a
longer log by time; recordings are merged when they are replayed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ioc.events.base import AnyEvent
from ioc.importing import json_lines, table, xes
from ioc.importing.files import Problem, Reader, Row, Unusable, opened
from ioc.importing.mapping import LogMapping
from ioc.importing.rules import Case, Made, events_of
from ioc.importing.values import Reading, Unfit

READERS: dict[str, Reader] = {"xes": xes.read, "csv": table.read, "jsonl": json_lines.read}
#: So many problems are kept word for word; the others are counted.
KEPT_PROBLEMS = 1000
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Report:
    """What became of a log."""

    file: Path
    rows: int = 0
    cases: int = 0
    events: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    #: Rows that no rule made an event of.
    silent_rows: int = 0
    #: Events whose time was moved to what they cannot precede.
    moved: int = 0
    #: Columns that the mapping names and no row has.
    never_seen: tuple[str, ...] = ()
    #: Figures that only logs of one kind have.
    further: dict[str, int] = field(default_factory=dict)
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def tell(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)

    def lines(self) -> list[str]:
        """Each problem kept, with file and line."""
        return [f"{self.file}:{problem.line}: {problem.reason}" for problem in self.problems]


def import_file(
    mapping: LogMapping, path: Path, watch: Callable[[int], None] = lambda _: None
) -> tuple[list[AnyEvent], Report]:
    """The events of a log by time, and the report. ``watch`` hears how many bytes of the file have been read.

    Raises Unusable if nothing in the file can be read.
    """
    reading, report = Reading(mapping), Report(path)
    events: list[AnyEvent] = []
    for case in _cases(reading, path, report, watch):
        said = set()
        for made in events_of(case, reading):
            if isinstance(made, Made):
                events.append(made.event)
                said.add(id(made.row))
                report.moved += made.moved
            else:
                report.tell(made)
        report.silent_rows += sum(id(row) not in said for _, row in case.rows)
    events.sort(key=lambda event: (event.at, event.id))
    report.events = Counter(event.data.TYPE for event in events)
    if events:
        report.first, report.last = events[0].at, events[-1].at
    return events, report


def _cases(reading: Reading, path: Path, report: Report, watch: Callable[[int], None]) -> list[Case]:
    cases: defaultdict[str, list[tuple[datetime, Row]]] = defaultdict(list)
    mapping, seen, last, cut = reading.mapping, set[str](), "", ""
    with opened(path) as log:
        for item in READERS[mapping.file.format](log, mapping.file, mapping.wanted):
            watch(log.place())
            if isinstance(item, Problem):
                report.tell(item)
                cut = last if item.inside else cut
                continue
            report.rows += 1
            seen.update(item.values)
            try:
                last, at = _case_and_time(reading, item)
                cases[last].append((at, item))
            except Unfit as why:
                report.tell(Problem(item.line, str(why)))
    if not report.rows:
        raise Unusable(report.lines()[0] if report.problems else f"{path}: no rows in it")
    report.cases, report.never_seen = len(cases), tuple(sorted(mapping.wanted - seen))
    return [Case(name, tuple(sorted(rows, key=lambda row: row[0])), name == cut) for name, rows in cases.items()]


def _case_and_time(reading: Reading, row: Row) -> tuple[str, datetime]:
    roles = reading.mapping.columns
    name, at = reading.value(row, roles.case), reading.moment(row, roles.time)
    if name is None:
        raise Unfit("no case: the column that says it is empty")
    if at is None and not row.bare:
        raise Unfit(f"no time: {' or '.join(roles.time)} is empty")
    return name, at.astimezone(UTC) if at else _EVER
