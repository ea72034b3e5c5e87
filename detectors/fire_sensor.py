"""A station's own opinion on fire, from several quantities over time; and whether the station is well.

For the duty ranger, through ``fire``, which weighs it together with other signs. Smoke, carbon monoxide, heat and
dryness are each held against what is usual at this station at this time of day; what exceeds it adds up over
readings, fast where several quantities agree, slowly where one stands alone, and drains away when it is gone
(hysteresis). Doubtful values are flagged: one that jumps or stands still counts for nothing alone, but a station
that smokes while its temperature breaks the step test is a fire. Optical smoke sensors take fog for smoke: in
soaked air smoke alone hardly counts.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from math import floor
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from ioc.alerts.alert import Evidence, Words2
from ioc.alerts.kind import FOREST_MODULE, AlertKind
from ioc.detector import Detector, Emit, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District, Duration, Station
from ioc.events.base import AnyEvent, Moment
from ioc.events.forest import FIRE_SIGNS, FireSign
from ioc.events.sensors import Reading
from ioc.fire.quality import NAMES, WORDS, Flag, Quantity, Track, check
from ioc.folds import STATION
from ioc.text import Text, number

Strength = Literal["calm", "weak", "firm"]
UNITS: Mapping[Quantity, str] = {"smoke_ppm": "ppm", "co_ppm": "ppm", "temperature_c": "°C", "humidity_pct": "%"}


class Sense(NamedTuple):
    """How a quantity speaks of fire: the least excess that counts once, its direction, and how fast usual moves."""

    excess: float
    sign: int
    usual: timedelta
    most_usual: float
    gas: bool = False


SENSES: Mapping[Quantity, Sense] = {
    "smoke_ppm": Sense(12.0, 1, timedelta(hours=3), 25.0, gas=True),
    "co_ppm": Sense(5.0, 1, timedelta(hours=3), 4.0, gas=True),
    "temperature_c": Sense(4.0, 1, timedelta(hours=1), 45.0),
    "humidity_pct": Sense(12.0, -1, timedelta(hours=1), 100.0),
}
#: One quantity says at most so much in one reading; alone, so much of it counts, and more where no other is measured.
MOST, ALONE, ALONE_WITHOUT = 3.0, 0.34, 0.6
#: Of the evidence before, so much is kept at each reading that tells; half at one that does not.
KEPT = 0.8
#: Noise of a quantity is usual up to so many mean deviations.
DEVIATIONS = 4.0
#: Readings so near to the usual temperature in °F are that, °F.
FAHRENHEIT_WITHIN = 15.0
#: In air this damp, smoke alone counts for so little.
FOG_PCT, FOG_COUNTS = 93.0, 0.2


class FirePolicy(Params):
    """When a station speaks of fire."""

    firm: Annotated[float, Field(gt=0, description="evidence from which it speaks for itself")] = 4.0
    at_once: Annotated[float, Field(gt=0, description="evidence of a single reading that needs no second")] = 6.0
    weak: Annotated[float, Field(gt=0, description="evidence that counts beside another sign")] = 2.0
    clear: Annotated[float, Field(gt=0, description="evidence below which it is over")] = 1.0
    burning_c: Annotated[float, Field(description="no weather is as hot as this, °C")] = 57.0
    reach_m: Annotated[float, Field(gt=0, description="a fire that it notices may be so far away, m")] = 2500.0
    lasts: Annotated[Duration, Field(description="its word counts for so long")] = timedelta(hours=2)


FAULTY = AlertKind(
    "station_faulty",
    FOREST_MODULE,
    "minor",
    Text("Trạm đo có số liệu đáng ngờ", "Doubtful readings of a station"),
    Text(
        "{station}: {faults} từ {since}; số liệu vẫn được ghi nhận",
        "{station}: {faults} since {since}; readings are kept",
    ),
)  # fmt: skip
FAULTS = Fact(
    "station_faults",
    Text("Đại lượng đo đáng ngờ", "Quantities in doubt"),
    ("fault",),
    words={str(flag): words for flag, words in WORDS.items()},
)


class Usual(NamedTuple):
    """What is usual: a mean and a mean deviation that follow slowly."""

    mean: float
    deviation: float


class Senses(State):
    """What one station has shown so far."""

    station: str = ""
    last: Moment | None = None
    tracks: dict[Quantity, Track] = Field(default_factory=dict)
    usual: dict[Quantity, Usual] = Field(default_factory=dict)
    evidence: float = 0.0
    running: int = 0
    said: float = 0.0
    strength: Strength = "calm"
    said_at: Moment | None = None
    faults: dict[Quantity, Flag] = Field(default_factory=dict)
    doubtful_since: Moment | None = None
    doubted: bool = False


class FireSensor(Detector[Senses]):
    """Watches one station."""

    def __init__(self, policy: FirePolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Senses:
        return Senses()

    def on_event(self, state: Senses, event: AnyEvent) -> Iterable[Finding]:
        reading: Reading = event.data
        elapsed = event.at - state.last if state.last else timedelta(0)
        state.station, state.last = reading.station, event.at
        flags = check(state.tracks, reading, event.at)
        excess = self._excess(state, reading)
        state.evidence = self._weigh(state, reading, excess, flags)
        self._learn(state, reading, excess, flags, elapsed)
        if state.strength == "calm" and not (state.evidence or flags or state.faults or state.doubted):
            return ()  # nothing is unusual, as nearly always
        return [*self._speak(state, excess, event), *self._doubt(state, flags, event.at)]

    def on_late(self, state: Senses, event: AnyEvent) -> Iterable[Finding]:
        """A poor line must not lose a fire: a late reading counts while it is newer than the last one."""
        return () if state.last is not None and event.at <= state.last else self.on_event(state, event)

    # -- evidence --------------------------------------------------------------------------------------------

    def _excess(self, state: Senses, reading: Reading) -> dict[Quantity, float]:
        """How far each quantity is beyond usual, in units of the least excess that counts."""
        found: dict[Quantity, float] = {}
        for quantity, sense in SENSES.items():
            value: float | None = getattr(reading, quantity)
            if value is None:
                continue
            usual = state.usual.get(quantity)
            if usual is None:
                usual = Usual(min(value, sense.most_usual), sense.excess / DEVIATIONS / 2)
                state.usual[quantity] = usual
            beyond = sense.sign * (value - usual.mean)
            found[quantity] = 0.0
            if beyond > 0:
                found[quantity] = min(MOST, beyond / max(sense.excess, DEVIATIONS * usual.deviation))
        return found

    def _weigh(
        self, state: Senses, reading: Reading, excess: Mapping[Quantity, float], flags: dict[Quantity, Flag]
    ) -> float:
        """The evidence after this reading; ``running`` counts readings that tell in a row."""
        burning = self._burning(state, reading, excess, flags)
        telling = {quantity: much for quantity, much in excess.items() if much >= 1 and flags.get(quantity) != "stuck"}
        if not telling and not burning:
            return self._drained(state)
        dry = telling.pop("humidity_pct", 0.0)
        foggy = (reading.humidity_pct or 0.0) >= FOG_PCT and "co_ppm" not in telling
        if flags.get("temperature_c") in ("range", "unit") and not burning:
            telling.pop("temperature_c", None)
        gases = [
            much for quantity, much in telling.items() if SENSES[quantity].gas and not (foggy and "smoke" in quantity)
        ]
        hot = telling.get("temperature_c", 0.0)
        if len(gases) == 2 or (gases and hot) or burning:
            said = sum(gases) + (MOST if burning else hot) + dry / 2
        elif alone := max((telling.get(quantity, 0.0) for quantity in ("smoke_ppm", "co_ppm")), default=0.0):
            share = ALONE if {"smoke_ppm", "co_ppm"} <= excess.keys() else ALONE_WITHOUT
            said = alone * share * (FOG_COUNTS if foggy else 1.0)
        else:
            return self._drained(state)
        state.running, state.said = (state.running + 1 if said >= ALONE else 0), said
        return min(3 * self._policy.firm, state.evidence * KEPT + said)

    @staticmethod
    def _drained(state: Senses) -> float:
        """The evidence after a reading that does not tell."""
        state.running, state.said = 0, 0.0
        return state.evidence / 2 if state.evidence > 0.1 else 0.0

    def _burning(
        self, state: Senses, reading: Reading, excess: Mapping[Quantity, float], flags: dict[Quantity, Flag]
    ) -> bool:
        """Is it hotter than any weather? Not if it stands still, or is °F, or a gas sensor there notices nothing."""
        t = reading.temperature_c
        if t is None or t < self._policy.burning_c or flags.get("temperature_c") == "stuck":
            return False
        if abs(t - (state.usual["temperature_c"].mean * 1.8 + 32)) <= FAHRENHEIT_WITHIN:
            flags["temperature_c"] = "unit"
            return False
        counted = "co_ppm" if (reading.humidity_pct or 0.0) >= FOG_PCT and "co_ppm" in excess else None
        gases = [excess[each] for each in excess if SENSES[each].gas and counted in (None, each)]
        return not gases or max(gases) >= 0.5

    def _learn(
        self,
        state: Senses,
        reading: Reading,
        excess: Mapping[Quantity, float],
        flags: Mapping[Quantity, Flag],
        elapsed: timedelta,
    ) -> None:
        """Let usual follow; slowly while something is unusual, and not at all what is doubtful."""
        unusual = state.evidence >= self._policy.clear
        for quantity, sense in SENSES.items():
            value: float | None = getattr(reading, quantity)
            flag = flags.get(quantity) if flags else None
            if value is None or flag in ("range", "stuck"):
                continue
            if flag == "unit":
                value = (value - 32) / 1.8
            mean, deviation = state.usual[quantity]
            share = _share(elapsed, sense.usual)
            if unusual or excess[quantity] >= 1:
                share *= 0.1
            away = value - mean
            further = min(abs(away), sense.excess) - deviation
            # to four places, as round() does in four times the time
            mean, deviation = mean + share * away, deviation + share * further
            state.usual[quantity] = Usual(floor(mean * 1e4 + 0.5) / 1e4, floor(deviation * 1e4 + 0.5) / 1e4)

    # -- what is said ----------------------------------------------------------------------------------------

    def _speak(self, state: Senses, excess: Mapping[Quantity, float], event: AnyEvent) -> Iterable[Emit]:
        policy, before = self._policy, state.strength
        if state.evidence >= policy.firm and (state.running >= 2 or state.said >= policy.at_once):
            state.strength = "firm"
        elif state.evidence < policy.clear:
            state.strength = "calm"
        elif state.evidence >= policy.weak and before == "calm":
            state.strength = "weak"
        old = state.said_at is not None and event.at - state.said_at >= policy.lasts / 4
        tells = any(much >= 1 for much in excess.values())
        if state.strength == before and (before == "calm" or not old or not tells):
            return
        state.said_at = event.at
        station = self._station(state)
        if station is not None:
            yield Emit(FIRE_SIGNS, self._sign(state, station, excess, event), event.at)

    def _sign(self, state: Senses, station: Station, excess: Mapping[Quantity, float], event: AnyEvent) -> FireSign:
        shown = [quantity for quantity, much in excess.items() if much >= 1] or ["temperature_c"]
        parts = [(NAMES[each], getattr(event.data, each), UNITS[each]) for each in shown if each in excess]
        vi = ", ".join(f"{name.vi} {number(value, 'vi')} {unit}" for name, value, unit in parts)
        en = ", ".join(f"{name.en} {number(value, 'en')} {unit}" for name, value, unit in parts)
        return FireSign(
            sign_source="sensor",
            thing=state.station,
            strength="over" if state.strength == "calm" else state.strength,
            commune=station.commune,
            latitude=station.latitude,
            longitude=station.longitude,
            reach_m=self._policy.reach_m,
            lasts_s=self._policy.lasts.total_seconds(),
            says=Words2(vi=f"{station.name}: {vi}", en=f"{station.name}: {en}"),
            evidence=(Evidence.of(event),),
        )

    def _doubt(self, state: Senses, flags: Mapping[Quantity, Flag], at: datetime) -> Iterable[Finding]:
        """Tell of what is doubtful for long; a jump alone is told by nobody."""
        natural = ("step",) if state.strength == "calm" else ("step", "range")  # a fire is hotter than any weather
        lasting: dict[Quantity, Flag] = {each: flag for each, flag in flags.items() if flag not in natural}
        again = {quantity: flag for quantity, flag in lasting.items() if state.faults.get(quantity) == flag}
        state.faults = lasting
        state.doubtful_since = (state.doubtful_since or at) if lasting else None
        station = self._station(state)
        if again and not state.doubted and station is not None:
            state.doubted = True
            faults = [(NAMES[quantity], WORDS[flag]) for quantity, flag in sorted(again.items())]
            told = Text(
                ", ".join(f"{name.vi} {word.vi}" for name, word in faults),
                ", ".join(f"{name.en} {word.en}" for name, word in faults),
            )
            first = self._district.local(state.doubtful_since or at)
            yield Raise(
                FAULTY, state.station, at, station.commune,
                values={"station": station.name, "faults": told, "since": f"{first:%H:%M %d/%m}"},
                place=(station.latitude, station.longitude),
            )  # fmt: skip
        elif not lasting and state.doubted:
            state.doubted = False
            yield Resolve(FAULTY, state.station, at, station.commune if station else None)

    def facts(self, state: Senses) -> Iterable[Share]:
        for flag in state.faults.values():
            yield FAULTS, (flag,), 1

    def _station(self, state: Senses) -> Station | None:
        thing = self._district.things.get(state.station)
        return thing if isinstance(thing, Station) else None


@lru_cache(maxsize=256)
def _share(elapsed: timedelta, half: timedelta) -> float:
    """How much of the new counts after so long, where half of the old is forgotten after ``half``; half at most."""
    return float(1 - 0.5 ** (min(elapsed, half) / half))


SPEC = Spec(
    "fire_sensor",
    Text("Trạm đo báo dấu hiệu cháy", "Signs of fire at a station"),
    folds=(STATION,),
    hears=(Reading,),
    build=FireSensor,
    state=Senses,
    params=FirePolicy,
    kinds=(FAULTY,),
    emits=(FIRE_SIGNS,),
    facts=(FAULTS,),
)
