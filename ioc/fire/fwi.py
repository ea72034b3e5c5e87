"""The Canadian Fire Weather Index system: three moisture codes, and what follows from them.

After Van Wagner, *Development and structure of the Canadian Forest Fire Weather Index System* (1987), and Van
Wagner & Pickett (1985). The constant k is 250 · 59.5 / 101, so that code and moisture are each other's inverse;
with the printed 147.2 the FFMC of constant weather creeps upward for ever. Day lengths follow Lawson & Armitage
(2008): DMC's change at 10° and 30° north, DC's at 20°. Tables for the south are not held here.
"""

from math import exp, log, sqrt
from typing import NamedTuple

K = 250 * 59.5 / 101
#: Hours of effective day by month, for DMC: from 30° north, in the tropics, near the equator.
DMC_DAY_NORTH = (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0)
DMC_DAY_TROPICS = (7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8)
DMC_DAY_EQUATOR = (9.0,) * 12
#: Day length adjustment by month, for DC: from 20° north, and south of it.
DC_DAY_NORTH = (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6)
DC_DAY_TROPICS = (1.4,) * 12
#: The rule of latitudes, as it is told beside every result.
LATITUDE_RULE = "day length: DMC changes at 10°N and 30°N, DC at 20°N (Lawson & Armitage 2008)"


class Codes(NamedTuple):
    """Moisture of fine fuel, of duff, and deep drought: what one day hands to the next."""

    ffmc: float = 85.0
    dmc: float = 6.0
    dc: float = 15.0


class Indices(NamedTuple):
    """A day's codes and the four indices that follow from them."""

    ffmc: float
    dmc: float
    dc: float
    isi: float
    bui: float
    fwi: float
    dsr: float


#: The usual start of a season.
START = Codes()


def advance(
    codes: Codes,
    temperature_c: float,
    humidity_pct: float,
    wind_kmh: float,
    rain_mm: float,
    month: int,
    latitude: float,
) -> Codes:
    """The codes of a day from those of the day before and the weather at 13:00.

    Raises ValueError for a latitude south of the equator.
    """
    if latitude < 0:
        raise ValueError("latitude must be north of the equator: day lengths of the south are not held")
    humidity = min(humidity_pct, 99.9999)
    return Codes(
        fine_fuel(codes.ffmc, temperature_c, humidity, wind_kmh, rain_mm),
        duff(codes.dmc, temperature_c, humidity, rain_mm, dmc_day(latitude)[month - 1]),
        drought(codes.dc, temperature_c, rain_mm, dc_day(latitude)[month - 1]),
    )


def dmc_day(latitude: float) -> tuple[float, ...]:
    """Effective day lengths for DMC at a latitude."""
    return DMC_DAY_NORTH if latitude > 30 else DMC_DAY_TROPICS if latitude > 10 else DMC_DAY_EQUATOR


def dc_day(latitude: float) -> tuple[float, ...]:
    """Day length adjustments for DC at a latitude."""
    return DC_DAY_NORTH if latitude > 20 else DC_DAY_TROPICS


def moisture(ffmc: float) -> float:
    """Moisture content of fine fuel, % of dry weight, for a code."""
    return K * (101 - ffmc) / (59.5 + ffmc)


def fine_fuel(before: float, temperature: float, humidity: float, wind: float, rain: float) -> float:
    """FFMC: moisture of litter and other fine fuel."""
    m = moisture(before)
    if rain > 0.5:
        m = _wetted(m, rain - 0.5)
    share, warm = humidity / 100, 0.18 * (21.1 - temperature) * (1 - exp(-0.115 * humidity))
    damp = exp((humidity - 100) / 10)
    drying = 0.942 * humidity**0.679 + 11 * damp + warm
    wetting = 0.618 * humidity**0.753 + 10 * damp + warm
    if m > drying:
        m = drying + (m - drying) * 10 ** -_rate(share, wind, temperature)
    elif m < wetting:
        m = wetting - (wetting - m) * 10 ** -_rate(1 - share, wind, temperature)
    return min(max(59.5 * (250 - m) / (K + m), 0.0), 101.0)


def _wetted(m: float, rain: float) -> float:
    wet = 42.5 * rain * exp(-100 / (251 - m)) * (1 - exp(-6.93 / rain))
    if m > 150:
        wet += 0.0015 * (m - 150) ** 2 * sqrt(rain)
    return min(m + wet, 250.0)


def _rate(share: float, wind: float, temperature: float) -> float:
    """Log rate of drying at relative humidity ``share``, or of wetting at one less it."""
    still = 0.424 * (1 - share**1.7) + 0.0694 * sqrt(wind) * (1 - share**8)
    return float(still * 0.581 * exp(0.0365 * temperature))


def duff(before: float, temperature: float, humidity: float, rain: float, day: float) -> float:
    """DMC: moisture of loosely compacted duff."""
    if rain > 1.5:
        m = 20 + 280 / exp(0.023 * before)
        m += 1000 * (0.92 * rain - 1.27) / (48.77 + _slope(before) * (0.92 * rain - 1.27))
        before = max(0.0, 43.43 * (5.6348 - log(m - 20)))
    return before + 1.894 * (max(temperature, -1.1) + 1.1) * (100 - humidity) * day * 1e-4


def _slope(dmc: float) -> float:
    if dmc <= 33:
        return 100 / (0.5 + 0.3 * dmc)
    return 14 - 1.3 * log(dmc) if dmc <= 65 else 6.2 * log(dmc) - 17.2


def drought(before: float, temperature: float, rain: float, day: float) -> float:
    """DC: moisture of deep, compact organic matter."""
    if rain > 2.8:
        before = max(0.0, before - 400 * log(1 + 3.937 * (0.83 * rain - 1.27) / (800 * exp(-before / 400))))
    return before + max(0.0, (0.36 * (max(temperature, -2.8) + 2.8) + day) / 2)


def indices(codes: Codes, wind_kmh: float) -> Indices:
    """Initial spread, build-up, fire weather and daily severity, from a day's codes and its wind."""
    isi, bui = spread(codes.ffmc, wind_kmh), build_up(codes.dmc, codes.dc)
    intensity = fire_weather(isi, bui)
    return Indices(*codes, isi, bui, intensity, 0.0272 * intensity**1.77)


def spread(ffmc: float, wind: float) -> float:
    """ISI."""
    m = moisture(ffmc)
    return float(0.208 * exp(0.05039 * wind) * 91.9 * exp(-0.1386 * m) * (1 + m**5.31 / 4.93e7))


def build_up(dmc: float, dc: float) -> float:
    """BUI."""
    if dmc == dc == 0:
        return 0.0
    mean = 0.8 * dc * dmc / (dmc + 0.4 * dc)
    if mean >= dmc:
        return mean
    return float(max(0.0, dmc - (1 - 0.8 * dc / (dmc + 0.4 * dc)) * (0.92 + (0.0114 * dmc) ** 1.7)))


def fire_weather(isi: float, bui: float) -> float:
    """FWI."""
    fuel = 0.626 * bui**0.809 + 2 if bui <= 80 else 1000 / (25 + 108.64 * exp(-0.023 * bui))
    b = 0.1 * isi * fuel
    return float(b if b <= 1 else exp(2.72 * (0.434 * log(b)) ** 0.647))
