"""What cannot be taken: each a dead letter with its place and reason, counted, its neighbours as if nothing were."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError
from hypothesis import given
from hypothesis import strategies as st

from ioc.engine.partition import Partition
from ioc.engine.results import Batch, Output
from ioc.events.base import Event
from ioc.events.figures import FIGURES
from ioc.events.requests import REQUESTS, RequestOpened
from ioc.events.sensors import SENSORS, Reading
from ioc.folds import REQUEST
from streams import dead_letters, topics
from streams.embedded.kafka import Kafka
from streams.ledger import reader
from streams.names import topic_name
from streams.records import Decoder, dead_letter, entry, ticks
from streams.runner import Place
from tests.streams.faults.field import Field, Oracle, rules
from tests.streams.faults.stories import START, told

_number = count(1)
Headers = list[tuple[str, Any]]


@dataclass(frozen=True)
class Record:
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: int = int(START.timestamp() * 1000)


def opened(name: str = "R1", at: datetime = START) -> Record:
    """A good record, to be spoilt."""
    data = RequestOpened(request=name, queue="duong-sa", priority="critical")
    made = entry("space", _output(Event(at, "/app", name, data)))
    return Record(0, made.key, made.value, list(made.headers))


def _output(event: Any) -> Any:
    return Output(REQUESTS, event)


def header(record: Record, name: str, text: Any) -> Record:
    """The same record with another header; None: without it."""
    kept = [(known, was) for known, was in record.headers if known != name]
    return replace(record, headers=[*kept, (name, text)] if text is not ... else kept)


GOOD = opened()
#: (what is wrong with it, the record, words of the reason)
BAD: list[tuple[str, Record, str]] = [
    ("no JSON", replace(GOOD, value=b"{not json"), "JSON"),
    ("cut off", replace(GOOD, value=(GOOD.value or b"")[:-3]), "JSON"),
    ("nothing", replace(GOOD, value=None), "bytes"),
    ("empty", replace(GOOD, value=b""), "JSON"),
    ("a list", replace(GOOD, value=b"[1, 2]"), ""),
    ("bytes", replace(GOOD, value=bytes(range(256))), ""),
    ("lone surrogate", replace(GOOD, value=b'{"request":"\\ud800","queue":"q"}'), ""),
    ("deep", replace(GOOD, value=b"[" * 100_000), ""),
    ("a type wrong", replace(GOOD, value=b'{"request": 5, "queue": "q"}'), "request"),
    ("not a number", replace(GOOD, value=b'{"request":"R1","queue":"q","latitude":NaN}'), ""),
    ("too large a number", replace(GOOD, value=b'{"request":"R1","queue":"q","latitude":1e999}'), "latitude"),
    ("a field unknown", replace(GOOD, value=b'{"request":"R1","queue":"q","x":1}'), "x"),
    ("a field missing", replace(GOOD, value=b'{"request":"R1"}'), "queue"),
    ("control characters", replace(GOOD, value=b'{"request":"R\\u0000","queue":"q"}'), "request"),
    ("huge", replace(GOOD, value=b'{"request":"' + b"R" * 5_000_000 + b'","queue":"q"}'), "5,000,0"),
    ("type unknown", header(GOOD, "ce_type", b"vn.ioc.nothing"), "belong"),
    ("type of another topic", header(GOOD, "ce_type", b"vn.ioc.sensor.reading"), "belong"),
    ("type not UTF-8", header(GOOD, "ce_type", b"\xff\xfe"), ""),
    ("no type", header(GOOD, "ce_type", ...), "ce_type"),
    ("no id", header(GOOD, "ce_id", ...), "ce_id"),
    ("no source", header(GOOD, "ce_source", ...), "ce_source"),
    ("no time", header(GOOD, "ce_time", ...), "ce_time"),
    ("a header without value", header(GOOD, "ce_id", None), ""),
    ("no headers", replace(GOOD, headers=[]), "missing"),
    ("time is no time", header(GOOD, "ce_time", b"yesterday"), "time"),
    ("time without offset", header(GOOD, "ce_time", b"2026-01-05T00:00:00"), "offset"),
    ("year 1 beyond UTC", header(GOOD, "ce_time", b"0001-01-01T00:00:00+14:00"), ""),
    ("year 1", header(GOOD, "ce_time", b"0001-01-01T00:00:00+00:00"), "time"),
    ("year 9999", header(GOOD, "ce_time", b"9999-12-31T23:59:59-14:00"), ""),
    ("1970", header(GOOD, "ce_time", b"1970-01-01T00:00:00+00:00"), "too old"),
    ("next year", header(GOOD, "ce_time", b"2027-01-05T00:00:00+00:00"), "future"),
    ("another key", replace(GOOD, key=b"R2"), "key"),
    ("no key", replace(GOOD, key=None), "key"),
    ("id of control characters", header(GOOD, "ce_id", b"a\nb"), "id"),
    ("a source too long", header(GOOD, "ce_source", b"s" * 5000), "source"),
]


@dataclass
class Taken:
    """What a partition made of records."""

    partition: Partition
    batch: Batch
    letters: list[Any] = field(default_factory=list)


def take(*records: Record) -> Taken:
    """Records through the decoder, after a tick, each with the next offset; dead letters as the runner writes them."""
    partition = rules().partition(REQUEST, 0)
    (first,) = ticks("space", REQUESTS, START, [0])
    numbered = [replace(each, offset=1 + number) for number, each in enumerate(records)]
    Decoder(REQUESTS).apply(partition, [Record(0, first.key, first.value, list(first.headers)), *numbered])
    batch = partition.take()
    by_offset = {each.offset: each for each in numbered}
    letters = [
        dead_letter("space", "space.requests", 0, by_offset.get(each.offset or -1), each.reason)
        for each in batch.rejected
    ]
    return Taken(partition, batch, letters)


def said(batch: Batch) -> list[object]:
    """What goes out; a figure's id names the offset at which it was told."""
    return [output.event.data if output.topic is FIGURES else output for output in batch.outputs]


