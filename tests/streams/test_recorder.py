"""What is recorded of a space is what Kafka holds, and its folds say again what they said live."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

import detectors
from ioc import recording
from ioc.alerts.commands import Acknowledge
from ioc.district import load
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent, Event
from ioc.events.codec import headers, value
from ioc.recording.recorded import Recorded
from ioc.recording.records import Kafkas, kafkas_of
from streams.embedded.kafka import Kafka
from streams.ledger import reader
from streams.topics import partitions
from tests.live import IOC, history, ioc, wait_until, worker
from tests.streams.faults.stories import story

SPACE = "recorded"
EVENTS = story(91, 3000)
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def space(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A space that has run a story, a poison record and one with bytes that are not ours in it."""
    directory = tmp_path_factory.mktemp("recorded")
    told = directory / "story.jsonl"
    recording.write(told, EVENTS)
    with worker(kafka, SPACE, directory, district="bac_tra_my") as metrics:
        asyncio.run(poison(kafka))
        arguments = ("--space", SPACE, "--district", "bac_tra_my", "--speed", "max", "--bootstrap", kafka.bootstrap)
        ioc("publish", told, *arguments)
        for fold in ("dossier", "request", "station", "feed", "queue", "alert", "room"):
            wait_until(metrics, fold, EVENTS[-1].at)
        asyncio.run(people(kafka))
    yield kafka


async def people(kafka: Kafka) -> None:
    """Somebody acknowledges some alerts, and one that never was."""
    last = {line["alert_id"]: line for line in await history(kafka, SPACE) if "handling" in line}
    open_ = [line for line in last.values() if (line["condition"], line["handling"]) == ("firing", "new")][:5]
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        for number, line in enumerate([*open_, {**open_[0], "dedupe_key": "0" * 32}]):
            data = Acknowledge.model_validate(
                {
                    "alert_id": line["alert_id"],
                    "dedupe_key": line["dedupe_key"],
                    "version": line["version"],
                    "by": {"user": "an"},
                }
            )
            said: AnyEvent = Event(datetime.now(UTC), "/wall", f"command-{number}", data)
            key = data.subject.encode()
            await producer.send_and_wait(f"{SPACE}.alerts.inbox", value(said), key=key, headers=headers(said))
    finally:
        await producer.stop()
    async with asyncio.timeout(60):
        while sum("command" in line for line in await history(kafka, SPACE)) < len(open_) + 1:
            pass


async def poison(kafka: Kafka) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        topic = f"{SPACE}.sensors"
        await producer.send_and_wait(topic, b"\xff\x00{", key=None, headers=[("ce_id", b"\xfe")], partition=1)
        await producer.send_and_wait(topic, None, key=b"k", partition=2)
    finally:
        await producer.stop()


