"""The codec: every event comes back as it was written, and nothing from outside does more than be refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioc.events.base import Data, Declared, Event, Tick
from ioc.events.codec import MAX_BYTES, Codec, Unreadable, headers, structured, value
from ioc.events.dossiers import DOSSIERS
from ioc.events.requests import REQUESTS
from ioc.events.sensors import SENSORS
from ioc.folds import SOURCES
from tests.ioc.events.samples import TOPICS, TYPES, events_of

CODEC = Codec({kind.TYPE: kind for kind in TYPES})
OUTSIDE = Codec.of(*SOURCES)
SECRET = "079203001234"


def event(**changes: Any) -> dict[str, Any]:
    """A good line of a recording, changed."""
    whole = {
        "specversion": "1.0",
        "type": "vn.ioc.dossier.received",
        "source": "/one-stop/20900",
        "id": "1",
        "time": "2026-03-02T08:00:00+07:00",
        "data": {"dossier": "H17-1", "commune": "20900"},
    }
    return whole | changes


def line(**changes: Any) -> bytes:
    return json.dumps({name: what for name, what in event(**changes).items() if what is not ...}).encode()


def record(**changes: Any) -> tuple[list[tuple[str, bytes]], bytes]:
    """The same as a Kafka record."""
    whole = event(**changes)
    context = [(f"ce_{name}", str(whole[name]).encode()) for name in ("type", "source", "id", "time")]
    return context, json.dumps(whole["data"]).encode()


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.TYPE)
def test_every_type_of_event_comes_back_as_it_was_written(kind: type[Data]) -> None:
    @settings(max_examples=10)
    @given(events_of(kind))
    def check(event: Event[Data]) -> None:
        event = event._replace(source=event.source.replace("\u0301", ""), id=event.id.replace("\u0301", "") or "1")
        event = event._replace(source=event.source or "/s")
        assert CODEC.read_binary(headers(event), value(event)) == event
        assert CODEC.read_structured(structured(event)) == event
        assert json.loads(structured(event, ioclane="dossier/0"))["ioclane"] == "dossier/0"

    check()


def test_every_type_has_a_name_of_its_own_and_a_subject() -> None:
    names = [kind.TYPE for kind in TYPES]

    assert len(set(names)) == len(names)
    assert all(name.startswith("vn.ioc.") for name in names)
    assert {kind.TYPE for topic in TOPICS for kind in topic.events} | {Tick.TYPE, Declared.TYPE} == set(names)


def test_a_time_is_read_as_an_instant_and_data_keep_their_offset_as_an_instant() -> None:
    read = OUTSIDE.read_structured(line(data={"dossier": "1", "commune": "2", "due": "2026-03-02T17:00:00+07:00"}))

    assert read.at == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert read.at.tzinfo is UTC
    assert read.data.due == datetime(2026, 3, 2, 10, tzinfo=UTC)


HOSTILE: dict[str, dict[str, Any]] = {
    "no type": {"type": ...},
    "no source": {"source": ...},
    "no id": {"id": ...},
    "no time": {"time": ...},
    "no data": {"data": ...},
    "data is a list": {"data": [SECRET]},
    "data is a string": {"data": SECRET},
    "an unknown type": {"type": "vn.ioc.unheard-of"},
    "no offset": {"time": "2026-03-02T08:00:00"},
    "no time of day": {"time": "2026-03-02"},
    "a time in words": {"time": f"tomorrow {SECRET}"},
    "before the year 1": {"time": "0001-01-01T00:00:00+07:00"},
    "after the year 9999": {"time": "9999-12-31T23:59:59-07:00"},
    "an empty id": {"id": ""},
    "an endless source": {"source": SECRET * 50},
    "a line break in the source": {"source": f"/one-stop\n{SECRET}"},
    "a terminal's escape in the id": {"id": f"\x1b[31m{SECRET}"},
    "a right-to-left mark in the id": {"id": f"\u202e{SECRET}"},
    "an extra field": {"data": {"dossier": "1", "commune": "2", "phone": SECRET}},
    "a secret document": {"type": "vn.ioc.document.arrived", "data": {"document": "1", "secrecy": SECRET}},
    "a field too few": {"data": {"dossier": SECRET}},
    "a dossier without a name": {"data": {"dossier": "", "commune": SECRET}},
    "a control character": {"data": {"dossier": f"1\x00{SECRET}", "commune": "2"}},
    "a line break": {"data": {"dossier": f"1\n{SECRET}", "commune": "2"}},
    "a code too long": {"data": {"dossier": SECRET * 20, "commune": "2"}},
    "a code that is a number": {"data": {"dossier": 79203001234, "commune": "2"}},
    "a due time without offset": {"data": {"dossier": "1", "commune": "2", "due": "2026-03-02T17:00:00"}},
    "a due time in words": {"data": {"dossier": "1", "commune": "2", "due": SECRET + " o'clock"}},
    "a channel of its own": {"data": {"dossier": "1", "commune": "2", "channel": SECRET}},
}
NOT_FIELDS = {"no type", "no source", "no id", "no time", "no data"}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_in_a_line_is_refused_with_a_reason_and_never_with_the_value(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        OUTSIDE.read_structured(line(**HOSTILE[name]))

    assert len(str(refused.value)) > 10
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - NOT_FIELDS))
def test_what_is_wrong_in_a_record_is_refused_with_a_reason_and_never_with_the_value(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        OUTSIDE.read_binary(*record(**HOSTILE[name]))

    assert len(str(refused.value)) > 10
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("missing", ["ce_type", "ce_source", "ce_id", "ce_time"])
def test_a_record_without_a_header_is_refused_and_the_header_named(missing: str) -> None:
    context, data = record()

    with pytest.raises(Unreadable, match=missing):
        OUTSIDE.read_binary([pair for pair in context if pair[0] != missing], data)


@pytest.mark.parametrize("header", ["ce_type", "ce_source", "ce_id", "ce_time"])
@pytest.mark.parametrize("broken", [b"\xff\xfe", b"", b"\x00"])
def test_a_header_that_is_no_text_is_refused(header: str, broken: bytes) -> None:
    context, data = record()

    with pytest.raises(Unreadable):
        OUTSIDE.read_binary([(name, broken if name == header else text) for name, text in context], data)


@pytest.mark.parametrize(
    "wrong",
    [None, b"", b"{", b"null", b"\xff", b'{"dossier": "\xff", "commune": "2"}', b"[" * 50_000, b"x" * (MAX_BYTES + 1)],
    ids=["none", "empty", "cut off", "null", "not UTF-8", "not UTF-8 within", "deep", "too large"],
)
def test_a_value_that_is_no_event_is_refused(wrong: bytes | None) -> None:
    with pytest.raises(Unreadable):
        OUTSIDE.read_binary(record()[0], wrong)


@pytest.mark.parametrize(
    "wrong",
    [b"", b"{", b"null", b"[]", b'"text"', b"\xff", b"{}" * 2, b"[" * 50_000, b"x" * (MAX_BYTES + 1), line()[:-1]],
    ids=["empty", "cut off", "null", "list", "text", "not UTF-8", "two", "deep", "too large", "half"],
)
def test_a_line_that_is_no_event_is_refused(wrong: bytes) -> None:
    with pytest.raises(Unreadable):
        OUTSIDE.read_structured(wrong)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", '"61"x', "-61"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    data = f'{{"station": "s", "temperature_c": {number}}}'
    context = [*record(type="vn.ioc.sensor.reading")[0]]

    with pytest.raises(Unreadable):
        Codec.of(SENSORS).read_binary(context, data.encode())
    with pytest.raises(Unreadable):
        OUTSIDE.read_structured(line(type="vn.ioc.sensor.reading", data="?").replace(b'"?"', data.encode()))


def test_an_event_of_another_topic_is_refused() -> None:
    with pytest.raises(Unreadable, match="does not belong"):
        Codec.of(REQUESTS).read_binary(*record())
    assert Codec.of(DOSSIERS).read_binary(*record()).data.dossier == "H17-1"


def test_the_trace_is_handed_on_and_a_broken_one_is_refused() -> None:
    context, data = record()

    assert OUTSIDE.read_binary([*context, ("traceparent", b"00-ab-cd-01")], data).trace == "00-ab-cd-01"
    with pytest.raises(Unreadable, match="traceparent"):
        OUTSIDE.read_binary([*context, ("traceparent", b"\x1b[2J")], data)


def test_a_header_without_a_value_is_refused() -> None:
    context, data = record()
    empty: Any = None

    with pytest.raises(Unreadable):
        OUTSIDE.read_binary([(name, empty if name == "ce_id" else text) for name, text in context], data)


@pytest.mark.parametrize("name", ["id", "source"])
@pytest.mark.parametrize("wrong", [None, True, {"a": 1}, ["a"]])
def test_an_id_or_source_that_is_no_text_is_refused(name: str, wrong: object) -> None:
    with pytest.raises(Unreadable):
        OUTSIDE.read_structured(line(**{name: wrong}))


def test_an_unknown_type_is_refused_without_its_name() -> None:
    with pytest.raises(Unreadable) as refused:
        OUTSIDE.read_structured(line(type=SECRET))
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("letter", ["\u00a0", "\u0085", "\u200b", "\u2028", "\u202e", "\ufeff"])
def test_what_is_found_about_a_thing_can_be_read_whatever_the_thing_is_called(letter: str) -> None:
    """A detector's findings carry the thing's name in their source."""
    try:
        read = OUTSIDE.read_binary(*record(data={"dossier": f"H17{letter}1", "commune": "2"}))
    except Unreadable:
        return
    finding = Event(read.at, f"/dossier/{read.data.dossier}", "0000000001", read.data)
    OUTSIDE.read_binary(headers(finding), value(finding))


@given(st.binary(max_size=200))
def test_no_bytes_whatever_do_more_than_be_refused(noise: bytes) -> None:
    with pytest.raises(Unreadable):
        OUTSIDE.read_structured(noise)
    with pytest.raises(Unreadable):
        OUTSIDE.read_binary(record()[0], noise)
    with pytest.raises(Unreadable):
        OUTSIDE.read_binary([(name, noise) for name, _ in record()[0]], b"{}")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["type", "source", "id", "time", "data", "traceparent"]), json_values)
def test_a_field_of_any_other_content_is_taken_or_refused_and_nothing_else(field: str, content: Any) -> None:
    try:
        taken = OUTSIDE.read_structured(line(**{field: content}))
    except Unreadable:
        return
    assert isinstance(taken, Event)
    assert taken.source.isprintable() and taken.id.isprintable()
