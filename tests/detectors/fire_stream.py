"""A labelled stream of forest stations: weather, ordinary nuisances, fires, and every way in which stations fail.

Made from a seed. Fires and nuisances follow what such sensors are known to see; nothing here knows the detector.
Tune on seeds below 1000, report on seeds from 1000 on.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from ioc.events.base import AnyEvent, Event
from ioc.events.sensors import Reading

START = datetime(2026, 3, 1, 17, tzinfo=UTC)  # midnight in Vietnam
EVERY = timedelta(minutes=5)
PER_DAY = 288
FAILURES = (
    "dropout", "duplicate", "out_of_order", "stuck", "spike", "range", "wind_unit", "temperature_unit", "skew",
    "brown_out", "gauge", "count_reset",
)  # fmt: skip


@dataclass
class Fire:
    """A fire near one station: the sample from which its plume reaches the station, and until when."""

    station: str
    first: int
    last: int
    rise: float
    smoke: float
    co: float
    heat: float
    at: datetime = START


@dataclass
class Stream:
    """All that the stations send, in the order in which it arrives, and what is true."""

    events: list[AnyEvent] = field(default_factory=list)
    fires: list[Fire] = field(default_factory=list)
    station_days: int = 0


def stream(seed: int, stations: int = 20, days: int = 10, fires: int = 40) -> Stream:
    """``stations`` times ``days`` station-days with so many fires, no two at one station within half a day."""
    draw = Random(f"forest/{seed}")
    made = Stream(station_days=stations * days)
    names = [f"s{number:02}" for number in range(stations)]
    made.fires = _fires(draw, names, days, fires)
    arriving: list[tuple[datetime, str, AnyEvent]] = []
    for name in names:
        own = [fire for fire in made.fires if fire.station == name]
        arriving += _station(Random(f"forest/{seed}/{name}"), name, days, own)
    made.events = [event for _, _, event in sorted(arriving, key=lambda each: each[:2])]
    return made


def _fires(draw: Random, names: list[str], days: int, count: int) -> list[Fire]:
    found: list[Fire] = []
    while len(found) < count:
        name, first = draw.choice(names), draw.randrange(PER_DAY // 2, days * PER_DAY - 40)
        if any(fire.station == name and abs(fire.first - first) < PER_DAY // 2 for fire in found):
            continue
        near = draw.random()  # 0 far, 1 near
        found.append(
            Fire(
                name, first, first + draw.randrange(10, 36), rise=draw.uniform(1.0, 3.5),
                smoke=60 + 500 * near**2 + draw.uniform(0, 60), co=12 + 80 * near**2 + draw.uniform(0, 12),
                heat=1 + 30 * near**3, at=START + first * EVERY,
            )
        )  # fmt: skip
    return sorted(found, key=lambda fire: (fire.first, fire.station))


def _station(draw: Random, name: str, days: int, fires: list[Fire]) -> Iterator[tuple[datetime, str, AnyEvent]]:
    offset = timedelta(seconds=draw.randrange(60))
    warm, dust = draw.uniform(-2, 3), draw.uniform(2, 8)
    nuisances = [_nuisance(draw, days) for _ in range(days)]
    failures = [_failure(draw, days) for _ in range(max(1, days // 2))]
    fog = [draw.random() < 0.3 for _ in range(days + 1)]
    held: Reading | None = None
    for sample in range(days * PER_DAY):
        at = START + sample * EVERY + offset
        values = _weather(draw, sample, warm, dust, fog[sample // PER_DAY])
        for fire in fires:
            _burn(draw, values, fire, sample)
        for nuisance in nuisances:
            _disturb(values, nuisance, sample)
        failing = {kind for kind, first, last in failures if first <= sample < last}
        if "dropout" in failing and draw.random() < 0.7:
            continue
        values, held = _break(draw, values, failing, held, name)
        reading = Reading(station=name, **values)
        if "stuck" in failing:
            held = held or reading
        received, said = at + timedelta(seconds=draw.uniform(0.2, 1.5)), at
        if "out_of_order" in failing and draw.random() < 0.2:
            received += EVERY * draw.randrange(1, 4)
        if "skew" in failing:
            said = at  # as the gateway writes it: a clock that is off is not believed
        event: AnyEvent = Event(said, f"/stations/{name}", f"{sample:06}", reading)
        yield received, event.id + name, event
        if "duplicate" in failing and draw.random() < 0.3:
            yield received + timedelta(seconds=0.1), event.id + name, event


def _weather(draw: Random, sample: int, warm: float, dust: float, fog: bool) -> dict[str, float | None]:
    hour = sample % PER_DAY / 12
    day = math.cos((hour - 14) / 24 * 2 * math.pi) / 2 + 0.5
    night_fog = fog and (hour < 7.5 or hour > 23)
    humidity = 99.0 if night_fog else 95 - 48 * day + draw.gauss(0, 1.5)
    fog_smoke = 10 + 9 * math.sin(hour * 2.1) ** 2 if night_fog else 0.0
    return {
        "temperature_c": 22 + warm + 13 * day + draw.gauss(0, 0.4),
        "humidity_pct": humidity,
        "wind_kmh": max(0.0, 3 + 9 * day + draw.gauss(0, 2)),
        "rain_mm": 0.0,
        "smoke_ppm": dust + abs(draw.gauss(0, 1.5)) + fog_smoke,
        "co_ppm": 0.6 + abs(draw.gauss(0, 0.3)),
        "battery_v": 12.5 + 0.6 * day + draw.gauss(0, 0.03),
    }


def _burn(draw: Random, values: dict[str, float | None], fire: Fire, sample: int) -> None:
    """The plume: it swells within some samples, wavers with the wind, and drifts away afterwards."""
    if sample < fire.first:
        return
    grown = 1 - math.exp(-(sample - fire.first + 1) / fire.rise)
    gone = math.exp(-max(0, sample - fire.last) / 3)
    share = grown * gone * draw.uniform(0.55, 1.25)
    for quantity, most in (("smoke_ppm", fire.smoke), ("co_ppm", fire.co), ("temperature_c", fire.heat)):
        values[quantity] = (values[quantity] or 0.0) + most * share
    values["humidity_pct"] = max(5.0, (values["humidity_pct"] or 0.0) - fire.heat * share)


def _nuisance(draw: Random, days: int) -> tuple[str, int, int]:
    kind = draw.choice(("exhaust", "cooking", "dust", "gust"))
    first = draw.randrange(days * PER_DAY)
    return kind, first, first + {"exhaust": 1, "cooking": 6, "dust": 2, "gust": 1}[kind]


def _disturb(values: dict[str, float | None], nuisance: tuple[str, int, int], sample: int) -> None:
    kind, first, last = nuisance
    if not first <= sample < last:
        return
    for quantity, more in {
        "exhaust": (("co_ppm", 14.0), ("smoke_ppm", 3.0)),
        "cooking": (("smoke_ppm", 6.0), ("co_ppm", 1.5)),
        "dust": (("smoke_ppm", 18.0),),
        "gust": (("wind_kmh", 35.0), ("temperature_c", -2.0)),
    }[kind]:
        values[quantity] = (values[quantity] or 0.0) + more


def _failure(draw: Random, days: int) -> tuple[str, int, int]:
    first = draw.randrange(days * PER_DAY)
    return draw.choice(FAILURES), first, first + draw.randrange(12, 120)


def _break(
    draw: Random, values: dict[str, float | None], failing: set[str], held: Reading | None, name: str
) -> tuple[dict[str, float | None], Reading | None]:
    """What the station sends of what is true."""
    if "stuck" in failing and held is not None:
        quantity = ("temperature_c", "smoke_ppm", "co_ppm")[int(name[1:]) % 3]
        values[quantity] = getattr(held, quantity)
    elif held is not None:
        held = None
    if "spike" in failing and draw.random() < 0.1:
        quantity = draw.choice(("temperature_c", "smoke_ppm", "co_ppm"))
        values[quantity] = (values[quantity] or 0.0) + {"temperature_c": 25, "smoke_ppm": 150, "co_ppm": 60}[quantity]
    if "range" in failing and draw.random() < 0.5:
        values["temperature_c"] = draw.choice((-39.9, 85.0))
    if "wind_unit" in failing:
        values["wind_kmh"] = (values["wind_kmh"] or 0.0) / 3.6
    if "temperature_unit" in failing:
        values["temperature_c"] = (values["temperature_c"] or 0.0) * 1.8 + 32
    if "brown_out" in failing:
        values["battery_v"] = 10.1 + draw.gauss(0, 0.1)
        if draw.random() < 0.4:
            values["co_ppm"] = None
        if draw.random() < 0.3:
            values["smoke_ppm"] = 0.0
    if "gauge" in failing:
        values["rain_mm"] = 0.0
    bounds = {"humidity_pct": (3.0, 100.0), "smoke_ppm": (0.0, 9000.0), "co_ppm": (0.0, 1900.0)}
    for quantity, (low, high) in bounds.items():
        if (value := values[quantity]) is not None:
            values[quantity] = min(high, max(low, value))
    return {q: None if v is None else round(v, 1) for q, v in values.items()}, held
