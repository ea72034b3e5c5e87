"""What was done by whom: each sign-in, each refusal, each command, and what it came to. Only ever added to."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from dashboards.wall.access.database import Database


@dataclass(frozen=True)
class Entry:
    """``action`` and ``result`` are words of ours; ``who`` and ``target`` are names, never secrets or texts."""

    at: float
    who: str
    way: str
    address: str
    action: str
    target: str
    result: str


class Audit:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def write(self, who: str, way: str, address: str, action: str, target: str = "", result: str = "done") -> None:
        entry = Entry(self._clock(), who[:120], way, address, action, target[:200], result[:200])
        self._database.insert("audit", **asdict(entry))

    def newest(self, count: int) -> list[Entry]:
        rows = self._database.rows(
            "SELECT at, who, way, address, action, target, result FROM audit ORDER BY id DESC LIMIT ?", count
        )
        return [Entry(*row) for row in rows]
