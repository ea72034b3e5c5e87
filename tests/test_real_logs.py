"""Real logs through the whole flow as a person would send them: imported, published over Kafka, judged, read.

What comes out is held against a few independent lines over the files themselves, and against the run in process.
"""

import asyncio
import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from aiokafka import TopicPartition

from streams.embedded.kafka import Kafka
from streams.ledger import reader
from tests.live import history, ioc, wait_until, worker

XES = "{http://www.xes-standard.org/}"
pytestmark = pytest.mark.timeout(420)


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
        wait_until(metrics, "room", end)
        live = asyncio.run(history(kafka, space))
        recorded = directory / "recorded.jsonl.zst"
        ioc("record", "--space", space, "-o", recorded, "--bootstrap", kafka.bootstrap)
    proof = json.loads(ioc("replay", recorded, "--district", "open_logs", "--prove", "--json"))
    assert proof["differences"] == []
    assert proof["identical"]["alerts.events"] == len(live)
    replayed = directory / "replayed.jsonl"
    ioc("replay", recording, "--district", "open_logs", "--alerts", replayed)
    changes = [line for line in live if "handling" in line]  # incidents have lines too
    return changes, [json.loads(line) for line in replayed.read_text().splitlines()]


def test_the_dossiers_of_a_dutch_town_that_were_ever_overdue(kafka: Kafka, shared_data: Path, tmp_path: Path) -> None:
    log = shared_data / "process_logs" / "receipt.xes.gz"
    recording = tmp_path / "receipt.jsonl"
    ioc("import", "receipt", log, "-o", recording)

    with gzip.open(log) as file:
        traces = ElementTree.parse(file).getroot().findall(f"{XES}trace")
    when = datetime.fromisoformat
    last = max(when(date.get("value", "")) for trace in traces for date in trace.findall(f"{XES}event/{XES}date"))
    overdue = set()
    for trace in traces:
        of = {attribute.get("key"): attribute.get("value", "") for attribute in trace}
        if when(of["deadline"]) < (when(of["enddate"]) if "enddate" in of else last):
            overdue.add(of["concept:name"])

    live, replayed = live_and_replayed(kafka, "receipt", recording, "dossier", tmp_path)

    assert len(traces) == 1434
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

    assert (still_open, len(rows)) == (277, 4969)
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
