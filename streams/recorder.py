"""Writes what Kafka holds of a space to a recording: every record of some topics, in the order it was appended.

The order of a partition is kept to the record; across partitions records go by the broker's append time, so that
a recording read from its first line to its last shows the space as it was.
"""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from ioc.engine.partition import CHECKPOINT
from ioc.events.figures import FIGURES, SpaceState
from ioc.folds import FOLDS
from ioc.recording.recorded import SCHEMA, Header, Writer
from ioc.recording.records import TOPICS, Kafkas, line_of
from streams.ledger import compacted, reader
from streams.names import changelog_name, topic_name
from streams.topics import partitions

#: A live recording is on disk after at most so long, seconds.
FLUSH_EVERY = 1.0
#: Records of one partition are read at most so far ahead of the others.
AHEAD = 20_000
Said = Callable[[int], None]


class Nothing(Exception):
    """There is nothing to be recorded; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """What to record. ``since`` and ``until`` are times at which the broker appended."""

    bootstrap: str
    space: str
    topics: Sequence[str]
    since: datetime | None = None
    until: datetime | None = None


async def record(wanted: Wanted, path: Path, done: Said, *, follow: asyncio.Event | None = None) -> int:
    """Write a recording; returns how many records. With ``follow``, go on until that is set."""
    counts = {topic: partitions(wanted.space)[topic_name(wanted.space, topic)] for topic in TOPICS}
    places = {
        TopicPartition(topic_name(wanted.space, topic), number): f"{topic}/{number}"
        for topic in wanted.topics
        for number in range(counts[topic])
    }
    state = await state_of(wanted)
    async with reader(wanted.bootstrap, *places) as consumer:
        starts, ends = await _span(consumer, places, wanted)
        if not follow and not any(starts[tp] < ends[tp] for tp in places):
            raise Nothing(f"space {wanted.space}: topics {', '.join(wanted.topics)} hold nothing at that time")
        header = Header(
            space=wanted.space, mode=state.mode, district=state.district, partitions=counts,
            rules=await _rules(wanted),
            first={place: starts[tp] for tp, place in places.items()},
            schemas=dict.fromkeys(wanted.topics, SCHEMA), recorded_at=datetime.now(UTC),
            since=wanted.since, until=wanted.until,
        )  # fmt: skip
        writer = Writer(path, header)
        for tp in places:
            consumer.seek(tp, starts[tp])
        try:
            await _copy(consumer, places, ends, writer, done)
            if follow:
                await _follow(consumer, places, writer, done, follow)
        finally:
            writer.close()
    return writer.records


async def state_of(wanted: Wanted) -> SpaceState:
    """The space's own word about itself: its clock, its district."""
    figures = TopicPartition(topic_name(wanted.space, FIGURES), 0)
    saved = (await compacted(wanted.bootstrap, figures))[figures].get(b"space")
    return SpaceState.model_validate_json(saved) if saved else SpaceState(space=wanted.space, district="-", mode="wall")


async def _rules(wanted: Wanted) -> str:
    """The digest of the rules by which the space runs now, as its first checkpoint says it; "" before there is one."""
    changelog = TopicPartition(changelog_name(wanted.space, FOLDS[0]), 0)
    saved = (await compacted(wanted.bootstrap, changelog))[changelog].get(CHECKPOINT)
    return str(orjson.loads(saved)["digest"]) if saved else ""


async def _span(
    consumer: AIOKafkaConsumer, places: Iterable[TopicPartition], wanted: Wanted
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """From which offset to which. Ends of what folds wrote are taken before those of what they read."""
    starts = dict(await consumer.beginning_offsets(list(places)))
    ends: dict[TopicPartition, int] = {}
    for topic in reversed(list(dict.fromkeys(tp.topic for tp in places))):
        ends |= await consumer.end_offsets([tp for tp in places if tp.topic == topic])
    for edge, moment in ((starts, wanted.since), (ends, wanted.until)):
        if moment is not None:
            found = await consumer.offsets_for_times({tp: round(moment.timestamp() * 1000) for tp in places})
            edge |= {tp: place.offset if place else ends[tp] for tp, place in found.items()}
    return starts, ends


async def _copy(
    consumer: AIOKafkaConsumer,
    places: dict[TopicPartition, str],
    ends: dict[TopicPartition, int],
    writer: Writer,
    done: Said,
) -> None:
    """Everything up to ``ends``: partitions are merged, so that none runs ahead of another's records."""
    read: dict[TopicPartition, deque[Kafkas]] = {tp: deque() for tp in places}
    open_ = {tp for tp in places if await consumer.position(tp) < ends[tp]}
    while open_ or any(read.values()):
        short = [tp for tp in open_ if len(read[tp]) < AHEAD]
        if short:
            for tp, records in (await consumer.getmany(*short, timeout_ms=500, max_records=AHEAD)).items():
                read[tp].extend(_kafkas(places[tp], records, ends[tp]))
            open_ = {tp for tp in open_ if await consumer.position(tp) < ends[tp]}
        for record in _merged(read, open_):
            writer.add(line_of(record), f"{record.topic}/{record.partition}", record.offset)
        done(writer.records)


def _merged(read: dict[TopicPartition, deque[Kafkas]], open_: set[TopicPartition]) -> Iterator[Kafkas]:
    """By append time, until a partition that is not at its end has nothing read."""
    heap = [(queue[0].timestamp, number, tp) for number, (tp, queue) in enumerate(read.items()) if queue]
    heapq.heapify(heap)
    if any(not read[tp] for tp in open_):
        return
    while heap:
        _, number, tp = heap[0]
        yield read[tp].popleft()
        if read[tp]:
            heapq.heapreplace(heap, (read[tp][0].timestamp, number, tp))
        elif tp in open_:
            return
        else:
            heapq.heappop(heap)


async def _follow(
    consumer: AIOKafkaConsumer, places: dict[TopicPartition, str], writer: Writer, done: Said, stop: asyncio.Event
) -> None:
    """What comes from here on, as it comes."""
    while not stop.is_set():
        fetched = await consumer.getmany(timeout_ms=int(FLUSH_EVERY * 1000), max_records=AHEAD)
        records = [each for tp, found in fetched.items() for each in _kafkas(places[tp], found)]
        for record in sorted(records, key=lambda each: each.timestamp):  # stable: a partition's order stays
            writer.add(line_of(record), f"{record.topic}/{record.partition}", record.offset)
        writer.flush()
        done(writer.records)


def _kafkas(place: str, records: Iterable[object], end: int | None = None) -> Iterator[Kafkas]:
    topic, _, number = place.rpartition("/")
    for each in records:
        if end is None or each.offset < end:  # type: ignore[attr-defined]
            yield Kafkas(topic, int(number), each.offset, each.timestamp, each.key, each.value, each.headers)  # type: ignore[attr-defined]
