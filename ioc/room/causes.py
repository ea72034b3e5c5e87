"""What explains what: while a cause is there, what it explains is quiet, by the rules of the district file."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from ioc.alerts.policy import CauseRule, Common
from ioc.alerts.quiet import met
from ioc.events.base import Moment
from ioc.room.events import Call, CallData


class Cause(BaseModel):
    """Alerts that are one cause at one place, and since when, by time and key, there has been one."""

    model_config = ConfigDict(extra="forbid")

    since: Moment
    first: str
    alerts: list[str]


def common(call: CallData, fields: Sequence[Common]) -> str | None:
    """What it has in common with others, in one word; None where it lacks one of the fields."""
    values = [_field(call, name) for name in fields]
    return None if None in values or "" in values else "\x1f".join(map(str, values))


def _field(call: CallData, name: Common) -> str | None:
    match name:
        case "subject":
            return call.about
        case "thing":
            return call.about.partition("/")[0]
        case _:
            return str(found) if (found := getattr(call, name)) else None


def _place(rule: CauseRule, call: CallData) -> str | None:
    found = common(call, rule.equal)
    return None if found is None else f"cause/{rule.name}/{found}"


def noted(causes: dict[str, Cause], rules: Sequence[CauseRule], call: Call, at: datetime) -> None:
    """It may be a cause."""
    name = str(call.alert_id)
    for rule in rules:
        if all(met(each, call, call.severity) for each in rule.cause) and (place := _place(rule, call)):
            cause = causes.setdefault(place, Cause(since=at, first=call.dedupe_key, alerts=[]))
            if name not in cause.alerts:
                cause.alerts.append(name)


def explained(causes: dict[str, Cause], rules: Sequence[CauseRule], call: Call) -> tuple[CauseRule, str, str] | None:
    """The rule, the place and the alert that explain the call that stands."""
    if call.since is None or not causes:
        return None
    for rule in rules:
        place = _place(rule, call)
        cause = causes.get(place) if place else None
        if place is None or cause is None or (cause.since, cause.first) > (call.since, call.dedupe_key):
            continue
        others = [each for each in cause.alerts if each != str(call.alert_id)]
        if others and all(met(each, call, call.called_as or call.severity) for each in rule.effect):
            return rule, place, others[0]
    return None


def over(causes: dict[str, Cause], alert: str) -> Iterator[str]:
    """An alert is over; the places at which nothing explains anything any more."""
    for place, cause in list(causes.items()):
        if alert in cause.alerts:
            cause.alerts.remove(alert)
            if not cause.alerts:
                del causes[place]
                yield place
