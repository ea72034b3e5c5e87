"""Index P by hand-computed vectors, the other dry-day indices, and what is not known."""

import pytest

from ioc.fire.drought import ANYTHING, Span, angstrom, dry_days, nesterov, p_index
from ioc.fire.weather import Weather, deficit_hpa, dew_point_c, saturation_hpa

#: Temperature, humidity, rain of ten days.
DAYS = (
    (30, 60, 0), (32, 55, 0), (33, 50, 0.4), (34, 45, 4.9), (35, 40, 5.0),
    (31, 80, 5.1), (30, 70, 0), (33, 55, 7.0), (34, 50, 7.1), (33, 55, 0),
)  # fmt: skip
PRINTED = {
    3: (509.12, 1193.73, 2023.62, 0, 0, 0, 381.84, 0, 0, 746.90),
    5: (509.12, 1193.73, 2023.62, 3018.21, 4198.84, 0, 381.84, 0, 0, 746.90),
    6: (509.12, 1193.73, 2023.62, 3018.21, 4198.84, 4477.35, 4859.19, 0, 0, 746.90),
    7: (509.12, 1193.73, 2023.62, 3018.21, 4198.84, 4477.35, 4859.19, 5606.09, 0, 746.90),
}


def dry(temperature: float, humidity: float, rain: float | None = 0.0) -> Weather:
    return Weather(temperature, humidity, 10.0, rain)


@pytest.mark.parametrize("limit", PRINTED)
def test_p_is_as_printed_for_every_rain_limit(limit: int) -> None:
    p, found = Span(), list[float]()
    for day in DAYS:
        p = p_index(p, dry(*day), limit)
        assert p.certain
        found.append(p.told)

    assert found == pytest.approx(PRINTED[limit], abs=0.01)


def test_vapour_pressure_is_that_of_the_vectors() -> None:
    told = {20: 23.3809, 30: 42.4263, 32: 47.5427, 35: 56.2206, 40: 73.7472}

    assert {t: round(saturation_hpa(t), 4) for t in told} == told
    assert deficit_hpa(32, 55) == pytest.approx(21.3942, abs=1e-4)


def test_rain_that_is_not_known_is_not_no_rain() -> None:
    p = p_index(p_index(Span(), dry(33, 50), 5), dry(33, 50, None), 5)

    assert (p.low, p.high) == pytest.approx((0, 2 * 829.9), abs=0.1)
    assert not p.certain
    assert p.told == p.high
    assert p_index(p, dry(30, 90, 20.0), 5) == Span(0, 0)


def test_after_days_that_are_lost_p_is_at_least_what_came_since() -> None:
    p = p_index(ANYTHING, dry(33, 50), 5)

    assert not p.bounded
    assert p.told == p.low == pytest.approx(829.9, abs=0.1)
    assert p_index(p, dry(30, 90, 20.0), 5).certain


def test_frost_takes_nothing_away() -> None:
    assert p_index(Span(100, 100), dry(-5, 40), 5) == Span(100, 100)


def test_dry_days_are_ended_by_rain_above_the_limit_only() -> None:
    assert [dry_days(4, dry(30, 60, rain), 5) for rain in (0.0, 5.0, 5.1, None)] == [5, 5, 0, 5]


def test_nesterov_is_not_p() -> None:
    told = {(30, 60): 258.9, (33, 50): 390.5, (36, 40): 567.3}

    assert {key: nesterov(0.0, dry(*key)) for key in told} == pytest.approx(told, rel=5e-3)
    assert nesterov(500.0, dry(30, 60, 3.0)) > 500
    assert nesterov(500.0, dry(30, 60, 3.1)) == 0
    assert nesterov(500.0, dry(-2, 60)) == 500
    assert dew_point_c(30, 100) == pytest.approx(30)


def test_angstrom_is_as_printed() -> None:
    told = {(30, 60): 2.7, (33, 50): 1.9, (36, 40): 1.1}

    assert {key: angstrom(dry(*key)) for key in told} == pytest.approx(told)
