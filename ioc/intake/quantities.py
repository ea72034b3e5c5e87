"""Names and units that devices use, and the fields of a reading that they fill."""

from collections.abc import Mapping
from dataclasses import dataclass


class Unfit(Exception):
    """This cannot become a reading; the message says why, without what was sent."""


#: The last part of a name, in lower case, and the field that it fills.
NAMES: Mapping[str, str] = {
    **dict.fromkeys(("temperature", "temp", "temp_c", "temperature_c", "t", "air_temperature"), "temperature_c"),
    **dict.fromkeys(("humidity", "hum", "hum_rh", "rh", "humidity_pct", "relative_humidity", "h"), "humidity_pct"),
    **dict.fromkeys(("wind", "wind_speed", "windspeed", "ws", "wind_kmh", "wind_ms"), "wind_kmh"),
    **dict.fromkeys(("rain", "rainfall", "rain_mm", "prec", "precipitation"), "rain_mm"),
    **dict.fromkeys(("smoke", "smoke_ppm"), "smoke_ppm"),
    **dict.fromkeys(("co", "co_ppm", "carbon_monoxide"), "co_ppm"),
    **dict.fromkeys(("battery", "battery_v", "vbat", "bat", "battery_voltage", "voltage"), "battery_v"),
}
#: Units of SenML, of devices' habits, and what they are in a reading's own: field, factor, offset. The field counts
#: where the name says none.
UNITS: Mapping[str, tuple[str, float, float]] = {
    "Cel": ("temperature_c", 1, 0),
    "K": ("temperature_c", 1, -273.15),
    "degF": ("temperature_c", 5 / 9, -160 / 9),
    "%RH": ("humidity_pct", 1, 0),
    "m/s": ("wind_kmh", 3.6, 0),
    "km/h": ("wind_kmh", 1, 0),
    "mm": ("rain_mm", 1, 0),
    "V": ("battery_v", 1, 0),
    "mV": ("battery_v", 0.001, 0),
    "ppm": ("", 1, 0),
    "ppb": ("", 0.001, 0),
    "%": ("humidity_pct", 1, 0),
}
#: Names that carry their unit themselves.
NAMED_UNITS: Mapping[str, str] = {"wind_ms": "m/s"}


MISFIT = "{} comes in a unit that does not fit it"


@dataclass(frozen=True)
class Measured:
    """One field of a reading with its value in the reading's unit."""

    field: str
    value: float


def measured(name: str, unit: str, value: float) -> Measured | None:
    """A value by its name and unit, in a reading's own unit; None for what stations' readings do not hold.

    Raises Unfit where the unit does not fit what the name says.
    """
    plain = name.lower().replace("-", "_")
    field = NAMES.get(plain)
    unit = unit or NAMED_UNITS.get(plain, "")
    if not unit:
        return Measured(field, value) if field else None
    if unit not in UNITS:
        if field is not None:
            raise Unfit(MISFIT.format(field))
        return None
    of, factor, offset = UNITS[unit]
    field = field or of
    if not field:
        return None
    gas = field in ("smoke_ppm", "co_ppm")
    if (of and of != field) or (not of and not gas):
        raise Unfit(MISFIT.format(field))
    return Measured(field, round(value * factor + offset, 6))
