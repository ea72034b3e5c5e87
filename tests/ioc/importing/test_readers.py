"""Damaged and hostile logs: what can be read is read, and what cannot be is told with its line."""

import contextlib
import gzip
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ioc.importing.files import Unusable
from ioc.importing.mapping import load
from ioc.importing.run import import_file
from tests.ioc.importing.logs import Import, mapping, said

CASES = [f"case-{number:03}" for number in range(60)]
STEPS = [("08:00", "new", "front"), ("09:00", "work", "roads"), ("10:00", "done", "roads")]


def csv() -> bytes:
    rows = (f"{case},2026-01-05 {at},{step},{team}" for case in CASES for at, step, team in STEPS)
    return "\n".join(("case,at,step,team", *rows, "")).encode()


def jsonl() -> bytes:
    return b"".join(
        orjson.dumps({"case": {"id": case}, "at": f"2026-01-05T{at}", "step": step, "team": team, "n": 1}) + b"\n"
        for case in CASES
        for at, step, team in STEPS
    )


def xes() -> bytes:
    return b"<?xml version='1.0'?>\n<log xmlns='http://www.xes-standard.org/'>\n" + _traces() + b"</log>\n"


def _traces() -> bytes:
    def event(at: str, step: str, team: str) -> str:
        date = f"<date key='at' value='2026-01-05T{at}:00.000+07:00'/>"
        nested = "<string key='case' value='nested'><string key='step' value='no'/></string>"
        said = f"<string key='step' value='{step}'/><string key='team' value='{team}'/>"
        return f"<event>\n{date}{said}{nested}</event>\n"

    return "".join(
        f"<trace>\n<string key='name' value='{case}'/>\n{''.join(event(*step) for step in STEPS)}</trace>\n"
        for case in CASES
    ).encode()


LOGS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "csv": (mapping("csv"), csv),
    "jsonl": (mapping("jsonl", case="case.id"), jsonl),
    "xes": (mapping("xes", case="case:name"), xes),
}
each_format = pytest.mark.parametrize("format_", LOGS)


@each_format
def test_every_format_says_the_same(imported: Import, format_: str) -> None:
    mapping_text, log = LOGS[format_]

    events, report = imported(mapping_text, log())
    packed, _ = imported(mapping_text, gzip.compress(log()), "log.gz")

    assert (report.rows, report.cases, report.problem_count) == (180, 60, 0)
    assert [event.at.hour for event in events] == [1] * 60 + [2] * 60 + [3] * 60
    assert events == packed == imported(LOGS["csv"][0], csv())[0]


@each_format
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(share=st.floats(0.05, 0.999))
def test_what_stands_before_a_cut_is_read_and_says_what_it_says_in_the_whole_file(
    imported: Import, format_: str, share: float
) -> None:
    mapping_text, log = LOGS[format_]
    whole, _ = imported(mapping_text, log())
    packed = gzip.compress(log(), compresslevel=0)

    try:
        events, report = imported(mapping_text, packed[: int(len(packed) * share)], "log.gz")
    except Unusable as why:
        assert share < 0.15 and "cut off" in str(why)
        return

    assert set(events) < set(whole) or events == whole
    assert [problem.line > 1 for problem in report.problems] == [True]
    assert report.rows >= 180 * share - 10


def test_a_trace_that_is_cut_off_keeps_its_events_but_has_no_last_one(imported: Import) -> None:
    head, tail = xes().split(b"case-001", 1)
    lines = tail.splitlines(keepends=True)[:6]

    events, report = imported(LOGS["xes"][0], head + b"case-001" + b"".join(lines))

    assert [what for what in said(events) if what[0] == "case-001"] == [
        ("case-001", "opened"),
        ("case-001", "assigned"),
    ]
    assert ("case-000", "closed") in said(events)
    assert report.problem_count == 1 and "no XML from here on" in report.problems[0].reason


def test_entities_are_refused(imported: Import) -> None:
    doctype = b"<!DOCTYPE log [<!ENTITY a 'aaaaaaaaaa'>]>"
    bomb = b"<?xml version='1.0'?>\n" + doctype + b"\n<log>" + _traces() + b"</log>"

    with pytest.raises(Unusable, match="log:2: entities and other files are refused"):
        imported(LOGS["xes"][0], bomb)


def test_defaults_of_a_log_do_not_happen(imported: Import) -> None:
    default = "<global scope='event'><date key='at' value='1970-01-01T00:00:00Z'/></global>"
    event = "<event><string key='step' value='new'/></event>"

    events, report = imported(
        LOGS["xes"][0], f"<log>{default}<trace><string key='name' value='a'/>{event}</trace></log>"
    )

    assert events == []
    assert report.problems[0].reason == "no time: at is empty"


def test_a_trace_without_events_says_only_what_its_own_attributes_say(imported: Import) -> None:
    rules = """
[[rules]]
event = "vn.ioc.request.opened"
each = "first"
at = "case:opened"
data.queue = { value = "desk" }
[[rules]]
event = "vn.ioc.request.assigned"
"""
    trace = "<trace><string key='name' value='a'/><date key='opened' value='2026-01-05T08:00:00Z'/></trace>"

    events, report = imported(mapping("xes", rules, case="case:name"), f"<log>{trace}</log>")

    assert said(events) == [("a", "opened")]
    assert report.problem_count == 0


