"""What the stations send: a hot dry day, the fire of :mod:`ioc.demo.fire`, and a dying battery."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from ioc.demo.chance import Random, chance
from ioc.demo.fire import HEAT_BEHIND, PLUMES, WATCHED, smooth
from ioc.demo.times import Times, every, minutes
from ioc.events.base import AnyEvent, Event
from ioc.events.sensors import Reading

#: It measures the weather only: smoke and carbon monoxide are absent, never zero.
WEATHER_ONLY = "tram-khi-tuong-tra-my"
#: Its battery runs down in the morning; a ranger changes it in the afternoon.
DYING = "tram-tra-giap-thon-4"
DIES, REVIVES = "10:40", "16:30"
EVERY = minutes(5)
#: Before the day only a sign of life, more often than a station may be silent.
EVERY_BEFORE = minutes(25)


def events(times: Times, seed: int) -> Iterator[AnyEvent]:
    """All readings from the first day told to the end of the day."""
    for number, station in enumerate(times.district.stations):
        draw = chance(seed, "station", station.id)
        late = timedelta(seconds=7 * number + draw.randrange(7))
        for at in moments(times, station.id):
            if not (station.id == DYING and times.at(DIES) <= at < times.at(REVIVES)):
                yield reading(times, station.id, at + late, draw)


def moments(times: Times, station: str) -> Iterator[datetime]:
    """When a station measures: more often while there is smoke."""
    yield from every(times.begins, times.opens, EVERY_BEFORE)
    start, end = (times.at(clock) for clock in WATCHED)
    yield from every(times.opens, start, EVERY)
    yield from every(start, end, PLUMES[station].every if station in PLUMES else EVERY)
    yield from every(end, times.closes, EVERY)


def reading(times: Times, station: str, at: datetime, draw: Random) -> AnyEvent:
    """One reading; its chance is drawn in a fixed order, whatever the station measures."""
    local = times.district.local(at)
    hour = local.hour + local.minute / 60
    # Coolest at four, hottest at two: a cosine over the night and a faster one over the day.
    warm = math.cos((hour - 14) / 24 * 2 * math.pi) / 2 + 0.5
    afternoon = smooth((hour - 11) / 3) * (1 - smooth((hour - 17) / 3))
    temperature = 23 + 15 * warm + draw.gauss(0, 0.3)
    humidity = 92 - 50 * warm + draw.gauss(0, 1.2)
    wind = max(0.0, 4 + 6 * warm + 14 * afternoon + draw.gauss(0, 1.5))
    smoke, monoxide = 5 + 3 * abs(draw.gauss(0, 1)), 0.8 + 0.3 * abs(draw.gauss(0, 1))
    noise, battery = 1 + draw.gauss(0, 0.02), 12.6 + 0.8 * warm + draw.gauss(0, 0.03)
    if plume := PLUMES.get(station):
        heat = plume.share(times, at, HEAT_BEHIND)
        temperature += plume.heat_c * heat * noise
        humidity -= 0.4 * plume.heat_c * heat
        smoke += plume.smoke_ppm * plume.share(times, at) * noise
        monoxide += plume.co_ppm * plume.share(times, at) * noise
    if station == DYING and at < times.at(REVIVES):
        battery = 12.4 - 2.1 * smooth((at - times.at("02:00")) / timedelta(hours=9))
    weather_only = station == WEATHER_ONLY
    data = Reading(
        station=station,
        temperature_c=round(temperature, 1),
        humidity_pct=round(min(99.0, max(12.0, humidity)), 1),
        wind_kmh=round(wind, 1),
        rain_mm=0.0,
        smoke_ppm=None if weather_only else round(smoke, 1),
        co_ppm=None if weather_only else round(monoxide, 1),
        battery_v=round(battery, 2),
    )
    return Event(at, f"/stations/{station}", f"{at:%Y%m%dT%H%M%S}", data)
