"""How much of an operator's attention alerts take, counted for the measures of ISA-18.2 and EEMUA 191.

An alert is *annunciated* when people are called to it: it opens, or gets worse.
"""

from collections.abc import Iterable

from ioc.alerts.alert import ALERTS_EVENTS, AlertChanged
from ioc.detector import Count, Emit, Finding, Tally
from ioc.district import District
from ioc.text import Text

ANNUNCIATED = Tally(
    "alerts_annunciated",
    Text("Cảnh báo đã báo", "Alerts announced to operators"),
    ("module", "kind", "severity"),
)
TALLIES = (ANNUNCIATED,)
#: Transitions at which people are called: opened, severity raised.
CALLS = ("C2", "C9")


def counted(said: Iterable[Finding], district: District) -> Iterable[Finding]:
    """What the life of an alert says, with what its lines of history count for."""
    for found in said:
        yield found
        if isinstance(found, Emit) and found.topic is ALERTS_EVENTS and isinstance(found.data, AlertChanged):
            yield from _counts(found.data, district)


def _counts(line: AlertChanged, district: District) -> Iterable[Count]:
    day = district.local(line.at).date()
    if line.transition in CALLS:
        yield Count(ANNUNCIATED, day, (line.module, line.kind, line.severity))
