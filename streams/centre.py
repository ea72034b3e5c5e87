"""The whole centre on one machine: Kafka, Redis, a worker for each space, the read model, the wall, and Prometheus.

Every process is on a leash: none outlives this one, however it ends. One that dies is started again.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ioc.events.figures import Mode
from streams import topics
from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.not_ready import NotReady, last_lines
from streams.embedded.ports import free_port
from streams.embedded.prometheus import Prometheus
from streams.embedded.redis import Redis
from streams.runner import Place

#: A part that was started must be ready within so many seconds.
PATIENCE = 120.0


@dataclass
class Part:
    """One of our own processes, and the port on which it says that it is ready, and its metrics."""

    name: str
    job: str
    process: Leashed
    port: int
    restarts: int = 0
    next_try: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ready(self) -> bool:
        return _answers(f"{self.url}/-/ready")


@dataclass
class Centre:
    """Starts everything in order and keeps it up. ``say`` is told each step in words."""

    directory: Path
    say: Callable[[str], None] = print
    kafka_port: int = 0
    redis_port: int = 0
    wall_port: int = 0
    parts: list[Part] = field(default_factory=list)
    prometheus: Prometheus | None = None

    def __enter__(self) -> Self:
        self.kafka = Kafka(self.directory / "kafka", self.kafka_port)
        self.redis = Redis(self.directory / "redis", self.redis_port)
        self.wall_port = self.wall_port or free_port()
        try:
            self.redis.start()
            self.say(f"Redis answers on port {self.redis.port}")
            self.kafka.start()
            self.say(f"Kafka answers on port {self.kafka.port}")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.prometheus is not None:
            self.prometheus.stop()
        for part in reversed(self.parts):
            part.process.stop(5)
        self.kafka.stop()
        self.redis.stop()

    @property
    def url(self) -> str:
        """Where people look."""
        return f"http://127.0.0.1:{self.wall_port}/"

    def place(self, space: str, mode: Mode = "driven") -> Place:
        return Place(self.kafka.bootstrap, space, mode, topics.partitions(space))

    def start_worker(self, space: str, district: str, mode: Mode = "driven") -> None:
        """A worker for one space; its topics must be there."""
        port = free_port()
        options = ["--space", space, "--mode", mode, "--district", district, "--health-port", str(port)]
        self._start(f"worker {space}", ["worker", *options, "--bootstrap", self.kafka.bootstrap], port)

    def start_read_model(self, spaces: list[str]) -> None:
        port = free_port()
        options = [option for space in spaces for option in ("--space", space)]
        where = ["--bootstrap", self.kafka.bootstrap, "--redis", self.redis.url, "--metrics-port", str(port)]
        self._start("read model", ["read-model", *options, *where], port)

    def start_wall(self, access: Path, evidence: Path) -> None:
        """The wall, for those who are in the file ``access``, with the pictures in the folder ``evidence``."""
        inside = free_port()
        where = ["--redis", self.redis.url, "--bootstrap", self.kafka.bootstrap, "--port", str(self.wall_port)]
        self._start(
            "wall",
            ["wall", *where, "--access", str(access), "--evidence", str(evidence), "--inside-port", str(inside)],
            inside,
        )

    def start_prometheus(self, files: Callable[[Mapping[str, list[str]]], Mapping[str, str]]) -> None:
        """The machine's Prometheus, which watches the parts that were started; ``files`` makes its settings of them.

        Raises NotReady where the machine has none.
        """
        targets: dict[str, list[str]] = {}
        for part in self.parts:
            targets.setdefault(part.job, []).append(f"127.0.0.1:{part.port}")
        self.prometheus = Prometheus(self.directory / "prometheus", files(targets)).start()
        self.say(f"Prometheus answers on {self.prometheus.url}")

    def _start(self, name: str, command: list[str], port: int) -> None:
        log = self.directory / "logs" / f"{name.replace(' ', '-')}.log"
        process = Leashed([sys.executable, "-m", "ioc.cli", *command], log, {**os.environ, "PYTHONUNBUFFERED": "1"})
        self.parts.append(Part(name, f"ioc-{command[0]}", process, port))

    def wait_until_ready(self) -> None:
        """Until every part says that it is ready. Raises NotReady with the end of the log of one that is not."""
        deadline = time.monotonic() + PATIENCE
        for part in self.parts:
            while not part.ready:
                ended = part.process.poll()
                if ended is not None or time.monotonic() > deadline:
                    how = f"ended with code {ended}" if ended is not None else f"was not ready in {PATIENCE:.0f} s"
                    log = part.process.log_path
                    raise NotReady(f"The {part.name} {how}: see {log}, which ends:{last_lines(log)}")
                time.sleep(0.1)
            self.say(f"The {part.name} is ready")

    def tend(self) -> None:
        """Start again what has died, with growing pauses. Call it now and then."""
        now = time.monotonic()
        for part in self.parts:
            if part.process.poll() is not None and now >= part.next_try:
                part.restarts += 1
                part.next_try = now + min(30.0, 2.0**part.restarts)
                self.say(f"The {part.name} ended and is started again; see {part.process.log_path}")
                part.process.restart()

    def unwell(self) -> list[str]:
        """The parts that are not ready now, or had to be started again."""
        return [part.name for part in self.parts if part.restarts or not part.ready]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - our own address
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
