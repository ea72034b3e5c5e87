"""Real logs through the whole flow as a person would send them: imported, published over Kafka, judged, read.

What comes out is held against a few independent lines over the files themselves, and against the run in process.
"""

import asyncio
import csv
import gzip
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
from xml.etree import ElementTree

import pytest
from aiokafka import TopicPartition

from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.ports import free_port
from streams.ledger import reader

pytestmark = pytest.mark.timeout(420)
IOC = [sys.executable, "-m", "ioc.cli"]
XES = "{http://www.xes-standard.org/}"


def ioc(*arguments: str | Path) -> str:
    """Run a command of ours and return what it printed."""
    done = subprocess.run([*IOC, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr

    return done.stdout


@contextmanager
def worker(kafka: Kafka, space: str, directory: Path) -> Iterator[str]:
    """A worker of this space; gives the address of its metrics."""
    port = free_port()
    ioc("topics", "apply", "--space", space, "--bootstrap", kafka.bootstrap)
    options = ["--space", space, "--mode", "driven", "--district", "open_logs", "--health-port", str(port)]
    process = Leashed([*IOC, "worker", *options, "--bootstrap", kafka.bootstrap], directory / f"{space}.log")
    try:
        yield f"http://127.0.0.1:{port}/metrics"
    finally:
        process.stop()


def wait_until(metrics: str, fold: str, end: datetime, seconds: float = 240) -> None:
    """Until every partition of a fold has come to ``end``: whatever led to it came before, in the same log."""
    pattern = re.compile(rf'^ioc_watermark_timestamp_seconds{{fold="{fold}",.*}} (.+)$', re.MULTILINE)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(metrics, timeout=5) as reply:
                marks = [float(mark) for mark in pattern.findall(reply.read().decode())]
        except OSError:
            marks = []
        if len(marks) == 4 and min(marks) >= end.timestamp():
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


def identity(line: dict[str, object]) -> tuple[object, ...]:
    return line["alert_id"], line["version"], line["condition"], datetime.fromisoformat(str(line["at"]))


def live_and_replayed(
    kafka: Kafka, space: str, recording: Path, fold: str, directory: Path
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The alert history of a recording: over Kafka, and in this process."""
    end = max(datetime.fromisoformat(json.loads(line)["time"]) for line in recording.read_text().splitlines())
    with worker(kafka, space, directory) as metrics:
        ioc("publish", recording, "--space", space, "--speed", "max", "--bootstrap", kafka.bootstrap)
        wait_until(metrics, fold, end)
        wait_until(metrics, "alert", end)
        live = asyncio.run(history(kafka, space))
    replayed = directory / "replayed.jsonl"
    ioc("replay", recording, "--district", "open_logs", "--alerts", replayed)
    return live, [json.loads(line) for line in replayed.read_text().splitlines()]


def test_the_dossiers_of_a_dutch_town_that_were_ever_overdue(
    kafka: Kafka, shared_data: Path, tmp_path: Path
) -> None:
    log = shared_data / "process_logs" / "receipt.xes.gz"
    recording = tmp_path / "receipt.jsonl"
    ioc("import", "receipt", log, "-o", recording)

    traces = ElementTree.parse(gzip.open(log)).getroot().findall(f"{XES}trace")
    when = datetime.fromisoformat
    last = max(when(date.get("value")) for trace in traces for date in trace.findall(f"{XES}event/{XES}date"))
    overdue = set()
    for trace in traces:
        of = {attribute.get("key"): attribute.get("value") for attribute in trace if attribute.get("key")}
        if when(of["deadline"]) < (when(of["enddate"]) if "enddate" in of else last):
            overdue.add(of["concept:name"])

    live, replayed = live_and_replayed(kafka, "receipt", recording, "dossier", tmp_path)

    assert 1434 == len(traces)
    assert overdue == {line["subject"] for line in live if line["kind"] == "dossier_overdue"}
    assert sorted(map(identity, replayed), key=str) == sorted(map(identity, live), key=str)


def test_the_requests_of_new_york_that_are_open_at_the_end(kafka: Kafka, shared_data: Path, tmp_path: Path) -> None:
    log = shared_data / "service_desk" / "nyc311_animals_short.csv"
    recording, facts = tmp_path / "nyc311.jsonl", tmp_path / "facts.json"
    ioc("import", "nyc311", log, "-o", recording)
    with log.open(newline="") as file:
        rows = list(csv.DictReader(file))
    still_open = sum(not row["Closed Date"] for row in rows)

    live, replayed = live_and_replayed(kafka, "nyc311", recording, "request", tmp_path)
    ioc("replay", recording, "--district", "open_logs", "--facts", facts)
    totals = json.loads(facts.read_text())["facts"]

    assert (277, 4969) == (still_open, len(rows))
    assert still_open == sum(fact["value"] for fact in totals if fact["name"] == "requests_open")
    assert still_open == asyncio.run(open_requests(kafka, "nyc311"))
    assert sorted(map(identity, replayed), key=str) == sorted(map(identity, live), key=str)


async def open_requests(kafka: Kafka, space: str) -> int:
    """What the folds' own gauges say is open, summed over partitions, as the wall reads it."""
    tp, newest = TopicPartition(f"{space}.figures", 0), {}
    async with reader(kafka.bootstrap, tp) as consumer:
        end = (await consumer.end_offsets([tp]))[tp]
        while await consumer.position(tp) < end:
            for records in (await consumer.getmany(tp, timeout_ms=500)).values():
                newest.update({record.key: json.loads(record.value) for record in records if record.value})
    facts = [fact for figure in newest.values() for fact in figure.get("facts", ())]
    return sum(fact["value"] for fact in facts if fact["name"] == "requests_open")
