"""One partition of one fold in this worker: take over, restore, then apply and commit, batch by batch."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

from ioc.engine.partition import Partition
from ioc.engine.results import Batch, Output
from ioc.events.base import Event, Topic
from ioc.events.figures import FIGURES, Mode, SpaceState
from ioc.folds import SOURCES, Fold
from streams.ledger import Entry, Ledger
from streams.metrics import Meter
from streams.names import changelog_name, topic_name, transactional_id
from streams.records import Decoder, copies, dead_letter, entry, ticks

#: The owner of an idle source partition tells the time this often in a wall space, seconds.
IDLE_TICK = 1.0
#: Downstream inboxes are told the time, and readers the gauges, at most this often, seconds.
TELL_EVERY = 0.5
#: What nobody waits for is kept up to so long, seconds, or so many records: a transaction costs more than its records.
GATHER, GATHER_RECORDS = 0.1, 1000
#: The partition whose owner says what time it is in a wall space.
CLOCK = "dossier/0"
#: At most so many records in one transaction.
TRANSACTION_RECORDS = 16_000
#: Judging goes on for so long before others get their turn, seconds, a slice of records at a time: small, since some
#: records take a millisecond to judge, and others have transactions open meanwhile.
TURN, SLICE = 0.02, 32


class Lost(Exception):
    """Events that this partition still needs are gone from Kafka; the message says which and what to do."""


@dataclass(frozen=True)
class Place:
    """Where a partition lives."""

    bootstrap: str
    space: str
    mode: Mode
    partitions: dict[str, int]
    district: str = ""

    def of(self, topic: Topic) -> int:
        return self.partitions[topic_name(self.space, topic)]


class Runner:
    """Owns a partition from takeover to hand-over. Any error in it is the end of the worker."""

    def __init__(self, place: Place, partition: Partition, downstream: tuple[Topic, ...]) -> None:
        self.place, self.partition, self._downstream = place, partition, downstream
        self.fold: Fold = partition.fold
        self.restored = self.ready = False
        self.meter = Meter(place.space, partition)
        self._topic = topic_name(place.space, self.fold.inbox)
        self._decoder = Decoder(self.fold.inbox)
        self._ledger = Ledger(place.bootstrap, transactional_id(place.space, partition.name), place.partitions)
        self._inbox: asyncio.Queue[Any] = asyncio.Queue()
        self._busy = asyncio.Lock()
        self._generation: int | None = None
        self._read = 0
        self._told_at = self._heard_at = self._committed_at = time.monotonic()
        self._told: datetime | None = None
        self._unacked: list[Any] = []
        self._applied = 0
        self.end: Callable[[], int] = lambda: 0

    # -- taking over and handing over --

    async def fence(self) -> None:
        """Become the owner: a former one can write nothing any more."""
        await self._ledger.open()

    def restore(self, saved: Iterable[tuple[bytes, bytes | None]], oldest: int) -> None:
        """Take back what the former owner committed. ``oldest`` is the first offset that the inbox still holds."""
        self.partition.restore(saved)
        if oldest > self.partition.resume_from and self.partition.position > 0:
            raise Lost(
                f"{self._topic}/{self.partition.number} begins at {oldest}, but this fold goes on from "
                f"{self.partition.resume_from}: Kafka has deleted events that were not processed. Raise the topic's "
                f"retention; to go on without them, delete the space's state and replay from a recording"
            )
        self.restored = True

    async def open(
        self, generation: Callable[[], int], seek: Callable[[int], Awaitable[bool]], end: Callable[[], int]
    ) -> None:
        """Read from where the state is, as a member of the group as it is once that is done.

        ``end`` tells where the partition ends now.
        """
        self.end, offset = end, self.partition.resume_from
        if await seek(offset):
            self._drop_inbox()  # of a time before: all of it comes again
            self._generation, self._read = generation(), offset
            self.ready = True
            self.meter.ready.set(1)

    def lag(self) -> int:
        """Offsets that were not yet read. What no reader sees - markers, aborted records - is read too."""
        return max(0, self.end() - max(self._read, self.partition.position))

    async def pause(self) -> None:
        """A rebalance: finish the transaction at hand and drop what has not begun; it will be read again."""
        async with self._busy:
            self._generation = None
            self.ready = False
            self.meter.ready.set(0)
            self._unacked = []  # of a generation that is over
            self._drop_inbox()

    def _drop_inbox(self) -> None:
        while not self._inbox.empty():
            self._inbox.get_nowait()

    async def close(self) -> None:
        self.meter.gone()
        await self._ledger.close()

    # -- at work --

    def put(self, event: Any) -> None:
        """A batch from the transport; bounded there, by bytes."""
        self._inbox.put_nowait(event)

    async def run(self) -> None:
        """Apply and commit for ever."""
        while True:
            try:
                first = await asyncio.wait_for(self._inbox.get(), timeout=self._patience())
            except TimeoutError:
                first = None
            async with self._busy:
                if self._generation is not None:
                    await self._step(self._gather(first))

    def _patience(self) -> float:
        if self.partition.eventful:
            return max(0, self._committed_at + GATHER - time.monotonic())
        return TELL_EVERY if self._owes() else IDLE_TICK

    def _due(self) -> bool:
        """Is it time to write what has been found and changed?"""
        if self._applied >= GATHER_RECORDS or time.monotonic() - self._committed_at >= GATHER:
            return self.partition.eventful
        return self.partition.urgent

    def _gather(self, first: Any) -> list[Any]:
        """What has come meanwhile too, up to a bound: batches grow under load."""
        events = [] if first is None else [first]
        records = sum(len(event.value.records) for event in events)
        while records < TRANSACTION_RECORDS and not self._inbox.empty():
            events.append(self._inbox.get_nowait())
            records += len(events[-1].value.records)
        ours = [event for event in events if event.value.generation == self._generation]
        for batch in (event.value for event in ours):
            if batch.follows > self._read:
                raise Lost(f"{self._topic}/{self.partition.number}: from {self._read} to {batch.follows} nothing came")
            self._read = max(self._read, batch.records.last + 1)
        return ours

    async def _step(self, events: list[Any]) -> None:
        records = self._records(events)
        self._unacked += events
        if events:
            if self.partition.watermark is None:
                await self._begin(records)
            await self._apply(records)
        tell = self._owes() and time.monotonic() - self._told_at >= TELL_EVERY
        if tell or self._due():
            await self._commit(tell)
        elif not self.partition.changed:
            self._ack()
            if idle := self._idle_tick():
                await self._ledger.write(idle)

    def _records(self, events: list[Any]) -> Iterator[Any]:
        return chain.from_iterable(event.value.records for event in events)

    async def _begin(self, records: Iterator[Any]) -> None:
        """Up to the first watermark, which is told as it is: readers count the silence of sources from there."""
        while self.partition.watermark is None and await self._apply(islice(records, 1)):
            pass
        if self.partition.eventful or self.partition.watermark is not None:
            await self._commit(tell=True)

    async def _apply(self, records: Iterator[Any]) -> int:
        """In turns: other partitions have transactions open, which the broker does not keep for ever."""
        begun = turn = time.monotonic()
        applied = 0
        while taken := self._decoder.apply(self.partition, islice(records, SLICE)):
            applied += taken
            if time.monotonic() - turn > TURN:
                await asyncio.sleep(0)
                turn = time.monotonic()
        self.meter.apply.observe(time.monotonic() - begun)
        self._applied += applied
        if applied:
            self._heard_at = time.monotonic()
        return applied

    async def _commit(self, tell: bool) -> None:
        """One transaction for all that was applied since the last; where only time has passed, that can wait."""
        batch = self.partition.take()
        entries = self._entries(batch) + (self._tell() if tell else [])
        with self.meter.transaction.time():
            await self._ledger.write(entries)
        self._committed_at = time.monotonic()
        self._ack()
        self.meter.batch(self._applied, len(batch.outputs), self.lag())
        self._applied = 0

    def _ack(self) -> None:
        """All that was handed over is committed, or needed no commit: markers, and what was known before."""
        for event in self._unacked:
            event.value.resume_from = self.partition.resume_from
            event.ack()
        self._unacked = []

    def _entries(self, batch: Batch) -> list[Entry]:
        place, number = self.place, self.partition.number
        lane = self.partition.name
        entries = [
            each
            for output in batch.outputs
            for each in copies(entry(place.space, output, lane), output, place.of(output.topic))
        ]
        changelog = changelog_name(place.space, self.fold)
        entries += [Entry(changelog, key, saved, [], number) for key, saved in batch.changes]
        for offset, reason in ((each.offset, each.reason) for each in batch.rejected):
            record = self._decoder.rejected.get(offset) if offset is not None else None
            entries.append(dead_letter(place.space, self._topic, number, record, reason, offset))
        self._decoder.rejected.clear()
        return entries

    # -- telling the time --

    def _owes(self) -> bool:
        partition = self.partition
        return partition.changed or partition.facts_changed or partition.watermark != self._told

    def _tell(self) -> list[Entry]:
        """Forward the watermark and the gauges."""
        self._told_at, self._told = time.monotonic(), self.partition.watermark
        if self._told is None:
            return []
        place, lane = self.place, self.partition.name
        entries = [
            told for topic in self._downstream
            for told in ticks(place.space, topic, self._told, range(place.of(topic)), lane)
        ]  # fmt: skip
        if place.mode == "wall" and lane == CLOCK:  # a driven space's publisher says it itself
            said = SpaceState(space=place.space, district=place.district, mode=place.mode)
            entries.append(
                entry(
                    place.space,
                    Output(FIGURES, Event(self._told, f"/{lane}", str(self.partition.position), said)),
                    lane,
                )
            )
        facts = self.partition.take_facts()
        return [*entries, entry(place.space, facts, lane)] if facts else entries

    def _idle_tick(self) -> list[Entry]:
        """In a wall space, time passes on a silent source too: its owner says so in the log."""
        inbox = self.fold.inbox
        quiet = time.monotonic() - self._heard_at
        if self.place.mode != "wall" or inbox not in SOURCES or quiet < IDLE_TICK:
            return []
        at = datetime.now(UTC) - max(inbox.idle_lag, timedelta(0))
        return ticks(self.place.space, inbox, at, [self.partition.number])
