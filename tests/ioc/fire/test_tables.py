"""Tables of levels: what they say, what they refuse, and why."""

from datetime import date
from pathlib import Path

import pytest

from ioc.fire.tables import BadTable, NotCovered, load, shipped

HUE = load("thua_thien_hue_33_2022")
OWN = """
id = "own"
name = "Của tỉnh"
name_en = "A province's own"
status = "official"
authority = "UBND tỉnh"
decision_no = "1/2026"
valid_from = 2026-02-01
bounds = [1000, 2000, 3000, 4000]
[[zones]]
id = "1"
rain_limit_mm = { 2 = 6, 3 = 6 }
"""


@pytest.mark.parametrize(
    ("p", "roman"),
    [(0, "I"), (5000, "I"), (5000.4, "II"), (10_000, "II"), (10_001, "III"), (15_001, "IV"), (20_000, "IV"),
     (20_000.1, "V"), (90_000, "V")],
)  # fmt: skip
def test_bounds_belong_to_the_lower_level(p: float, roman: str) -> None:
    assert HUE.level(p).roman == roman


def test_rain_limits_are_those_of_the_decision() -> None:
    months = range(3, 10)

    assert [HUE.rain_limit("1", date(2024, month, 1)) for month in months] == [5, 7, 7, 10, 10, 10, 5]
    assert [HUE.rain_limit("2", date(2024, month, 1)) for month in months] == [5, 6.5, 6.5, 7.1, 7.1, 7.1, 5]


@pytest.mark.parametrize(
    ("zone", "month", "why"),
    [("1", 2, "month 2"), ("2", 10, "month 10"), ("3", 4, "incomplete"), ("9", 4, "no zone 9"),
     (None, 4, "several zones")],
)  # fmt: skip
def test_what_the_decision_does_not_say_is_refused_with_the_reason(zone: str | None, month: int, why: str) -> None:
    with pytest.raises(NotCovered, match=why) as refused:
        HUE.rain_limit(zone, date(2024, month, 1))

    assert "bảng thua_thien_hue_33_2022" in refused.value.why.vi


def test_only_a_decision_calls_itself_official() -> None:
    for name in shipped():
        table = load(name)
        assert (table.status == "official") == bool(table.decision_no)
    assert load("tham_khao").basis.vi.startswith("tham khảo")


def test_a_table_of_ones_own_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN, "utf-8")
    table = load(str(file))

    assert table.level(2500).roman == "III"
    assert table.rain_limit(None, date(2026, 2, 1)) == 6
    with pytest.raises(NotCovered, match="not in force"):
        table.rain_limit(None, date(2026, 1, 31))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[1000, 2000, 3000, 4000]", "[1000, 900, 3000, 4000]", "bounds must grow"),
        ('decision_no = "1/2026"', "", "names its authority"),
        ("2 = 6", "13 = 6", "rain_limit_mm"),
        ('status = "official"', 'status = "sure"', "status"),
        ("id = ", "id = = ", "not TOML"),
    ],
)
def test_a_bad_table_is_told_with_place_and_cure(tmp_path: Path, old: str, new: str, why: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace(old, new), "utf-8")

    with pytest.raises(BadTable, match=why):
        load(str(file))


def test_a_table_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(BadTable, match="tham_khao"):
        load("nowhere")
