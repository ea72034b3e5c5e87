"""A wall as its own process on a Redis of its own, that tests may kill and start again."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dashboards.wall.settings import Settings
from streams.embedded import ports
from streams.embedded.redis import Redis
from tests.dashboards.wall.filling import Filler

BEAT = 0.5
PROGRAM = """
import sys
from dashboards.wall.app import serve
from dashboards.wall.settings import Settings
serve(Settings(redis_url=sys.argv[1], port=int(sys.argv[2]), beat=float(sys.argv[3])))
"""


class WallProcess:
    """The wall at an address that stays the same when it is started again."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url, self.port = redis_url, ports.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.client = httpx.Client(base_url=self.url, trust_env=False, timeout=10)
        self.start()

    def start(self) -> None:
        said = [sys.executable, "-c", PROGRAM, self._redis_url, str(self.port), str(BEAT)]
        self._process = subprocess.Popen(said)
        patience = time.monotonic() + 40
        while time.monotonic() < patience:
            try:
                if self.client.get("/-/ready").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the wall did not start")

    def kill(self) -> None:
        """As a crash does it: nothing is said to anybody."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> float:
        """As an operator does it; returns how many seconds it took."""
        begun = time.monotonic()
        self._process.terminate()
        self._process.wait(10)
        return time.monotonic() - begun


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    with Redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def wall(own_redis: Redis) -> Iterator[WallProcess]:
    process = WallProcess(own_redis.url)
    yield process
    process.kill()
    process.client.close()


@pytest.fixture
def demo(own_redis: Redis) -> Iterator[Filler]:
    """The writer of a space that holds nothing yet."""
    filler = Filler(own_redis.url, "demo")
    filler.forget()
    yield filler
    filler.redis.close()


@pytest.fixture(scope="session")
def page_is_built() -> Path:
    """The page as `make page` builds it."""
    static = Settings().static
    if not (static / "index.html").exists():
        pytest.fail("the wall's page is not built: run `make page`")
    return static
