"""Uplinks of The Things Network (v3), as its webhooks and its MQTT send them: each becomes one reading."""

import base64
import binascii
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from ioc.events.base import AnyEvent
from ioc.intake import cayenne
from ioc.intake.devices import Devices, happened, reading
from ioc.intake.quantities import Unfit, measured
from ioc.intake.senml import Pack

#: Objects inside the decoded payload are followed so far.
DEEPEST = 4


def read(body: bytes, received: datetime, devices: Devices) -> Pack:
    """The reading of an uplink, and what of it gave none. Raises Unfit.

    The network's own time counts, not the device's. The id is made of it and of the frame counter, so an uplink that
    comes by webhook and by MQTT is one, and a counter that begins anew hides none.
    """
    try:
        uplink = orjson.loads(body)
        device = uplink["end_device_ids"]["device_id"]
        message = uplink["uplink_message"]
        heard = str(message.get("received_at") or uplink["received_at"])
    except orjson.JSONDecodeError:
        raise Unfit("not JSON") from None
    except (KeyError, TypeError, AttributeError):
        raise Unfit("no uplink: end_device_ids.device_id, uplink_message and received_at are needed") from None
    station = devices.station(str(device))
    at = happened(_moment(heard), received)
    values: dict[str, float] = {}
    refused: list[str] = []
    for name, value in _values(message):
        try:
            if took := measured(name, "", value):
                values[took.field] = took.value
        except Unfit as why:
            refused.append(str(why))
    count = message.get("f_cnt")
    events: list[AnyEvent] = [
        reading(station, values, at, f"{device}/{count}/{heard}"[:200] if count is not None else "")
    ]
    return events, refused


def _values(message: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    decoded = message.get("decoded_payload")
    if isinstance(decoded, dict) and decoded:
        yield from _flat(decoded)
        return
    try:
        payload = base64.b64decode(str(message.get("frm_payload", "")), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("frm_payload is not base64") from None
    if not payload:
        raise Unfit("neither decoded_payload nor frm_payload says anything")
    yield from cayenne.read(payload).items()


def _flat(values: Mapping[str, Any], depth: int = 1) -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _flat(value, depth + 1)
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            # The network names Cayenne's values by type and channel: temperature_1.
            plain, _, channel = name.rpartition("_")
            yield (plain if channel.isdecimal() else name), float(value)


def _moment(text: str) -> datetime:
    head, dot, fraction = text.rstrip("Z").partition(".")
    try:
        at = datetime.fromisoformat(f"{head}{dot}{fraction[:6]}" if dot else head)
    except ValueError:
        raise Unfit("received_at is not RFC 3339") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
