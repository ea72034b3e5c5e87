"""What the machine sees of an alert: it opens, changes, clears, relapses, and is unknown while its source is silent."""

from datetime import datetime, timedelta
from typing import Any

from ioc.alerts import clocks, quiet
from ioc.alerts.alert import Alert, Raised, Resolved
from ioc.alerts.episode import Episode
from ioc.alerts.kind import OWN, SEVERITIES
from ioc.alerts.parts import Condition, Person
from ioc.alerts.transitions import MOVES, OVER, Move, Trigger

NONE = timedelta(0)


def present(episode: Episode) -> Condition | None:
    """The condition as the table of moves knows it: None where there is no alert, or only one that is over."""
    life = episode.life
    if life.held is not None:
        return "pending"
    return None if life.alert is None else life.alert.condition


def move(episode: Episode, trigger: Trigger) -> Move | None:
    """What the table says; None: nothing changes."""
    return MOVES[trigger].get(present(episode))


# -- found -----------------------------------------------------------------------------------------------------


def raised(episode: Episode, found: Raised) -> None:
    """The condition holds."""
    life = episode.life
    change = move(episode, "raised")
    if change is None:  # pending: seen again
        life.held = found
    elif change.number in ("C1", "C11"):
        if hold := episode.policy.kind(found.kind).hold:
            life.held, life.held_since = found, episode.at
            assert hold > NONE
        else:
            begin(episode, found)
    elif episode.alert.handling in OVER:
        _seen_again(episode, found, change)
    else:
        _updated(episode, found, change)


def held(episode: Episode) -> None:
    """It has held for long enough to open."""
    found = episode.life.held
    assert found is not None
    episode.life.held = episode.life.held_since = None
    begin(episode, found)


def begin(episode: Episode, found: Raised) -> None:
    """A relapse of the last episode, or a new one."""
    alert = episode.life.alert
    if alert is not None and _relapse(episode, alert):
        changes = {"reopened": alert.reopened + 1, "cleared_at": None, **_content(episode, found)}
        again = alert.handling not in ("closed", "resolved")
        episode.line("C11", notice="recurred" if again else None, condition="firing", found=found, **changes)
        if not again:
            reopen(episode, "relapse")
        _flapping(episode)
        return
    if alert is not None and alert.open:
        close(episode, "superseded")
        episode.settle()
    opened(episode, found)


def opened(episode: Episode, found: Raised, by: Person | None = None) -> None:
    """A new episode; ``by``: whoever reported it."""
    episode.open(found, episode.at, episode.now)
    quiet.match(episode)
    episode.line(
        "C2",
        notice="opened",
        found=found,
        by=by,
        suppression=quiet.active(episode),
        clocks=clocks.opening(episode, found),
        escalation=episode.escalation(),
    )
    if dark := quiet.dark_since(episode):
        unknown(episode, max(dark, episode.at))


def _relapse(episode: Episode, alert: Alert) -> bool:
    """Of the same episode: cleared a moment ago, or people are at work on it. What was rejected begins anew."""
    if alert.handling == "rejected" or alert.kind in OWN:
        return False
    return alert.handling in ("assigned", "working") or episode.within(alert.cleared_at, episode.policy.reopen_within)


def _updated(episode: Episode, found: Raised, change: Move) -> None:
    alert = episode.alert
    worse = _rank(found) > _rank(alert)
    episode.life.clear_at = None
    if change.number != "C10":
        episode.line(change.number, condition="firing", found=found, **_content(episode, found))
        if worse:
            _worse(episode, found, told=True)
    elif worse:
        _worse(episode, found)
    elif _news(alert, found):
        episode.line("C10", found=found, **_content(episode, found))
    else:
        _silently(episode, found)


def _worse(episode: Episode, found: Raised, *, told: bool = False) -> None:
    """``told``: what was found is in the history already."""
    handling = episode.alert.handling
    quiet.match(episode, found.severity)
    changes = {} if told else _content(episode, found)
    changes |= {"severity": found.severity, "suppression": quiet.active(episode)}
    rests = None if told else found
    if handling in ("acked", "assigned", "working"):
        episode.life.before.append(handling)
        changes |= {"handling": "new", "acked_by": None, "acked_at": None, "clocks": clocks.worse(episode, found)}
        episode.line("H9", notice="worse", found=rests, escalation=episode.escalation(), **changes)
    elif handling == "new":
        episode.line("C9", notice="worse", found=rests, clocks=clocks.worse(episode, found), **changes)
    else:
        episode.line("C9", found=rests, **changes)
        reopen(episode, "worse")


def _seen_again(episode: Episode, found: Raised, change: Move) -> None:
    """People are done with it, and it still fires: nobody is told again, unless it is worse than what they saw."""
    if _rank(found) > _rank(episode.alert):
        _worse(episode, found)
    else:
        _silently(episode, found, condition=change.to)


def _silently(episode: Episode, found: Raised, **changes: Any) -> None:
    """The same again: counted, and told when the count has doubled, so that a flood of it stays cheap to read."""
    alert = episode.alert
    count = alert.count + 1
    changes |= {"count": count, "seen_at": max(alert.seen_at, episode.at)}
    if count & (count - 1) == 0:
        episode.line("C10", found=found, **changes)
    else:
        episode.amend(changes | episode.resting_on(found) | {"evidence": alert.evidence})


