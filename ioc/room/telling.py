"""What people are told of all that calls for them: a fold over the calls of all alerts, in order of time.

Three things stand between a call and a person. It is one of a *storm*, more of a module than anybody can read. Its
*cause* is known (a rule of the district file). It is a further one of an *incident* that was told, where the district
wants such incidents quiet. Whatever is not told is written down with the reason, and a storm or cause that is over
lets what it withheld be told. The highest severity, and what people say to each other, is always told.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pydantic import Field

from ioc.alerts.alert import ALERTS_EVENTS, CommandRefused, IncidentChanged, Notice, NotNotified, Words2
from ioc.alerts.handling import CANNOT, WHY
from ioc.alerts.kind import STORM
from ioc.alerts.load import CALLS_PEOPLE, FOLDED
from ioc.alerts.parts import Quiet, RefusalCode
from ioc.detector import Count, Detector, Emit, Finding, Params, Resolve, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.folds import ROOM
from ioc.notices.events import NOTICES_INBOX, Item, NoticeDue
from ioc.room import causes, incidents, storm
from ioc.room.causes import Cause
from ioc.room.events import (
    INCIDENTS,
    NOTICES_WITHHELD,
    Answered,
    Call,
    Incident,
    IncidentAsked,
    Released,
    Withheld,
)
from ioc.room.incidents import Book, Joined
from ioc.room.storm import Storm
from ioc.text import Text

#: What people say to each other: told, whatever goes on.
BY_PEOPLE: frozenset[Notice] = frozenset({"assigned", "returned", "reminded", "extension_asked", "extension_answered"})
GROUPED = Text("thuộc sự việc đã báo", "part of an incident that was told")


class Room(State):
    """What goes on: storms by module, causes by rule and place, incidents."""

    storms: dict[str, Storm] = Field(default_factory=dict)
    causes: dict[str, Cause] = Field(default_factory=dict)
    incidents: Book = Field(default_factory=Book)


class Telling(Detector[Room]):
    """Tells each call, or says why not."""

    def __init__(self, district: District) -> None:
        self._district, self._policy = district, district.alerts

    def new_state(self) -> Room:
        return Room()

    def on_event(self, state: Room, event: AnyEvent) -> Iterable[Finding]:
        if isinstance(event.data, IncidentAsked):
            return self._asked(state, event.data, event.at)
        return self._heard(state, event.data, event.at)

    def on_late(self, state: Room, event: AnyEvent) -> Iterable[Finding]:
        """A call that comes late is told all the same."""
        return self.on_event(state, event)

    def _heard(self, state: Room, call: Call, at: datetime) -> Iterator[Finding]:
        if "over" not in call.turns:
            causes.noted(state.causes, self._policy.causes, call, at)
        joined = incidents.opened(state.incidents, self._policy.incidents, call, at) if "opens" in call.turns else None
        if joined is not None:
            yield from self._joined(call, joined, at)
        if call.item is not None:
            yield from self._tell(state, call, call.item, joined, at)
        if "answered" in call.turns:
            yield from self._answered(state, call, at)
        if "over" in call.turns:
            for place in causes.over(state.causes, str(call.alert_id)):
                yield Emit(NOTICES_WITHHELD, Released(ref=place), at)

    # -- told, or not ----------------------------------------------------------------------------------------

    def _tell(self, state: Room, call: Call, item: Item, joined: Joined | None, at: datetime) -> Iterator[Finding]:
        incident = joined.incident if joined else state.incidents.of(call)
        if incident is not None:
            item = item.model_copy(update={"incident_id": incident.incident_id, "members": incident.members})
        if item.severity == "extreme" or item.notice in BY_PEOPLE or call.since is None:
            yield from self._told(state, call, item, at)
        elif storm.holds(state.storms.get(call.module), call):
            yield from self._folded(state, call, item, at)
        elif (found := causes.explained(state.causes, self._policy.causes, call)) is not None:
            rule, place, cause = found
            yield from self._withheld(call, item, at, place, "inhibited", cause, Text(rule.name, rule.name))
        elif joined is not None and joined.quiet:
            yield from self._untold(call, item, at, "grouped", str(joined.incident.incident_id), GROUPED)
        else:
            yield from self._told(state, call, item, at)

    def _told(self, state: Room, call: Call, item: Item, at: datetime) -> Iterator[Finding]:
        if item.notice in CALLS_PEOPLE:
            blowing = state.storms.setdefault(call.module, Storm())
            flood = storm.counted(blowing, self._policy.storm, at)
            if flood and item.severity != "extreme" and "called" in call.turns:
                storm.blow(blowing, call, at)
                yield from self._folded(state, call, item, at)
                return
        for each in call.receivers:
            yield Emit(NOTICES_INBOX, NoticeDue(receiver=each.receiver, role=each.role, item=item), at)

    def _folded(self, state: Room, call: Call, item: Item, at: datetime) -> Iterator[Finding]:
        blowing = state.storms[call.module]
        name = storm.reference(call.module)
        if "called" in call.turns:
            storm.counted(blowing, self._policy.storm, at)
            if storm.fold(blowing, call):
                yield storm.raised(blowing, self._district, call.module, at)
        yield from self._withheld(call, item, at, name, "storm", name, STORM.title)

    def _withheld(
        self, call: Call, item: Item, at: datetime, place: str, because: Quiet, ref: str, reason: Text
    ) -> Iterator[Finding]:
        yield Emit(NOTICES_WITHHELD, Withheld(ref=place, item=item, receivers=call.receivers), at)
        yield from self._untold(call, item, at, because, ref, reason)

    def _untold(
        self, call: Call, item: Item, at: datetime, because: Quiet, ref: str, reason: Text
    ) -> Iterator[Finding]:
        words = reason.vi if reason.vi == reason.en else f"{reason.vi} / {reason.en}"
        untold = NotNotified(
            alert_id=call.alert_id, dedupe_key=call.dedupe_key, version=call.version, at=at, notice=item.notice,
            because=because, ref=ref, reason=words,
        )  # fmt: skip
        yield Emit(ALERTS_EVENTS, untold, at)
        yield Count(FOLDED, self._district.day(at), (because,))

    def _answered(self, state: Room, call: Call, at: datetime) -> Iterator[Finding]:
        blowing = state.storms.get(call.module)
        in_storm = blowing is not None and storm.holds(blowing, call)
        if in_storm or causes.explained(state.causes, self._policy.causes, call) is not None:
            yield Emit(NOTICES_WITHHELD, Answered(alert_id=call.alert_id), at)
        if blowing is not None and in_storm:
            blowing.answered += 1
            yield from self._settled(state, call.module, at)

    # -- storms ----------------------------------------------------------------------------------------------

    def next_deadline(self, state: Room) -> datetime | None:
        return min((each.look for each in state.storms.values() if each.look is not None), default=None)

    def on_deadline(self, state: Room, at: datetime) -> Iterable[Finding]:
        """A minute has passed in a storm: who knows nothing of it is told, and it may be calm."""
        for module, blowing in sorted(state.storms.items()):
            if blowing.look is None or blowing.look > at:
                continue
            calm = storm.calm(blowing, self._policy.storm, at)
            yield from self._tell_of_storm(blowing, module, at)
            if calm and blowing.waiting > self._policy.storm.over_below:
                yield storm.raised(blowing, self._district, module, at)
            yield from self._settled(state, module, at)

    def _tell_of_storm(self, blowing: Storm, module: str, at: datetime) -> Iterator[Finding]:
        if untold := list(storm.untold(blowing)):
            item = storm.item(blowing, self._district, module, at)
            for each in untold:
                yield Emit(NOTICES_INBOX, NoticeDue(receiver=each.receiver, item=item), at)

    def _settled(self, state: Room, module: str, at: datetime) -> Iterator[Finding]:
        """It is over once it is calm and few of what it folded still wait: these are told one by one."""
        blowing = state.storms[module]
        if blowing.blows or not blowing.spells or blowing.waiting > self._policy.storm.over_below:
            return
        item = storm.item(blowing, self._district, module, at, over=True)
        for each in blowing.told:
            yield Emit(NOTICES_INBOX, NoticeDue(receiver=each.receiver, item=item), at)
        yield Emit(NOTICES_WITHHELD, Released(ref=storm.reference(module)), at)
        yield Resolve(STORM, module, at)
        state.storms[module] = Storm(recent=blowing.recent)
        storm.counted(state.storms[module], self._policy.storm, at, blowing.waiting)

    # -- incidents -------------------------------------------------------------------------------------------

    def _joined(self, call: Call, joined: Joined, at: datetime) -> Iterator[Finding]:
        number = joined.incident.members
        yield Emit(ALERTS_EVENTS, _change(call, "G1", joined.incident, at), at)
        if joined.new or number & (number - 1) == 0 or joined.incident.last_at == at:
            yield Emit(INCIDENTS, joined.incident, at)

    def _asked(self, state: Room, asked: IncidentAsked, at: datetime) -> Iterator[Finding]:
        """People join and take apart."""
        book = state.incidents
        own, into = book.of(asked), book.get(asked.into)
        if own is None or (asked.into is not None and into is None):
            yield _refused(asked, "unknown_incident", at)
        elif into is not None and into.incident_id == own.incident_id:
            yield _refused(asked, "already_joined", at)
        elif into is None and own.members < 2:
            yield _refused(asked, "alone", at)
        else:
            changed = list(incidents.merged(book, own, into) if into else incidents.taken_out(book, own, asked, at))
            for each in changed:
                yield Emit(INCIDENTS, each, at)
            yield Emit(ALERTS_EVENTS, _change(asked, "G2" if into else "G3", changed[-1], at, own), at)


def _change(
    call: Call | IncidentAsked, number: str, incident: Incident, at: datetime, before: Incident | None = None
) -> IncidentChanged:
    names = () if isinstance(call, Call) else ("command", "by", "said_at", "text")
    told = {name: getattr(call, name) for name in names}
    return IncidentChanged(
        transition=number, incident_id=incident.incident_id, before=before.incident_id if before else None,
        alert_id=call.alert_id, dedupe_key=call.dedupe_key, at=at, **told,
    )  # fmt: skip


def _refused(asked: IncidentAsked, code: RefusalCode, at: datetime) -> Emit:
    action = "join_incident" if asked.into else "leave_incident"
    told = CommandRefused(
        command=asked.command, action=action, code=code, reason=Words2.of(CANNOT.format(why=WHY[code])), by=asked.by,
        alert_id=asked.alert_id, dedupe_key=asked.dedupe_key, at=at, said_at=asked.said_at, version=asked.version,
    )  # fmt: skip
    return Emit(ALERTS_EVENTS, told, at)


def _build(_params: Params, district: District) -> Telling:
    return Telling(district)


SPEC = Spec(
    "alert_room",
    Text("Báo cho người trực việc gì, gom ra sao", "What people are told of, and as part of what"),
    folds=(ROOM,),
    hears=(Call, IncidentAsked),
    build=_build,
    state=Room,
    kinds=(STORM,),
    emits=(ALERTS_EVENTS, NOTICES_INBOX, NOTICES_WITHHELD, INCIDENTS),
    tallies=(FOLDED,),
)
