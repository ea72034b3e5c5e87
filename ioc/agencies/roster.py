"""The duty roster (lịch trực): who is on duty at an agency from when to when, with deputy, leader and telephone."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from ioc.agencies.parts import Role
from ioc.alerts.parts import Part
from ioc.events.base import Code, Data, Moment, Topic
from ioc.text import Text


class Officer(Part):
    """Somebody on duty."""

    role: Role
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    phone: Annotated[str, StringConstraints(min_length=1, max_length=40)]


class RosterFiled(Data):
    """One duty of one agency; filed again for the same day, it takes the place of the one before."""

    TYPE = "vn.ioc.roster.filed"

    agency: Code
    day: Annotated[date, Field(description="the day on which the duty begins")]
    since: Moment
    until: Moment
    officers: Annotated[tuple[Officer, ...], Field(min_length=1)]

    @property
    def subject(self) -> str:
        return self.agency


#: A plan is made ahead: when it was filed is the event's time, the days are its content.
ROSTERS = Topic("rosters", Text("Lịch trực", "Duty rosters"), (RosterFiled,), partitions=1, retention=None)


def on_duty(rosters: Iterable[RosterFiled], agency: str, at: datetime) -> RosterFiled | None:
    """The duty that an agency has at a moment: of several, the one that began last."""
    held = [each for each in rosters if each.agency == agency and each.since <= at < each.until]
    return max(held, key=lambda each: each.since, default=None)


def officer(duty: RosterFiled | None, role: Role) -> Officer | None:
    """Who has that role in a duty."""
    return next((each for each in duty.officers if each.role == role), None) if duty else None