def _rank(each: Raised | Alert) -> int:
    return SEVERITIES.index(each.severity)


def _content(episode: Episode, found: Raised) -> dict[str, Any]:
    """What a finding says anew."""
    alert = episode.alert
    return {
        "severity": found.severity,
        "seen_at": max(alert.seen_at, episode.at),
        "count": alert.count + 1,
        "summary": found.summary,
        "value": found.value,
        "threshold": found.threshold,
    }


def _news(alert: Alert, found: Raised) -> bool:
    return (
        found.summary != alert.summary
        or found.value != alert.value
        or found.severity != alert.severity
        or found.threshold != alert.threshold
    )


# -- gone ------------------------------------------------------------------------------------------------------


def resolved(episode: Episode, found: Resolved) -> None:
    """The condition no longer holds."""
    change = move(episode, "resolved")
    if change is None:
        return
    if change.to is None:  # a near miss
        episode.life.held = episode.life.held_since = None
        return
    if wait := _clearing_time(episode):
        episode.life.clear_at = episode.at + wait
        episode.line(change.number, condition="clearing", found=found)
    else:
        cleared(episode, found)


def quietened(episode: Episode) -> None:
    """Its source went on sending, and the condition was not found again for long enough."""
    if wait := _clearing_time(episode):
        episode.life.clear_at = episode.at + wait
        episode.line("C4", condition="clearing")
    else:
        cleared(episode)


def cleared(episode: Episode, found: Resolved | None = None, number: str = "C6") -> None:
    """It is over, as far as the machine sees."""
    alert, life = episode.alert, episode.life
    life.clear_at = None
    if alert.flapping:
        life.relapses.clear()
    at = max(episode.at, alert.opened_at)
    episode.line(
        number,
        notice="cleared" if alert.handling not in OVER else None,
        found=found,
        condition="cleared",
        cleared_at=at,
        flapping=False,
        clocks=clocks.over(episode, ("legal",)),
    )
    after_clearing(episode)


def after_clearing(episode: Episode) -> None:
    """What people have nothing left to do about closes."""
    alert = episode.alert
    if alert.condition != "cleared":
        return
    if alert.handling in ("acked", "resolved"):
        close(episode, "cleared")
    elif alert.handling == "new" and (alert.kind in OWN or episode.policy.unread.get(alert.severity) == NONE):
        close(episode, "unread")


def close(episode: Episode, cause: str) -> None:
    """Closed by itself: it ``cleared``, nobody read it in time (``unread``), or a new episode takes its place."""
    life = episode.life
    life.recheck_at = None
    life.quiets = []
    episode.line(
        "H16", handling="closed", cause=cause, closed_at=episode.at, suppression=(), clocks=clocks.over(episode)
    )


def reopen(episode: Episode, cause: str) -> None:
    """People are not done with it after all."""
    episode.life.recheck_at = None
    episode.life.before = []
    episode.line(
        "H7", notice="reopened", handling="new", cause=cause, closed_at=None, acked_by=None, acked_at=None,
        reopened=episode.alert.reopened + (0 if cause == "relapse" else 1), clocks=clocks.again(episode),
        escalation=episode.escalation(),
    )  # fmt: skip


def recheck(episode: Episode) -> None:
    """People said that it is resolved: is it?"""
    episode.life.recheck_at = None
    if episode.alert.handling == "resolved":
        reopen(episode, "still_firing")


def _clearing_time(episode: Episode) -> timedelta:
    alert = episode.alert
    return max(episode.policy.kind(alert.kind).clear_for, episode.policy.flapping.clear_for if alert.flapping else NONE)


def _flapping(episode: Episode) -> None:
    rule, life = episode.policy.flapping, episode.life
    life.relapses = [at for at in life.relapses if episode.within(at, rule.within)] + [episode.at]
    if len(life.relapses) >= rule.relapses and not episode.alert.flapping:
        episode.line("C13", flapping=True)


# -- not known -------------------------------------------------------------------------------------------------


def unknown(episode: Episode, at: datetime | None = None) -> None:
    """A source that it rests on is silent: nobody can say whether it still holds."""
    if (change := move(episode, "dark")) is not None and episode.life.alert is not None:
        episode.life.clear_at = None
        episode.line(change.number, at=at, condition="unknown")


def known(episode: Episode) -> None:
    """Its source sends again: what was last found holds until it says otherwise."""
    if (change := move(episode, "back")) is not None:
        episode.line(change.number, condition="firing", seen_at=max(episode.at, episode.alert.seen_at))


def withdrawn(episode: Episode) -> None:
    """The thing that it is about, or the rule that found it, is watched no longer."""
    change = move(episode, "withdrawn")
    if change is None:
        return
    episode.life.held = episode.life.held_since = None
    if change.to is not None:
        cleared(episode, number=change.number)
        if episode.alert.open:
            close(episode, "withdrawn")
