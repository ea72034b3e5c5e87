"""Figures of tallies and returns: not filed is not zero, the newest stock counts, a share above one is wrong."""

import pytest

from ioc.cli.counted import tallies
from ioc.district import District
from ioc.office.periods import BY_CALENDAR, period
from ioc.office.shares import Row
from ioc.targets.figure import Computed
from ioc.targets.standing import Standing
from tests.ioc.targets.conftest import SAID, counted, filed


def figure(district: District, rows: list[Row], id_: str, over: str = "2026") -> Computed:
    return Standing(district, rows, tallies()).figure(id_, period(over, BY_CALENDAR))


def test_what_nobody_filed_has_no_value(district: District) -> None:
    found = figure(district, filed("2025-12-31", "a", halls=5, wifi=5), "wifi")

    assert found.value is None
    assert found.missing == ("a", "b")


def test_a_commune_that_has_not_filed_is_named_and_is_not_zero(district: District) -> None:
    found = figure(district, filed("2026-03-31", "a", halls=5, wifi=2), "wifi")

    assert (found.value, found.missing, found.expected) == (40, ("b",), 2)
    assert found.origins == {"return"}


def test_a_filed_zero_is_zero(district: District) -> None:
    rows = filed("2026-03-31", "a", halls=5, wifi=0) + filed("2026-03-31", "b", halls=5, wifi=0)

    assert (figure(district, rows, "wifi").value, figure(district, rows, "wifi").missing) == (0, ())


def test_of_a_stock_the_newest_counts_and_flows_add_up(district: District) -> None:
    rows = filed("2026-03-31", "a", halls=5, wifi=1, classes=2) + filed("2026-06-30", "a", halls=5, wifi=4, classes=3)

    assert figure(district, rows, "wifi").value == 80
    assert figure(district, rows, "classes").value == 5


def test_decimals_are_kept(district: District) -> None:
    assert figure(district, filed("2026-03-31", "500", score=8705), "score").value == 87.05


def test_a_share_above_one_is_wrong(district: District) -> None:
    found = figure(district, filed("2026-03-31", "a", halls=8, wifi=9), "wifi")

    assert found.wrong
    assert "ratio" in found.doubts


def test_a_value_that_was_doubted_makes_the_figure_wrong_until_it_is_set_right(district: District) -> None:
    rows = filed("2026-03-31", "a", halls=8, wifi=7)
    doubted = counted("returns_doubted", "2026-03-31", "wifi", "a", "unit")
    set_right = counted("returns_doubted", "2026-03-31", "wifi", "a", "unit", value=-1)

    assert figure(district, [*rows, doubted], "wifi").wrong
    assert not figure(district, [*rows, doubted, set_right], "wifi").wrong


def test_the_districts_own_desk_is_not_a_commune(district: District) -> None:
    rows = [
        counted("dossiers_received", "2026-01-05", "a", "online", "full", value=3),
        counted("dossiers_received", "2026-01-05", "b", "in_person", "full", value=1),
        counted("dossiers_received", "2026-01-05", "500", "in_person", "full", value=100),
    ]
    found = figure(district, rows, "online")

    assert (found.numerator, found.denominator, found.origins) == (3, 4, frozenset({"events"}))


def test_a_mean_is_of_the_months_of_its_period(district: District) -> None:
    rows = [counted("meetings_held", f"2026-0{month}-10", "yes", value=4) for month in range(1, 10)]

    assert figure(district, rows, "a_month", "2026-9M").value == 4


@pytest.mark.parametrize("part", [{"tally": "no_such"}, {"tally": "dossiers_received", "where": {"no_such": ["x"]}}])
def test_a_tally_that_nobody_counts_is_said(part: dict[str, object]) -> None:
    said = {**SAID, "figures": [{"id": "f", "name": "f", "name_en": "f", "of": [part]}], "targets": []}

    with pytest.raises(ValueError, match=r"\[\[figures\]\] 'f' counts"):
        Standing(District.model_validate(said), [], tallies())
