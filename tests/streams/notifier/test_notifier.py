"""The notifier as it runs, with a real Kafka, mail server and webhook: killed, and with a receiver away."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiokafka import TopicPartition

from ioc.agencies.roster import ROSTERS, Officer, RosterFiled
from ioc.alerts.alert import Words2
from ioc.engine.results import Output
from ioc.events.base import Data, Event, Topic
from ioc.events.figures import FIGURES, Mode, SpaceState
from ioc.notices.events import CHANNELS, NOTICES_DELIVERIES, NOTICES_OUTBOX, Item, Message
from streams import topics
from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.ledger import Ledger, compacted, reader
from streams.names import topic_name
from streams.notifier.actual import Actual, NotActual
from streams.records import entry
from tests.live import IOC
from tests.streams.notifier.receivers import Gateway, Mailbox

SECRET = "a key of the test alone"
RANGERS = "hat-kiem-lam"
DISTRICT = """
id = "d"
name = "Bắc Trà My"
name_en = "Bac Tra My"
[[agencies]]
id = "hat-kiem-lam"
name = "Hạt Kiểm lâm"
name_en = "Forest rangers"
"""


def message(number: int, role: str | None = None) -> Message:
    now = datetime.now(UTC)
    words = Words2(vi=f"Khói vượt ngưỡng ở trạm {number}\r\nBcc: ai@do", en=f"Smoke at station {number}")
    item = Item(
        alert_id=UUID(int=number), version=1, notice="opened", kind="k", module="forest", about=f"tram-{number}",
        severity="severe", condition="firing", handling="new", title=Words2(vi="Nguy cơ cháy", en="Fire risk"),
        summary=words, opened_at=now, at=now, lead=RANGERS,
    )  # fmt: skip
    return Message(message_id=uuid4(), receiver=RANGERS, role=role, items=(item,))


def tonight() -> RosterFiled:
    now = datetime.now(UTC)
    people = (Officer(role="duty", name="Trần Văn An", phone="0905000111"),)
    return RosterFiled(
        agency=RANGERS, day=now.date(), since=now - timedelta(hours=9), until=now + timedelta(hours=9), officers=people
    )


class Space:
    """A space with topics and nothing else: what the folds would write is written by hand."""

    def __init__(self, kafka: Kafka, mode: Mode) -> None:
        self.name, self._kafka = f"n{uuid4().hex[:8]}", kafka
        asyncio.run(topics.apply(kafka.bootstrap, self.name))
        self.write((FIGURES, SpaceState(space=self.name, district="d", mode=mode)), (ROSTERS, tonight()))

    def write(self, *what: tuple[Topic, Data]) -> None:
        async def run() -> None:
            ledger = Ledger(self._kafka.bootstrap, f"{self.name}.by-hand", topics.partitions(self.name))
            await ledger.open()
            now = datetime.now(UTC)
            said = [entry(self.name, Output(topic, Event(now, "/t", uuid4().hex, data))) for topic, data in what]
            await ledger.write(said)
            await ledger.close()

        asyncio.run(run())

    def settled(self) -> set[str]:
        places = [
            TopicPartition(topic_name(self.name, NOTICES_DELIVERIES), n) for n in range(NOTICES_DELIVERIES.partitions)
        ]
        held = asyncio.run(compacted(self._kafka.bootstrap, *places))
        return {key.decode() for each in held.values() for key in each}

    def said_of_channels(self) -> list[str]:
        async def run() -> list[str]:
            place = TopicPartition(topic_name(self.name, CHANNELS), 0)
            async with reader(self._kafka.bootstrap, place) as consumer:
                ends = await consumer.end_offsets([place])
                found: list[str] = []
                while await consumer.position(place) < ends[place]:
                    for records in (await consumer.getmany(timeout_ms=500)).values():
                        found += [dict(record.headers)["ce_type"].decode() for record in records]
                return found

        return asyncio.run(run())


class Notifier:
    """The command, as a person would start it."""

    def __init__(self, kafka: Kafka, space: str, directory: Path, gateway: Gateway, mail: Mailbox) -> None:
        (directory / "d.toml").write_text(DISTRICT, "utf-8")
        channels = directory / "channels.toml"
        channels.write_text(
            f"""
