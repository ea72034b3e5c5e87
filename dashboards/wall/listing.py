"""Lists of alerts, page by page. A cursor names the last alert of a page, so that nothing is skipped or told
twice however the list changes between two pages."""

import base64
import binascii
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import orjson

from dashboards.wall.views import AlertPage
from ioc.alerts.alert import AlertChanged
from ioc.alerts.kind import SEVERITIES

#: Alerts looked at for one page of a filtered list; beyond, the page ends early and its cursor goes on.
LOOKED_AT = 5_000
Filters = Mapping[str, str]


class BadCursor(ValueError):
    """This is not a cursor that was given out for this list."""


def urgency(alert: AlertChanged) -> tuple[int, int, str]:
    """What needs a person first: the worst, then the oldest."""
    return -SEVERITIES.index(alert.severity), *_opening(alert)


def first_open(stored: Iterable[str], filters: Filters, limit: int, cursor: str | None) -> AlertPage:
    """A page of open alerts, those that need a person first. Raises BadCursor."""
    after = _read(cursor, int, int, str)
    found = sorted((alert for alert in map(_alert, stored) if _matches(alert, filters)), key=urgency)
    rest = [alert for alert in found if after is None or urgency(alert) > after]
    more = len(rest) > limit
    return AlertPage(alerts=tuple(rest[:limit]), next=_write(urgency(rest[limit - 1])) if more else None)


async def newest(stored: AsyncIterator[str], filters: Filters, limit: int) -> AlertPage:
    """A page of all alerts, in the order in which they are stored: the last opened first."""
    kept: list[AlertChanged] = []
    looked, last = 0, None
    async for text in stored:
        if len(kept) == limit or looked == LOOKED_AT:
            return AlertPage(alerts=tuple(kept), next=_write(_opening(last)) if last else None)
        last, looked = _alert(text), looked + 1
        if _matches(last, filters):
            kept.append(last)
    return AlertPage(alerts=tuple(kept), next=None)


def before(cursor: str | None) -> tuple[int, str] | None:
    """The opening and id that a cursor of :func:`newest` names. Raises BadCursor."""
    place: tuple[int, str] | None = _read(cursor, int, str)
    return place


def _opening(alert: AlertChanged) -> tuple[int, str]:
    return int(alert.opened_at.timestamp()), str(alert.alert_id)


def _alert(text: str) -> AlertChanged:
    return AlertChanged.model_validate_json(text)


def _matches(alert: AlertChanged, filters: Filters) -> bool:
    return all(getattr(alert, name) == value for name, value in filters.items())


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
