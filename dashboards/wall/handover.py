"""What one shift hands to the next, and what a leader is told: made of the open alerts alone. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from dashboards.wall.listing import urgency
from dashboards.wall.views import View
from ioc.alerts.alert import AlertChanged, QuietChanged

DAY = timedelta(days=1)
GRAVE = ("severe", "extreme")


class Deadline(View):
    """A clock of an alert that runs out."""

    alert_id: str
    clock: str
    due: datetime
    breached: bool


class Sheet(View):
    """Biên bản bàn giao ca trực, as of ``at``, for the shift that ends ``until``."""

    at: datetime
    until: datetime
    open: tuple[AlertChanged, ...]
    shelved: Annotated[tuple[AlertChanged, ...], Field(description="open, but nobody is told")]
    silences: Annotated[tuple[QuietChanged, ...], Field(description="in force now")]
    deadlines: tuple[Deadline, ...]
    lost: Annotated[tuple[AlertChanged, ...], Field(description="sources that are silent")]


def sheet(alerts: Iterable[AlertChanged], silences: Iterable[QuietChanged], at: datetime, until: datetime) -> Sheet:
    """What the next shift must know."""
    found = sorted((alert for alert in alerts if alert.open), key=urgency)
    lost = tuple(alert for alert in found if alert.kind == "source_silent")
    return Sheet(
        at=at,
        until=until,
        open=tuple(alert for alert in found if alert not in lost),
        shelved=tuple(alert for alert in found if any(quiet.kind == "shelved" for quiet in alert.suppression)),
        silences=tuple(one for one in silences if one.transition != "Q2" and one.since <= at < one.until),
        deadlines=tuple(one for one in deadlines(found) if one.due < until),
        lost=lost,
    )


def deadlines(alerts: Iterable[AlertChanged]) -> list[Deadline]:
    """Every clock that runs, or has run out, the soonest first."""
    found = [
        Deadline(alert_id=str(alert.alert_id), clock=name, due=clock.due, breached=clock.state == "breached")
        for alert in alerts
        for name, clock in alert.clocks.items()
        if clock.due is not None and clock.state != "met" and clock.met_at is None
    ]
    return sorted(found, key=lambda one: one.due)


class Late(View):
    """An agency with alerts whose time has run out; None: the centre itself."""

    agency: str | None
    alerts: int
    oldest: datetime


class Briefing(View):
    """What a leader asks: what burns now, who is late, what has changed since yesterday."""

    at: datetime
    burning: tuple[AlertChanged, ...]
    late: tuple[Late, ...]
    opened: Annotated[int, Field(description="in the last 24 hours")]
    opened_before: Annotated[int, Field(description="in the 24 hours before those")]
    closed: Annotated[int, Field(description="in the last 24 hours")]
    still_open: int
    communes: Annotated[tuple[tuple[str, int], ...], Field(description="code and open alerts, the most first")]


def briefing(alerts: Iterable[AlertChanged], at: datetime) -> Briefing:
    """``alerts`` are all that are open, and those that opened or were closed within two days."""
    found = list(alerts)
    still = [alert for alert in found if alert.open]
    by_commune = Counter(alert.commune for alert in still if alert.commune)
    return Briefing(
        at=at,
        burning=tuple(sorted((alert for alert in still if alert.severity in GRAVE), key=urgency)[:20]),
        late=tuple(_late(still)),
        opened=sum(at - DAY <= alert.opened_at <= at for alert in found),
        opened_before=sum(at - 2 * DAY <= alert.opened_at < at - DAY for alert in found),
        closed=sum(alert.closed_at is not None and at - DAY <= alert.closed_at <= at for alert in found),
        still_open=len(still),
        communes=tuple(by_commune.most_common()),
    )


def _late(alerts: list[AlertChanged]) -> list[Late]:
    owners = {str(alert.alert_id): alert.owner.agency if alert.owner else None for alert in alerts}
    missed: dict[str | None, dict[str, datetime]] = {}
    for one in deadlines(alerts):
        if one.breached:
            missed.setdefault(owners[one.alert_id], {}).setdefault(one.alert_id, one.due)
    found = [Late(agency=owner, alerts=len(dues), oldest=min(dues.values())) for owner, dues in missed.items()]
    return sorted(found, key=lambda late: -late.alerts)
