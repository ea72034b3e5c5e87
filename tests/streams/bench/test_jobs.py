"""The jobs end to end, tiny and without peers: that they measure at all, and that outputs are held to the truth."""

import asyncio
from pathlib import Path

import pytest

from streams.bench.bench import Bench, BenchFailed, System
from streams.bench.jobs import keyed as keyed_job
from streams.bench.jobs.counted import json_counted
from streams.bench.jobs.keyed import keyed
from streams.embedded.kafka import Kafka

#: Jobs are minutes of a busy machine, and hold what they measure against each other: run by hand.
pytestmark = pytest.mark.bench


@pytest.fixture
def bench(kafka: Kafka, tmp_path: Path) -> Bench:
    return Bench(kafka, tmp_path, print, rounds=1, events=4000)


def test_counting_is_measured_beside_what_needs_no_peers(bench: Bench) -> None:
    rows = json_counted(bench)

    assert [row.system for row in rows] == ["ours", "bare aiokafka", "stock Faust"]
    assert all(row.events_per_second and row.cpu_us_per_event for row in rows)
    assert all(row.ratio and row.goal for row in rows[1:])


def test_the_alerts_of_the_keyed_job_are_held_against_the_arithmetic(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.bench.input.KEYS", 20)
    (row,) = keyed(bench)
    assert row.events_per_second

    monkeypatch.setattr(keyed_job, "EVERY", 30)  # ours rang at every 50th
    monkeypatch.setattr(keyed_job, "PATIENCE", 2.0)
    with pytest.raises(BenchFailed, match="ours gave"):
        asyncio.run(keyed_job.compare(bench, "bench-keyed-0", keyed_job.SYSTEMS[:1]))


def test_a_process_that_fails_is_told_with_the_end_of_its_log(bench: Bench) -> None:
    with pytest.raises(BenchFailed, match="no result"):
        bench.measure(System("nothing", "streams.bench.systems.nothing"))
