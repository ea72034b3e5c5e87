"""A station's reading stays over a threshold for a time.

For the duty ranger: heat, smoke and carbon monoxide at one station, each with its own clear value below the
threshold (hysteresis), so that a reading that trembles around it rings once. A reading counts as held until the
next one says otherwise. One that comes late is judged like any other as long as it is newer than the last one
of its own station: a poor line must not lose a fire. An older one changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import FOREST_MODULE, AlertKind, Severity
from ioc.detector import Detector, Finding, Outlook, Params, Raise, Resolve, Spec, State
from ioc.district import District, Duration, Station
from ioc.events.base import AnyEvent, Moment
from ioc.events.sensors import Reading
from ioc.folds import STATION
from ioc.text import Text

Quantity = Literal["temperature_c", "smoke_ppm", "co_ppm", "wind_kmh"]
NAMES: dict[Quantity, tuple[Text, str]] = {
    "temperature_c": (Text("nhiệt độ", "temperature"), "°C"),
    "smoke_ppm": (Text("khói", "smoke"), "ppm"),
    "co_ppm": (Text("khí CO", "carbon monoxide"), "ppm"),
    "wind_kmh": (Text("gió", "wind"), "km/h"),
}


class Rule(BaseModel):
    """One threshold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: Annotated[Quantity, Field(description="what is measured")]
    above: Annotated[float, Field(description="rings above this value")]
    clear_below: Annotated[float, Field(description="clears below this value")]
    held: Annotated[Duration, Field(alias="for", description="once it has been above for this long")] = timedelta(
        minutes=2
    )
    severity: Annotated[Severity, Field(description="how bad that is")] = "severe"

    @model_validator(mode="after")
    def _in_order(self) -> "Rule":
        if self.clear_below > self.above:
            raise ValueError("clear_below must not lie above the threshold")
        return self


class ThresholdPolicy(Params):
    """The thresholds of all stations."""

    rules: Annotated[tuple[Rule, ...], Field(description="one entry a quantity")] = (
        Rule.model_validate({"quantity": "temperature_c", "above": 57, "clear_below": 45}),
        Rule.model_validate({"quantity": "smoke_ppm", "above": 60, "clear_below": 40}),
        Rule.model_validate({"quantity": "co_ppm", "above": 50, "clear_below": 30}),
    )

    @model_validator(mode="after")
    def _one_each(self) -> "ThresholdPolicy":
        if len({rule.quantity for rule in self.rules}) < len(self.rules):
            raise ValueError("a quantity has two rules: only one of them would be heeded")
        return self


OVER = AlertKind(
    "sensor_over_threshold",
    FOREST_MODULE,
    "severe",
    Text("Trạm đo vượt ngưỡng", "Sensor over threshold"),
    Text(
        "{station} đo {quantity} {value} {unit} liên tục từ {since} (ngưỡng {threshold} {unit})",
        "{station} has measured {quantity} of {value} {unit} since {since} (threshold {threshold} {unit})",
    ),
)


class Held(BaseModel):
    """One quantity that is over its threshold."""

    since: Moment
    value: float
    first: Evidence
    raised: bool = False


class Readings(State):
    """What is over its threshold at one station."""

    station: str = ""
    last: Moment | None = None
    over: dict[Quantity, Held] = Field(default_factory=dict)


