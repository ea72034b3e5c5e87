"""Tokens with which programs ask: hashed, of one role (and one agency), expiring, and withdrawn by number."""

import sqlite3
from collections.abc import Callable

from dashboards.wall.access.database import Database
from dashboards.wall.access.principal import ROLES, Principal
from dashboards.wall.access.secret import kept, new_secret

#: How a token begins, so that a scanner for leaked secrets knows it.
PREFIX = "ioc_"
NOTED_EVERY = 300


class BadToken(ValueError):
    """The token cannot be made so; the message says why."""


class Tokens:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def issue(self, name: str, role: str, seconds: float, agency: str | None = None) -> str:
        """A new token, shown once. Raises BadToken."""
        if role not in ROLES:
            raise BadToken(f"there is no role {role!r}: use one of {', '.join(ROLES)}")
        if (role == "agency") != (agency is not None):
            raise BadToken("the role agency needs an agency, and no other role has one")
        token, now = PREFIX + new_secret(), self._clock()
        values = {"name": name, "role": role, "agency": agency, "secret": kept(token)}
        self._database.insert("tokens", **values, created=now, ends=now + seconds)
        return token

    def find(self, token: str) -> Principal | None:
        now = self._clock()
        row = self._database.row(
            "SELECT id, name, role, agency, seen FROM tokens WHERE secret = ? AND revoked IS NULL AND ends > ?",
            kept(token),
            now,
        )
        if row is None:
            return None
        if row["seen"] is None or now - row["seen"] > NOTED_EVERY:
            self._database.write("UPDATE tokens SET seen = ? WHERE id = ?", now, row["id"])
        return Principal(row["name"], row["name"], row["role"], "token", row["id"], row["agency"])

    def revoke(self, id_: int) -> bool:
        """Withdraw a token; False where there is none."""
        now = self._clock()
        return bool(self._database.write("UPDATE tokens SET revoked = ? WHERE id = ? AND revoked IS NULL", now, id_))

    def all(self) -> list[sqlite3.Row]:
        return self._database.rows(
            "SELECT id, name, role, agency, created, ends, seen, revoked FROM tokens ORDER BY id"
        )
