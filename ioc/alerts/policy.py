"""How a district wants its alerts to live: the ``[alerts]`` table of the district file."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ioc.agencies.escalation import EscalationStep
from ioc.alerts.commands import Matcher
from ioc.alerts.kind import Severity
from ioc.alerts.parts import ClockName
from ioc.calendars.terms import Term
from ioc.durations import Duration
from ioc.events.base import Code


class _Setting(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindPolicy(_Setting):
    """How alerts of one kind open and clear."""

    hold: Annotated[
        Duration, Field(alias="for", description="opens only when the condition has held for this long")
    ] = timedelta(0)
    clear_for: Annotated[Duration, Field(description="clears only when the condition was absent for this long")] = (
        timedelta(0)
    )
    clear_after_quiet: Annotated[
        Duration | None,
        Field(description="clears when not found again for this long, while its source sends; absent: never so"),
    ] = None


class FlapPolicy(_Setting):
    """When an alert relapses so often that people should not be told each time (chập chờn)."""

    relapses: Annotated[int, Field(ge=2, description="so many relapses")] = 3
    within: Annotated[Duration, Field(description="within this time are flapping")] = timedelta(minutes=30)
    clear_for: Annotated[Duration, Field(description="it then clears only after being absent for this long")] = (
        timedelta(minutes=15)
    )


Common = Literal["kind", "module", "commune", "subject", "thing"]


class CauseRule(_Setting):
    """Alerts that explain others: while one that matches ``cause`` fires, those that match ``effect`` are quiet."""

    name: Annotated[Code, Field(description="short name, shown as the reason")]
    cause: Annotated[tuple[Matcher, ...], Field(min_length=1, description="what explains; all must match")]
    effect: Annotated[tuple[Matcher, ...], Field(min_length=1, description="what is explained; all must match")]
    equal: Annotated[
        tuple[Common, ...],
        Field(description="what both must have in common; thing: the station, camera or feed they are about"),
    ] = ()


class IncidentRule(_Setting):
    """Alerts that belong together (sự việc): by what they have in common, and one soon after the other."""

    name: Annotated[Code, Field(description="short name, shown with the incident")]
    match: Annotated[tuple[Matcher, ...], Field(description="alerts that it is for; all must match; none: all")] = ()
    by: Annotated[
        tuple[Common, ...],
        Field(min_length=1, description="what they have in common; an alert that lacks one of it stays alone"),
    ] = ("module", "commune")
    gap: Annotated[Duration, Field(description="a longer time without a new alert ends it")] = timedelta(minutes=30)
    quiet: Annotated[
        bool,
        Field(
            description="a further alert of a kind that was told, no worse and below severe, is told only each time "
            "their number has doubled"
        ),
    ] = False


class StormPolicy(_Setting):
    """When openings of one module come so fast that they are folded into one alert (bão cảnh báo).

    Ten calls in ten minutes are a flood for one operator (ISA-18.2): eight leave room for the storm's own alert and for
    another module. Never those of the highest severity. It is over when the rate has fallen and no more than
    ``over_below`` of what it folded still wait for somebody: these are told then.
    """

    limit: Annotated[int, Field(ge=1, description="more openings than this within the window are folded")] = 8
    window: Annotated[Duration, Field(description="the window")] = timedelta(minutes=10)
    over_below: Annotated[int, Field(ge=0, description="the storm is over below this many openings in the window")] = 4


class AlertPolicy(_Setting):
    """How alerts live."""

    kinds: Annotated[Mapping[Code, KindPolicy], Field(description="settings by kind of alert")] = {}
    clocks: Annotated[
        Mapping[Severity, Mapping[ClockName, Term]],
        Field(description="terms to acknowledge, respond (accept) and resolve, by severity: wall(5m), …"),
    ] = {}
    near: Annotated[float, Field(gt=0, lt=1, description="a clock is near when this share of it has passed")] = 0.75
    reopen_within: Annotated[Duration, Field(description="a relapse within this time belongs to the same episode")] = (
        timedelta(minutes=10)
    )
    escalation: Annotated[
        Mapping[Severity, tuple[EscalationStep, ...]],
        Field(description="who is told next at the agency while nobody acts, step by step, by severity"),
    ] = {}
    extensions: Annotated[int, Field(ge=0, description="how often an agency may ask for more time")] = 1
    recheck: Annotated[
        Duration, Field(description="an alert said to be resolved that still fires is reopened after this")
    ] = timedelta(minutes=15)
    unread: Annotated[
        Mapping[Severity, Duration],
        Field(description="a cleared alert that nobody acknowledged closes after this; absent: never by itself"),
    ] = {"minor": timedelta(0), "moderate": timedelta(hours=1), "severe": timedelta(days=1)}
    forget_after: Annotated[Duration, Field(description="a closed alert is part of the present for this long")] = (
        timedelta(days=1)
    )
    flapping: Annotated[FlapPolicy, Field(description="when an alert is flapping")] = FlapPolicy()
    causes: Annotated[tuple[CauseRule, ...], Field(description="which alerts explain others")] = ()
    incidents: Annotated[
        tuple[IncidentRule, ...], Field(description="which alerts belong together; the first rule that fits decides")
    ] = (IncidentRule(name="nơi và lúc xảy ra"),)
    storm: Annotated[StormPolicy, Field(description="when a flood is folded into one alert")] = StormPolicy()

    def kind(self, name: str) -> KindPolicy:
        """The settings of a kind."""
        return self.kinds.get(name, _PLAIN)


_PLAIN = KindPolicy()
