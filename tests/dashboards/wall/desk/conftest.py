"""A live space on the real system: Kafka, a worker, the read model, the wall, and people in real browsers."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page

from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.redis import Redis
from tests.dashboards.wall.conftest import WallProcess
from tests.live import IOC, worker

SPACE = "desk"
API = "/api/v1"
RANGERS, FIREMEN = "hat-kiem-lam", "pccc-114"
#: Has no part in what happens in Trà Đốc.
OTHERS = "ubnd-tra-my"


@pytest.fixture(scope="package")
def wall(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallProcess]:
    """The wall of a live space with a worker and a read model behind it."""
    folder = tmp_path_factory.mktemp("desk")
    with Redis(folder) as redis, worker(kafka, SPACE, folder, mode="wall", district="bac_tra_my"):
        where = ["--space", SPACE, "--bootstrap", kafka.bootstrap, "--redis", redis.url, "--metrics-port", "0"]
        model = Leashed([*IOC, "read-model", *where], folder / "read-model.log")
        process = WallProcess(redis.url, folder / "access.db", kafka.bootstrap)
        try:
            _ready(process)
            yield process
        finally:
            process.close()
            model.stop()


def _ready(wall: WallProcess) -> None:
    """Until the space has said what it is and is complete."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        spaces = wall.client.get(f"{API}/spaces").json()
        if any(space["space"] == SPACE and space["complete"] and space["district"] for space in spaces):
            return
        time.sleep(0.2)
    raise AssertionError(f"the space is not complete: {spaces}")


Call = Callable[..., str]


@pytest.fixture
def call(wall: WallProcess) -> Call:
    """Log a call; returns the id of the alert that it became."""

    def log(text: str = "Khói trên đồi", severity: str = "severe", commune: str = "20920", **more: str) -> str:
        said = {"call": str(uuid4()), "kind": "call_fire", "severity": severity, "text": text, "commune": commune}
        answer = wall.client.post(f"{API}/calls?space={SPACE}", json=said | {"caller": "resident"} | more)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["alert_id"])

    return log


def order(wall: WallProcess, alert: str, action: str, version: int = 1, **fields: object) -> httpx.Response:
    """Order something by the API; returns the answer."""
    body = {"command": str(uuid4()), "action": action, "version": version, **fields}
    return wall.client.post(f"{API}/alerts/{alert}/commands?space={SPACE}", json=body)


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, wall: WallProcess, page_is_built: Path) -> Iterator[Visit]:
    """Somebody of a role opens a screen."""
    contexts = []

    def open_it(
        role: str, path: str = "/desk", agency: str | None = None, width: int = 1920, height: int = 1080
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=wall.url)
        contexts.append(context)
        wall.signed_in(context, role, agency)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
