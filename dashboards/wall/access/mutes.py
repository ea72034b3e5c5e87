"""The wall's sound, muted for a time by a person whose name stands there. It always ends by itself."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboards.wall.access.database import Database

#: Minutes for which sound can be muted at once.
LONGEST = 60


@dataclass(frozen=True)
class Mute:
    """``who`` as others read it; ``until`` in epoch seconds of the machine's clock, for people hear with it."""

    who: str
    until: float


class Mutes:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def mute(self, space: str, who: str, minutes: int) -> Mute:
        until = self._clock() + min(minutes, LONGEST) * 60
        self._database.write("INSERT OR REPLACE INTO mutes VALUES (?, ?, ?)", space, who, until)
        return Mute(who, until)

    def unmute(self, space: str) -> None:
        self._database.write("DELETE FROM mutes WHERE space = ?", space)

    def of(self, space: str) -> Mute | None:
        """Who muted this space's sound, while that lasts."""
        row = self._database.row("SELECT who, until FROM mutes WHERE space = ? AND until > ?", space, self._clock())
        return Mute(row["who"], row["until"]) if row else None
