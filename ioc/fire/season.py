"""Danger day after day at one place: what a day hands to the next, with gaps stated and never guessed.

A day without a reading breaks what is added up: afterwards P is at least what the days since then give, and
the Canadian codes begin again at their start values. A rule that is declared (``bridge_days``) may carry over
single days instead: the last reading again, with the rain unknown.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from ioc.fire import drought, fwi
from ioc.fire.drought import ANYTHING, Span
from ioc.fire.fwi import Codes, Indices
from ioc.fire.levels import Level
from ioc.fire.tables import NotCovered, Table
from ioc.fire.weather import Weather
from ioc.text import Text


@dataclass(frozen=True)
class Rules:
    """How a place is rated. ``rain_limit_mm`` overrides the table's; ``start_p`` is P before the first day."""

    table: Table
    latitude: float
    zone: str | None = None
    rain_limit_mm: float | None = None
    start: Codes = fwi.START
    start_p: Span = drought.NONE
    bridge_days: int = 0

    def rain_limit(self, day: date) -> float:
        """Rain above which P begins anew on that day. Raises NotCovered."""
        return self.table.rain_limit(self.zone, day) if self.rain_limit_mm is None else self.rain_limit_mm


class Carried(NamedTuple):
    """What a day hands to the next. ``p`` is None while no table covers the days."""

    day: date
    codes: Codes | None = None
    p: Span | None = None
    dry_days: int = 0
    missing: int = 0
    last: Weather | None = None


class Rated(NamedTuple):
    """A day's rating. ``weather`` is what it was rated by, None where the day is missing."""

    day: date
    weather: Weather | None
    bridged: bool
    restarted: bool
    p: Span | None
    level: Level | None
    dry_days: int
    indices: Indices | None
    refused: Text | None

    @property
    def certain(self) -> bool:
        """Is P exact: is every day since the last reset known, with its rain?"""
        return self.p is not None and self.p.certain


def rate(rules: Rules, before: Carried | None, day: date, reading: Weather | None) -> tuple[Carried, Rated]:
    """One day's step. ``before`` must be of the day before; None: nothing came before."""
    last = before.last if before else None
    missing = 0 if reading else (before.missing if before else 0) + 1
    bridged = reading is None and last is not None and missing <= rules.bridge_days
    weather = last._replace(rain_mm=None) if bridged and last is not None else reading
    if weather is not None and weather.wind_kmh is None and last is not None and rules.bridge_days:
        weather = weather._replace(wind_kmh=last.wind_kmh)
    codes, restarted = _codes(rules, before, day, weather)
    p, dry, refused = _p(rules, before, day, weather)
    carried = Carried(day, codes, p, dry, missing, weather if reading else last)
    indices = fwi.indices(codes, weather.wind_kmh or 0.0) if codes and weather else None
    level = rules.table.level(p.told) if p is not None and weather is not None else None
    return carried, Rated(day, weather, bridged, restarted, p, level, dry, indices, refused)


def _codes(rules: Rules, before: Carried | None, day: date, weather: Weather | None) -> tuple[Codes | None, bool]:
    """The Canadian codes, unknown rain taken as none; and whether they begin again after a gap."""
    if weather is None or weather.wind_kmh is None:
        return None, False
    known = before.codes if before else None
    t, rh, wind, rain = weather
    assert wind is not None
    codes = fwi.advance(known or rules.start, t, rh, wind, rain or 0.0, day.month, rules.latitude)
    return codes, known is None and before is not None


def _p(
    rules: Rules, before: Carried | None, day: date, weather: Weather | None
) -> tuple[Span | None, int, Text | None]:
    """P, days without rain, and why the table refuses the day."""
    try:
        limit = rules.rain_limit(day)
    except NotCovered as reason:
        return None, 0, reason.why
    if weather is None:
        return ANYTHING, before.dry_days + 1 if before else 1, None
    known = before.p if before and before.p is not None else rules.start_p
    return (
        drought.p_index(known, weather, limit),
        drought.dry_days(before.dry_days if before else 0, weather, limit),
        None,
    )


def days(rules: Rules, readings: dict[date, Weather]) -> list[Rated]:
    """Every day from the first reading to the last, the missing ones too."""
    if not readings:
        return []
    day, end, carried, rated = min(readings), max(readings), None, []
    while day <= end:
        carried, today = rate(rules, carried, day, readings.get(day))
        rated.append(today)
        day += timedelta(days=1)
    return rated
