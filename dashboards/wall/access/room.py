"""What the room itself writes: the shift log (nhật ký ca trực), and a leader's directives with their due times."""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel

from dashboards.wall.access.database import Database

#: A note, a check at the start of a shift, a promise to the next one; giving and taking over the shift.
LogKind = Literal["note", "check", "promise", "give", "take"]


class NotTaken(ValueError):
    """The shift cannot be taken over so; the message says why."""


class LogEntry(BaseModel):
    """One entry; times are epoch seconds of the real clock, at which people work."""

    id: int
    at: float
    who: str
    kind: LogKind
    text: str


class ShiftLog:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def write(self, space: str, who: str, kind: LogKind, text: str) -> LogEntry:
        """A new entry. Raises NotTaken where nobody has given the shift, or one would take it from oneself."""
        with self._database.transaction():
            if kind == "take":
                self._check_given(space, who)
            at = self._clock()
            id_ = self._database.insert("shift_log", space=space, at=at, who=who, kind=kind, text=text)
        return LogEntry(id=id_, at=at, who=who, kind=kind, text=text)

    def newest(self, space: str, count: int) -> list[LogEntry]:
        rows = self._database.rows(
            "SELECT id, at, who, kind, text FROM shift_log WHERE space = ? ORDER BY id DESC LIMIT ?", space, count
        )
        return [LogEntry(**dict(row)) for row in rows]

    def _check_given(self, space: str, who: str) -> None:
        row = self._database.row(
            "SELECT who, kind FROM shift_log WHERE space = ? AND kind IN ('give', 'take') ORDER BY id DESC LIMIT 1",
            space,
        )
        if row is None or row["kind"] != "give":
            raise NotTaken("nobody has given the shift yet")
        if row["who"] == who:
            raise NotTaken("another person takes the shift over than gave it")


class Directive(BaseModel):
    """A leader's directive (ý kiến chỉ đạo) on one alert: what is wanted, until when, and what came of it."""

    id: int
    alert: str
    agency: str | None
    at: float
    who: str
    text: str
    due: float
    done: float | None
    done_by: str | None
    result: str | None


class Directives:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def give(self, space: str, alert: str, agency: str | None, who: str, text: str, due: float) -> Directive:
        at = self._clock()
        values = {"space": space, "alert": alert, "agency": agency, "at": at, "who": who, "text": text, "due": due}
        return self._get(self._database.insert("directives", **values))

    def done(self, space: str, id_: int, who: str, result: str, agency: str | None) -> Directive | None:
        """It was carried out; None where there is no such directive that is open (and this agency's)."""
        changed = self._database.write(
            "UPDATE directives SET done = ?, done_by = ?, result = ? WHERE id = ? AND space = ? AND done IS NULL"
            " AND (? IS NULL OR agency = ?)",
            self._clock(),
            who,
            result,
            id_,
            space,
            agency,
            agency,
        )
        return self._get(id_) if changed else None

    def newest(self, space: str, agency: str | None, count: int = 200) -> list[Directive]:
        """Those that are open first, the soonest due first; of one agency, or of all."""
        rows = self._database.rows(
            "SELECT * FROM directives WHERE space = ? AND (? IS NULL OR agency = ?)"
            " ORDER BY done IS NOT NULL, due LIMIT ?",
            space,
            agency,
            agency,
            count,
        )
        return [_directive(dict(row)) for row in rows]

    def _get(self, id_: int) -> Directive:
        row = self._database.row("SELECT * FROM directives WHERE id = ?", id_)
        assert row is not None
        return _directive(dict(row))


def _directive(row: dict[str, object]) -> Directive:
    return Directive.model_validate({name: value for name, value in row.items() if name != "space"})
