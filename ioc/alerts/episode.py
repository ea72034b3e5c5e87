"""One episode of an alert and how its changes are written down: a line of history each, and the present after them."""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from pydantic import Field

from ioc.agencies import escalation, scope
from ioc.agencies.parts import Escalation
from ioc.agencies.routing import route
from ioc.alerts.alert import (
    ALERTS_EVENTS,
    ALERTS_STATE,
    Alert,
    AlertChanged,
    AlertData,
    Notice,
    NotNotified,
    Raised,
    Resolved,
    alert_id,
    made,
)
from ioc.alerts.commands import JoinIncident, LeaveIncident
from ioc.alerts.kind import OWN, Severity
from ioc.alerts.load import CALLS_PEOPLE
from ioc.alerts.parts import ClockName, Handling, Owner, Person, Suppression
from ioc.alerts.policy import AlertPolicy
from ioc.alerts.transitions import DECISIVE
from ioc.detector import Emit, Finding, State
from ioc.district import District
from ioc.events.base import AnyEvent, Moment, Place
from ioc.notices.addressing import item_of, receivers
from ioc.room.events import CALLS, Call, CallData, IncidentAsked, Turn

#: Evidence kept by name; count and digest go on beyond it.
SAMPLES = 50
#: Ids of commands remembered, so that one that comes twice is one.
COMMANDS_KNOWN = 16
_BLANK = {name: field.get_default() for name, field in Alert.model_fields.items()}


class Life(State):
    """The newest episode of one dedupe key, and what must be remembered beside what everybody may read."""

    alert: Alert | None = None
    #: Found, and not yet for long enough to open.
    held: Raised | None = None
    held_since: Moment | None = None
    clear_at: Moment | None = None
    recheck_at: Moment | None = None
    #: Suppressions in force or still to come.
    quiets: list[Suppression] = Field(default_factory=list)
    #: What an acknowledgement, or getting worse, took handling away from: gone back to.
    before: list[Handling] = Field(default_factory=list)
    relapses: list[Moment] = Field(default_factory=list)
    commands: list[str] = Field(default_factory=list)
    #: The newest decisive change, for who comes too late: its number, who made it, for which agency.
    decided: str = ""
    decided_by: Person | None = None
    #: Since when people ought to know, and nobody has taken it; and how severe it was then.
    called_at: Moment | None = None
    called_as: Severity | None = None
    #: Time of the newest line.
    at: Moment | None = None
    #: The station, camera or feed of the district file that it is about.
    thing: str = ""
    forgotten: bool = False
    #: Open for so long that the alarm load counts it.
    stale: bool = False


