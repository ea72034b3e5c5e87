"""What each agency sees: a topic of its own with the alerts that it leads or helps with, and nothing else.

``alerts.agency.<id>`` is compacted and keyed by alert id: who reads it from the beginning has the present, then
follows. Each record is the whole alert with what changed last; a record without a value (a tombstone) says that the
alert is no longer the agency's, or is forgotten.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ioc.alerts.alert import Alert, AlertChanged, AlertData
from ioc.alerts.parts import Part, Person
from ioc.detector import Emit
from ioc.district import District
from ioc.events.base import Code, Data, Moment, Topic, Words
from ioc.text import Text


class Area(Part):
    """Where it is: today's commune, and the names under which the place was known."""

    code: Code
    name: str
    formerly: tuple[str, ...] = ()


class LastChange(Part):
    """The line of the alert's history that this record follows from."""

    transition: Annotated[Code, Field(description="number, as in the table of transitions")]
    at: Moment
    by: Person | None = None
    text: Words = ""


class AgencyAlert(Data):
    """An alert as an agency that leads or coordinates sees it: the full present, and what changed last."""

    TYPE = "vn.ioc.agency.alert"

    agency: Code
    role: Annotated[Literal["lead", "coordinating"], Field(description="chủ trì hoặc phối hợp")]
    area: Area | None = None
    change: LastChange
    alert: Alert

    @property
    def subject(self) -> str:
        return str(self.alert.alert_id)


class AgencyReleased(Data):
    """An alert is no longer this agency's: written as a tombstone."""

    TYPE = "vn.ioc.agency.released"
    TOMBSTONE = True

    alert_id: UUID

    @property
    def subject(self) -> str:
        return str(self.alert_id)


#: The family of the agencies' topics: each has its id after a dot.
AGENCY = Topic(
    "alerts.agency",
    Text("Cảnh báo của một cơ quan", "Alerts of one agency"),
    events=(AgencyAlert, AgencyReleased),
    retention=None,
    compacted=True,
    partitions=1,
)


@lru_cache(maxsize=1024)
def topic_of(agency: str) -> Topic:
    """The topic of one agency."""
    return Topic(
        f"{AGENCY.name}.{agency}",
        Text(f"{AGENCY.title.vi}: {agency}", f"{AGENCY.title.en}: {agency}"),
        events=AGENCY.events,
        retention=None,
        compacted=True,
        partitions=AGENCY.partitions,
    )


def topics(district: District) -> tuple[Topic, ...]:
    """The topics of all agencies of a district."""
    return tuple(topic_of(agency.id) for agency in district.agencies)


def members(alert: AlertData | None) -> dict[str, Literal["lead", "coordinating"]]:
    """The agencies that see an alert, and as what."""
    if alert is None:
        return {}
    found: dict[str, Literal["lead", "coordinating"]] = dict.fromkeys(alert.coordinating, "coordinating")
    if alert.owner is not None:
        found[alert.owner.agency] = "lead"
    return found


def records(district: District, before: Alert, after: Alert, line: AlertChanged) -> Iterator[Emit]:
    """What this line means for the agencies' topics."""
    now = members(after)
    if not now and not members(before):
        return
    known = {agency.id for agency in district.agencies}
    for agency in sorted(members(before).keys() - now.keys()):
        if agency in known:
            yield Emit(topic_of(agency), AgencyReleased(alert_id=after.alert_id), line.at)
    change = LastChange(transition=line.transition, at=line.at, by=line.by, text=line.text)
    area = area_of(district, after.commune, after.opened_at)
    for agency, role in sorted(now.items()):
        if agency in known:
            told = AgencyAlert(agency=agency, role=role, area=area, change=change, alert=after)
            yield Emit(topic_of(agency), told, line.at)


def released(alert: Alert, at: datetime) -> Iterator[Emit]:
    """It is forgotten: no agency's any more."""
    for agency in sorted(members(alert)):
        yield Emit(topic_of(agency), AgencyReleased(alert_id=alert.alert_id), at)


def area_of(district: District, code: str | None, at: datetime) -> Area | None:
    """Today's commune for a code as it was valid then."""
    today = district.commune(code, at)
    names = district.area_names(today)
    return Area(code=today, name=names[0], formerly=names[1:]) if today and names else None