@pytest.mark.parametrize(("what", "record", "words"), BAD, ids=[what for what, _, _ in BAD])
def test_a_bad_record_is_a_dead_letter_and_its_neighbours_are_taken(what: str, record: Record, words: str) -> None:
    alone = take(opened("R0"), opened("R9"))
    taken = take(opened("R0"), record, opened("R9"))
    (rejected,) = taken.batch.rejected
    assert rejected.offset == 2
    assert words in rejected.reason
    assert said(taken.batch) == said(alone.batch)
    assert taken.batch.changes[:-1] == alone.batch.changes[:-1]  # the last is the checkpoint, which names offsets
    (letter,) = taken.letters
    assert dict(letter.headers)["offset"] == b"2"
    assert letter.value == (record.value or b"")[: 512 * 1024]


@pytest.mark.parametrize("field", ["secrecy", "Độ mật", "do_mat", "classification"])
def test_of_what_bears_a_mark_of_secrecy_no_byte_is_kept(field: str) -> None:
    marked = replace(GOOD, offset=1, value=(GOOD.value or b"")[:-1] + f',"{field}":"mật"}}'.encode())
    surplus = replace(GOOD, offset=2, value=(GOOD.value or b"")[:-1] + b',"colour":"red"}')
    decoder, partition = Decoder(REQUESTS), rules().partition(REQUEST, 0)
    decoder.apply(partition, [marked, surplus])
    assert [each.offset for each in partition.rejected] == [1, 2]
    assert decoder.rejected == {2: surplus}
    letter = dead_letter("space", "space.requests", 0, None, partition.rejected[0].reason, 1)
    assert letter.value == letter.key == b""
    assert dict(letter.headers)["offset"] == b"1"


@given(
    key=st.none() | st.binary(max_size=50),
    value=st.none() | st.binary(max_size=200) | st.just(GOOD.value),
    headers=st.lists(
        st.tuples(st.sampled_from([name for name, _ in GOOD.headers] + ["lane", "x"]), st.none() | st.binary())
    ),
    good=st.booleans(),
)
def test_nothing_that_a_record_holds_stops_the_partition(
    key: bytes | None, value: bytes | None, headers: Headers, good: bool
) -> None:
    held = {**dict(GOOD.headers if good else ()), **dict(headers)}
    taken = take(replace(GOOD, key=key, value=value, headers=list(held.items())), opened("R9"))
    assert taken.partition.position == 3
    assert b"R9" in dict(taken.batch.changes)
    for letter in taken.letters:
        assert all(isinstance(text, bytes) for _, text in letter.headers)