class Episode:
    """A life at one event or deadline. What is said of it gathers in ``said``."""

    __slots__ = ("_changed", "at", "district", "event", "life", "now", "policy", "said")

    def __init__(self, life: Life, district: District, at: datetime, event: AnyEvent | None = None) -> None:
        self.life, self.district, self.at, self.event = life, district, at, event
        self.policy: AlertPolicy = district.alerts
        #: When people can have noticed: what comes late is noticed late.
        self.now = max(at, event.place.now) if event is not None and event.place is not None else at
        self.said: list[Finding] = []
        self._changed = False

    @property
    def alert(self) -> Alert:
        assert self.life.alert is not None
        return self.life.alert

    @property
    def place(self) -> Place:
        assert self.event is not None
        assert self.event.place is not None
        return self.event.place

    def open(self, found: Raised, at: datetime, noticed: datetime) -> None:
        """A new episode; or the last one again, where both opened at the same instant: its changes count on."""
        before, key = self.life.alert, found.subject
        name = alert_id(key, at)
        again = before if before is not None and before.alert_id == name else None
        fields = found.__dict__
        values = _BLANK | {
            "alert_id": name,
            "dedupe_key": key,
            "version": again.version if again else 0,
            "kind": found.kind,
            "condition": "firing",
            "handling": "new",
            "opened_at": at,
            "seen_at": at,
            "count": again.count + 1 if again else 1,
            "previous_alert_id": None if before is None or again else before.alert_id,
            **{name: fields[name] for name in _TOLD},
            **self._routed(found, at),
        }
        life = self.life
        life.held = life.held_since = life.clear_at = life.recheck_at = None
        life.quiets, life.before, life.relapses, life.stale = [], [], [], False
        root = found.about.partition("/")[0]
        life.thing = root if root in self.district.things else ""
        life.at = None if again is None else life.at
        life.alert = made(Alert, values)

    def _routed(self, found: Raised, at: datetime) -> dict[str, Any]:
        """The agencies that it is sent to at once; what is said of alerts themselves stays with the centre."""
        district = self.district
        commune = district.commune(found.commune, at)
        routed = route(district.routes, district.agencies, found.kind, found.module, commune)
        if routed is None or found.kind in OWN:
            return {}
        return {"owner": Owner(agency=routed.lead, since=at), "coordinating": routed.coordinating}

    @property
    def steps(self) -> escalation.Steps:
        """The steps of escalation of an alert of its severity."""
        alert = self.alert
        return () if alert.kind in OWN else self.policy.escalation.get(alert.severity, ())

    def escalation(self) -> Escalation | None:
        """Escalation from its beginning: the alert is new, or new again."""
        return escalation.begun(self.steps, self.now)

    def line(
        self,
        number: str,
        *,
        at: datetime | None = None,
        notice: Notice | None = None,
        found: Raised | Resolved | None = None,
        by: Person | None = None,
        text: str = "",
        clock: ClockName | None = None,
        due_before: datetime | None = None,
        **changes: Any,
    ) -> None:
        """The next line of the history: these changes, what was found, and why people ought to be told."""
        life, event = self.life, self.event
        if found is not None:
            changes |= self.resting_on(found)
        alert, at = self.alert, at or self.at
        if alert.kind in OWN:
            notice = None  # people are told on the alert whose clock it is, and of a storm by the room
        if life.at is not None and at < life.at:
            at = life.at
        version = alert.version + 1
        values = {**alert.__dict__, **changes, "version": version}
        if number in DECISIVE:
            values["decisive_version"] = version
            life.decided, life.decided_by = number, by
        life.at, self._changed = at, True
        life.alert = made(Alert, values)
        values["escalation"] = escalation.settled(life.alert, self.steps, at)
        line = values.copy()
        del line["evidence"]
        command = event if by is not None else None
        quiet = next(iter(values["suppression"]), None) if notice else None
        line |= {
            "transition": number,
            "at": at,
            "by": by,
            "command": command.id if command else None,
            "said_at": command.place.said_at if command and command.place else None,
            "text": text,
            "clock": clock,
            "due_before": due_before,
            "notice": None if quiet else notice,
            "evidence": found.evidence if found is not None else (),
        }
        changed = made(AlertChanged, line)
        self.said.append(Emit(ALERTS_EVENTS, changed, at))
        self.said.extend(scope.records(self.district, alert, self.alert, changed))
        self._call(alert, changed)
        if quiet is not None and notice is not None:
            self._not_notified(quiet, notice, at)

    def _call(self, before: Alert, line: AlertChanged) -> None:
        """Let the room know what this line calls people to, or what they need not be called to any more."""
        if line.kind in OWN:
            return
        life, turns = self.life, list[Turn]()
        over, was_over = _over(line), line.transition == "C2" or _over(before)
        if over != was_over:
            turns.append("over" if over else "opens")
        stands = line.handling == "new" and not over and not line.suppression
        if line.notice in CALLS_PEOPLE and stands and life.called_at is None:
            turns.append("called")
            life.called_at, life.called_as = line.at, line.severity
        since, called_as = life.called_at, life.called_as
        if since is not None and not stands:
            turns.append("answered")
            life.called_at = life.called_as = None
        if turns or line.notice:
            told = {  # in the order of the model: it is written as it stands
                "turns": tuple(turns),
                "since": since,
                "called_as": called_as,
                "item": item_of(line, line.notice) if line.notice else None,
                "receivers": receivers(line, line.notice) if line.notice else (),
            }
            self.said.append(Emit(CALLS, made(Call, self._known() | told), line.at))

    def _known(self) -> dict[str, Any]:
        """What the room knows an alert by."""
        return {name: getattr(self.alert, name) for name in CallData.model_fields}

    def ask_room(self, said: JoinIncident | LeaveIncident) -> None:
        """Incidents are the room's: it answers."""
        assert self.event is not None
        asked = IncidentAsked(
            **self._known(), into=said.incident_id if isinstance(said, JoinIncident) else None,
            command=self.event.id, by=said.by, said_at=self.place.said_at, text=said.text,
        )  # fmt: skip
        self.said.append(Emit(CALLS, asked, self.at))

    def amend(self, changes: dict[str, Any]) -> None:
        """What is not worth a line: told with the next one."""
        self.life.alert = made(Alert, {**self.alert.__dict__, **changes})

    def _not_notified(self, quiet: Suppression, notice: Notice, at: datetime) -> None:
        told = NotNotified(
            alert_id=self.alert.alert_id, dedupe_key=self.alert.dedupe_key, version=self.alert.version, at=at,
            notice=notice, because=quiet.kind, ref=quiet.ref, reason=quiet.reason, by=quiet.by, until=quiet.until,
        )  # fmt: skip
        self.said.append(Emit(ALERTS_EVENTS, told, at))

    def settle(self) -> list[Finding]:
        """All that was said, with the present after it."""
        if self._changed:
            assert self.life.at is not None
            self.said.append(Emit(ALERTS_STATE, self.alert, self.life.at))
            self._changed = False
        return self.said

    # -- evidence --------------------------------------------------------------------------------------------

    def resting_on(self, found: Raised | Resolved) -> dict[str, Any]:
        """What the finding's evidence changes: samples, the last, the count and the digest of all."""
        if not found.evidence:
            return {}
        alert = self.alert
        digest = alert.evidence_digest
        for each in found.evidence:
            digest = blake2b(
                f"{digest}\x1f{each.source}\x1f{each.id}\x1f{each.at.isoformat()}".encode(), digest_size=16
            ).hexdigest()
        room = SAMPLES - len(alert.evidence)
        return {
            "evidence": alert.evidence + found.evidence[:room] if room > 0 else alert.evidence,
            "evidence_last": found.evidence[-1],
            "evidence_count": alert.evidence_count + len(found.evidence),
            "evidence_digest": digest,
        }

    def within(self, since: datetime | None, length: timedelta) -> bool:
        """Did this happen no longer than ``length`` after ``since``?"""
        return since is not None and self.at - since <= length


def _over(alert: AlertData) -> bool:
    return alert.condition == "cleared" or not alert.open


_TOLD = (
    "about", "commune", "module", "detector", "severity", "title", "summary", "value", "threshold", "unit",
    "legal_basis", "latitude", "longitude",
)  # fmt: skip
