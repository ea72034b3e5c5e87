"""Reporting periods by rule, and shares that are never without their parts."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from ioc.cli import figures as command
from ioc.district import BadDistrict, District
from ioc.office.figures import in_hand, median, shares
from ioc.office.periods import BY_CALENDAR, DECREE_09, BadPeriod, CutOff, period
from ioc.office.shares import SHARES, Row

DAY = date(2026, 10, 1)


@pytest.mark.parametrize(("name", "first", "last"), [
    ("2026-10", "2026-09-15", "2026-10-14"),
    ("2026-01", "2025-12-15", "2026-01-14"),
    ("2026-Q1", "2025-12-15", "2026-03-14"),
    ("2026-Q4", "2026-09-15", "2026-12-14"),
    ("2026-H1", "2025-12-15", "2026-06-14"),
    ("2026", "2025-12-15", "2026-12-14"),
    ("2026-H2", "2026-06-15", "2026-12-14"),
    ("2026-9M", "2025-12-15", "2026-09-14"),
    ("2026-10-05", "2026-10-05", "2026-10-05"),
    ("2022-01-01..2022-09-20", "2022-01-01", "2022-09-20"),
])  # fmt: skip
def test_periods_of_decree_09_run_from_the_15th(name: str, first: str, last: str) -> None:
    of = period(name, DECREE_09)

    assert (str(of.first), str(of.last)) == (first, last)


def test_other_plans_cut_by_the_calendar() -> None:
    of = period("2024-02", BY_CALENDAR)

    assert (str(of.first), str(of.last)) == ("2024-02-01", "2024-02-29")
    assert str(of) == "2024-02 (01/02/2024–29/02/2024)"


@pytest.mark.parametrize(("name", "before", "to_date"), [
    ("2026-10", "2025-09-15..2025-10-14", "2025-12-15..2026-10-14"),
    ("2026-12", "2025-11-15..2025-12-14", "2025-12-15..2026-12-14"),
    ("2026-12-20", "2025-12-20..2025-12-20", "2026-12-15..2026-12-20"),
    ("2024-02-29", "2023-02-28..2023-02-28", "2023-12-15..2024-02-29"),
    ("2026-01-20..2026-02-20", "2025-01-20..2025-02-20", "2025-12-15..2026-02-20"),
])  # fmt: skip
def test_a_period_is_held_against_last_year_s_and_the_year_so_far(name: str, before: str, to_date: str) -> None:
    of = period(name, DECREE_09)

    assert f"{of.year_before.first}..{of.year_before.last}" == before
    assert of.year_to_date.name == to_date


def test_a_district_cuts_its_periods_by_a_rule_of_its_own() -> None:
    plan = CutOff(id="ke-hoach", name="Theo kế hoạch năm", name_en="Yearly plan", first_day=21)
    district = District(id="d", name="d", name_en="d", cut_offs=(plan,))

    assert str(period("2022-09", district.cut_off())) == "2022-09 (21/08/2022–20/09/2022)"
    assert district.cut_off("nd09") == DECREE_09
    with pytest.raises(BadDistrict, match="there are: ke-hoach, nd09, calendar"):
        district.cut_off("nd10")


@pytest.mark.parametrize("name", ["", "2026-13", "2026-00", "2026-Q5", "2026-H3", "10/2026", "1999", "2026-10\n"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(BadPeriod, match="write 2026-10-05, 2026-10"):
        period(name, DECREE_09)


@pytest.mark.parametrize("name", ["2026-02-30", "2026-02-01..2026-02-30", "2026-02-02..2026-02-01", "2026-01-01..x"])
def test_days_that_do_not_exist_or_end_before_they_begin_are_refused(name: str) -> None:
    with pytest.raises(BadPeriod, match=r"no such day|ends before"):
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
