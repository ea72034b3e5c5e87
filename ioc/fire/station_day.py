"""What a station gave of one day: the reading nearest to noon, and the rain of the 24 hours before it, by slots."""

from datetime import date, timedelta
from typing import NamedTuple

from ioc.events.sensors import Reading

#: Rain is heard in slots of so long: a late reading counts where nothing was heard before.
SLOT = timedelta(minutes=5)
SLOTS, SLOTS_AN_HOUR = 288, 12
ALL_HEARD = "all"


class Window(NamedTuple):
    """One day: its reading (``away``: seconds from noon), and the rain of the 24 hours before noon by slots heard."""

    day: date
    temperature_c: float | None = None
    humidity_pct: float | None = None
    wind_kmh: float | None = None
    away: int | None = None
    rain_mm: float = 0.0
    heard: str = "0"
    soaked_hours: int = 0

    def nearer(self, reading: Reading, away: timedelta) -> "Window":
        """The day with this reading as its noon, if it is nearer to noon than the one there is."""
        t, rh = reading.temperature_c, reading.humidity_pct
        seconds = round(abs(away.total_seconds()))
        if t is None or rh is None or not -10 <= t <= 55:
            return self
        if self.away is not None and self.away <= seconds:
            return self
        return self._replace(temperature_c=t, humidity_pct=rh, wind_kmh=reading.wind_kmh, away=seconds)

    def rained(self, reading: Reading, until: timedelta, soaked: bool, late: bool) -> "Window":
        """The day with this reading's rain, so long ``until`` the noon that ends it; ``soaked``: the air was."""
        if reading.rain_mm is None or self.heard == ALL_HEARD:
            return self
        slot = SLOTS - 1 - min(SLOTS - 1, until // SLOT)
        heard = int(self.heard, 16)
        if heard >> slot & 1 and (late or not reading.rain_mm):
            return self
        hour = (2**SLOTS_AN_HOUR - 1) << slot // SLOTS_AN_HOUR * SLOTS_AN_HOUR
        return self._replace(
            rain_mm=round(self.rain_mm + reading.rain_mm, 3),
            heard=f"{heard | 1 << slot:x}",
            soaked_hours=self.soaked_hours + (soaked and not heard & hour),
        )

    @property
    def hours(self) -> int:
        """In how many of the day's hours was the gauge heard?"""
        if self.heard == ALL_HEARD:
            return 24
        heard, hour = int(self.heard, 16), 2**SLOTS_AN_HOUR - 1
        return sum(1 for number in range(24) if heard >> number * SLOTS_AN_HOUR & hour)

    def over(self) -> "Window":
        """The day as it is kept when it is over: shorter, where every hour was heard."""
        return self._replace(heard=ALL_HEARD) if self.hours == 24 else self
