"""SenML in JSON (RFC 8428): a pack of records becomes one reading for each station and moment in it."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ioc.events.base import AnyEvent
from ioc.intake.devices import Devices, happened, reading
from ioc.intake.quantities import Unfit, measured

#: Times below this are relative to now (RFC 8428, 4.5.3).
RELATIVE_BELOW = 2**28
#: The version of SenML that is read here, and all that a record may have.
VERSION, RECORDS_AT_MOST = 10, 2000
Pack = tuple[list[AnyEvent], list[str]]


def read(body: bytes, received: datetime, devices: Devices) -> Pack:
    """The readings in a pack, and a sentence for each record that gave none. Raises Unfit for what is no pack."""
    try:
        pack = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unfit("not JSON") from None
    if not isinstance(pack, list) or not pack or not all(isinstance(record, dict) for record in pack):
        raise Unfit("no SenML: a list of records is needed")
    if len(pack) > RECORDS_AT_MOST:
        raise Unfit(f"more than {RECORDS_AT_MOST} records in one pack")
    base: dict[str, Any] = {}
    found: dict[tuple[str, datetime], dict[str, float]] = {}
    refused: list[str] = []
    for number, record in enumerate(pack, 1):
        base |= {key: value for key, value in record.items() if key in ("bn", "bt", "bu", "bv", "bver")}
        _understood(record, base)
        try:
            _record(record, base, received, devices, found)
        except Unfit as why:
            refused.append(f"record {number}: {why}")
    events = []
    for (station, at), values in sorted(found.items(), key=lambda each: (each[0][1], each[0][0])):
        try:
            events.append(reading(station, values, at))
        except Unfit as why:
            refused.append(f"{station}: {why}")
    return events, refused


def _understood(record: Mapping[str, Any], base: Mapping[str, Any]) -> None:
    """Labels that end in _ must be understood, or the whole pack is refused (RFC 8428, 4.4); so must its version."""
    if any(key.endswith("_") for key in record):
        raise Unfit("a label that must be understood, and is not")
    if not isinstance(base.get("bver", VERSION), int) or base.get("bver", VERSION) > VERSION:
        raise Unfit(f"SenML of a newer version than {VERSION}")


def _record(
    record: Mapping[str, Any], base: Mapping[str, Any], received: datetime, devices: Devices,
    found: dict[tuple[str, datetime], dict[str, float]],
) -> None:  # fmt: skip
    if "v" not in record and "bv" not in base:
        if {"vs", "vb", "vd", "s"} & record.keys():
            raise Unfit("no number in it: stations' readings are numbers")
        return  # a record of base values alone
    if "v" not in record and "n" not in record and "t" not in record:
        return
    name = str(base.get("bn", "")) + str(record.get("n", ""))
    value = _number(record.get("v", 0.0), "v") + _number(base.get("bv", 0.0), "bv")
    seconds = _number(record.get("t", 0.0), "t") + _number(base.get("bt", 0.0), "bt")
    station, quantity = devices.split(name)
    took = measured(quantity, str(record.get("u", base.get("bu", ""))), value)
    if took is None:
        raise Unfit("neither its name nor its unit says what it is")
    found.setdefault((station, happened(_moment(seconds, received), received)), {})[took.field] = took.value


def _number(value: Any, label: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unfit(f"{label} is no number")
    return float(value)


def _moment(seconds: float, received: datetime) -> datetime:
    try:
        if seconds < RELATIVE_BELOW:
            return received + timedelta(seconds=seconds)
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise Unfit("its time is none at which anything happened") from None
