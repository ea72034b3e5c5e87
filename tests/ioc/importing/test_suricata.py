"""Suricata's alerts, through the shipped mapping: as many by signature and severity as a count of the file gives."""

import json
from collections import Counter
from pathlib import Path

import orjson
import pytest

import detectors
from detectors.malware_machine import ALERTS, SIGNATURES
from ioc import recording
from ioc.district import load as district
from ioc.engine.plan import plan
from ioc.events.malware import NetworkAlert
from ioc.importing.mapping import load
from ioc.importing.run import import_file
from ioc.replay import Replay

FILES = ("wrccdc-2018", "first-org-conf-2015")


def alert(machine: str = "10.1.2.3", towards: str = "93.184.216.34", **more: object) -> dict[str, object]:
    return {
        "timestamp": "2026-03-02T08:00:00.000001+0700", "event_type": "alert", "src_ip": machine, "dest_ip": towards,
        "alert": {"signature_id": 1, "signature": "ET TROJAN Checkin", "severity": 1, "action": "allowed"}, **more,
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_alerts_by_signature_and_severity_are_those_of_the_file(shared_data: Path, name: str) -> None:
    file = shared_data / "security_telemetry" / f"suricata_{name}_alerts.json"
    if not file.exists():
        pytest.skip(f"needs {file.name}, which is not part of the project")
    in_file = [row["alert"] for row in json.loads(file.read_text("utf-8"))]

    events, report = import_file(load("suricata"), file)
    told = Replay(plan(district("bac_tra_my"), detectors.ALL)).run(recording.clocked(events)).totals()["tallies"]

    assert (len(events), report.problem_count) == (len(in_file), 0)
    by_signature, by_severity = Counter[tuple[str, str]](), Counter[str]()
    for figure in told:
        labels = figure["labels"]
        if figure["name"] == SIGNATURES.name:
            by_signature[labels[0], labels[2]] += figure["value"]
        elif figure["name"] == ALERTS.name:
            by_severity[labels[0]] += figure["value"]
    assert by_signature == Counter((str(each["signature_id"]), str(each["severity"])) for each in in_file)
    assert by_severity == Counter(str(each["severity"]) for each in in_file)


def test_the_machine_is_the_one_inside_and_nothing_else_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "eve.json"
    rows = [
        alert(),
        alert("93.184.216.34", "192.168.7.9", http={"url": "/?user=nguyen+van+a", "hostname": "example.vn"}),
        alert(payload_printable="password=…"),
        {"timestamp": "2026-03-02T08:00:01+0700", "event_type": "stats", "stats": {"uptime": 8}},
        {"timestamp": "2026-03-02T08:00:02+0700", "event_type": "dns", "src_ip": "10.1.2.3", "dest_ip": "8.8.8.8"},
    ]
    file.write_bytes(b"\n".join(map(orjson.dumps, rows)))

    events, report = import_file(load("suricata"), file)

    assert report.problem_count == 0
    assert [event.data.machine for event in events] == ["10.1.2.3", "10.1.2.3", "192.168.7.9"]
    assert all(isinstance(event.data, NetworkAlert) for event in events)
    assert not any(
        word in event.data.model_dump_json() for event in events for word in ("nguyen", "password", "example")
    )


def test_a_file_that_is_one_array_says_the_same(tmp_path: Path) -> None:
    lines, array = tmp_path / "lines.json", tmp_path / "array.json"
    rows = [alert(), alert("10.9.9.9"), "no object"]
    lines.write_bytes(b"\n".join(map(orjson.dumps, rows)))
    array.write_text(json.dumps(rows, indent=1), "utf-8")

    (of_lines, said), (of_array, also) = (import_file(load("suricata"), file) for file in (lines, array))

    assert of_lines == of_array
    assert [problem.line for problem in said.problems] == [problem.line for problem in also.problems] == [3]


def test_an_array_that_breaks_off_is_told(tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text(json.dumps([alert()], indent=1)[:-4], "utf-8")

    with pytest.raises(Exception, match="begins as an array and is none"):
        import_file(load("suricata"), file)