@pytest.fixture(scope="module")
def recorded(space: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recording") / "day.jsonl.zst"
    ioc("record", "--space", SPACE, "-o", path, "--bootstrap", space.bootstrap)
    return path


async def held(kafka: Kafka, topics: list[str]) -> list[Kafkas]:
    """Every record of these topics, read once more."""
    tps = [
        TopicPartition(f"{SPACE}.{topic}", n) for topic in topics for n in range(partitions(SPACE)[f"{SPACE}.{topic}"])
    ]
    found: list[Kafkas] = []
    async with reader(kafka.bootstrap, *tps) as consumer:
        ends = await consumer.end_offsets(tps)
        while any([await consumer.position(tp) < ends[tp] for tp in tps]):
            for tp, records in (await consumer.getmany(timeout_ms=500)).items():
                name = tp.topic.removeprefix(f"{SPACE}.")
                found += [
                    Kafkas(name, tp.partition, each.offset, each.timestamp, each.key, each.value, each.headers)
                    for each in records
                ]
    return found


def test_what_is_read_back_has_the_same_bytes_and_places(space: Kafka, recorded: Path) -> None:
    opened = Recorded(recorded)
    assert opened.header.rules == plan(load("bac_tra_my"), detectors.ALL).digest
    back = [kafkas_of(line) for _, line in opened.lines()]
    lying = asyncio.run(held(space, opened.header.topics))

    def place(record: Kafkas) -> tuple[str, int, int]:
        return record[:3]

    assert [(*each[:6], list(map(tuple, each.headers))) for each in sorted(back, key=place)] == [
        (*each[:5], each.value, list(map(tuple, each.headers))) for each in sorted(lying, key=place)
    ]
    times = [record.timestamp for record in back]
    assert times == sorted(times)


def test_every_fold_says_again_what_it_said_and_the_history_is_the_live_one(
    space: Kafka, recorded: Path, tmp_path: Path
) -> None:
    proof = json.loads(ioc_may_complain("replay", recorded, "--prove", "--json"))
    live = asyncio.run(history(space, SPACE))
    from_sources, again = tmp_path / "alerts.jsonl", tmp_path / "again.jsonl"
    ioc_may_complain("replay", recorded, "--alerts", from_sources)
    ioc_may_complain("replay", recorded, "--alerts", again)

    def order(line: dict[str, Any]) -> tuple[datetime, str, int]:
        return datetime.fromisoformat(line["at"]), line["alert_id"], line["version"]

    assert proof["differences"] == []
    derived = {"feed-events", "queue-changes", "commune-danger", "fire-signs"}
    assert set(proof["identical"]) == derived | {
        "alerts.inbox",
        "alerts.events",
        "alerts.calls",
        "notices.inbox",
        "notices.withheld",
    }
    assert proof["identical"]["alerts.events"] == len(live) > 100
    replayed = [json.loads(line) for line in from_sources.read_text().splitlines()]
    changes = [line for line in live if "handling" in line]
    assert sum("command" in line for line in changes) == 5
    assert list(map(said, replayed)) == sorted(changes, key=order)
    assert from_sources.read_bytes() == again.read_bytes()


def said(line: Any) -> Any:
    """Without what is not said: a record leaves it out."""
    if isinstance(line, dict):
        return {name: said(value) for name, value in line.items() if value is not None}
    return [said(each) for each in line] if isinstance(line, list) else line


def ioc_may_complain(*arguments: str | Path) -> str:
    """A command on a recording with poison in it: that is told, with the reason it had live."""
    done = subprocess.run([*IOC, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 3, done.stderr
    assert "2 records could not be taken" in done.stderr
    assert "header 'ce_type' is missing" in done.stderr
    return done.stdout


def test_alerts_are_explained_with_proof_from_the_recording_and_from_the_running_system(
    space: Kafka, recorded: Path
) -> None:
    lines = asyncio.run(history(space, SPACE))
    for kind in ("queue_growing", "source_silent"):
        line = next(line for line in lines if line.get("kind") == kind)
        name = str(line["alert_id"])
        there = json.loads(ioc("explain", name, "--space", SPACE, "--bootstrap", space.bootstrap, "--json"))
        here = json.loads(ioc("explain", name, recorded, "--json"))

        assert there["proof"]["same"] and here["proof"]["same"]
        assert {**there, "proof": 0} == {**here, "proof": 0}
        assert there["proof"]["finding"] == here["proof"]["finding"]


def test_why_an_alert_did_not_ring_is_the_same_from_the_recording_and_from_the_running_system(
    space: Kafka, recorded: Path
) -> None:
    line = next(line for line in asyncio.run(history(space, SPACE)) if line.get("kind") == "queue_growing")
    before = datetime.fromisoformat(str(line["opened_at"])) - timedelta(minutes=1)
    asked = ("--kind", "queue_growing", "--subject", str(line["subject"]), "--at", before.isoformat(), "--json")
    there = json.loads(ioc("why-not", "--space", SPACE, "--bootstrap", space.bootstrap, *asked))
    here = json.loads(ioc("why-not", recorded, *asked))

    assert there == here
    assert 0 < there["nearest"]["share"] < 1 and there["events heard"]


def test_the_events_of_a_recording_can_be_published_again(recorded: Path) -> None:
    events = list(recording.read(recorded))

    def order(event: object) -> tuple[object, ...]:
        return event.at, event.source, event.id  # type: ignore[attr-defined]

    assert [event.at for event in events] == [event.at for event in EVENTS]
    assert sorted(events, key=order) == sorted(EVENTS, key=order)


def test_a_part_is_recorded_by_the_brokers_time_and_topic(space: Kafka, recorded: Path, tmp_path: Path) -> None:
    whole = [record for record in Recorded(recorded).records() if record.topic == "sensors"]
    middle = whole[len(whole) // 2].appended
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl.gz"
    common = ("--space", SPACE, "--topics", "sensors", "--bootstrap", space.bootstrap)
    ioc("record", *common, "-o", first, "--to", middle.isoformat())
    ioc("record", *common, "-o", second, "--from", middle.isoformat())

    parts = [record for path in (first, second) for record in Recorded(path).records()]

    assert sorted(map(str, parts)) == sorted(map(str, whole))


def test_a_recording_follows_what_comes_until_it_is_told_to_stop(kafka: Kafka, tmp_path: Path) -> None:
    space, path, told = "followed", tmp_path / "live.jsonl.zst", tmp_path / "story.jsonl"
    ioc("topics", "apply", "--space", space, "--bootstrap", kafka.bootstrap)
    command = [*IOC, "record", "--space", space, "--follow", "-o", str(path), "--bootstrap", kafka.bootstrap]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stderr=sys.stderr)
    try:
        while not path.exists():
            time.sleep(0.1)
        recording.write(told, EVENTS[:300])
        ioc("publish", told, "--space", space, "--speed", "max", "--bootstrap", kafka.bootstrap)
        deadline = time.monotonic() + 30
        lost: list[str] = []
        while time.monotonic() < deadline and sum(1 for _ in recording.readable(path, lost)) < 300:
            time.sleep(0.5)
        os.kill(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    finally:
        process.kill()

    assert "records of space followed written" in said
    assert len(list(recording.read(path))) == 300
