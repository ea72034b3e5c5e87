"""A file beside a recording that holds a case for every alert of it, so that explaining one takes no replay.

It is made by one replay and belongs to that recording and those rules: with others, another one is made.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from ioc import recording
from ioc.alerts.alert import AlertChanged
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.codec import structured
from ioc.replay.cases import Case, NotingFlow
from ioc.replay.flow import Shape
from ioc.replay.result import canonical
from ioc.replay.source import Advance, Source

SCHEMA = """
create table cases (alert_id text primary key, content text);
create table lines (alert_id text, version integer, content text, primary key (alert_id, version));
create table events (source text, id text, content text, primary key (source, id));
"""


@dataclass(frozen=True)
class Told:
    """All that a casebook holds of one alert: its history, the case that opened it, the events it names."""

    lines: list[AlertChanged]
    case: Case | None
    events: list[str]


class Casebook:
    """The file of one recording and one set of rules."""

    def __init__(self, source: Source, plan: Plan) -> None:
        self._source, self._plan = source, plan
        files = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in source.paths]
        digest = blake2b(f"{files}\n{plan.digest}".encode(), digest_size=6).hexdigest()
        self.path = source.paths[0].with_name(f"{source.paths[0].name}.{digest}.cases")

    @property
    def shape(self) -> Shape:
        """The space in which its cases were."""
        header = self._source.header
        return Shape(header.mode, header.partitions) if header else Shape()

    def make(self, advance: Advance) -> None:
        """Replay once, and write down every case; then find the events that they name."""
        draft = self.path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as file, file:
            file.executescript(SCHEMA)
            wanted: set[tuple[str, str]] = set()

            def opened(line: AlertChanged, case: Case) -> None:
                wanted.update(case.evidence)
                row = (str(line.alert_id), case.model_dump_json())
                file.execute("insert or replace into cases values (?, ?)", row)

            def hear(_: Partition, output: Output) -> None:
                if isinstance(line := output.event.data, AlertChanged):
                    row = (str(line.alert_id), line.version, canonical(line).decode())
                    file.execute("insert or replace into lines values (?, ?, ?)", row)

            self._source.run(self._plan, None, advance, hear, flow=partial(NotingFlow, opened=opened))
            for event in recording.merged([recording.readable(path, []) for path in self._source.paths]):
                if (event.source, event.id) in wanted:
                    row3 = (event.source, event.id, structured(event).decode())
                    file.execute("insert or replace into events values (?, ?, ?)", row3)
        draft.rename(self.path)

    def find(self, alert_id: str) -> Told | None:
        """What is known of an alert; its id may be cut short, as long as it is one only. Raises LookupError."""
        with closing(sqlite3.connect(self.path)) as file:
            names = [name for (name,) in file.execute(
                "select distinct alert_id from lines where substr(alert_id, 1, ?) = ?", (len(alert_id), alert_id)
            )]  # fmt: skip
            if len(names) != 1:
                if not names:
                    return None
                raise LookupError(f"{alert_id}: {len(names)} alerts begin so: write more of it")
            lines = [AlertChanged.model_validate_json(text) for (text,) in file.execute(
                "select content from lines where alert_id = ? order by version", names
            )]  # fmt: skip
            row = file.execute("select content from cases where alert_id = ?", names).fetchone()
            case = Case.model_validate_json(row[0]) if row else None
            return Told(lines, case, list(self._events(file, case)) if case else [])

    def _events(self, file: sqlite3.Connection, case: Case) -> Iterator[str]:
        """The named events: from the case's own records where a fold wrote them, else from the sources."""
        own = case.named()
        for source, id_ in sorted(case.evidence):
            row = file.execute("select content from events where source = ? and id = ?", (source, id_)).fetchone()
            if row or (source, id_) in own:
                yield own.get((source, id_)) or row[0]
