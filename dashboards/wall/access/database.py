"""The file that keeps who may sign in, what was done, and what the room wrote. Readable by its owner only."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Secrets are kept as hashes only: argon2 of passwords, SHA-256 of long random ones. Times are epoch seconds.
SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, shown TEXT NOT NULL, role TEXT NOT NULL, agency TEXT,
    password TEXT NOT NULL, created REAL NOT NULL, disabled REAL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
    id INTEGER PRIMARY KEY, user INTEGER NOT NULL REFERENCES users(id), secret TEXT NOT NULL UNIQUE,
    csrf TEXT NOT NULL, opened REAL NOT NULL, seen REAL NOT NULL, ends REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS screens (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, code TEXT UNIQUE, code_ends REAL, secret TEXT UNIQUE,
    created REAL NOT NULL, enrolled REAL, ends REAL, seen REAL, revoked REAL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, secret TEXT NOT NULL UNIQUE, role TEXT NOT NULL, agency TEXT,
    created REAL NOT NULL, ends REAL NOT NULL, seen REAL, revoked REAL
) STRICT;
CREATE TABLE IF NOT EXISTS mutes (space TEXT PRIMARY KEY, who TEXT NOT NULL, until REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, who TEXT NOT NULL, way TEXT NOT NULL, address TEXT NOT NULL,
    action TEXT NOT NULL, target TEXT NOT NULL, result TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS shift_log (
    id INTEGER PRIMARY KEY, space TEXT NOT NULL, at REAL NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS directives (
    id INTEGER PRIMARY KEY, space TEXT NOT NULL, alert TEXT NOT NULL, agency TEXT, at REAL NOT NULL, who TEXT NOT NULL,
    text TEXT NOT NULL, due REAL NOT NULL, done REAL, done_by TEXT, result TEXT
) STRICT;
CREATE TRIGGER IF NOT EXISTS audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER IF NOT EXISTS audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
"""


class Database:
    """One connection, one statement or transaction at a time, from any thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT, 0o600))
        path.chmod(0o600)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=5)
        self._connection.row_factory = sqlite3.Row
        # Other processes (`ioc access`) write to the same file.
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;" + SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: object) -> sqlite3.Row | None:
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
            return found

    def write(self, statement: str, *values: object) -> int:
        """Change something; returns how many rows it touched."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def insert(self, table: str, **values: Any) -> int:
        """A new row; returns its id. Table and columns are ours, never from outside."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - see above
        with self._lock:
            return int(self._connection.execute(statement, tuple(values.values())).lastrowid or 0)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
