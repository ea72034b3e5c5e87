"""A record of Kafka as a line of a recording, and back: the same bytes, and where and when it lay there.

A record that is an event is a structured CloudEvent with three extension attributes: ``iocposition``
(``topic/partition/offset``), ``iocappended`` (the broker's append time) and, where a fold wrote it, ``ioclane``.
Any other record, and one whose bytes our own writing would not give again, lies in ``iocraw`` as it was.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_INBOX, ALERTS_STATE
from ioc.events.base import AnyEvent, Tick, Topic
from ioc.events.codec import MAX_BYTES, Codec, Unreadable, headers, value
from ioc.events.figures import FIGURES
from ioc.folds import FOLDS

LANE = "lane"
#: What can be recorded, by name.
TOPICS: dict[str, Topic] = {
    topic.name: topic for topic in (*(fold.inbox for fold in FOLDS), ALERTS_INBOX, ALERTS_EVENTS, ALERTS_STATE, FIGURES)
}
CODECS = {name: Codec.of(topic) for name, topic in TOPICS.items()}
_LINE = re.compile(
    rb'\{"specversion":"1\.0","type":"([^"\\]+)","source":"([^"\\]+)","id":"([^"\\]+)","time":"([^"\\]+)",'
    rb'"subject":"[^"\\]*(?:\\.[^"\\]*)*",(?:"traceparent":"([^"\\]+)",)?"iocposition":"([^"\\]+)/(\d+)",'
    rb'"iocappended":"([^"\\]+)",(?:"ioclane":"([^"\\]*)",)?"data":',
)

_TICK = Tick.TYPE.encode()
_POSITION = re.compile(rb'"iocposition":"([^"]+)/\d+"')


class Kafkas(NamedTuple):
    """A record as Kafka holds it. ``timestamp``: the broker's append time, milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Record(NamedTuple):
    """A record as a replay takes it: an event, or why it is none."""

    topic: str
    partition: int
    offset: int
    appended: datetime
    lane: str
    event: AnyEvent | Unreadable


def line_of(record: Kafkas) -> bytes:
    """The record as a line, without its break."""
    name, partition, offset, timestamp, key, written, heads = record
    place: dict[str, Any] = {
        "iocposition": f"{name}/{partition}/{offset}",
        "iocappended": datetime.fromtimestamp(timestamp / 1000, UTC).isoformat(timespec="milliseconds"),
    }
    event = _faithful(record)
    if event is None:
        raw = {"key": _text(key), "headers": [[head, _text(said)] for head, said in heads], "value": _text(written)}
        return orjson.dumps({**place, "iocraw": raw})
    if lane := lane_of(heads):
        place["ioclane"] = lane
    whole = {
        "specversion": "1.0", "type": event.data.TYPE, "source": event.source, "id": event.id,
        "time": event.at.isoformat(), "subject": event.data.subject,
        **({"traceparent": event.trace} if event.trace else {}),
        **place, "data": orjson.Fragment(written or b""),
    }  # fmt: skip
    return orjson.dumps(whole)


def _faithful(record: Kafkas) -> AnyEvent | None:
    """The event of a record whose key and headers follow from it."""
    try:
        event = _event(record)
    except Unreadable:
        return None
    lane = [(LANE, said) for name, said in record.headers[:1] if name == LANE]
    same = list(record.headers) == lane + list(headers(event))
    written = record.value or b""
    return event if same and len(written) <= MAX_BYTES // 2 and b"\n" not in written and b"\r" not in written else None


def _event(record: Kafkas) -> AnyEvent:
    """Raises Unreadable, for the same reasons as live."""
    event = CODECS[record.topic].read_binary(record.headers, record.value)  # type: ignore[arg-type]
    key = b"" if isinstance(event.data, Tick) else TOPICS[record.topic].key(event).encode()
    if key != (record.key or b""):
        raise Unreadable("the record's key is not the one its topic declares: it may lie in a wrong partition")
    return event


def lane_of(written: Sequence[tuple[str, bytes | None]]) -> str:
    """The lane that a record belongs to, said by its first header: empty for one that came from outside."""
    return (written[0][1] or b"").decode("utf-8", "replace") if written and written[0][0] == LANE else ""


