"""Targets end in one of six ways, and say the pace that they need."""

from datetime import date

import pytest

from ioc.cli.counted import tallies
from ioc.district import District
from ioc.office.shares import Row
from ioc.targets.standing import Standing
from ioc.targets.target import End, Judged
from tests.ioc.targets.conftest import SAID, counted, filed

END = date(2026, 12, 31)


def judged(district: District, rows: list[Row], id_: str, today: date = END) -> Judged:
    standing = Standing(district, rows, tallies())
    return next(each for each in standing.targets(today) if each.target.id == id_)


def dossiers(online: int, all_: int) -> list[Row]:
    return [
        counted("dossiers_received", "2026-03-02", "a", "online", "full", value=online),
        counted("dossiers_received", "2026-03-02", "a", "in_person", "full", value=all_ - online),
    ]


@pytest.mark.parametrize(
    ("online", "all_", "today", "end", "short"),
    [
        (63, 100, END, "exceeded", None),
        (60, 100, END, "met", None),
        (55, 100, END, "not_met", 5),
        (55, 100, date(2026, 6, 30), "not_yet_due", 5),
        (63, 100, date(2026, 6, 30), "exceeded", None),
    ],
)
def test_a_target_ends(district: District, online: int, all_: int, today: date, end: End, short: float | None) -> None:
    found = judged(district, dossiers(online, all_), "online", today)

    assert (found.end, found.short_by) == (end, pytest.approx(short) if short else None)


def test_without_data_there_is_no_basis(district: District) -> None:
    assert judged(district, [], "online").end == "no_basis"
    assert judged(district, [], "online", date(2026, 3, 1)).end == "not_yet_due"


def test_wrong_data_is_neither_met_nor_missed(district: District) -> None:
    assert judged(district, filed("2026-03-31", "a", halls=8, wifi=9), "wifi").end == "data_wrong"


def test_a_share_says_what_the_rest_of_the_year_must_have(district: District) -> None:
    # Half of the year is over: of 100 dossiers 50 were online. For 60 % of 200, 70 of the next 100 must be.
    pace = judged(district, dossiers(50, 100), "online", date(2026, 7, 1)).pace

    assert pace is not None
    assert pace.elapsed == pytest.approx(0.5, abs=0.005)
    assert pace.needed == pytest.approx(70, abs=0.5)
    assert pace.forecast == 50


def test_a_count_says_how_many_a_month_are_needed(district: District) -> None:
    pace = judged(district, dossiers(30, 60), "received", date(2026, 7, 1)).pace

    assert pace is not None
    assert pace.needed == pytest.approx(10, abs=0.1)
    assert pace.forecast == pytest.approx(120, abs=1)


def test_a_plan_shows_what_was_reported_beside_what_was_computed(district: District) -> None:
    rows = [*dossiers(63, 100), *filed("2026-12-31", "a", halls=4, wifi=1, classes=3)]
    standing = Standing(district, rows, tallies())
    plan = standing.plan(district.plans[0], END)

    assert dict(plan.ends) == {"exceeded": 1, "not_met": 2}
    assert (plan.done, plan.reported) == (1, 3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"targets": [{**SAID["targets"][0], "figure": "no"}]}, "names 'no'"),  # type: ignore[dict-item]
        ({"targets": [{**SAID["targets"][0], "period": "soon"}]}, "is no period"),  # type: ignore[dict-item]
        ({"indicators": [*SAID["indicators"], SAID["indicators"][0]]}, "is there twice"),
    ],
)
def test_a_district_file_that_contradicts_itself_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        District.model_validate({**SAID, **change})
