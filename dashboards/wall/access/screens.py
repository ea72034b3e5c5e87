"""Wall screens: enrolled by a code that works once, then known by a secret that can be withdrawn."""

import sqlite3
from collections.abc import Callable

from dashboards.wall.access.database import Database
from dashboards.wall.access.principal import Principal
from dashboards.wall.access.secret import kept as kept_secret
from dashboards.wall.access.secret import new_code, new_secret, same_code

#: Seconds for which a code can be used, and a screen need not be enrolled again.
CODE_LASTS = 15 * 60
LASTS = 90 * 86_400
NOTED_EVERY = 300


class Screens:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def invite(self, name: str) -> str:
        """A code with which one screen can be enrolled; it is shown once."""
        code, now = new_code(), self._clock()
        self._database.insert("screens", name=name, code=same_code(code), code_ends=now + CODE_LASTS, created=now)
        return code

    def enrol(self, code: str) -> tuple[str, str] | None:
        """Use a code up; returns the screen's name and secret, or None where the code is not good."""
        secret, now = new_secret(), self._clock()
        with self._database.transaction():
            row = self._database.row(
                "SELECT id, name FROM screens WHERE code = ? AND code_ends > ? AND revoked IS NULL",
                same_code(code),
                now,
            )
            if row is None:
                return None
            self._database.write(
                "UPDATE screens SET code = NULL, secret = ?, enrolled = ?, seen = ?, ends = ? WHERE id = ?",
                kept_secret(secret),
                now,
                now,
                now + LASTS,
                row["id"],
            )
        return row["name"], secret

    def find(self, secret: str) -> Principal | None:
        now = self._clock()
        row = self._database.row(
            "SELECT id, name, seen FROM screens WHERE secret = ? AND revoked IS NULL AND ends > ?",
            kept_secret(secret),
            now,
        )
        if row is None:
            return None
        if now - row["seen"] > NOTED_EVERY:
            self._database.write("UPDATE screens SET seen = ? WHERE id = ?", now, row["id"])
        return Principal(row["name"], row["name"], "screen", "screen", row["id"])

    def revoke(self, id_: int) -> bool:
        """Withdraw a screen; False where there is none."""
        now = self._clock()
        return bool(self._database.write("UPDATE screens SET revoked = ? WHERE id = ? AND revoked IS NULL", now, id_))

    def all(self) -> list[sqlite3.Row]:
        return self._database.rows("SELECT id, name, created, enrolled, ends, seen, revoked FROM screens ORDER BY id")
