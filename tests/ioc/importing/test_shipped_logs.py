"""The shipped mappings on the real logs: counts, and answers that a few other lines over a file also give."""

import csv
import gzip
from collections import Counter
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ioc.events.base import AnyEvent
from ioc.events.dossiers import DossierReceived, DossierResolved
from ioc.events.requests import RequestClosed, RequestOpened, RequestReopened
from ioc.importing.mapping import load
from ioc.importing.run import Report, import_file
from tests.ioc.importing.logs import said

LOGS = {
    "receipt": ("process_logs/receipt.xes.gz", 1434),
    "bpic2013": ("service_desk/bpic2013_closed.xes.gz", 1487),
    "helpdesk": ("service_desk/helpdesk.csv", 3804),
    "nyc311": ("service_desk/nyc311_animals_short.csv", 4969),
}


@lru_cache
def events_of(name: str, data: Path) -> tuple[list[AnyEvent], Report]:
    file = data / LOGS[name][0]
    if not file.exists():
        pytest.skip(f"needs {file.name}, which is not part of the project")
    return import_file(load(name), file)


def open_at_the_end(events: list[AnyEvent]) -> set[str]:
    """Requests opened or reopened and not closed since, by the order of the events alone."""
    still: set[str] = set()
    for event in events:
        match event.data:
            case RequestOpened() | RequestReopened():
                still.add(event.data.request)
            case RequestClosed():
                still.remove(event.data.request)
    return still


@pytest.mark.parametrize("name", LOGS)
def test_every_row_of_the_log_is_read(shared_data: Path, name: str) -> None:
    events, report = events_of(name, shared_data)

    assert (report.problem_count, report.cases, report.never_seen) == (0, LOGS[name][1], ())
    assert len({event.id for event in events}) == len(events)
    assert events == sorted(events, key=lambda event: (event.at, event.source, event.id))


def test_the_dossiers_ever_overdue_are_those_that_the_log_itself_shows(shared_data: Path) -> None:
    events, _ = events_of("receipt", shared_data)

    assert ever_overdue(events) == overdue_by_the_log(shared_data / LOGS["receipt"][0])
    assert len(ever_overdue(events)) == 416


def ever_overdue(events: list[AnyEvent]) -> set[str]:
    """Those whose due time passed before there was a result, or before the last event of all."""
    received = [event.data for event in events if isinstance(event.data, DossierReceived)]
    due = {data.dossier: data.due for data in received if data.due is not None}
    resolved = {event.data.dossier: event.at for event in events if isinstance(event.data, DossierResolved)}
    return {dossier for dossier in due if resolved.get(dossier, events[-1].at) > due[dossier]}


def overdue_by_the_log(file: Path) -> set[str]:
    """The same from the file: resolved is `enddate`, and without one a dossier is open to the last event."""
    named = {"{http://www.xes-standard.org/}trace", "{http://www.xes-standard.org/}event"}
    traces = [
        ({item.get("key"): item.get("value", "") for item in element}, element)
        for _, element in ElementTree.iterparse(gzip.open(file))  # noqa: SIM115
        if element.tag in named
    ]
    last = max(datetime.fromisoformat(own["time:timestamp"]) for own, _ in traces if "time:timestamp" in own)
    return {
        own["concept:name"]
        for own, _ in traces
        if "deadline" in own
        and (datetime.fromisoformat(own["enddate"]) if "enddate" in own else last)
        > datetime.fromisoformat(own["deadline"])
    }


def test_a_dossier_is_received_before_it_is_resolved(shared_data: Path) -> None:
    events, report = events_of("receipt", shared_data)
    order = [what for what in said(events) if "forwarded" not in what[1]]

    seen: set[str] = set()
    for dossier, what in order:
        assert (what == "vn.ioc.dossier.received") == (dossier not in seen)
        seen.add(dossier)
    assert (len(seen), len(order) - len(seen), report.moved) == (1434, 1329, 2)


def test_the_same_log_as_a_table_gives_the_same_events(shared_data: Path, tmp_path: Path) -> None:
    events, _ = events_of("receipt", shared_data)
    table = shared_data / "process_logs" / "receipt.csv"
    if not table.exists():
        pytest.skip("needs receipt.csv, which is not part of the project")
    shipped = load("receipt")
    as_table = shipped.model_copy(update={"file": shipped.file.model_copy(update={"format": "csv"})})

    assert import_file(as_table, table)[0] == events


def test_the_requests_open_at_the_end_are_those_without_a_closing_date(shared_data: Path) -> None:
    events, _ = events_of("nyc311", shared_data)
    with (shared_data / LOGS["nyc311"][0]).open(encoding="utf-8-sig", newline="") as file:
        unclosed = {row["Unique Key"] for row in csv.DictReader(file) if not row["Closed Date"]}

    assert open_at_the_end(events) == unclosed
    assert (len(unclosed), len({event.data.request for event in events})) == (277, 4969)


@pytest.mark.parametrize("name", ["bpic2013", "helpdesk"])
def test_logs_of_finished_cases_leave_nothing_open(shared_data: Path, name: str) -> None:
    events, _ = events_of(name, shared_data)

    assert open_at_the_end(events) == set()


def test_problems_come_back_as_often_as_they_are_closed_again(shared_data: Path) -> None:
    counts = Counter(event.data.TYPE.rpartition(".")[2] for event in events_of("bpic2013", shared_data)[0])

    assert counts == {"opened": 1487, "assigned": 655, "reopened": 81, "closed": 1568}
