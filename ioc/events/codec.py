"""CloudEvents 1.0: binary mode for Kafka (headers and a plain JSON value), structured mode for recordings.

Both directions are pure: bytes in, bytes out. What cannot be read raises :class:`Unreadable` with a reason
that can be shown, and never with the offending value in it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

import orjson
from pydantic import ValidationError

from ioc.events.base import AnyEvent, Data, Event, Tick, Topic
from ioc.text import complaint, plain

Headers = list[tuple[str, bytes]]

#: A value larger than this is refused before it is parsed.
MAX_BYTES = 256 * 1024


#: Marks of secrecy (độ mật), as fields of a record. No model has one: what bears it is refused, and kept nowhere.
SECRECY = frozenset({"secrecy", "secrecy_level", "security_level", "classification", "do_mat", "muc_do_mat"})


class Unreadable(Exception):
    """This record is not an event of its topic; the message says why. A ``secret`` one must not be kept either."""

    def __init__(self, why: str, *, secret: bool = False) -> None:
        super().__init__(why)
        self.secret = secret


@dataclass(frozen=True)
class Codec:
    """Reads and writes the events that a topic declares, and ticks."""

    types: Mapping[str, type[Data]]

    @classmethod
    def of(cls, *topics: Topic) -> "Codec":
        kinds: list[type[Data]] = [Tick, *(kind for topic in topics for kind in topic.events)]
        return cls({kind.TYPE: kind for kind in kinds})

    @cached_property
    def _readers(self) -> dict[bytes, Callable[[bytes], Data]]:
        """What ``model_validate_json`` calls, by type as it stands in a header, without what it looks at before."""
        return {name.encode(): model.__pydantic_validator__.validate_json for name, model in self.types.items()}

    def read_binary(self, headers: Iterable[tuple[str, bytes]], value: bytes | None) -> AnyEvent:
        """An event from a Kafka record. Raises Unreadable."""
        context = dict(headers)
        try:
            kind, source, id_, time = context["ce_type"], context["ce_source"], context["ce_id"], context["ce_time"]
        except KeyError as missing:
            raise Unreadable(f"header {missing} is missing: events travel as CloudEvents in binary mode") from None
        return self.read(kind, source, id_, time, context.get("traceparent"), value)

    def read(
        self, kind: bytes, source: bytes, id_: bytes, time: bytes, trace: bytes | None, value: bytes | None
    ) -> AnyEvent:
        """An event from what its headers say. Raises Unreadable."""
        try:
            read, said_by = self._readers.get(kind), _source(source)
            name, instant = id_.decode(), time.decode()
        except (UnicodeDecodeError, AttributeError, TypeError):
            raise Unreadable("a ce_ header is empty or not UTF-8") from None
        return Event(
            _instant(instant),
            said_by,
            _plain("id", name),
            _data(read, value),
            _plain("traceparent", trace.decode("ascii", "replace")) if trace else None,
        )

    def read_structured(self, line: bytes) -> AnyEvent:
        """An event from one line of a recording. Raises Unreadable."""
        if len(line) > MAX_BYTES:
            raise Unreadable(f"{len(line):,} bytes: an event has at most {MAX_BYTES:,}")
        try:
            whole = orjson.loads(line)
            kind, source, id_, time = (whole[name] for name in ("type", "source", "id", "time"))
            data = orjson.dumps(whole["data"])
        except orjson.JSONDecodeError as error:
            raise Unreadable(f"not JSON: {error}") from None
        except KeyError as missing:
            raise Unreadable(f"field {missing} is missing: a recording has one CloudEvent a line") from None
        except TypeError:
            raise Unreadable("not a JSON object with CloudEvents fields") from None
        if not all(isinstance(field, str) for field in (kind, source, id_, time)):
            raise Unreadable("type, source, id and time must be text")
        trace = whole.get("traceparent")
        return Event(
            at=_instant(time),
            source=_plain("source", source),
            id=_plain("id", id_),
            data=_data(self._readers.get(kind.encode()), data),
            trace=_plain("traceparent", str(trace)) if trace else None,
        )


def _data(read: Callable[[bytes], Data] | None, value: bytes | None) -> Data:
    if read is None:
        raise Unreadable("its type does not belong on this topic")
    if value is None or len(value) > MAX_BYTES:
        raise Unreadable(f"{len(value or b''):,} bytes: an event has 1 to {MAX_BYTES:,}")
    try:
        return read(value)
    except ValidationError as error:
        raise Unreadable(complaint(error), secret=_secret(error)) from None


def _secret(error: ValidationError) -> bool:
    surplus = (each["loc"][-1] for each in error.errors(include_url=False) if each["type"] == "extra_forbidden")
    return any("_".join(plain(str(name)).split()) in SECRECY for name in surplus)


@lru_cache(maxsize=4096)
def _source(name: bytes) -> str:
    """Sources are few and come again and again."""
    return _plain("source", name.decode())


def _plain(name: str, text: str) -> str:
    if text and len(text) <= 200 and text.isprintable():
        return text
    raise Unreadable(f"{name} is empty, longer than 200 characters, or has control characters in it")


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("time is not RFC 3339") from None
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise Unreadable("time has no offset: write it as 2026-01-05T08:00:00+07:00")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Unreadable("time is outside the years 1 to 9999") from None


def value(event: AnyEvent) -> bytes:
    """The record's value: the data alone, as JSON."""
    return event.data.__pydantic_serializer__.to_json(event.data, exclude_none=True)  # type: ignore[no-any-return]


def headers(event: AnyEvent) -> Headers:
    """The record's headers in binary mode."""
    written = [
        ("ce_specversion", b"1.0"),
        ("ce_type", event.data.TYPE.encode()),
        ("ce_source", event.source.encode()),
        ("ce_id", event.id.encode()),
        ("ce_time", event.at.isoformat().encode()),
        ("ce_subject", event.data.subject.encode()),
        ("content-type", b"application/json"),
    ]
    if event.trace:
        written.append(("traceparent", event.trace.encode()))
    return written


def structured(event: AnyEvent, **extensions: Any) -> bytes:
    """One line of a recording, without its newline; ``extensions`` are CloudEvents extension attributes."""
    whole = {
        "specversion": "1.0",
        "type": event.data.TYPE,
        "source": event.source,
        "id": event.id,
        "time": event.at.isoformat(),
        "subject": event.data.subject,
        "data": orjson.Fragment(value(event)),
        **({"traceparent": event.trace} if event.trace else {}),
        **extensions,
    }
    return orjson.dumps(whole)
