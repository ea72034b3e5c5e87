"""Which rows become which events: first and last by time, changes, times that cannot be, ids that stay."""

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.importing.moments import Moments, NoMoment, not_before
from tests.ioc.importing.logs import RULES, Import, mapping, said

HEADER = "case,at,step,team\n"
LIFE = HEADER + (
    "a,2026-01-05T08:00,new,front\n"
    "a,2026-01-05T09:00,work,roads\n"
    "a,2026-01-05T10:00,work,roads\n"
    "a,2026-01-05T11:00,done,roads\n"
)


def test_the_first_row_opens_a_change_assigns_and_the_last_closes(imported: Import) -> None:
    events, report = imported(mapping("csv"), LIFE)

    assert said(events) == [("a", "opened"), ("a", "assigned"), ("a", "closed")]
    assert (report.rows, report.cases, report.silent_rows) == (4, 1, 1)


def test_rows_are_taken_by_time_whatever_their_order_in_the_file(imported: Import) -> None:
    header, *rows = LIFE.splitlines(keepends=True)

    assert imported(mapping("csv"), header + "".join(reversed(rows)))[0] == imported(mapping("csv"), LIFE)[0]


def test_events_of_one_row_keep_the_order_of_the_rules(imported: Import) -> None:
    events, _ = imported(mapping("csv"), HEADER + "a,2026-01-05T08:00,done,front\n")

    assert said(events) == [("a", "opened"), ("a", "closed")]
    assert [event.id for event in events] == sorted(event.id for event in events)


def test_conditions_look_at_the_row_before(imported: Import) -> None:
    rules = RULES.replace('each = "last"\n', "").replace(
        'when.step = "done"', 'when.step = { is = "done", was_not = "done" }'
    )
    rules += '[[rules]]\nevent = "vn.ioc.request.reopened"\nwhen.step = { was = "done", is_not = "done" }\n'
    steps = ("new", "done", "done", "work", "done")
    log = HEADER + "".join(f"a,2026-01-05T0{hour}:00,{step},front\n" for hour, step in enumerate(steps))

    events, _ = imported(mapping("csv", rules), log)

    assert said(events) == [("a", "opened"), ("a", "closed"), ("a", "reopened"), ("a", "closed")]


ONE_ROW = """
[[rules]]
event = "vn.ioc.request.opened"
data.queue = { value = "desk" }
data.category = { column = ["team", "step"], clean = true, cut = 5 }
[[rules]]
event = "vn.ioc.request.closed"
at = "ended"
not_before = "at"
"""


def test_one_row_a_case_closes_at_another_column_or_not_at_all(imported: Import) -> None:
    log = "case,at,ended,step,team\na,2026-01-05T08:00,2026-01-05T09:00,x,\nb,2026-01-05T08:30,,x,\n"

    events, _ = imported(mapping("csv", ONE_ROW), log)

    assert said(events) == [("a", "opened"), ("b", "opened"), ("a", "closed")]


def test_an_end_before_the_start_is_moved_to_it_and_counted(imported: Import) -> None:
    log = "case,at,ended,step,team\na,2026-01-05T08:00,2026-01-05T00:00,x,\n"

    events, report = imported(mapping("csv", ONE_ROW), log)

    assert said(events) == [("a", "opened"), ("a", "closed")]
    assert (events[0].at, report.moved) == (events[1].at, 1)


def test_texts_are_cleaned_only_where_the_mapping_says_so(imported: Import) -> None:
    row = 'a,2026-01-05T08:00,,x,"a\x07\n  b and more"\n'

    events, _ = imported(mapping("csv", ONE_ROW), "case,at,ended,step,team\n" + row)
    none, report = imported(
        mapping("csv", ONE_ROW.replace("clean = true, ", "")), HEADER[:8] + "ended,step,team\n" + row
    )

    assert events[0].data.category == "a b a"
    assert none == [] and "category" in report.problems[0].reason


def test_a_value_that_is_not_listed_is_refused_and_its_neighbours_are_not(imported: Import) -> None:
    rules = RULES.replace('data.queue = "team"', 'data.queue = { column = "team", values = { front = "F" } }', 1)
    log = HEADER + "a,2026-01-05T08:00,new,front\nb,2026-01-05T08:00,new,back\n"

    events, report = imported(mapping("csv", rules), log)

    assert said(events) == [("a", "opened")]
    assert report.lines() == [
        f"{report.file}:3: vn.ioc.request.opened: column team: 'back' is not among the mapping's `values`"
    ]


def test_an_hour_that_comes_twice_is_read_so_that_nothing_ends_before_it_starts() -> None:
    moments = Moments.of("America/New_York", ("%m/%d/%Y %H:%M",))
    created, closed = moments.read("11/2/2025 01:50"), moments.read("11/2/2025 01:10")

    assert not_before(closed, created).isoformat() == "2025-11-02T01:10:00-05:00"


def test_an_hour_that_never_was_is_still_an_instant() -> None:
    assert Moments.of("America/New_York", ("iso",)).read("2025-03-09 02:30").isoformat() == "2025-03-09T02:30:00-05:00"


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("iso", "2026-01-05T08:00:00+07:00"),
        ("unix", "1767574800"),
        ("unix_ms", "1767574800000"),
        ("iso", "2026-01-05T01:00Z"),
    ],
)
def test_times_are_read_in_each_named_format(format_: str, text: str) -> None:
    assert Moments.of("Asia/Ho_Chi_Minh", (format_,)).read(text) == datetime.fromisoformat("2026-01-05T08:00+07:00")


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    moments = Moments.of("Asia/Ho_Chi_Minh", ("iso", "unix", "unix_ms", "%d/%m/%Y"))

    with contextlib.suppress(NoMoment):
        assert moments.read(text, end_of_day=True).tzinfo is not None
