"""``ioc alerts`` against a running system: a person sees an alert, acts on it, and is answered by the system."""

import asyncio
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from ioc.alerts.alert import ALERTS_INBOX, Raised, Words2
from ioc.engine.results import Output
from ioc.events.base import Event
from streams import topics
from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.redis import Redis
from streams.ledger import Ledger
from streams.records import entry
from tests.live import IOC, worker

pytestmark = pytest.mark.timeout(300)
DISTRICT = """
id = "d"
name = "d"
name_en = "d"
[[agencies]]
id = "kiem-lam"
name = "Hạt Kiểm lâm"
name_en = "Rangers"
"""


class Desk:
    """A person's terminal."""

    def __init__(self, kafka: Kafka, redis: Redis, space: str) -> None:
        self._kafka, self._redis, self._space = kafka.bootstrap, redis.url, space

    def run(self, *words: str, kafka: bool = True) -> subprocess.CompletedProcess[str]:
        where = ["--redis", self._redis, *(["--bootstrap", self._kafka] if kafka else [])]
        command = [*IOC, "alerts", *words, "--space", self._space, *where]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    def alerts(self) -> dict[str, dict[str, Any]]:
        done = self.run("list", "--json", kafka=False)
        assert done.returncode == 0, done.stderr
        return {alert["subject"]: alert for alert in map(json.loads, done.stdout.splitlines())}

    def find(self, *abouts: str) -> None:
        """Something is found, as a detector does."""

        async def write() -> None:
            words, now = Words2(vi="Khói", en="Smoke"), datetime.now(UTC)
            said = {"kind": "fire", "module": "forest", "severity": "severe", "commune": "1"}
            ledger = Ledger(self._kafka, f"{self._space}.test", topics.partitions(self._space))
            await ledger.open()
            for about in abouts:
                found = Raised(about=about, title=words, summary=words, **said)
                event = Event(now, "/test", uuid4().hex, found)
                await ledger.write([entry(self._space, Output(ALERTS_INBOX, event))])
            await ledger.close()

        asyncio.run(write())


@pytest.fixture(scope="module")
def desk(kafka: Kafka, redis_server: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    directory: Path = tmp_path_factory.mktemp("desk")
    space, file = f"acts{uuid4().hex[:8]}", directory / "d.toml"
    file.write_text(DISTRICT, "utf-8")
    with worker(kafka, space, directory, mode="wall", district=str(file)):
        where = ["--bootstrap", kafka.bootstrap, "--redis", redis_server.url, "--metrics-port", "0"]
        filling = Leashed([*IOC, "read-model", "--space", space, *where], directory / "read-model.log")
        try:
            terminal = Desk(kafka, redis_server, space)
            terminal.find("trạm 1", "trạm 2")
            yield terminal
        finally:
            filling.stop()


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.3)


def test_a_person_acts_from_a_terminal_and_is_answered(desk: Desk) -> None:
    until(lambda: len(desk.alerts()) == 2)
    alert = desk.alerts()["trạm 1"]
    name = alert["alert_id"][:8]

    done = desk.run("ack", name, "--by", "an", "--text", "đang gọi kiểm lâm")
    assert (done.returncode, "Đã nhận tin" in done.stdout) == (0, True), done.stderr
    again = desk.run("assign", name, "kiem-lam", "--by", "binh", "--version", str(alert["version"]))
    assert again.returncode == 1
    assert again.stderr.startswith("Không thực hiện được: cảnh báo đã thay đổi (an: Đã nhận tin)")
    given = desk.run("assign", name, "kiem-lam", "--by", "binh", "--json")
    assert json.loads(given.stdout)["owner"]["agency"] == "kiem-lam"

    quiet = desk.run("silence", "thay pin", "--match", "subject=trạm*", "--until", "2h", "--by", "an")
    assert (quiet.returncode, "tắt báo" in quiet.stdout) == (0, True), quiet.stderr
    assert desk.run("end-silence", "none", "--by", "an").returncode == 1

    def history() -> list[dict[str, Any]]:
        return list(json.loads(desk.run("show", name, "--json", kafka=False).stdout)["history"])

    until(lambda: "S1" in {line["transition"] for line in history()})
    assert [line["transition"] for line in history()] == ["C2", "H1", "H2", "S1"]
    assert history()[1]["text"] == "đang gọi kiểm lâm"
    assert desk.run("show", "zzzz", kafka=False).returncode == 2
    assert "kiem-lam" in desk.run("list", kafka=False).stdout


def test_people_take_an_alert_out_of_its_incident_and_join_it_again(desk: Desk) -> None:
    until(lambda: len(desk.alerts()) == 2)
    name = desk.alerts()["trạm 2"]["alert_id"][:8]

    out = desk.run("leave-incident", name, "--by", "an", "--json")
    assert out.returncode == 0, out.stderr
    left = json.loads(out.stdout)
    back = desk.run("join-incident", name, left["before"], "--by", "an")
    assert (back.returncode, "Gộp sự việc" in back.stdout) == (0, True), back.stderr
    assert desk.run("join-incident", name, left["before"], "--by", "an").returncode == 1
