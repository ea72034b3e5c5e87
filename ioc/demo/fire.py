"""The fire: a burnt slope above Trà Đốc seen by three stations down the dry west wind.

Smoke and carbon monoxide come first, heat behind them. It starts at 13:30 and is under control at 15:00.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ioc.demo.times import Times, minutes

STARTS, CONTROLLED = "13:30", "15:00"
#: From the first smoke until the slope has cooled: the stations send more often.
WATCHED = ("13:30", "16:30")


@dataclass(frozen=True)
class Plume:
    """What reaches one station: how late, how slowly, and how much of it at the worst."""

    delay: timedelta
    rise: timedelta
    heat_c: float
    smoke_ppm: float
    co_ppm: float
    every: timedelta

    def share(self, times: Times, at: datetime, behind: timedelta = timedelta(0)) -> float:
        """How much of the worst is there at ``at``: up with the fire, down once it is under control."""
        grown = smooth((at - times.at(STARTS) - self.delay - behind) / self.rise)
        gone = smooth((at - times.at(CONTROLLED) - self.delay / 2) / minutes(50))
        return grown * (1 - gone)


#: Only the first two are near enough to ring; the first alone by carbon monoxide.
PLUMES = {
    "tram-tra-doc-thon-2": Plume(minutes(6), minutes(14), 36, 320, 82, minutes(0.5)),
    "tram-tra-doc-thon-3": Plume(minutes(16), minutes(16), 30, 210, 34, minutes(0.5)),
    "tram-tra-tan-thon-1": Plume(minutes(30), minutes(25), 0.5, 26, 4, minutes(1)),
}
#: Heat follows smoke by this much.
HEAT_BEHIND = minutes(3)


def smooth(part: float) -> float:
    """From 0 to 1 without corners."""
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)
