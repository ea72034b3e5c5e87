"""A station's fire danger of each day: the reading nearest to 13:00, and the rain of the 24 hours before it.

For the commune's rating (``fire_danger``), which is the highest of its stations. Index P by the table that the
district names, the Canadian FWI beside it. Rain counts as known only if the gauge was heard in most hours of the
day; a gauge that shows nothing through a day of soaked air is not believed. A day without a reading is told as
missing. Late readings of the last three weeks are put in their place and every day since is rated anew.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from ioc.alerts.alert import Words2
from ioc.detector import Detector, Emit, Finding, Params, Spec, State
from ioc.district import District, Duration, Station
from ioc.events.base import AnyEvent, Code, Declared, Moment
from ioc.events.forest import COMMUNE_DANGER, StationRated
from ioc.events.sensors import Reading
from ioc.fire import tables
from ioc.fire.drought import ANYTHING, Span
from ioc.fire.fwi import START, Codes
from ioc.fire.season import Carried, Rated, Rules, rate
from ioc.fire.station_day import Window
from ioc.fire.weather import Weather
from ioc.folds import STATION
from ioc.text import Text

#: So many days can still be corrected by late readings.
REMEMBERED = 21


class DangerPolicy(Params):
    """How stations are rated."""

    table: Annotated[str, Field(description="table of levels: a file, or the name of a shipped one")] = "tham_khao"
    zone: Annotated[str | None, Field(description="zone of the table, where it has several")] = None
    zones: Annotated[Mapping[Code, str], Field(description="zone by commune, where they differ")] = {}
    noon: Annotated[time, Field(description="local time of the day's reading")] = time(13)
    tolerance: Annotated[Duration, Field(description="the reading may be so far from it")] = timedelta(hours=1)
    bridge_days: Annotated[int, Field(ge=0, le=10, description="missing days in a row that are carried over")] = 0
    rain_hours: Annotated[int, Field(ge=1, le=24, description="rain is known if so many hours were heard")] = 20
    soaked_pct: Annotated[float, Field(ge=80, le=101, description="humidity at which no rain is doubtful")] = 95
    start_p: Annotated[float | None, Field(ge=0, description="P before the first day; none: not known")] = None
    start_fwi: Annotated[tuple[float, float, float], Field(description="FFMC, DMC, DC before the first day")] = (
        START.ffmc, START.dmc, START.dc,
    )  # fmt: skip

    @field_validator("table")
    @classmethod
    def _there(cls, name: str) -> str:
        try:
            tables.load(name)
        except tables.BadTable as why:
            raise ValueError(str(why)) from None
        return name


class StationDays(State):
    """The last days of one station. ``before`` is where they begin, ``now`` what the newest closed day hands on."""

    station: str = ""
    spoke: bool = False
    next_day: date | None = None
    open: list[Window] = Field(default_factory=list)
    closed: list[Window] = Field(default_factory=list)
    before: Carried | None = None
    now: Carried | None = None
    last: Moment | None = None


class StationDanger(Detector[StationDays]):
    """Rates one station once a day."""

    def __init__(self, policy: DangerPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._zone = ZoneInfo(district.timezone)
        self._table = tables.load(policy.table)

    def new_state(self) -> StationDays:
        return StationDays()

    def on_event(self, state: StationDays, event: AnyEvent) -> Iterable[Finding]:
        state.station = event.subject
        if state.next_day is None:
            state.next_day = self._closing_day(event.at)
        if isinstance(event.data, Reading) and self._station(state):
            self._take(state, event.data, event.at, late=False)
        return ()

    def on_late(self, state: StationDays, event: AnyEvent) -> Iterable[Finding]:
        """Put in its place what was not heard before; rate anew from there, if its day is closed."""
        if not isinstance(event.data, Reading) or self._station(state) is None or state.next_day is None:
            return
        day = self._take(state, event.data, event.at, late=True)
        if day is None or day >= state.next_day or state.now is None:
            return
        carried, rated = state.before, None
        for window in state.closed:
            carried, rated = self._rate(state, carried, window)
        state.now = carried
        if rated is not None:
            yield self._emit(state, rated, self._closes(rated.day), recomputed_from=day)

    # -- putting readings in their place ---------------------------------------------------------------------

    def _take(self, state: StationDays, reading: Reading, at: datetime, *, late: bool) -> date | None:
        """Returns the day that changed, if one did. One reading may be a day's noon and another's rain."""
        state.spoke = True
        local = self._district.local(at)
        today = local.date()
        noon = datetime.combine(today, self._policy.noon, local.tzinfo)
        changed = list[date | None]()
        if abs(away := local - noon) <= self._policy.tolerance:
            changed.append(self._change(state, today, lambda window: window.nearer(reading, away)))
        if reading.rain_mm is not None:
            rain_day = today if local <= noon else today + timedelta(days=1)
            until = datetime.combine(rain_day, self._policy.noon, local.tzinfo) - local
            soaked = (reading.humidity_pct or 0.0) >= self._policy.soaked_pct
            changed.append(self._change(state, rain_day, lambda window: window.rained(reading, until, soaked, late)))
        return min(filter(None, changed), default=None)

    def _change(self, state: StationDays, day: date, change: Callable[[Window], Window]) -> date | None:
        windows = state.closed if state.next_day and day < state.next_day else state.open
        for index, window in enumerate(windows):
            if window.day == day:
                windows[index] = change(window)
                return day if windows[index] != window else None
        if windows is state.open:
            windows.append(change(Window(day)))
        return None

    # -- closing days ----------------------------------------------------------------------------------------

    def _closing_day(self, at: datetime) -> date:
        """The first day that has not closed at ``at``."""
        day = self._district.day(at)
        return day if at <= self._closes(day) else day + timedelta(days=1)

    def _closes(self, day: date) -> datetime:
        return datetime.combine(day, self._policy.noon, self._zone) + self._policy.tolerance

    def next_deadline(self, state: StationDays) -> datetime | None:
        return self._closes(state.next_day) if state.next_day and self._station(state) else None

    def on_deadline(self, state: StationDays, at: datetime) -> Iterable[Finding]:
        day = state.next_day
        if day is None:
            return
        window = next((each for each in state.open if each.day == day), Window(day))
        state.open = [each for each in state.open if each.day > day]
        state.next_day = day + timedelta(days=1)
        if not state.spoke:
            return
        window = window.over()
        state.closed.append(window)
        if len(state.closed) > REMEMBERED:
            state.before, _ = self._rate(state, state.before, state.closed.pop(0))
        state.now, rated = self._rate(state, state.now, window)
        yield self._emit(state, rated, at)

    def _rate(self, state: StationDays, before: Carried | None, window: Window) -> tuple[Carried, Rated]:
        rules = self._rules(state)
        t, rh = window.temperature_c, window.humidity_pct
        reading = None
        if t is not None and rh is not None:
            reading = Weather(t, rh, window.wind_kmh, self._rain(rules, window))
        return rate(rules, before, window.day, reading)

    def _rain(self, rules: Rules, window: Window) -> float | None:
        """The day's rain, if it is known; or if what was heard of it is enough to begin anew."""
        silent = window.rain_mm == 0 and (window.humidity_pct or 0.0) >= self._policy.soaked_pct
        if silent and window.soaked_hours >= 8:
            return None
        if window.hours >= self._policy.rain_hours:
            return window.rain_mm
        try:
            return window.rain_mm if window.rain_mm > rules.rain_limit(window.day) else None
        except tables.NotCovered:
            return None

    def _rules(self, state: StationDays) -> Rules:
        station, policy = self._station(state), self._policy
        assert station is not None
        p = ANYTHING if policy.start_p is None else Span(policy.start_p, policy.start_p)
        zone = policy.zones.get(station.commune, policy.zone)
        return Rules(
            self._table, max(0.0, station.latitude), zone, None, Codes(*policy.start_fwi), p, policy.bridge_days
        )

    def _emit(self, state: StationDays, rated: Rated, at: datetime, recomputed_from: date | None = None) -> Emit:
        station, p, weather = self._station(state), rated.p, rated.weather
        assert station is not None
        data = StationRated(
            station=state.station,
            commune=station.commune,
            day=rated.day,
            missing=weather is None,
            level=rated.level.number if rated.level else None,
            p=_short(p.told if p and rated.level else None),
            p_low=_short(p.low if p else None),
            p_high=_short(p.high if p and p.bounded else None),
            fwi=_short(rated.indices.fwi if rated.indices else None),
            dry_days=rated.dry_days,
            temperature_c=weather.temperature_c if weather else None,
            humidity_pct=weather.humidity_pct if weather else None,
            wind_kmh=weather.wind_kmh if weather else None,
            rain_mm=weather.rain_mm if weather else None,
            bridged=rated.bridged,
            recomputed_from=recomputed_from,
            refused=Words2.of(rated.refused) if rated.refused else None,
        )
        return Emit(COMMUNE_DANGER, data, at)

    def _station(self, state: StationDays) -> Station | None:
        thing = self._district.things.get(state.station)
        return thing if isinstance(thing, Station) else None


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


SPEC = Spec(
    "station_danger",
    Text("Cấp cháy tại trạm", "Fire danger at a station"),
    folds=(STATION,),
    hears=(Declared, Reading),
    build=StationDanger,
    state=StationDays,
    params=DangerPolicy,
    emits=(COMMUNE_DANGER,),
)
