"""The weather that fire danger is rated by: one reading a day, at 13:00 local time."""

from typing import NamedTuple


class Weather(NamedTuple):
    """A day's reading at 13:00 and the rain of the 24 hours before it. What is not known is None, never zero."""

    temperature_c: float
    humidity_pct: float
    wind_kmh: float | None
    rain_mm: float | None


def saturation_hpa(temperature_c: float) -> float:
    """Saturation vapour pressure over water, hPa (Magnus; the constants that the published vectors use)."""
    return float(6.1078 * 10 ** (7.5 * temperature_c / (237.3 + temperature_c)))


def deficit_hpa(temperature_c: float, humidity_pct: float) -> float:
    """Saturation deficit (độ chênh lệch bão hòa), hPa."""
    return saturation_hpa(temperature_c) * (1 - humidity_pct / 100)


def dew_point_c(temperature_c: float, humidity_pct: float) -> float:
    """Dew point, °C, by the same constants; the air is taken to hold at least 0.1 % of its water."""
    from math import log10

    ratio = log10(saturation_hpa(temperature_c) * max(humidity_pct, 0.1) / 100 / 6.1078)
    return 237.3 * ratio / (7.5 - ratio)
