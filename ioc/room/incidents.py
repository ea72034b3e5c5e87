"""Incidents (sự việc): alerts that belong together, by the district's rules or because people said so."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict

from ioc.alerts.kind import SEVERITIES
from ioc.alerts.policy import IncidentRule
from ioc.alerts.quiet import met
from ioc.room.causes import common
from ioc.room.events import Call, CallData, Incident

#: How long after its newest alert people can still join an incident to another, and how many are known at most.
KNOWN_FOR, KNOWN = timedelta(days=1), 500


class Known(BaseModel):
    """An incident, and the place by which new alerts join it."""

    model_config = ConfigDict(extra="forbid")

    place: str
    incident: Incident


class Book(BaseModel):
    """Incidents by id, which of them new alerts of a place join, and alerts that people moved."""

    model_config = ConfigDict(extra="forbid")

    known: dict[str, Known] = {}
    places: dict[str, str] = {}
    moved: dict[str, str] = {}

    def get(self, name: str | UUID | None) -> Incident | None:
        """By its id, or by that of one that is part of it now."""
        known = self.known.get(str(name))
        while known is not None and known.incident.merged_into is not None:
            known = self.known.get(str(known.incident.merged_into))
        return known.incident if known else None

    def put(self, incident: Incident, place: str | None = None) -> None:
        name = str(incident.incident_id)
        self.known[name] = Known(place=self.known[name].place if place is None else place, incident=incident)

    def of(self, call: CallData) -> Incident | None:
        """The incident of an alert."""
        if (name := self.moved.get(str(call.alert_id))) is not None:
            return self.get(name)
        for each in reversed(self.known.values()):
            began = each.incident.opened_at <= call.opened_at <= each.incident.last_at
            if began and call.module == each.incident.module and self._fits(each, call):
                return self.get(each.incident.incident_id)
        return None

    @staticmethod
    def _fits(known: Known, call: CallData) -> bool:
        rule, _, fields = known.place.partition("\x1f\x1f")
        names, _, values = fields.partition("\x1f\x1f")
        return bool(rule) and common(call, names.split()) == values  # type: ignore[arg-type]


def place_of(rules: Sequence[IncidentRule], call: CallData) -> tuple[IncidentRule, str] | None:
    """The rule for an alert and the place by which it joins others; None: it stays alone."""
    for rule in rules:
        if all(met(each, call, call.severity) for each in rule.match):
            shared = common(call, rule.by)
            return None if shared is None else (rule, f"{rule.name}\x1f\x1f{' '.join(rule.by)}\x1f\x1f{shared}")
    return None


class Joined(NamedTuple):
    """The incident of an alert that opens; ``quiet``: of those who are told of it nobody needs to hear of one more."""

    incident: Incident
    new: bool
    quiet: bool


def opened(book: Book, rules: Sequence[IncidentRule], call: Call, at: datetime) -> Joined | None:
    """An alert opens: the incident that it joins, or begins."""
    if str(call.alert_id) in book.moved and (own := book.of(call)) is not None:
        return Joined(own, new=False, quiet=False)
    found = place_of(rules, call)
    if found is None:
        return None
    rule, place = found
    before = book.get(book.places.get(place))
    if before is None or at - before.last_at > rule.gap:
        return Joined(_begun(book, rule, place, call, at), new=True, quiet=False)
    if before.opened_at <= call.opened_at < at:
        return Joined(before, new=False, quiet=False)  # it is one of them already, and opens again
    again = rule.quiet and call.kind in before.kinds and call.severity in ("minor", "moderate")
    worst = max(before.severity, call.severity, key=SEVERITIES.index)
    kinds = before.kinds if call.kind in before.kinds else (*before.kinds, call.kind)
    more = {"members": before.members + 1, "last_at": at, "severity": worst, "kinds": kinds}
    after = before.model_copy(update=more)
    book.put(after)
    doubled = after.members & (after.members - 1) == 0
    return Joined(after, new=False, quiet=again and worst == before.severity and not doubled)


def _begun(book: Book, rule: IncidentRule, place: str, call: Call, at: datetime) -> Incident:
    _forget(book, at)
    name = uuid5(NAMESPACE_URL, f"incident/{place}/{at.isoformat()}")
    incident = alone(call, name, at, rule.name)
    book.put(incident, place)
    book.places[place] = str(name)
    return incident


def alone(call: CallData, name: UUID, at: datetime, rule: str = "-") -> Incident:
    """An incident of one alert."""
    return Incident(
        incident_id=name, rule=rule, module=call.module, commune=call.commune, opened_at=at, last_at=at, members=1,
        severity=call.severity, kinds=(call.kind,), title=call.title,
    )  # fmt: skip


def _forget(book: Book, at: datetime) -> None:
    kept = [name for name, each in book.known.items() if at - each.incident.last_at <= KNOWN_FOR][-KNOWN + 1 :]
    book.known = {name: book.known[name] for name in kept}
    book.places = {place: name for place, name in book.places.items() if name in book.known}
    book.moved = {alert: name for alert, name in book.moved.items() if name in book.known}


def merged(book: Book, one: Incident, into: Incident) -> Iterator[Incident]:
    """Both are one from now on: what joins either is in ``into``."""
    kinds = tuple(dict.fromkeys((*into.kinds, *one.kinds)))
    worst = max(into.severity, one.severity, key=SEVERITIES.index)
    last = max(into.last_at, one.last_at)
    more = {"members": into.members + one.members, "severity": worst, "kinds": kinds, "last_at": last}
    for each in (
        one.model_copy(update={"members": 0, "merged_into": into.incident_id}),
        into.model_copy(update=more),
    ):
        book.put(each)
        yield each


def taken_out(book: Book, one: Incident, call: CallData, at: datetime) -> Iterator[Incident]:
    """One alert is an incident of its own."""
    left = one.model_copy(update={"members": one.members - 1})
    own = alone(call, uuid5(NAMESPACE_URL, f"incident/{call.alert_id}/{at.isoformat()}"), at)
    book.put(left)
    book.put(own, "")
    book.moved[str(call.alert_id)] = str(own.incident_id)
    yield left
    yield own