[channels.sms]
webhook = "http://127.0.0.1:{gateway.port}/"
secret = "{SECRET}"
[channels.mail]
apprise = "mailto://127.0.0.1:{mail.port}?from=ioc@example.org&to=kl@example.org"
[[receivers]]
receiver = "hat-*"
channels = ["sms", "mail"]
""",
            "utf-8",
        )
        channels.chmod(0o600)
        options = ["--channels", str(channels), "--district", str(directory / "d.toml"), "--space", space]
        self.command = [*IOC, "notifier", *options, "--bootstrap", kafka.bootstrap]
        self.log = directory / "notifier.log"

    @contextmanager
    def running(self) -> Iterator[Leashed]:
        process = Leashed(self.command, self.log)
        try:
            yield process
        finally:
            process.stop()


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def test_receivers_get_just_what_is_due_through_a_kill_and_an_outage(kafka: Kafka, tmp_path: Path) -> None:
    space, gateway, mail = Space(kafka, "wall"), Gateway(SECRET), Mailbox()
    notifier = Notifier(kafka, space.name, tmp_path, gateway, mail)
    messages = [message(1), message(2, role="duty"), message(3), message(4)]
    keys = {f"{each.message_id}/sms" for each in messages}
    mails = {f"{each.message_id}/mail" for each in messages}

    with mail.open():
        with gateway.open(), notifier.running() as process:
            space.write((NOTICES_OUTBOX, messages[0]))
            until(lambda: len(gateway.calls) == 1 and len(mail.mails) == 1)
            until(lambda: len(space.settled()) == 2)
            gateway.hang.set()  # the second was taken, and never answered for
            space.write((NOTICES_OUTBOX, messages[1]))
            until(lambda: len(gateway.calls) == 2 and len(space.settled()) == 3)
            process.kill()
        with notifier.running():  # the gateway is away
            space.write((NOTICES_OUTBOX, messages[2]), (NOTICES_OUTBOX, messages[3]))
            until(lambda: "vn.ioc.channel.down" in space.said_of_channels())
            until(lambda: len(mail.mails) == 4)
            with gateway.open():
                until(lambda: space.settled() == keys | mails)
            until(lambda: space.said_of_channels()[-1] == "vn.ioc.channel.up")

    assert gateway.taken.keys() == keys
    assert len(gateway.calls) == 5  # the one that hung when its sender was killed came again, under its key
    assert {key for key, _, _ in mail.mails} == mails
    assert len(mail.mails) == 4
    on_duty = gateway.taken[f"{messages[1].message_id}/sms"]
    assert on_duty["to"] == {"role": "duty", "name": "Trần Văn An", "phone": "0905000111"}
    assert on_duty["subject"] == "[Bắc Trà My] Nghiêm trọng: Nguy cơ cháy"
    assert "Gửi Hạt Kiểm lâm (trực ban)." in on_duty["text"]
    assert "Khói vượt ngưỡng ở trạm 2 Bcc: ai@do" in on_duty["text"].splitlines()[3]
    assert SECRET not in notifier.log.read_text("utf-8")


@pytest.mark.parametrize("mode", ["driven", "exercise"])
def test_what_is_not_real_can_never_leave(kafka: Kafka, tmp_path: Path, mode: Mode) -> None:
    space, gateway, mail = Space(kafka, mode), Gateway(SECRET), Mailbox()
    space.write((NOTICES_OUTBOX, message(1)))

    with gateway.open(), mail.open():
        command = Notifier(kafka, space.name, tmp_path, gateway, mail).command
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)

    assert done.returncode == 2
    assert f"space {space.name} is {mode}, not real" in done.stderr
    assert (gateway.calls, mail.mails, space.settled()) == ([], [], set())


@pytest.mark.parametrize("mode", ["driven", "exercise"])
def test_no_channel_can_be_made_for_what_is_not_real(mode: Mode) -> None:
    with pytest.raises(NotActual):
        Actual("wall", SpaceState(space="wall", district="d", mode=mode))
    with pytest.raises(NotActual):
        Actual("wall", SpaceState(space="other", district="d", mode="wall"))
    with pytest.raises(NotActual):
        Actual("wall", None)
