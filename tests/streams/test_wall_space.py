"""A wall space: nobody publishes time, so the owners of idle partitions tell it, and live events ring."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiokafka import TopicPartition

from ioc.events.base import Event
from ioc.events.sensors import Reading
from streams.embedded.kafka import Kafka
from streams.ledger import compacted
from streams.send import send
from tests.live import history, worker

pytestmark = pytest.mark.timeout(240)
STATION = "tram-tra-doc-thon-2"


async def space_time(kafka: Kafka, space: str) -> dict[str, object] | None:
    """What the space says of itself."""
    figures = TopicPartition(f"{space}.figures", 0)
    newest = (await compacted(kafka.bootstrap, figures))[figures]
    return json.loads(newest[b"space"] or b"{}") if b"space" in newest else None


def reading(at: datetime, number: int) -> Event[Reading]:
    return Event(at, f"/stations/{STATION}", str(number), Reading(station=STATION, wind_kmh=90.0))


def test_a_live_reading_rings_although_nothing_else_speaks(kafka: Kafka, tmp_path: Path) -> None:
    with worker(kafka, "live", tmp_path, mode="wall", district="bac_tra_my"):
        began = datetime.now(UTC)
        send(kafka.bootstrap, "live", [reading(began, 1)])
        # Held for its two minutes by its own time: the second reading, sent now, says so.
        send(kafka.bootstrap, "live", [reading(began + timedelta(minutes=3), 2)])
        deadline = time.monotonic() + 120
        lines: list[dict[str, object]] = []
        said = None
        while not (lines and said) and time.monotonic() < deadline:  # the alert and the time come from two partitions
            time.sleep(0.5)
            lines = [line for line in asyncio.run(history(kafka, "live")) if line["kind"] == "sensor_over_threshold"]
            said = asyncio.run(space_time(kafka, "live"))

    assert [f"{STATION}/wind_kmh"] == [line["subject"] for line in lines]
    assert {"mode": "wall", "district": "bac_tra_my"}.items() <= (said or {}).items()


def test_an_event_of_the_year_1970_and_one_of_next_year_are_dead_letters(kafka: Kafka, tmp_path: Path) -> None:
    from streams import dead_letters

    now = datetime.now(UTC)
    with worker(kafka, "times", tmp_path, mode="wall", district="bac_tra_my"):
        wrong = [reading(datetime(1970, 1, 1, tzinfo=UTC), 1), reading(now + timedelta(days=365), 2)]
        send(kafka.bootstrap, "times", [reading(now - timedelta(minutes=5), 0), *wrong, reading(now, 3)])
        deadline = time.monotonic() + 120
        letters: list[dead_letters.DeadLetter] = []
        while len(letters) < 2 and time.monotonic() < deadline:
            time.sleep(0.5)
            letters = asyncio.run(dead_letters.read(kafka.bootstrap, "times"))

    assert [
        "too old" if "too old" in letter.reason else "in the future" if "future" in letter.reason else letter.reason
        for letter in letters
    ] == ["too old", "in the future"]
