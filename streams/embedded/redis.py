"""A Redis on 127.0.0.1: nothing is kept unless asked for, as all that it holds can be rebuilt."""

from pathlib import Path

from streams.embedded import ports, provision
from streams.embedded.server import Server


class Redis(Server):
    """The machine's Redis or Valkey (6.2 or newer), else one that is fetched once."""

    name = "Redis"
    patience = 15.0

    def __init__(self, directory: Path, port: int = 0, *, append_only: bool = False) -> None:
        """Prepare a server.

        Args:
            append_only: Keep what is written, so that it is there after a stop and a start.
        """
        super().__init__(directory, port)
        self.append_only = append_only

    @property
    def url(self) -> str:
        """The address as clients of Redis take it."""
        return f"redis://{ports.HOST}:{self.port}/0"

    def command(self) -> list[str]:
        """The server and its settings; it reads no settings file of the machine."""
        settings = {
            "bind": ports.HOST,
            "port": str(self.port),
            "protected-mode": "yes",
            "dir": str(self.directory),
            "save": "",
            "appendonly": "yes" if self.append_only else "no",
            "daemonize": "no",
        }
        return [
            str(provision.redis_server()),
            *(part for name, value in settings.items() for part in (f"--{name}", value)),
        ]

    def memory_needed(self) -> int:
        """Mebibytes: itself and a small read model."""
        return 64

    def answers(self) -> bool:
        """Whether it answers a ping (while it loads a file, it answers with an error)."""
        return ports.exchange(self.port, b"PING\r\n", lambda answer: b"\n" in answer).startswith(b"+PONG")
