"""Agencies in a running centre: each reads its own topic, whoever joins late sees the present first, and follows."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from ioc.agencies.scope import topic_of
from ioc.alerts.alert import ALERTS_INBOX, Raised, Words2
from ioc.alerts.alert import alert_id as id_of
from ioc.alerts.commands import Accept, Transfer
from ioc.alerts.parts import Person
from ioc.engine.results import Output
from ioc.events.base import Data, Event
from streams import topics
from streams.embedded.kafka import Kafka
from streams.ledger import Ledger
from streams.records import entry
from tests.ioc.agencies.told import Agencies
from tests.live import worker
from tests.needs import needs

FOLLOW = Path(__file__).parents[2] / "streams" / "consumers" / "follow.py"
DISTRICT = """
id = "d"
name = "d"
name_en = "d"
[[agencies]]
id = "kiem-lam"
name = "Hạt Kiểm lâm"
name_en = "Rangers"
[[agencies]]
id = "cong-an"
name = "Công an xã"
name_en = "Police"
[[routes]]
modules = ["forest"]
lead = "kiem-lam"
"""
AN = Person(user="an", name="Trần An")


def fire(about: str) -> Raised:
    words = Words2(vi=f"Khói ở {about}", en=f"Smoke at {about}")
    return Raised(kind="fire", about=about, module="forest", severity="severe", title=words, summary=words)


class Inbox:
    """Writes to the alerts' inbox as whoever finds something, or a person, does."""

    def __init__(self, kafka: Kafka, space: str) -> None:
        self._kafka, self._space = kafka, space

    def put(self, at: datetime, data: Data) -> None:
        async def run() -> None:
            ledger = Ledger(self._kafka.bootstrap, f"{self._space}.test", topics.partitions(self._space))
            await ledger.open()
            await ledger.write([entry(self._space, Output(ALERTS_INBOX, Event(at, "/test", uuid4().hex, data)))])
            await ledger.close()

        asyncio.run(run())


class Follower:
    """An agency's program: the ten lines, run as they are."""

    def __init__(self, kafka: Kafka, topic: str, log: Path) -> None:
        self._log = log
        with log.open("w") as out:
            self.process = subprocess.Popen([sys.executable, str(FOLLOW), kafka.bootstrap, topic], stdout=out)

    def lines(self) -> list[list[str]]:
        return [line.split("\t") for line in self._log.read_text("utf-8").splitlines()]


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def test_two_agencies_see_only_their_own_and_a_late_one_the_present(kafka: Kafka, tmp_path: Path) -> None:
    space, file = f"a{uuid4().hex[:8]}", tmp_path / "d.toml"
    file.write_text(DISTRICT, "utf-8")
    followers: list[Follower] = []

    def follow(agency: str) -> Follower:
        follower = Follower(kafka, f"{space}.alerts.agency.{agency}", tmp_path / f"{agency}-{len(followers)}.log")
        followers.append(follower)
        return follower

    try:
        with worker(kafka, space, tmp_path, mode="wall", district=str(file)):
            inbox, now, second_fire = Inbox(kafka, space), datetime.now(UTC), fire("trạm 2")
            inbox.put(now, fire("trạm 1"))
            inbox.put(now, second_fire)
            until(lambda: _exists(kafka, f"{space}.alerts.agency.cong-an"))
            rangers, police = follow("kiem-lam"), follow("cong-an")
            until(lambda: len(rangers.lines()) == 2)

            name = {"alert_id": id_of(second_fire.subject, now), "dedupe_key": second_fire.subject, "by": AN}
            inbox.put(now, Accept(version=1, agency="kiem-lam", **name))
            inbox.put(now, Transfer(version=2, agency="cong-an", reason="trong khu dân cư", **name))
            until(lambda: len(police.lines()) == 1)
            until(lambda: len(rangers.lines()) == 4)
            late = follow("cong-an")
            until(lambda: late.lines() == police.lines())
    finally:
        for each in followers:
            each.process.terminate()
            each.process.wait(20)

    moved = str(name["alert_id"])
    assert sorted(line[3] for line in rangers.lines()[:2]) == ["Khói ở trạm 1", "Khói ở trạm 2"]
    assert [line[1:3] for line in rangers.lines() if line[0] == moved] == [
        ["lead", "new"], ["lead", "working"], ["–", "không còn thuộc cơ quan"]
    ]  # fmt: skip
    assert police.lines() == [[moved, "lead", "assigned", "Khói ở trạm 2"]]


def test_the_shell_catches_up_and_follows_too(kafka: Kafka, tmp_path: Path) -> None:
    """What the alert fold said of one alert, on its way from one agency to another."""
    needs("kcat")
    space, told, topic = f"a{uuid4().hex[:8]}", Agencies(), topic_of("hat-kiem-lam")

    async def put(begin: int) -> None:
        await topics.apply(kafka.bootstrap, space, more=[topic])
        ledger = Ledger(kafka.bootstrap, f"{space}.test", topics.partitions(space, [topic]))
        await ledger.open()
        await ledger.write([entry(space, each) for each in told.outputs[begin:] if each.topic.name == topic.name])
        await ledger.close()

    told.raises(0, "severe")
    asyncio.run(put(0))
    log = tmp_path / "shell.log"
    with log.open("w") as out:
        command = ["sh", str(FOLLOW.with_suffix(".sh")), kafka.bootstrap, f"{space}.{topic.name}"]
        process = subprocess.Popen(command, stdout=out)
    try:
        until(lambda: len(log.read_text("utf-8").splitlines()) == 1)
        known = len(told.outputs)
        told.do(Transfer, agency="cong-an-xa", reason="trong khu dân cư")
        asyncio.run(put(known))
        until(lambda: len(log.read_text("utf-8").splitlines()) == 2)
    finally:
        process.terminate()
        process.wait(20)
    (first, alert), (second, gone) = (line.split("\t") for line in log.read_text("utf-8").splitlines())
    assert first == second == str(told.alert.alert_id)
    assert (json.loads(alert)["role"], json.loads(alert)["alert"]["handling"], gone) == ("lead", "new", "NULL")


def _exists(kafka: Kafka, topic: str) -> bool:
    from aiokafka.admin import AIOKafkaAdminClient

    async def run() -> bool:
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        try:
            return topic in await admin.list_topics()
        finally:
            await admin.close()

    return asyncio.run(run())
