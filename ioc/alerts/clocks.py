"""The clocks of an alert: times within which people must act, by wall time or by a calendar.

``ack`` runs from when the alert could be noticed until somebody acknowledges it, ``respond`` from its assignment
until an agency accepts it, ``resolve`` from when it could be noticed until it is resolved, ``legal`` until the
thing itself is done. Near and overdue are lines of the alert (K2, K3) and an alert of their own. A suppression
stops no clock.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ioc.alerts.alert import ALERTS_INBOX, Evidence, Notice, Raised, Resolved, Words2
from ioc.alerts.episode import Episode
from ioc.alerts.kind import LATE, OWN, Severity
from ioc.alerts.parts import CLOCKS, AlertClock, ClockName
from ioc.calendars.clock import start as started
from ioc.calendars.terms import Kind
from ioc.detector import Emit
from ioc.text import Text

Clocks = dict[ClockName, AlertClock]
NEAR, OVER = Text("sắp đến hạn", "due soon"), Text("quá hạn", "overdue")
ALL: tuple[ClockName, ...] = ("ack", "respond", "resolve", "legal")


def opening(episode: Episode, found: Raised) -> Clocks:
    """The clocks of a new episode."""
    routed: tuple[ClockName, ...] = ("respond",) if episode.alert.owner is not None else ()
    clocks = _terms(episode, found.severity, ("ack", *routed, "resolve"))
    if found.legal_due is not None:
        clocks["legal"] = _started(episode, None, found.legal_due)
    return clocks


def worse(episode: Episode, found: Raised) -> Clocks:
    """It must be acknowledged again, and may have to be resolved sooner."""
    return dict(episode.alert.clocks) | _terms(episode, found.severity, ("ack", "resolve"))


def again(episode: Episode) -> Clocks:
    """The clocks of an alert that was reopened."""
    return dict(episode.alert.clocks) | _terms(episode, episode.alert.severity, ("ack", "resolve"))


def assigned(episode: Episode) -> Clocks:
    """An agency must accept; handed on to another, the first due time stays."""
    clocks = over(episode, ("ack",))
    return clocks if "respond" in clocks else clocks | _terms(episode, episode.alert.severity, ("respond",))


def over(episode: Episode, names: Iterable[ClockName] = ALL) -> Clocks:
    """What was waited for has been done."""
    clocks = dict(episode.alert.clocks)
    for name in names:
        clock = clocks.get(name)
        if clock is not None and clock.met_at is None:
            state = "breached" if clock.state == "breached" else "met"
            clocks[name] = clock.model_copy(update={"state": state, "met_at": episode.at})
            _say_met(episode, name, clock)
    return clocks


def undone(episode: Episode, name: ClockName) -> Clocks:
    """It was not done after all: the clock goes on as if it had never stopped."""
    clocks = dict(episode.alert.clocks)
    if (clock := clocks.get(name)) is not None and clock.met_at is not None:
        state = "breached" if clock.state == "breached" else "running"
        clocks[name] = clock.model_copy(update={"state": state, "met_at": None})
    return clocks


def _terms(episode: Episode, severity: Severity, names: Iterable[ClockName]) -> Clocks:
    if episode.alert.kind in OWN:
        return {}
    terms = episode.policy.clocks.get(severity, {})
    return {name: _started(episode, terms[name], None) for name in names if name in terms}


def _started(episode: Episode, term: Kind | None, appointed: datetime | None) -> AlertClock:
    calendar = episode.district.calendar()
    clock = started(calendar, episode.now, term=term, appointed=appointed)
    return warned(episode, AlertClock(**clock.__dict__))


def warned(episode: Episode, clock: AlertClock) -> AlertClock:
    """With the moment from which it is near: when its share of the time, as it runs, has passed."""
    if clock.due is None or clock.due <= clock.started:
        return clock.model_copy(update={"near": None})
    near = clock.started + (clock.due - clock.started) * episode.policy.near
    return clock.model_copy(update={"near": near})


# -- time passes -----------------------------------------------------------------------------------------------


def deadlines(clocks: Clocks) -> Iterator[tuple[datetime, ClockName]]:
    """When each clock that runs must be looked at next."""
    for name, clock in clocks.items():
        if clock.met_at is not None or clock.due is None or clock.state == "breached":
            continue
        yield clock.near if clock.state == "running" and clock.near is not None else clock.due, name


def passed(episode: Episode, name: ClockName) -> None:
    """A clock is near, or overdue."""
    clock = episode.alert.clocks[name]
    assert clock.due is not None
    near = episode.at < clock.due
    state = "near" if near else "breached"
    clocks = dict(episode.alert.clocks) | {name: clock.model_copy(update={"state": state})}
    notice: Notice = "deadline_near" if near else "deadline_breached"
    episode.line("K2" if near else "K3", clock=name, notice=notice, clocks=clocks)
    _say_late(episode, name, clock, near)


def recomputed(episode: Episode) -> None:
    """The calendar changed: each clock that runs, with its due time before and after."""
    calendar = episode.district.calendar()
    for name, clock in episode.alert.clocks.items():
        if clock.met_at is not None or clock.calendar == calendar.stamp:
            continue
        moved = warned(episode, clock.by(calendar))
        if moved.due == clock.due:
            continue
        late = moved.due is not None and moved.due <= episode.at
        state = "breached" if clock.state == "breached" and late else "running"
        moved = moved.model_copy(update={"state": state, "first_due": clock.first_due or clock.due})
        clocks = dict(episode.alert.clocks) | {name: moved}
        episode.line("K1", clock=name, due_before=clock.due, clocks=clocks)


# -- alerts of their own ---------------------------------------------------------------------------------------


def _say_late(episode: Episode, name: ClockName, clock: AlertClock, near: bool) -> None:
    alert, district = episode.alert, episode.district
    assert clock.due is not None
    due = district.told(clock.due)
    title = Text(f"{alert.title.vi} ({alert.about})", f"{alert.title.en} ({alert.about})")
    sentence = LATE.sentence.format(title=title, state=NEAR if near else OVER, clock=CLOCKS[name], due=due)
    found = Raised(
        kind=LATE.name,
        about=f"{alert.alert_id}/{name}",
        commune=alert.commune,
        module=LATE.module.name,
        severity="minor" if near else "moderate",
        title=Words2.of(LATE.title),
        summary=Words2.of(sentence),
        evidence=(Evidence(source="/alerts", id=f"{alert.alert_id}/{alert.version}", at=episode.at),),
        detector="alert_lifecycle",
    )
    episode.said.append(Emit(ALERTS_INBOX, found, episode.at))


def _say_met(episode: Episode, name: ClockName, clock: AlertClock) -> None:
    if clock.state in ("near", "breached"):
        about = f"{episode.alert.alert_id}/{name}"
        episode.said.append(Emit(ALERTS_INBOX, Resolved(kind=LATE.name, about=about), episode.at))
