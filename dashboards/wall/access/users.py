"""Local users. Passwords are kept by argon2id; whoever else proves who somebody is ends in ``Sessions.open`` too."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboards.wall.access.database import Database
from dashboards.wall.access.principal import ROLES, Role

#: A password has at least so many signs; length is what protects (NIST SP 800-63B, 3.1.1.2).
SHORTEST, LONGEST = 12, 200


class BadUser(ValueError):
    """The user cannot be written so; the message says why."""


@dataclass(frozen=True)
class User:
    id: int
    name: str
    shown: str
    role: Role
    agency: str | None
    disabled: bool


class Users:
    def __init__(self, database: Database, clock: Callable[[], float], hasher: PasswordHasher | None = None) -> None:
        self._database, self._clock = database, clock
        self._hasher = hasher or PasswordHasher()
        #: Checked where there is no such user, so that the time tells nobody who exists.
        self._nobody = self._hasher.hash("nobody")

    def add(self, name: str, password: str, role: str, shown: str = "", agency: str | None = None) -> User:
        """A new user. Raises BadUser."""
        name = name.strip().lower()
        if not name or not name.isprintable() or len(name) > 64 or " " in name:
            raise BadUser("a name to sign in with is one word of at most 64 letters")
        if role not in ROLES:
            raise BadUser(f"there is no role {role!r}: use one of {', '.join(ROLES)}")
        if (role == "agency") != (agency is not None):
            raise BadUser("the role agency needs an agency, and no other role has one")
        if self._find(name):
            raise BadUser(f"there is a user {name!r} already")
        values = {"name": name, "shown": shown.strip() or name, "role": role, "agency": agency}
        self._database.insert("users", **values, password=self._hash(password), created=self._clock())
        found = self._find(name)
        assert found is not None
        return found

    def check(self, name: str, password: str) -> User | None:
        """The user whose password this is; takes as long where there is none."""
        name = name.strip().lower()
        row = self._database.row("SELECT id, password FROM users WHERE name = ? AND disabled IS NULL", name)
        kept = row["password"] if row else self._nobody
        try:
            self._hasher.verify(kept, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return None
        if row is None:
            return None
        if self._hasher.check_needs_rehash(kept):
            self._database.write("UPDATE users SET password = ? WHERE id = ?", self._hasher.hash(password), row["id"])
        return self._find(name)

    def set_password(self, name: str, password: str) -> None:
        """A new password, which ends every session of the user. Raises BadUser."""
        user = self._known(name)
        with self._database.transaction():
            self._database.write("UPDATE users SET password = ? WHERE id = ?", self._hash(password), user.id)
            self._database.write("DELETE FROM sessions WHERE user = ?", user.id)

    def disable(self, name: str) -> None:
        """The user can no longer sign in, and is signed out everywhere. Raises BadUser."""
        user = self._known(name)
        with self._database.transaction():
            self._database.write("UPDATE users SET disabled = ? WHERE id = ?", self._clock(), user.id)
            self._database.write("DELETE FROM sessions WHERE user = ?", user.id)

    def all(self) -> list[User]:
        return [_user(row) for row in self._database.rows("SELECT * FROM users ORDER BY name")]

    def _hash(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise BadUser(f"a password has {SHORTEST} to {LONGEST} signs")
        return self._hasher.hash(password)

    def _known(self, name: str) -> User:
        user = self._find(name.strip().lower())
        if user is None:
            raise BadUser(f"there is no user {name!r}")
        return user

    def _find(self, name: str) -> User | None:
        row = self._database.row("SELECT * FROM users WHERE name = ?", name)
        return _user(row) if row else None


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["name"], row["shown"], row["role"], row["agency"], row["disabled"] is not None)
