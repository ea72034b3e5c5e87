"""The life of an alert: a fold over the findings of one dedupe key, in the order of the log.

Each change is one numbered transition; the full present goes to ``alerts.state``, the line to ``alerts.events``.
"""

from collections.abc import Iterable

from ioc.alerts import load
from ioc.alerts.alert import (
    ALERTS_EVENTS,
    ALERTS_STATE,
    Alert,
    AlertChanged,
    Evidence,
    Raised,
    Resolved,
    alert_id,
)
from ioc.alerts.kind import SEVERITIES
from ioc.detector import Detector, Emit, Fact, Finding, Params, Share, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.folds import ALERT
from ioc.text import Text

OPENED, UPDATED, WORSENED, CLEARED = "C2", "C3", "C9", "C6"
#: Evidence kept by name; ``count`` goes on beyond it.
SAMPLES = 50

OPEN = Fact(
    "alerts_open",
    Text("Cảnh báo đang diễn ra", "Alerts that are firing"),
    ("module", "kind", "severity", "commune"),
)


class Life(State):
    """The newest episode of one dedupe key."""

    alert: Alert | None = None


class Lifecycle(Detector[Life]):
    """Opens, updates and clears: one alert an episode, however often a finding is repeated."""

    def __init__(self, district: District) -> None:
        self._district = district

    def new_state(self) -> Life:
        return Life()

    def on_event(self, state: Life, event: AnyEvent) -> Iterable[Finding]:
        before = state.alert
        firing = before is not None and before.condition == "firing"
        match event.data:
            case Raised() as found if before is not None and firing:
                state.alert, transition = _updated(before, found, event)
            case Raised() as found:
                state.alert, transition = _opened(before, found, event), OPENED
            case Resolved() as found if before is not None and firing:
                state.alert, transition = _cleared(before, found, event), CLEARED
            case _:
                return ()
        assert state.alert is not None
        said = (
            Emit(ALERTS_EVENTS, _line(state.alert, transition, event), event.at),
            Emit(ALERTS_STATE, state.alert, event.at),
        )
        return load.counted(said, self._district)

    def facts(self, state: Life) -> Iterable[Share]:
        if state.alert is not None and state.alert.condition == "firing":
            alert = state.alert
            yield OPEN, (alert.module, alert.kind, alert.severity, alert.commune or ""), 1


def _opened(before: Alert | None, found: Raised, event: AnyEvent) -> Alert:
    """A new episode; or the last one again, where both opened at the same instant: its changes count on."""
    name = alert_id(found.subject, event.at)
    again = before if before is not None and before.alert_id == name else None
    shown = found.model_dump(by_alias=False, exclude={"kind", "about", "evidence"})
    return Alert(
        alert_id=name,
        dedupe_key=found.subject,
        version=again.version + 1 if again else 1,
        kind=found.kind,
        about=found.about,
        condition="firing",
        handling="new",
        opened_at=event.at,
        seen_at=event.at,
        count=again.count + 1 if again else 1,
        evidence=found.evidence[:SAMPLES],
        **shown,
    )


def _updated(alert: Alert, found: Raised, event: AnyEvent) -> tuple[Alert, str]:
    worse = SEVERITIES.index(found.severity) > SEVERITIES.index(alert.severity)
    changed = {
        "version": alert.version + 1,
        "severity": found.severity,
        "seen_at": max(alert.seen_at, event.at),
        "count": alert.count + 1,
        "summary": found.summary,
        "value": found.value,
        "threshold": found.threshold,
        "evidence": _sampled(alert, found),
    }
    return alert.model_copy(update=changed), WORSENED if worse else UPDATED


def _cleared(alert: Alert, found: Resolved, event: AnyEvent) -> Alert:
    changed = {
        "version": alert.version + 1,
        "condition": "cleared",
        "cleared_at": max(event.at, alert.opened_at),
        "evidence": _sampled(alert, found),
    }
    return alert.model_copy(update=changed)


def _sampled(alert: Alert, found: Raised | Resolved) -> tuple[Evidence, ...]:
    return (alert.evidence + found.evidence)[:SAMPLES]


def _line(alert: Alert, transition: str, event: AnyEvent) -> AlertChanged:
    shown = {name: getattr(alert, name) for name in AlertChanged.model_fields if name not in ("transition", "at")}
    return AlertChanged(**shown, transition=transition, at=max(event.at, alert.opened_at))


def _build(_params: Params, district: District) -> Lifecycle:
    return Lifecycle(district)


SPEC = Spec(
    "alert_lifecycle",
    Text("Vòng đời cảnh báo", "Life of an alert"),
    folds=(ALERT,),
    hears=(Raised, Resolved),
    build=_build,
    state=Life,
    emits=(ALERTS_EVENTS, ALERTS_STATE),
    facts=(OPEN,),
    tallies=load.TALLIES,
)
