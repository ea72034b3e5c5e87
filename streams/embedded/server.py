"""What Kafka and Redis share: a directory, a port, a log, and a start that waits for an answer."""

import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from streams.embedded import memory, ports
from streams.embedded.leash import Leashed
from streams.embedded.not_ready import NotReady, last_lines


class Server(ABC):
    """A server on 127.0.0.1 that keeps its port and its data from one start to the next.

    It ends with this process, however this process ends.
    """

    name: ClassVar[str]
    patience: ClassVar[float]
    """Seconds that a start may take before it counts as failed."""

    def __init__(self, directory: Path, port: int = 0) -> None:
        """Prepare a server; nothing runs before `start`.

        Args:
            directory: Where its data, its log and its temporary files are; made if missing.
            port: The port that clients use; 0 picks a free one.
        """
        self.directory = directory.absolute()
        self.port = port or ports.free_port()
        self._process: Leashed | None = None

    @property
    def log_path(self) -> Path:
        """Its output, of all starts."""
        return self.directory / f"{self.name.lower()}.log"

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        if self._process is None:
            raise RuntimeError(f"{self.name} does not run")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether its process runs; it may not answer yet."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start it and wait until it answers; nothing happens if it runs.

        Raises:
            NotReady: It cannot be had here, or did not start.
        """
        if not self.running:
            self.launch()
            self.wait_until_it_answers()
        return self

    def launch(self) -> None:
        """Start it without waiting, as when several must find one another.

        Raises:
            NotReady: It cannot be had here.
        """
        ports.claim(self.port, self.name)
        memory.require(self.memory_needed(), self.name)
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            self._process = Leashed(self.command(), self.log_path)
        except OSError as error:
            raise NotReady(f"{self.name} could not be started: {error}.") from error

    def wait_until_it_answers(self) -> None:
        """Wait for an answer; a server that gives none in `patience` seconds is ended.

        Raises:
            NotReady: It ended, or gave no answer in time.
        """
        assert self._process is not None
        deadline = time.monotonic() + self.patience
        while not self.answers():
            code = self._process.poll()
            if code is not None:
                self._process.wait()
                raise self._failed(f"stopped while starting (exit code {code})")
            if time.monotonic() > deadline:
                self._process.kill()
                raise self._failed(f"gave no answer within {self.patience:.0f} seconds")
            time.sleep(0.05)

    def _failed(self, how: str) -> NotReady:
        return NotReady(f"{self.name} {how}: see {self.log_path}, which ends:{last_lines(self.log_path)}")

    def stop(self, timeout: float = 15.0) -> None:
        """Let it end in order, and kill it after `timeout` seconds; nothing happens if it does not run."""
        if self._process is not None:
            self._process.stop(timeout)

    def kill(self) -> None:
        """End it as a power failure would, its directory left as it is."""
        if self._process is not None:
            self._process.kill()

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP and later SIGCONT."""
        if self._process is not None:
            self._process.signal(number)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def command(self) -> list[str]:
        """The command that runs it; may first prepare its directory."""

    @abstractmethod
    def memory_needed(self) -> int:
        """Mebibytes that must be available before it is started."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves its clients now."""


def run_once(command: list[str], log_path: Path, what: str) -> None:
    """Run a short preparation to its end.

    Raises:
        NotReady: It failed; `what` names it.
    """
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    with log_path.open("ab") as log:
        log.write(done.stdout)
    if done.returncode:
        raise NotReady(f"{what} failed (exit code {done.returncode}); {log_path} ends:{last_lines(log_path)}")
