"""The machine's Prometheus on 127.0.0.1, with settings of ours; there is none to fetch where the machine has none."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from streams.embedded import ports
from streams.embedded.not_ready import NotReady
from streams.embedded.server import Server


class Prometheus(Server):
    """Watches what its settings name; forgets all once its directory is gone."""

    name = "Prometheus"
    patience = 30.0

    def __init__(self, directory: Path, files: Mapping[str, str], port: int = 0) -> None:
        """Prepare a server.

        Args:
            files: Its settings, ``prometheus.yml``, and what these name, by name and text.
        """
        super().__init__(directory, port)
        self._files = files

    @property
    def url(self) -> str:
        """Its page and its API."""
        return f"http://{ports.HOST}:{self.port}"

    def command(self) -> list[str]:
        """The server and its options; its settings are written first."""
        program = shutil.which("prometheus")
        if program is None:
            raise NotReady("Prometheus is not installed: install it (Debian: apt install prometheus), or do without.")
        for name, text in self._files.items():
            (self.directory / name).write_text(text, "utf-8")
        options = {
            "config.file": str(self.directory / "prometheus.yml"),
            "storage.tsdb.path": str(self.directory / "data"),
            "web.listen-address": f"{ports.HOST}:{self.port}",
            "log.level": "warn",
        }
        return [program, *(f"--{name}={value}" for name, value in options.items())]

    def memory_needed(self) -> int:
        """Mebibytes: itself and a day of our series."""
        return 150

    def answers(self) -> bool:
        """Whether its API answers."""
        question = b"GET /-/ready HTTP/1.0\r\n\r\n"
        return b" 200 " in ports.exchange(self.port, question, lambda answer: b"\n" in answer)
