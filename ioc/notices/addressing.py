"""To whom a line of an alert's history must be told: the centre, the agency that leads, those that coordinate."""

from collections.abc import Iterator

from ioc.agencies.routing import CENTRE
from ioc.alerts.alert import AlertChanged, Notice
from ioc.notices.events import Item, Receiver

#: What concerns the centre alone, or the agency that leads alone; the rest concerns all who see the alert.
TO_CENTRE: frozenset[Notice] = frozenset({"returned", "extension_asked"})
TO_LEAD: frozenset[Notice] = frozenset({"assigned", "reminded", "extension_answered"})
TO_ROLE: frozenset[Notice] = frozenset({"escalated", "repeat"})


def receivers(line: AlertChanged, notice: Notice) -> tuple[Receiver, ...]:
    """Each who must be told."""
    return tuple(_receivers(line, notice))


def _receivers(line: AlertChanged, notice: Notice) -> Iterator[Receiver]:
    lead = line.owner.agency if line.owner else None
    if notice in TO_ROLE:
        yield Receiver(receiver=lead or CENTRE, role=line.escalation.to if line.escalation else None)
    elif notice in TO_LEAD:
        yield Receiver(receiver=lead or CENTRE)
    else:
        yield Receiver(receiver=CENTRE)
        if notice not in TO_CENTRE:
            for agency in dict.fromkeys((lead, *line.coordinating)):
                if agency:
                    yield Receiver(receiver=agency)


def item_of(line: AlertChanged, notice: Notice) -> Item:
    dues = [clock.due for clock in line.clocks.values() if clock.due is not None and clock.met_at is None]
    if line.clock is not None and line.clock in line.clocks:
        dues = [due] if (due := line.clocks[line.clock].due) else dues
    return Item(
        alert_id=line.alert_id, version=line.version, notice=notice, kind=line.kind, module=line.module,
        about=line.about, severity=line.severity, condition=line.condition, handling=line.handling,
        title=line.title, summary=line.summary, commune=line.commune,
        lead=line.owner.agency if line.owner else None, opened_at=line.opened_at, at=line.at,
        due=min(dues, default=None), reminders=line.reminders, text=line.text,
    )  # fmt: skip
