"""Lists of alerts, page by page. A cursor names the last alert of a page, so that nothing is skipped or told
twice however the list changes between two pages."""

import base64
import binascii
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from dashboards.wall.sight import EVERYTHING, Sight
from dashboards.wall.views import AlertPage
from ioc.alerts.alert import AlertChanged
from ioc.alerts.kind import SEVERITIES
from ioc.text import plain

#: Alerts looked at for one page of a filtered list; beyond, the page ends early and its cursor goes on.
LOOKED_AT = 5_000
#: A due time later than all others, for what has none.
NEVER = 2**40


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty asks for all. ``since`` and ``until`` are about when an alert opened."""

    severity: frozenset[str] = frozenset()
    handling: frozenset[str] = frozenset()
    condition: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    module: frozenset[str] = frozenset()
    commune: frozenset[str] = frozenset()
    agency: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    sight: Sight = EVERYTHING

    def match(self, alert: AlertChanged) -> bool:
        if not self.sight.sees_alert(alert):
            return False
        for name in ("severity", "handling", "condition", "kind", "module", "commune"):
            wanted = getattr(self, name)
            if wanted and getattr(alert, name) not in wanted:
                return False
        if self.agency and (alert.owner.agency if alert.owner else "") not in self.agency:
            return False
        if (self.since and alert.opened_at < self.since) or (self.until and alert.opened_at >= self.until):
            return False
        return not self.words or self._named(alert)

    def _named(self, alert: AlertChanged) -> bool:
        """Whether every word asked for is in it, written with signs or without."""
        told = plain(" ".join((alert.about, str(alert.alert_id), alert.title.vi, alert.title.en, alert.summary.vi)))
        return all(word in told for word in plain(self.words).split())


class BadCursor(ValueError):
    """This is not a cursor that was given out for this list."""


def urgency(alert: AlertChanged) -> tuple[int, int, int, int, str]:
    """What needs a person first: the gravest that nobody took, what nobody works on, what is due, the old.

    The page sorts by the same rule (``web/src/model.ts``).
    """
    gravest = alert.severity == "extreme" and alert.handling == "new"
    idle = alert.handling in ("new", "acked", "assigned")
    running = (clock.due for clock in alert.clocks.values() if clock.state != "met")
    due = min((int(at.timestamp()) for at in running if at), default=NEVER)
    return 0 if gravest else 1 if idle else 2, -SEVERITIES.index(alert.severity), due, *_opening(alert)


def first_open(stored: Iterable[str], filters: Filters, limit: int, cursor: str | None) -> AlertPage:
    """A page of open alerts, those that need a person first. Raises BadCursor."""
    after = _read(cursor, int, int, int, int, str)
    found = sorted((alert for alert in map(_alert, stored) if filters.match(alert)), key=urgency)
    rest = [alert for alert in found if after is None or urgency(alert) > after]
    more = len(rest) > limit
    shown = tuple(map(filters.sight.shown, rest[:limit]))
    return AlertPage(alerts=shown, next=_write(urgency(rest[limit - 1])) if more else None)


async def newest(stored: AsyncIterator[str], filters: Filters, limit: int) -> AlertPage:
    """A page of all alerts, in the order in which they are stored: the last opened first."""
    kept: list[AlertChanged] = []
    looked, last = 0, None
    async for text in stored:
        if len(kept) == limit or looked == LOOKED_AT:
            return AlertPage(alerts=tuple(kept), next=_write(_opening(last)) if last else None)
        last, looked = _alert(text), looked + 1
        if filters.match(last):
            kept.append(filters.sight.shown(last))
    return AlertPage(alerts=tuple(kept), next=None)


def before(cursor: str | None) -> tuple[int, str] | None:
    """The opening and id that a cursor of :func:`newest` names. Raises BadCursor."""
    place: tuple[int, str] | None = _read(cursor, int, str)
    return place


def _opening(alert: AlertChanged) -> tuple[int, str]:
    return int(alert.opened_at.timestamp()), str(alert.alert_id)


def _alert(text: str) -> AlertChanged:
    return AlertChanged.model_validate_json(text)


def _write(place: tuple[object, ...]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode()


def _read(cursor: str | None, *types: type) -> Any:
    if cursor is None:
        return None
    try:
        place = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise BadCursor("not a cursor of this list") from None
    if not isinstance(place, list) or [type(part) for part in place] != list(types):
        raise BadCursor("not a cursor of this list")
    return tuple(place)
