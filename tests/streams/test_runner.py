"""A runner that misses something says so and ends, rather than go on without it."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from ioc.folds import REQUEST
from streams import ledger, topics
from streams.fetching import Fetched
from streams.runner import Lost, Place, Runner
from streams.transport import Batch
from tests.streams.faults.field import rules
from tests.streams.faults.simulation import fetched_of


@pytest.fixture
async def runner() -> AsyncIterator[Runner]:
    """Opened at offset 10, as a member of generation 3."""
    place = Place("127.0.0.1:1", "x", "driven", {shape.name: shape.partitions for shape in topics.shapes("x")})
    partition = rules().partition(REQUEST, 0)
    partition.resume_from = 10
    made = Runner(place, partition, ())

    async def seek(_offset: int) -> bool:
        return True

    await made.open(lambda: 3, seek, lambda: 0)
    yield made
    await made.close()


def batch(first: int, last: int, follows: int, generation: int = 3) -> Any:
    records = [SimpleNamespace(offset=offset) for offset in range(first, last + 1)]
    return SimpleNamespace(value=Batch(TP("x.requests", 0), generation, follows, fetched_of(records)))


async def test_batches_that_follow_one_another_are_taken_together(runner: Runner) -> None:
    runner.put(batch(13, 15, 13))
    assert len(runner._gather(batch(10, 12, 10))) == 2


async def test_a_batch_that_was_lost_ends_the_worker(runner: Runner) -> None:
    runner._gather(batch(10, 12, 10))
    with pytest.raises(Lost, match=r"x\.requests/0: from 13 to 16 nothing came"):
        runner._gather(batch(16, 18, 16))


async def test_what_comes_again_is_no_loss(runner: Runner) -> None:
    runner._gather(batch(10, 12, 10))
    assert runner._gather(batch(10, 20, 10))
    assert runner._gather(batch(21, 22, 21))


async def test_what_no_reader_sees_is_no_lag_once_it_was_passed(runner: Runner) -> None:
    runner.end = lambda: 16
    assert runner.lag() == 6
    acked: list[int | None] = []
    markers = Batch(TP("x.requests", 0), 3, 10, Fetched(10, 70))
    markers.records.last = 15

    event = SimpleNamespace(value=markers, ack=lambda: acked.append(markers.resume_from))
    await runner._step(runner._gather(event))

    assert runner.lag() == 0
    assert acked == [10], "nothing was written for them, and they take no room any more"


async def test_a_batch_of_another_generation_is_left_alone(runner: Runner) -> None:
    assert runner._gather(batch(10, 12, 10, generation=2)) == []


async def test_events_that_kafka_has_deleted_are_told_of(runner: Runner) -> None:
    runner.partition.position = 12
    with pytest.raises(Lost, match="begins at 50, but this fold goes on from 10"):
        runner.restore([], oldest=50)


async def test_a_write_that_the_broker_never_answers_is_given_up(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "GIVE_UP_AFTER", 0.1)
    monkeypatch.setattr(runner._ledger._producer, "begin_transaction", asyncio.Event().wait)
    with pytest.raises(TimeoutError):
        await runner._ledger.write([ledger.Entry("x.dossiers", b"", b"", [], 0)])
