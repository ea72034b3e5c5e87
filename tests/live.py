"""A worker that runs as a person would run it, and what it wrote, for tests of the whole flow."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from aiokafka import TopicPartition

from ioc.folds import FOLDS
from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.ports import free_port
from streams.ledger import reader

IOC = [sys.executable, "-m", "ioc.cli"]


def ioc(*arguments: str | Path) -> str:
    """Run a command of ours and return what it printed."""
    done = subprocess.run([*IOC, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr

    return done.stdout


@contextmanager
def worker(
    kafka: Kafka, space: str, directory: Path, mode: str = "driven", district: str = "open_logs"
) -> Iterator[str]:
    """A worker of this space; gives the address of its metrics."""
    port = free_port()
    ioc("topics", "apply", "--space", space, "--bootstrap", kafka.bootstrap)
    options = ["--space", space, "--mode", mode, "--district", district, "--health-port", str(port)]
    process = Leashed([*IOC, "worker", *options, "--bootstrap", kafka.bootstrap], directory / f"{space}.log")
    try:
        yield f"http://127.0.0.1:{port}/metrics"
    finally:
        process.stop()


def wait_until(metrics: str, fold: str, end: datetime, seconds: float = 240) -> None:
    """Until every partition of a fold has come to ``end``: whatever led to it came before, in the same log."""
    pattern = re.compile(rf'^ioc_watermark_timestamp_seconds{{fold="{fold}",.*}} (.+)$', re.MULTILINE)
    (total,) = (each.inbox.partitions for each in FOLDS if each.name == fold)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(metrics, timeout=5) as reply:
                marks = [float(mark) for mark in pattern.findall(reply.read().decode())]
        except OSError:
            marks = []
        if len(marks) == total and min(marks) >= end.timestamp():
            return
        time.sleep(0.3)
    raise AssertionError(f"fold {fold} has not come to {end} in {seconds} s: {marks}")


async def history(kafka: Kafka, space: str) -> list[dict[str, object]]:
    """Every line of alert history that a reader of committed records sees."""
    partitions = [TopicPartition(f"{space}.alerts.events", number) for number in range(4)]
    lines: list[dict[str, object]] = []
    async with reader(kafka.bootstrap, *partitions) as consumer:
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                lines += [json.loads(record.value) for record in records]
    return lines