class SensorThreshold(Detector[Readings]):
    """Watches one station."""

    def __init__(self, policy: ThresholdPolicy, district: District) -> None:
        self._rules = {rule.quantity: rule for rule in policy.rules}
        self._district = district

    def new_state(self) -> Readings:
        return Readings()

    def on_event(self, state: Readings, event: AnyEvent) -> Iterable[Finding]:
        reading: Reading = event.data
        state.station, state.last = reading.station, event.at
        found: list[Finding] = []
        for quantity, rule in self._rules.items():
            value: float | None = getattr(reading, quantity)
            if value is not None and (value > rule.above or quantity in state.over):
                found += self._judge(state, rule, value, event)
        return found

    def on_late(self, state: Readings, event: AnyEvent) -> Iterable[Finding]:
        """A late reading counts while it is newer than the last one."""
        return () if state.last is not None and event.at <= state.last else self.on_event(state, event)

    def _judge(self, state: Readings, rule: Rule, value: float, event: AnyEvent) -> Iterable[Finding]:
        held = state.over.get(rule.quantity)
        if held is None:
            state.over[rule.quantity] = Held(since=event.at, value=value, first=Evidence.of(event))
        elif value < rule.clear_below or (not held.raised and value <= rule.above):
            del state.over[rule.quantity]
            if held.raised:
                yield self._resolve(state, rule.quantity, event.at)
        elif value > held.value * 1.1 or (not held.raised and value > held.value):
            held.value = value
            if held.raised:
                yield self._raise(state, rule, held, event.at, Evidence.of(event))

    def next_deadline(self, state: Readings) -> datetime | None:
        if not state.over:
            return None
        waiting = (self._wanted(state, name, held) for name, held in state.over.items())
        return min((at for at in waiting if at is not None), default=None)

    def _wanted(self, state: Readings, quantity: Quantity, held: Held) -> datetime | None:
        rule = self._rules.get(quantity)
        if rule is None:  # the district no longer has it
            return state.last
        return None if held.raised else held.since + rule.held

    def on_deadline(self, state: Readings, at: datetime) -> Iterable[Finding]:
        for quantity, held in list(state.over.items()):
            rule = self._rules.get(quantity)
            if rule is None:
                del state.over[quantity]
                if held.raised:
                    yield self._resolve(state, quantity, at)
            elif not held.raised and held.since + rule.held <= at:
                held.raised = True
                yield self._raise(state, rule, held, at, held.first)

    def outlook(self, state: Readings, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        for quantity, rule in self._rules.items():
            unit, held = NAMES[quantity][1], state.over.get(quantity)
            value = getattr(event.data, quantity, None) if event is not None else held.value if held else None
            if held is not None:
                share = min(1.0, (at - held.since) / rule.held) if rule.held else 1.0
                saw, needs = f"{held.value} {unit}, {at - held.since}", f"> {rule.above} {unit}, {rule.held}"
                why = Text("vượt ngưỡng, chưa đủ lâu", "over the threshold, but not for long enough")
                yield Outlook(OVER, self._about(state, quantity), share, saw, needs, why)
            elif value is not None:
                why = Text("chưa vượt ngưỡng", "not over the threshold")
                yield Outlook(
                    OVER, self._about(state, quantity), min(0.999, value / rule.above) if rule.above > 0 else 0.0,
                    f"{value} {unit}", f"> {rule.above} {unit}", why,
                )  # fmt: skip

    def _raise(self, state: Readings, rule: Rule, held: Held, at: datetime, evidence: Evidence) -> Raise:
        station = self._station(state)
        name, unit = NAMES[rule.quantity]
        return Raise(
            OVER,
            self._about(state, rule.quantity),
            at,
            self._commune(state),
            rule.severity,
            value=held.value,
            threshold=rule.above,
            unit=unit,
            values={
                "station": station.name if station else state.station,
                "quantity": name,
                "since": self._district.local(held.since).strftime("%H:%M"),
            },
            place=(station.latitude, station.longitude) if station else None,
            evidence=(evidence,),
        )

    def _resolve(self, state: Readings, quantity: Quantity, at: datetime) -> Resolve:
        return Resolve(OVER, self._about(state, quantity), at, self._commune(state))

    def _about(self, state: Readings, quantity: Quantity) -> str:
        return f"{state.station}/{quantity}"

    def _station(self, state: Readings) -> Station | None:
        thing = self._district.things.get(state.station)
        return thing if isinstance(thing, Station) else None

    def _commune(self, state: Readings) -> str | None:
        station = self._station(state)
        return station.commune if station else None


SPEC = Spec(
    "sensor_threshold",
    Text("Trạm đo vượt ngưỡng", "Sensor over threshold"),
    folds=(STATION,),
    hears=(Reading,),
    build=SensorThreshold,
    state=Readings,
    params=ThresholdPolicy,
    kinds=(OVER,),
)
