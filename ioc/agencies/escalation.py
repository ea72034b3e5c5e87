"""Escalation (báo lên cấp trên): who is told next at the agency while nobody acts, step by step.

Each step waits its time after the one before. A suppression pauses the wait and keeps what was left of it. A step whose
``until`` has happened is passed over. A call that did not get through brings the next step at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ioc.agencies.parts import Call, Escalation, Role
from ioc.durations import Duration

if TYPE_CHECKING:
    from ioc.alerts.alert import AlertData


class EscalationStep(BaseModel):
    """One step: whom to tell, when, and what makes it needless."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: Annotated[Duration, Field(description="wait after the step before, or after the opening")]
    to: Annotated[Role, Field(description="whom: duty, deputy or leader of the agency that must act")]
    until: Annotated[
        Literal["ack", "accept"], Field(description="not taken once the alert is acknowledged, or accepted")
    ] = "accept"
    repeat: Annotated[
        Duration | None, Field(description="the last step: taken again after this, until it is stopped")
    ] = None


Steps = Sequence[EscalationStep]


def begun(steps: Steps, at: datetime) -> Escalation | None:
    """For an alert that is new, or new again; None where nothing is to be escalated."""
    return Escalation(next_at=at + steps[0].after) if steps else None


def settled(alert: "AlertData", steps: Steps, at: datetime) -> Escalation | None:
    """As it stands after any change of the alert: over, paused, or going on with what was left."""
    now = alert.escalation
    if now is None or (now.next_at is None and now.left is None):
        return now
    if _over(alert, steps, now.level):
        return now.model_copy(update={"next_at": None, "left": None})
    if alert.suppression and now.next_at is not None:
        return now.model_copy(update={"next_at": None, "left": max(0.0, (now.next_at - at).total_seconds())})
    if not alert.suppression and now.left is not None:
        return now.model_copy(update={"next_at": at + timedelta(seconds=now.left), "left": None})
    return now


def _over(alert: "AlertData", steps: Steps, level: int) -> bool:
    if not alert.open or alert.handling == "resolved" or not steps:
        return True
    return all(_stopped(alert, step) for step in (*steps[level:], steps[-1]))


def _stopped(alert: "AlertData", step: EscalationStep) -> bool:
    accepted = alert.handling == "working"
    return accepted or (step.until == "ack" and alert.acked_at is not None)


def next_step(alert: "AlertData", steps: Steps, at: datetime) -> tuple[Escalation, bool]:
    """The wait is over: where it stands then, and whether somebody is told."""
    now = alert.escalation
    assert now is not None
    step = steps[min(now.level, len(steps) - 1)]
    level = min(now.level + 1, len(steps))
    wait = steps[level].after if level < len(steps) else step.repeat
    onward = {"level": level, "next_at": at + wait if wait else None}
    if _stopped(alert, step):
        return now.model_copy(update=onward), False
    return now.model_copy(update=onward | {"to": step.to}), True


def called(now: Escalation | None, call: Call, at: datetime) -> Escalation | None:
    """What a call means for the wait: unreachable brings the next step now, a call to come puts it off."""
    if now is None or now.next_at is None:
        return now
    if call.outcome == "unreachable":
        return now.model_copy(update={"next_at": at})
    if call.outcome == "call_later" and call.again_at is not None:
        return now.model_copy(update={"next_at": max(now.next_at, call.again_at)})
    return now