def test_a_dead_letter_fits_its_topic_whatever_it_was() -> None:
    noise = Random(1).randbytes
    large = Record(7, noise(900_000), noise(900_000), [(f"h{n}", noise(5000)) for n in range(200)])
    letter = dead_letter("space", "space.requests", 0, large, "because")
    size = len(letter.key) + len(letter.value or b"") + sum(len(name) + len(text) for name, text in letter.headers)
    assert size < topics.MAX_MESSAGE - 50_000
    assert dict(letter.headers)["truncated"] == b"900000"


@pytest.fixture
async def outside(kafka: Kafka) -> AsyncIterator[AIOKafkaProducer]:
    """A producer that is not ours: no transactions, any bytes, compressed so that a broker takes five megabytes."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap, compression_type="gzip", max_request_size=20_000_000, linger_ms=5
    )
    await producer.start()
    yield producer
    await producer.stop()


@pytest.mark.timeout(300)
async def test_a_poison_record_every_hundred(kafka: Kafka, tmp_path: Path, outside: AIOKafkaProducer) -> None:
    """Between the events of a story: no worker ends, nothing is missing, and each is told of with its reason."""
    events, space = told(81, 4000), f"poison{next(_number)}"
    async with Field(kafka.bootstrap, space, tmp_path, 81) as field:
        field.start("a")
        sent: dict[tuple[int, int], str] = {}
        stopped = asyncio.Event()

        async def poison() -> None:
            for number in range(len(events) // 100):
                await field.processed(0.005 + 0.5 * number * 100 / len(events), events)
                what, record, _ = BAD[number % len(BAD)]
                told_at = await outside.send_and_wait(
                    topic_name(space, REQUESTS), record.value, record.key, 1, headers=record.headers
                )
                sent[told_at.partition, told_at.offset] = what
            stopped.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=20))
            group.create_task(poison())
        verdict = await field.judged(Oracle(events), events[-1].at)
        counted = await field.metric("a", "ioc_rejected_total")
    letters = await dead_letters.read(kafka.bootstrap, space)
    assert verdict.right, verdict
    assert not verdict.restarts
    assert len(sent) >= 35
    assert {(letter.partition, int(letter.offset)) for letter in letters} == sent.keys()
    assert all(letter.reason for letter in letters)
    assert counted == len(sent)


async def test_five_megabytes_are_refused_where_they_are_sent(kafka: Kafka) -> None:
    """A broker does not take them, and says so to whoever sends them, who has set up nothing for it."""
    space = f"large{next(_number)}"
    await topics.apply(kafka.bootstrap, space)
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    try:
        with pytest.raises(MessageSizeTooLargeError, match="5000"):
            await producer.send_and_wait(topic_name(space, REQUESTS), bytes(5_000_000), b"R1")
    finally:
        await producer.stop()


async def test_a_dead_letter_goes_back_as_it_was(kafka: Kafka, outside: AIOKafkaProducer) -> None:
    """Listed, found and put back on its partition, with key, value and headers."""
    space = f"back{next(_number)}"
    await topics.apply(kafka.bootstrap, space)
    place = Place(kafka.bootstrap, space, "driven", {shape.name: shape.partitions for shape in topics.shapes(space)})
    event = Event(START + timedelta(hours=1), "/station/1", "r1", Reading(station="tram-1", temperature_c=20.0))
    made = entry(place.space, _output(event)._replace(topic=SENSORS))
    record = Record(41, made.key, made.value, list(made.headers))
    letter = dead_letter(space, topic_name(space, SENSORS), 3, record, "a detector failed")
    await outside.send_and_wait(letter.topic, letter.value, letter.key, headers=letter.headers)
    (found,) = await dead_letters.read(kafka.bootstrap, space)
    assert (found.partition, found.offset, found.reason, found.truncated) == (3, "41", "a detector failed", False)
    assert found.at > datetime(2020, 1, 1, tzinfo=UTC)
    await dead_letters.redrive(kafka.bootstrap, found)
    async with reader(kafka.bootstrap, TopicPartition(found.topic, 3)) as consumer:
        again = await consumer.getone()
    assert (again.key, again.value, list(again.headers)) == (record.key, record.value, record.headers)
