"""Sessions of people. A session ends when it is idle, when a shift is over, or when it is ended."""

from collections.abc import Callable

from dashboards.wall.access.database import Database
from dashboards.wall.access.principal import Principal
from dashboards.wall.access.secret import kept, new_secret
from dashboards.wall.access.users import User

#: Seconds: a shift of twelve hours and its hand-over; and an open desk asks now and then by itself.
LONGEST = 13 * 3600
IDLE = 2 * 3600
#: Seconds between two notes of when a session was last seen.
NOTED_EVERY = 60


class Sessions:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def open(self, user: User) -> str:
        """A new session of somebody who has proved who they are; returns its secret, which is kept nowhere."""
        secret, now = new_secret(), self._clock()
        self._database.write("DELETE FROM sessions WHERE ends < ? OR seen < ?", now, now - IDLE)
        self._database.insert(
            "sessions",
            user=user.id,
            secret=kept(secret),
            csrf=new_secret(),
            opened=now,
            seen=now,
            ends=now + LONGEST,
        )
        return secret

    def find(self, secret: str) -> Principal | None:
        """Whose session it is, if it still holds."""
        now = self._clock()
        row = self._database.row(
            "SELECT sessions.id, csrf, seen, name, shown, role, agency FROM sessions JOIN users ON users.id = user"
            " WHERE secret = ? AND disabled IS NULL AND ends > ? AND seen > ?",
            kept(secret),
            now,
            now - IDLE,
        )
        if row is None:
            return None
        if now - row["seen"] > NOTED_EVERY:
            self._database.write("UPDATE sessions SET seen = ? WHERE id = ?", now, row["id"])
        return Principal(row["name"], row["shown"], row["role"], "session", row["id"], row["agency"], row["csrf"])

    def end(self, id_: int) -> None:
        self._database.write("DELETE FROM sessions WHERE id = ?", id_)
