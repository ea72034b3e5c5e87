"""Reporting periods by rule, and shares that are never without their parts."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from ioc.cli import figures as command
from ioc.office.figures import in_hand, median, shares
from ioc.office.periods import BY_CALENDAR, DECREE_09, BadPeriod, period
from ioc.office.shares import SHARES, Row

DAY = date(2026, 10, 1)


@pytest.mark.parametrize(("name", "first", "last"), [
    ("2026-10", "2026-09-15", "2026-10-14"),
    ("2026-01", "2025-12-15", "2026-01-14"),
    ("2026-Q1", "2025-12-15", "2026-03-14"),
    ("2026-Q4", "2026-09-15", "2026-12-14"),
    ("2026-H1", "2025-12-15", "2026-06-14"),
    ("2026", "2025-12-15", "2026-12-14"),
    ("2026-10-05", "2026-10-05", "2026-10-05"),
])  # fmt: skip
def test_periods_of_decree_09_run_from_the_15th(name: str, first: str, last: str) -> None:
    of = period(name, DECREE_09)

    assert (str(of.first), str(of.last)) == (first, last)


def test_other_plans_cut_by_the_calendar() -> None:
    of = period("2024-02", BY_CALENDAR)

    assert (str(of.first), str(of.last)) == ("2024-02-01", "2024-02-29")
    assert str(of) == "2024-02 (01/02/2024–29/02/2024)"


@pytest.mark.parametrize("name", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "10/2026", "2026-02-30", "1999"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(BadPeriod, match="write 2026-10-05, 2026-10"):
        period(name, DECREE_09)


def test_the_online_share_of_former_level_3_in_report_002() -> None:
    """Thiệu Hóa's district desk, nine months of 2022: 716 of 719 dossiers of level 3 received online, 99.6 %."""
    rows = [
        Row("dossiers_received", DAY, ("x", "online", "level_3"), 716),
        Row("dossiers_received", DAY, ("x", "in_person", "level_3"), 3),
        Row("dossiers_received", DAY, ("x", "in_person", "none"), 500),
    ]
    found = {each.share.name: each for each in shares(rows, period("2026-10", DECREE_09))}

    level = found["dossiers_online_level_3"]
    assert (level.numerator, level.denominator, round(level.percent or 0, 1)) == (716, 719, 99.6)
    assert found["dossiers_on_time"].percent is None


def test_every_share_says_what_it_counts_and_what_not() -> None:
    for share in SHARES:
        for words in (share.title, share.counted, share.out_of, share.excluded):
            assert words.vi and words.en
        for part in (share.numerator, share.denominator):
            assert set(part.where) <= set(part.tally.labels)


def test_what_was_carried_over_is_what_was_open_the_day_before() -> None:
    rows = [
        Row("dossiers_received", date(2026, 9, 1), ("x", "online", "full"), 3),
        Row("dossiers_closed_after", date(2026, 9, 20), ("x", "19"), 1),
        Row("dossiers_overdue_change", date(2026, 9, 10), ("x",), 2),
        Row("dossiers_overdue_change", date(2026, 9, 20), ("x",), -1),
    ]
    before, after = (in_hand(rows, "dossier", date(2026, 9, day)) for day in (14, 21))

    assert (before.open, before.overdue, before.median_age) == (3, 2, 13.0)
    assert (after.open, after.overdue, after.median_age) == (2, 1, 20.0)


def test_the_median_between_two_values_is_their_mean() -> None:
    assert [median(each) for each in ({}, {3: 1}, {1: 1, 2: 1}, {1: 2, 9: 1}, {1: 2, 9: 2})] == [None, 3, 1.5, 1, 5]


def test_the_command_tells_a_period_with_its_days_and_parts(tmp_path: Path) -> None:
    counted = tmp_path / "facts.json"
    counted.write_text(json.dumps({"facts": [], "tallies": [
        {"name": "dossiers_resolved", "day": "2026-09-20", "labels": ["20900", "on_time"], "value": 9},
        {"name": "dossiers_resolved", "day": "2026-10-01", "labels": ["20900", "late"], "value": 1},
        {"name": "dossiers_resolved", "day": "2026-10-15", "labels": ["20900", "late"], "value": 5},
    ]}))  # fmt: skip
    app = Typer()
    app.callback()(lambda: None)
    command.register(app)
    told = CliRunner().invoke(app, ["figures", str(counted), "--period", "2026-10", "--json"])
    refused = CliRunner().invoke(app, ["figures", str(counted), "--period", "October"])

    share = next(each for each in json.loads(told.stdout)["shares"] if each["name"] == "dossiers_on_time")
    assert (share["numerator"], share["denominator"], share["percent"]) == (9, 10, 90.0)
    assert refused.exit_code == 2
