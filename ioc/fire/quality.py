"""Quality control of one station's readings: what is doubtful is flagged, never dropped.

Ranges and steps after WMO's guidance (Zahumenský, *Guidelines on Quality Control Procedures for
Data from Automatic Weather Stations*, 2004); those of gas sensors are of our own. A fire breaks the step test too,
so a flag alone decides nothing: see ``detectors/fire_sensor.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from ioc.events.sensors import Reading
from ioc.text import Text

Quantity = Literal["temperature_c", "humidity_pct", "wind_kmh", "smoke_ppm", "co_ppm", "battery_v"]
Flag = Literal["range", "step", "stuck", "low", "unit"]


@dataclass(frozen=True)
class Limits:
    """What one quantity can be: range, and greatest step between readings."""

    low: float
    high: float
    step: float
    #: A value at which standing still is natural: soaked air, no wind, no gas.
    rests_at: tuple[float, float] = (1.0, -1.0)

    def rests(self, value: float) -> bool:
        """Is it natural that it stands still here?"""
        return self.rests_at[0] <= value <= self.rests_at[1]


LIMITS: Mapping[Quantity, Limits] = {
    "temperature_c": Limits(-10, 55, 3),
    "humidity_pct": Limits(3, 100, 15, (97, 100)),
    "wind_kmh": Limits(0, 270, 72, (0, 2)),
    "smoke_ppm": Limits(0, 10_000, 30, (0, 10)),
    "co_ppm": Limits(0, 2_000, 10, (0, 3)),
    "battery_v": Limits(1, 60, 60),
}
NAMES: Mapping[Quantity, Text] = {
    "temperature_c": Text("nhiệt độ", "temperature"),
    "humidity_pct": Text("độ ẩm", "humidity"),
    "wind_kmh": Text("gió", "wind"),
    "smoke_ppm": Text("khói", "smoke"),
    "co_ppm": Text("khí CO", "carbon monoxide"),
    "battery_v": Text("pin", "battery"),
}
WORDS: Mapping[Flag, Text] = {
    "range": Text("ngoài khoảng có thể đo", "outside what can be measured"),
    "step": Text("nhảy bậc", "jumps"),
    "stuck": Text("đứng yên", "stands still"),
    "unit": Text("như đo bằng đơn vị khác (°F)", "as if in another unit (°F)"),
    "low": Text("yếu", "low"),
}
#: Standing still for so long, over so many readings, is a fault.
STUCK_AFTER, STUCK_READINGS = timedelta(hours=1), 6
#: What jumps between two readings that lie further apart may have moved.
STEP_WITHIN = timedelta(minutes=15)
#: A value that moves less than this does not move.
MOVES = 0.05
#: A battery that has lost so much of its best is about to fail.
BATTERY_LOST = 0.15


class Track(NamedTuple):
    """One quantity so far: its newest value, since when it has not moved, over how many readings, its best."""

    value: float
    at: datetime
    since: datetime
    anchor: float
    readings: int
    best: float


def check(tracks: dict[Quantity, Track], reading: Reading, at: datetime) -> dict[Quantity, Flag]:
    """The doubtful quantities of a reading, against what came before; ``tracks`` are brought up to date."""
    flags: dict[Quantity, Flag] = {}
    for quantity, limits in LIMITS.items():
        value: float | None = getattr(reading, quantity)
        if value is None:
            continue
        before = tracks.get(quantity)
        best = value if before is None or value > before.best else before.best
        if before is None or abs(value - before.anchor) >= MOVES:
            after = Track(value, at, at, value, 1, best)
        else:
            after = Track(value, at, before.since, before.anchor, before.readings + 1, best)
        tracks[quantity] = after
        if not limits.low <= value <= limits.high:
            flags[quantity] = "range"
        elif quantity == "battery_v":
            if value < best * (1 - BATTERY_LOST):
                flags[quantity] = "low"
        elif before is not None and abs(value - before.value) > limits.step and at - before.at <= STEP_WITHIN:
            flags[quantity] = "step"
        elif after.readings >= STUCK_READINGS and at - after.since >= STUCK_AFTER and not limits.rests(value):
            flags[quantity] = "stuck"
    return flags
