"""Everything that is kept of who may and of what the room wrote, in one hand."""

import time
from collections.abc import Callable
from pathlib import Path

from argon2 import PasswordHasher

from dashboards.wall.access.audit import Audit
from dashboards.wall.access.database import Database
from dashboards.wall.access.mutes import Mutes
from dashboards.wall.access.room import Directives, ShiftLog
from dashboards.wall.access.screens import Screens
from dashboards.wall.access.sessions import Sessions
from dashboards.wall.access.tokens import Tokens
from dashboards.wall.access.users import Users


class Registry:
    """Opens the file, and makes it where there is none."""

    def __init__(
        self, path: Path, clock: Callable[[], float] = time.time, hasher: PasswordHasher | None = None
    ) -> None:
        self._database = Database(path)
        self.users = Users(self._database, clock, hasher)
        self.sessions = Sessions(self._database, clock)
        self.screens = Screens(self._database, clock)
        self.tokens = Tokens(self._database, clock)
        self.mutes = Mutes(self._database, clock)
        self.log = ShiftLog(self._database, clock)
        self.directives = Directives(self._database, clock)
        self.audit = Audit(self._database, clock)

    def close(self) -> None:
        self._database.close()
