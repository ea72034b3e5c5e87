"""How much of an operator's attention alerts take, counted for the measures of ISA-18.2 and EEMUA 191.

An alert is *annunciated* when people are called to it: it opens, or gets worse. One that does so three times within a
minute *chatters*; one that is still open after a day is *stale*.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ioc.alerts.alert import AlertData
from ioc.detector import Count, Fact, Tally
from ioc.text import Text

ANNUNCIATED = Tally(
    "alerts_annunciated",
    Text("Cảnh báo đã báo", "Alerts announced to operators"),
    ("module", "kind", "severity"),
)
CHATTERING = Tally(
    "alerts_chattering",
    Text("Cảnh báo lặp dồn dập", "Alerts that rang three times within a minute"),
    ("module", "kind"),
)
STALE = Fact(
    "alerts_stale",
    Text("Cảnh báo kéo dài hơn một ngày", "Alerts open for more than a day"),
    ("module", "kind"),
)
#: ISA-18.2: repeats so often within so long.
CHATTERS = 3
WITHIN = timedelta(minutes=1)
STALE_AFTER = timedelta(days=1)


def rings_of(rings: tuple[datetime, ...], at: datetime) -> tuple[datetime, ...]:
    """The newest rings of one alert that may yet be part of chattering, this one too."""
    return tuple(ring for ring in (*rings, at) if at - ring <= WITHIN)[-CHATTERS:]


def counted(alert: AlertData, rings: tuple[datetime, ...], day: date) -> Iterable[Count]:
    """What an annunciation adds, with ``rings`` as :func:`rings_of` gives them."""
    yield Count(ANNUNCIATED, day, (alert.module, alert.kind, alert.severity))
    if len(rings) == CHATTERS:
        yield Count(CHATTERING, day, (alert.module, alert.kind))
