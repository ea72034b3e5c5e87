"""A wall as its own process on a Redis of its own, that tests may kill and start again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from dashboards.wall.access.gate import SESSION
from dashboards.wall.access.registry import Registry
from dashboards.wall.settings import Settings
from streams.embedded import ports
from streams.embedded.redis import Redis
from tests.dashboards.wall.filling import Filler
from tests.needs import needs

BEAT = 0.5
PROGRAM = """
import sys
from dashboards.wall.app import serve
from dashboards.wall.settings import Settings
names = ("redis_url", "port", "beat", "access", "inside_port", "bootstrap")
serve(Settings(**{name: value for name, value in zip(names, sys.argv[1:]) if value}))
"""
PASSWORD = "mot-mat-khau-dai"


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)


class WallProcess:
    """The wall at an address that stays the same when it is started again. ``client`` asks with a token."""

    def __init__(self, redis_url: str, access: Path, bootstrap: str = "", **environment: str) -> None:
        self._environment = os.environ | environment
        self.port, self._inside_port = ports.free_port(), ports.free_port()
        self._said = [redis_url, str(self.port), str(BEAT), str(access), str(self._inside_port), bootstrap]
        self.url = f"http://127.0.0.1:{self.port}"
        self.registry = Registry(access, hasher=PasswordHasher(time_cost=1, memory_cost=64))
        self._clients: list[httpx.Client] = []
        self.client = self.asking_as("shift_leader")
        self.inside = self._client(f"http://127.0.0.1:{self._inside_port}")
        self.start()

    def _client(self, url: str, **headers: str) -> httpx.Client:
        self._clients.append(httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=10))
        return self._clients[-1]

    def asking_as(self, role: str, agency: str | None = None) -> httpx.Client:
        """A program with a token of that role."""
        return self._client(self.url, Authorization=f"Bearer {self.registry.tokens.issue('tests', role, 3600, agency)}")

    def nobody(self) -> httpx.Client:
        """A browser that has not signed in."""
        return self._client(self.url)

    def close(self) -> None:
        self.kill()
        self.registry.close()
        for client in self._clients:
            client.close()

    def user(self, name: str, role: str, agency: str | None = None) -> str:
        """The name of a user whose password is PASSWORD."""
        if name not in [user.name for user in self.registry.users.all()]:
            self.registry.users.add(name, PASSWORD, role, name.title(), agency)
        return name

    def signed_in(self, context: BrowserContext, role: str, agency: str | None = None) -> None:
        """Let a browser have the session of a user of that role, as if by signing in."""
        name = self.user(agency or role, role, agency)
        user = next(user for user in self.registry.users.all() if user.name == name)
        context.add_cookies([{"name": SESSION, "value": self.registry.sessions.open(user), "url": self.url}])

    def start(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", PROGRAM, *self._said], env=self._environment)
        patience = time.monotonic() + 40
        while time.monotonic() < patience:
            try:
                if self.inside.get("/-/ready").is_success and self.nobody().get("/nothing").status_code:
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
def wall(own_redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallProcess]:
    process = WallProcess(own_redis.url, tmp_path_factory.mktemp("access") / "access.db")
    yield process
    process.close()


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = needs("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, wall: WallProcess, demo: Filler, page_is_built: Path) -> Iterator[Page]:
    """A fresh screen of 1920 by 1080. Whatever its console complains of fails the test."""
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=wall.url)
    wall.signed_in(context, "operator")
    found = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        gone = "404" in message.text and "/picture?" in message.location["url"]  # kept no longer: the page says so
        if message.type == "error" and not gone and "net::ERR_" not in message.text and "503" not in message.text:
            complaints.append(message.text)

    found.on("console", hear)
    found.on("pageerror", lambda error: complaints.append(str(error)))
    yield found
    context.close()
    assert complaints == []
