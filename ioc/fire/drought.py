"""Indices that add dry days up: P of Phạm Ngọc Hưng, Nesterov's, days without rain; and Ångström's of one day.

P and Nesterov's are not the same: P multiplies by the saturation deficit in hPa, Nesterov's by the difference
to the dew point, and comes out about half as large. Bounds of one say nothing of the other.
"""

from typing import NamedTuple

from ioc.fire.weather import Weather, deficit_hpa, dew_point_c

#: No index comes near this: from here on, nothing bounds it. (A number, as states are saved as JSON.)
UNBOUNDED = 1e12


class Span(NamedTuple):
    """An index between its least and its greatest possible value: they part where rain, or a day, is not known."""

    low: float = 0.0
    high: float = 0.0

    @property
    def certain(self) -> bool:
        return self.low == self.high

    @property
    def bounded(self) -> bool:
        """Is there a greatest value?"""
        return self.high < UNBOUNDED

    @property
    def told(self) -> float:
        """The end that people are told: the greatest, for caution; the least, where nothing bounds it above."""
        return self.high if self.bounded else self.low


#: Rain has just fallen.
NONE = Span()
#: Nothing is known of the days before.
ANYTHING = Span(0.0, UNBOUNDED)


def p_index(before: Span, weather: Weather, rain_limit_mm: float) -> Span:
    """P of a day: t13 · d13 is added, unless more rain than the limit fell, which sets it to zero.

    Phạm Ngọc Hưng (1988), P = K · Σ t13 · d13. Rain of exactly the limit does not reset. With rain unknown P is
    anywhere from zero to what it would be without rain.
    """
    if weather.rain_mm is not None and weather.rain_mm > rain_limit_mm:
        return Span()
    added = max(0.0, weather.temperature_c * deficit_hpa(weather.temperature_c, weather.humidity_pct))
    return Span(0.0 if weather.rain_mm is None else before.low + added, before.high + added)


def dry_days(before: int, weather: Weather, rain_limit_mm: float) -> int:
    """Days since rain above the limit (số ngày khô hạn liên tục); rain that is not known does not end them."""
    return 0 if weather.rain_mm is not None and weather.rain_mm > rain_limit_mm else before + 1


def nesterov(before: float, weather: Weather, rain_limit_mm: float = 3.0) -> float:
    """Nesterov's index: (T − dew point) · T added while T > 0, zero after more than 3 mm of rain."""
    if weather.rain_mm is not None and weather.rain_mm > rain_limit_mm:
        return 0.0
    t = weather.temperature_c
    return before + (max(0.0, t - dew_point_c(t, weather.humidity_pct)) * t if t > 0 else 0.0)


def angstrom(weather: Weather) -> float:
    """Ångström's index: above 4 fire is unlikely, below 2 very likely (Chandler 1983)."""
    return weather.humidity_pct / 20 + (27 - weather.temperature_c) / 10
