"""The transport: what it takes for granted of Faust is there, and no batch is ever passed over in silence."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from streams import ledger, transport
from tests.streams.faults.field import rules
from tests.streams.faults.simulation import Process, Simulation, in_memory
from tests.streams.faults.test_simulated import story

HERE = TP("sim.requests", 0)


def test_faust_is_as_it_is_taken_to_be() -> None:
    assert transport.broken_assumptions() == []
    assert transport.broken_assumptions(ledger.ASSUMPTIONS) == []


def test_another_faust_is_told_in_a_sentence() -> None:
    (said,) = transport.broken_assumptions([(driver.Consumer, "gone", "it did something")])
    assert said.endswith("has no faust.transport.drivers.aiokafka.Consumer.gone: it did something")


@pytest.fixture
def process() -> Iterator[Process]:
    """A worker's process over a log in memory, with records on the partition, which is its own."""
    with in_memory():
        sim = Simulation(rules(), [], 1)
        sim.current = process = Process(sim, "a")
        for event in story(1):
            sim.log.publish(event)
        process.consumer.assign({HERE})
        for task in asyncio.all_tasks(process.loop):
            task.cancel()  # its own fetcher: here the tests fetch
        yield process
        sim.processes["a"] = process
        sim.close()


def batches(process: Process, *before: Any) -> list[Any]:
    """What the consumer hands over next, after these calls."""

    async def fetch() -> list[Any]:
        for work in before:
            await work
        return [message async for _, message in process.consumer.getmany(1.0)]

    task = process.loop.create_task(fetch())
    while not task.done():
        process.sim.now += 0.01
        process.turn()
    return task.result()


def test_nothing_is_read_before_it_is_opened(process: Process) -> None:
    assert batches(process) == []


def test_batches_follow_one_another_without_a_gap(process: Process) -> None:
    (first,) = batches(process, process.consumer.open(HERE, 4))
    (second,) = batches(process)
    assert first.value.follows == 4
    assert second.value.follows == first.value.records.last + 1


def test_nothing_is_opened_during_a_rebalance(process: Process) -> None:
    process.consumer.close_all()
    assert batches(process, process.consumer.open(HERE, 0)) == []
    process.consumer.rebalanced()
    assert batches(process) == []
    assert batches(process, process.consumer.open(HERE, 0))


def test_a_full_partition_is_not_fetched_until_a_batch_is_done(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "FETCH", 1)
    monkeypatch.setattr(transport, "IN_FLIGHT", 1)
    (first,) = batches(process, process.consumer.open(HERE, 0))
    assert batches(process) == []
    assert process.consumer.ack(first)
    assert not process.consumer.ack(first), "once is enough"
    assert batches(process)


def test_an_ack_of_an_older_generation_counts_for_nothing(process: Process) -> None:
    (first,) = batches(process, process.consumer.open(HERE, 0))
    process.app.consumer_generation_id += 1
    assert not process.consumer.ack(first)