def test_rows_that_are_broken_are_told_and_the_others_read(imported: Import) -> None:
    rows = [
        "a,2026-01-05T08:00,new,front",
        "b,2026-01-05T08:00,new",
        "",
        ",2026-01-05T08:00,new,front",
        "c,,new,front",
        "d,yesterday,new,front",
        '"e\x07",2026-01-05T08:00,new,front',
        "f,2026-01-05T08:00,new,front",
    ]

    events, report = imported(mapping("csv"), "case,at,step,team\n" + "\n".join(rows))

    assert said(events) == [("a", "opened"), ("f", "opened")]
    assert [(problem.line, problem.reason.split(":")[0]) for problem in report.problems] == [
        (3, "3 columns where the header has 4"),
        (5, "no case"),
        (6, "no time"),
        (7, "column at"),
        (8, "vn.ioc.request.opened"),
    ]


@pytest.mark.parametrize("step", ['"new', '"n"ew', '"new, or "old"'])
def test_a_quotation_mark_left_open_costs_its_own_row_only(imported: Import, step: str) -> None:
    header, first, *rows = csv().decode().splitlines(keepends=True)

    events, report = imported(mapping("csv"), header + f"a,2026-01-05T08:00,{step},front\n" + first + "".join(rows))

    assert [problem.line for problem in report.problems] == [2]
    assert len(events) == 180


def test_a_text_in_quotation_marks_may_have_lines_of_its_own(imported: Import) -> None:
    log = 'case,at,step,team\na,2026-01-05T08:00,"new\nand\nlong",front\nb,never,new,front\n'

    events, report = imported(mapping("csv"), log)

    assert said(events) == [("a", "opened")]
    assert [problem.line for problem in report.problems] == [5]


def test_another_encoding_is_told_with_line_and_cure_and_read_once_declared(imported: Import) -> None:
    log = "case,at,step,team\na,2026-01-05T08:00,new,front\nb,2026-01-05T08:00,new,café\n".encode("cp1252")

    events, report = imported(mapping("csv"), log)
    declared, nothing = imported(mapping("csv", more='encodings = ["cp1252"]'), log)

    assert said(events) == [("a", "opened")]
    assert report.lines()[0].startswith(f"{report.file}:3: column 'team' is not utf-8-sig (byte 0xE9): say encodings")
    assert [event.data.queue for event in declared] == ["front", "café"]
    assert nothing.problem_count == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(imported: Import, encoding: str) -> None:
    events, _ = imported(mapping("csv"), csv().decode().encode(encoding))

    assert len(events) == 180


def test_a_header_without_a_column_of_the_mapping_says_which_and_what_there_is(imported: Import) -> None:
    with pytest.raises(
        Unusable, match=r"log:1: the mapping names column 'team', which the header lacks; is it 'Team'\?"
    ):
        imported(mapping("csv"), "case,at,step,Team\n")
    with pytest.raises(Unusable, match=r"split at ',' it has \['case;at;step;team'\]"):
        imported(mapping("csv"), "case;at;step;team\n")


def test_a_table_without_a_header_gets_its_names_from_the_mapping(imported: Import) -> None:
    named = mapping("csv", more='header = ["case", "at", "step", "team"]\ndelimiter = "\\t"')

    assert said(imported(named, "a\t05/01/2026 08:00\tnew\tfront\n")[0]) == [("a", "opened")]


def test_lines_that_are_no_objects_are_told(imported: Import) -> None:
    good = jsonl().splitlines()[0]
    long = b'{"at": "' + b"x" * (1 << 20) + b'"}'
    log = b"\n".join((good, b'{"case": ', b"[]", long, b'{"case": "no object", "at": "2026-01-05"}', good))

    events, report = imported(LOGS["jsonl"][0], log)

    assert report.rows == 3 and len(events) == 1
    assert [(problem.line, problem.reason[:14]) for problem in report.problems] == [
        (2, "not JSON: unex"), (3, "no JSON object"), (4, "a line of more"), (5, "no case: the c"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "log", "why"),
    [
        ("csv", b"", "the file is empty"),
        ("csv", b"case,at,step,team\n", "no rows in it"),
        ("xes", b"", "no element found"),
        ("xes", b"<html></html>", "no rows in it"),
        ("xes", b"\x1f\x8b\x08\x00junk", "cut off or damaged"),
        ("jsonl", b"\x00\xff\n", "not JSON"),
    ],
)
def test_a_file_with_nothing_in_it_is_unusable(imported: Import, format_: str, log: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        imported(LOGS[format_][0], log)


def test_a_file_that_is_not_there_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="No such file"):
        import_file(load("receipt"), tmp_path / "nothing.xes")


@each_format
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(data=st.data())
def test_no_bytes_break_an_import(imported: Import, format_: str, data: st.DataObject) -> None:
    mapping_text, log = LOGS[format_]
    bytes_ = bytearray(log()[:3000])
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(bytes_) - 1))
        bytes_[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))

    with contextlib.suppress(Unusable):
        imported(mapping_text, bytes(bytes_))