def record_of(line: bytes) -> Record:
    """A line back as a record. Raises Unreadable where the line itself is none of ours."""
    record = chosen(line, lambda _topic, _partition: True)
    assert record is not None
    return record


def chosen(line: bytes, wanted: Callable[[str, int], bool]) -> Record | None:
    """A line back as a record; None, and read no further, where its topic and partition are not wanted."""
    found = _LINE.match(line)
    if found is None:
        return _odd(line) if wanted(*_place_of_line(line)) else None
    kind, source, id_, time, trace, where, offset, appended, lane = found.groups()
    topic, partition = _where(where)
    if not wanted(topic, partition):
        return None
    event: AnyEvent | Unreadable
    if kind == _TICK and line.endswith(b'"data":{}}'):
        event = _tick(source, id_, time, trace)
    else:
        try:
            event = CODECS[topic].read(kind, source, id_, time, trace, line[found.end() : line.rindex(b"}")])
        except Unreadable as why:
            event = why
    return Record(topic, partition, int(offset), _moment(appended), lane.decode() if lane else "", event)


def _odd(line: bytes) -> Record:
    """A record that is no event, or not written as we write."""
    record = kafkas_of(line)
    try:
        event: AnyEvent | Unreadable = _event(record)
    except Unreadable as why:
        event = why
    appended = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    return Record(*record[:3], appended, lane_of(record.headers), event)


@lru_cache(maxsize=256)
def _tick(source: bytes, id_: bytes, time: bytes, trace: bytes | None) -> AnyEvent | Unreadable:
    """Time is told to every partition alike."""
    try:
        return CODECS[FIGURES.name].read(_TICK, source, id_, time, trace, b"{}")
    except Unreadable as why:
        return why


def kafkas_of(line: bytes) -> Kafkas:
    """The record of a line, with the very bytes that Kafka held. Raises Unreadable."""
    try:
        whole = orjson.loads(line)
        topic, partition, offset = place_of(whole["iocposition"].encode())
        timestamp = round(_moment(whole["iocappended"].encode()).timestamp() * 1000)
        if raw := whole.get("iocraw"):
            heads = [(name, _bytes(said)) for name, said in raw["headers"]]
            return Kafkas(topic, partition, offset, timestamp, _bytes(raw["key"]), _bytes(raw["value"]), heads)
        event = CODECS[topic].read_structured(line)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"no line of a recording: {type(error).__name__}: {error}"[:200]) from None
    found = _LINE.match(line)
    written = line[found.end() : line.rindex(b"}")] if found else value(event)
    lane = [(LANE, whole["ioclane"].encode())] if "ioclane" in whole else []
    key = b"" if isinstance(event.data, Tick) else TOPICS[topic].key(event).encode()
    return Kafkas(topic, partition, offset, timestamp, key, written, lane + headers(event))


def _place_of_line(line: bytes) -> tuple[str, int]:
    """Topic and partition of a line that is not read further. Raises Unreadable."""
    found = _POSITION.search(line)
    if found is None:
        raise Unreadable("no line of a recording: it has no iocposition")
    return _where(found[1])


def place_of(position: bytes) -> tuple[str, int, int]:
    """Topic, partition and offset. Raises Unreadable."""
    where, _, offset = position.rpartition(b"/")
    topic, partition = _where(where)
    try:
        return topic, partition, int(offset)
    except ValueError:
        raise Unreadable("iocposition is not topic/partition/offset") from None


@lru_cache(maxsize=1024)
def _where(text: bytes) -> tuple[str, int]:
    topic, _, partition = text.decode("utf-8", "replace").rpartition("/")
    if topic not in TOPICS or not partition.isdigit():
        raise Unreadable(f"iocposition names no topic that this version knows: {topic[:100]!r}")
    return topic, int(partition)


@lru_cache(maxsize=64)
def _moment(text: bytes) -> datetime:
    try:
        return datetime.fromisoformat(text.decode())
    except ValueError:
        raise Unreadable("iocappended is not RFC 3339") from None


def _text(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text, validate=True)
