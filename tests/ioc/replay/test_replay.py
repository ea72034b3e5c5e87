"""Replays: the flow in one process gives canonical lines and tells of what it could not take."""

import gc
import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

import detectors
from ioc.district import load
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent, Event
from ioc.events.documents import DocumentArrived
from ioc.events.dossiers import DossierReceived
from ioc.events.sensors import Reading
from ioc.partitioner import partition_of
from ioc.recording import clocked
from ioc.replay import Replay, Result
from ioc.replay.result import History
from tests.ioc.engine.echo import EIGHT

RULES = plan(load("bac_tra_my"), detectors.ALL)
HOUR = timedelta(hours=1)


def received(number: int, hours: float = 0, due: float = 4) -> AnyEvent:
    data = DossierReceived(dossier=f"H-{number}", commune="20900", due=EIGHT + due * HOUR)
    return Event(EIGHT + hours * HOUR, "/one-stop/20900", str(number), data)


def reading(number: int, minutes: float, heat: float = 30) -> AnyEvent:
    data = Reading(station="tram-tra-doc-thon-2", temperature_c=heat)
    return Event(EIGHT + minutes * HOUR / 60, "/stations", str(number), data)


def replayed(events: Iterable[AnyEvent], partitions: int = 1, hours: float = 6) -> Result:
    return Replay(RULES, partitions).run(clocked(events, EIGHT + hours * HOUR))


def test_the_history_is_canonical_json_sorted_by_time() -> None:
    lines = [json.loads(line) for line in replayed([received(1), received(2, due=3)]).lines()]

    assert lines
    keys = [(line["at"], line["alert_id"], line["version"]) for line in lines]
    assert keys == sorted(keys)


def test_several_sources_flow_together() -> None:
    events = [received(1), reading(2, 1, 60), reading(3, 2, 61), reading(4, 4, 20)]
    document = Event(EIGHT + HOUR, "/qoffice", "5", DocumentArrived(document="V-1"))

    kinds = {line.kind for line in replayed([*events, document]).alerts}

    assert {"dossier_due_soon", "dossier_overdue", "fire_suspected", "source_silent"} <= kinds


def test_figures_of_all_partitions_are_added_and_of_maxima_the_largest_counts() -> None:
    events = [received(number) for number in range(20)] + [reading(99, 1)]
    one, many = replayed(events, 1).totals(), replayed(events, 5).totals()

    assert one == many
    assert {"name": "dossiers_open", "labels": ["20900", "overdue"], "value": 20} in one["facts"]
    newest = [fact["value"] for fact in one["facts"] if fact["name"] == "source_newest_seconds"]
    assert max(newest) <= (EIGHT + 6 * HOUR).timestamp()


def test_what_a_replay_could_not_take_is_told_with_its_reason() -> None:
    mad = received(1)._replace(at=EIGHT.replace(year=9999))
    old = received(2, hours=-24 * 400)

    result = replayed([received(3), mad, old, received(4, hours=1)])

    assert [rejected.reason.partition(" is ")[2] for rejected in result.rejected] == [
        "none at which anything happened",
        "too old: more than 366 days before 2026-03-02T01:00:00+00:00",
    ]
    assert {line.about for line in result.alerts if line.kind == "dossier_overdue"} == {"H-3", "H-4"}


def test_progress_is_told_of_every_event() -> None:
    seen: list[int] = []
    events = list(clocked([reading(number, number / 60) for number in range(5000)]))

    Replay(RULES).run(events, seen.append)

    assert (sum(seen), len(seen)) == (len(events), 2)


@pytest.mark.parametrize("partitions", [1, 4, 7])
def test_a_key_has_one_partition_of_those_there_are(partitions: int) -> None:
    numbers = {partition_of(b"H-%d" % number, partitions) for number in range(200)}

    assert numbers == set(range(partitions))
    assert partition_of(b"H-1", partitions) == partition_of(b"H-1", partitions)


def test_nothing_happened_is_told_as_nothing() -> None:
    result = Replay(RULES).run([])

    assert (result.lines(), result.totals()) == ([], {"facts": [], "tallies": []})


def test_a_history_longer_than_memory_is_in_order_and_leaves_no_file_open() -> None:
    history = History(in_memory=2)
    for number in (3, 1, 2, 5, 4):
        history.take_back(b"%066d" % number + b'{"n":%d}' % number)
    files = history._runs
    assert len(files) == 2
    assert list(history.lines()) == [b'{"n":%d}' % number for number in range(1, 6)]
    del history
    gc.collect()
    assert all(file.closed for file in files)
