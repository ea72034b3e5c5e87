"""A whole worker, watched from outside: when it is ready, what it has done, how much memory it has."""

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any, Self

from ioc import district as districts
from ioc.agencies.scope import topics as agency_topics
from ioc.events.base import AnyEvent, Topic
from ioc.recording import clocked
from streams import topics
from streams.bench.bench import Bench, BenchFailed, System
from streams.embedded.not_ready import last_lines
from streams.embedded.ports import free_port
from streams.publish import Publisher, step_of
from streams.runner import Place

WORKER = System("worker", "streams.bench.systems.worker")
PATIENCE = 900.0
DISTRICT = "bac_tra_my"


def partitions(space: str) -> dict[str, int]:
    """How many partitions each topic of a space has."""
    return topics.partitions(space, _own())


async def prepare(bootstrap: str, space: str) -> None:
    """Create them."""
    await topics.apply(bootstrap, space, more=_own())


def _own() -> tuple[Topic, ...]:
    """The topics of the district's agencies."""
    return agency_topics(districts.load(DISTRICT))


async def publish(bootstrap: str, space: str, story: Iterable[AnyEvent]) -> int:
    """Put a story on a driven space, with its ticks, as fast as it goes; the space's topics must be there."""
    publisher = Publisher(Place(bootstrap, space, "driven", partitions(space)), DISTRICT)
    await publisher.open()
    try:
        return await publisher.publish(clocked(story, step=step_of(0)), "bench", 0)
    finally:
        await publisher.close()


class LiveWorker:
    """A worker process; it ends with the ``with``."""

    def __init__(self, bench: Bench, space: str, mode: str, name: str, nth: int | None = None) -> None:
        self._port = free_port()
        self._args: Mapping[str, Any] = {
            "space": space,
            "mode": mode,
            "topics": partitions(space),
            "port": self._port,
            "group": name,
            "nth": nth,
        }
        self._bench = bench

    def __enter__(self) -> Self:
        self.process = self._bench.start(WORKER, **self._args)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()

    def _get(self, path: str) -> str | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=5) as reply:
                return str(reply.read().decode())
        except (urllib.error.URLError, OSError):
            return None

    def wait_until_ready(self) -> float:
        """Seconds from now until every partition is restored and read."""
        begun = time.monotonic()
        while self._get("/-/ready") is None:
            self._check(begun, "ready")
            time.sleep(0.05)
        return time.monotonic() - begun

    def wait_for(self, fold: str, records: int) -> None:
        """Until this worker has committed so many records of a fold."""
        begun = said = time.monotonic()
        while (done := self.figure("ioc_events_total", fold)) < records:
            self._check(begun, f"done with {records:,} records of {fold}")
            if time.monotonic() - said > 15:
                self._bench.say(f"  {done:,.0f} of {records:,}")
                said = time.monotonic()
            time.sleep(0.25)

    def _check(self, begun: float, what: str) -> None:
        if self.process.poll() is not None or time.monotonic() - begun > PATIENCE:
            raise BenchFailed(f"the worker was not {what}; its log ends:{last_lines(self.process.log_path)}")

    def figure(self, metric: str, fold: str, largest: bool = False) -> float:
        """One of the worker's own metrics of a fold: summed, or the largest, over its partitions."""
        mark = f'fold="{fold}"'
        lines = (self._get("/metrics") or "").splitlines()
        found = [float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(metric + "{") and mark in line]
        return max(found, default=0.0) if largest else sum(found)

    def memory(self) -> float:
        """Resident mebibytes."""
        said = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return int(said.stdout) / 1024
