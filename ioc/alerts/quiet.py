"""What keeps an alert quiet: silences and maintenance for all that match, shelving of one; and silent sources.

Silences and silent sources concern all alerts: each partition keeps them in :class:`Shared`. Nothing quiet is
forgotten: the history goes on, clocks run, and what still fires when a silence ends is told, as such.
"""

from datetime import datetime
from fnmatch import fnmatchcase

from pydantic import Field

from ioc.alerts.alert import ALERTS_EVENTS, Alert, Notice, QuietChanged
from ioc.alerts.commands import EndSilence, Matcher, Silence, SourceBack, SourceDark
from ioc.alerts.episode import Episode, Life
from ioc.alerts.kind import OWN, Severity
from ioc.alerts.parts import Suppression
from ioc.alerts.transitions import OVER
from ioc.detector import Emit, State
from ioc.events.base import AnyEvent, Moment
from ioc.room.events import CallData


class Shared(State):
    """What concerns all alerts of a partition: silences that are not over, and since when sources are silent."""

    silences: dict[str, Silence] = Field(default_factory=dict)
    dark: dict[str, Moment] = Field(default_factory=dict)


def heard(shared: Shared, event: AnyEvent) -> Shared:
    """What is known after an event that concerns all."""
    now = event.place.now if event.place else event.at
    silences = {name: each for name, each in shared.silences.items() if each.until > now}
    match event.data:
        case Silence() as silence if wrong_times(silence, now) is None:
            silences[silence.silence_id] = silence
        case EndSilence(silence_id=name) if name in silences:
            silences[name] = silences[name].model_copy(update={"until": now})
        case SourceDark(source=source):
            dark = {**shared.dark, source: event.at}
            return Shared(silences=silences, dark=dict(sorted(dark.items())))  # whatever order they fell silent in
        case SourceBack(source=source):
            return Shared(silences=silences, dark={name: at for name, at in shared.dark.items() if name != source})
    return Shared(silences=silences, dark=shared.dark)


def wrong_times(silence: Silence, now: datetime) -> str | None:
    """Why a silence's times make no sense at this moment; None if they do."""
    if silence.until <= silence.since:
        return "order"
    return "past" if silence.until <= now else None


def concerns(life: Life, event: AnyEvent) -> bool:
    """Must this alert hear of it?"""
    alert = life.alert
    if alert is None or alert.handling in OVER:
        return False
    match event.data:
        case Silence() as silence:
            known = any(each.ref == silence.silence_id for each in life.quiets)
            return known or matches(silence, alert, alert.severity)
        case EndSilence(silence_id=name):
            return any(each.ref == name for each in life.quiets)
        case SourceDark(source=source) | SourceBack(source=source):
            return source in sources(life)
    return False


def sources(life: Life) -> set[str]:
    """The sources that an alert rests on; an alert about a silent source itself rests on none."""
    alert = life.alert
    if alert is None or alert.kind == "source_silent":
        return set()
    return {life.thing, *(each.source for each in alert.evidence)} - {""}


def dark_since(episode: Episode) -> datetime | None:
    """Since when a source that it rests on is silent, if that is after it was found."""
    dark: dict[str, datetime] = episode.place.shared.dark if episode.event and episode.event.place else {}
    if not dark:
        return None
    since = [dark[source] for source in sources(episode.life) if source in dark]
    return max((at for at in since if at > episode.at), default=None)


def matches(silence: Silence, alert: Alert, severity: Severity) -> bool:
    """Does a silence hold for an alert, were it of this severity?"""
    if alert.kind in OWN or (severity == "extreme" and not silence.even_extreme):
        return False
    return all(met(matcher, alert, severity) for matcher in silence.matchers)


def met(matcher: Matcher, alert: Alert | CallData, severity: Severity) -> bool:
    """Does a matcher hold for an alert, were it of this severity?"""
    told = {"severity": severity, "subject": alert.about}.get(matcher.field)
    value = getattr(alert, matcher.field) if told is None else told
    return any(fnmatchcase(value or "", pattern) for pattern in matcher.values) != matcher.negated


def match(episode: Episode, severity: Severity | None = None) -> None:
    """Hold an alert that opens, or gets worse, against every silence."""
    shared: Shared | None = episode.place.shared if episode.event and episode.event.place else None
    if shared is None or not (shared.silences or episode.life.quiets):
        return
    severity = severity or episode.alert.severity
    kept = [each for each in episode.life.quiets if each.kind == "shelved"]
    said = [each for each in shared.silences.values() if each.until > episode.now]
    episode.life.quiets = kept + [_suppression(each) for each in said if matches(each, episode.alert, severity)]


def _suppression(silence: Silence) -> Suppression:
    return Suppression(
        kind=silence.kind, ref=silence.silence_id, reason=silence.reason, by=silence.by,
        since=silence.since, until=silence.until,
    )  # fmt: skip


def active(episode: Episode) -> tuple[Suppression, ...]:
    """Those in force now."""
    if not episode.life.quiets:
        return ()
    now = episode.now
    return tuple(each for each in episode.life.quiets if each.since <= now and (not each.until or now < each.until))


def refresh(episode: Episode) -> None:
    """Say what came into force and what is over; tell people of what was hidden and still fires."""
    episode.life.quiets = [each for each in episode.life.quiets if not each.until or each.until > episode.now]
    alert, now = episode.alert, active(episode)
    before = alert.suppression
    if alert.handling in OVER or now == before:
        return
    by = getattr(episode.event.data, "by", None) if episode.event else None
    reasons = {each.ref: each.reason for each in (*before, *now)}
    if gained := [each.ref for each in now if each.ref not in {old.ref for old in before}]:
        episode.line("S1", suppression=now, by=by, text=reasons[gained[0]])
    elif lost := [each.ref for each in before if each.ref not in {new.ref for new in now}]:
        back = not now and alert.condition != "cleared"
        notice: Notice | None = "suppression_ended" if back else None
        episode.line("S2", suppression=now, by=by, text=reasons[lost[0]], notice=notice)
    else:
        episode.line("S1", suppression=now, by=by)


def silence(episode: Episode, said: Silence) -> None:
    """A silence was set, or changed."""
    others = [each for each in episode.life.quiets if each.ref != said.silence_id]
    held = [_suppression(said)] if matches(said, episode.alert, episode.alert.severity) else []
    episode.life.quiets = others + held
    refresh(episode)


def end(episode: Episode, name: str) -> None:
    """A silence was ended, or a shelving."""
    episode.life.quiets = [each for each in episode.life.quiets if each.ref != name]
    refresh(episode)


def answer(event: AnyEvent) -> Emit | None:
    """What the first partition says to whoever set or ended a silence."""
    place, data = event.place, event.data
    if place is None or place.partition != 0:
        return None
    known: Silence | None = place.shared.silences.get(data.silence_id)
    if known is None:
        return None
    told = QuietChanged(
        **known.model_dump(exclude={"by"}), by=data.by, transition="Q1" if isinstance(data, Silence) else "Q2",
        at=place.now, command=event.id, said_at=place.said_at,
    )  # fmt: skip
    return Emit(ALERTS_EVENTS, told, place.now)
