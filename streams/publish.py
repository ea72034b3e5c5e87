"""Puts recordings on Kafka, in a driven space, at any speed: the publisher is the space's clock.

Events, ticks and how far it has come are one transaction, so that a publisher that was killed goes on to the
event, and a second one for the same space ends the first.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import islice

from aiokafka import TopicPartition

from ioc.engine.partition import DRIVEN_SKEW
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Event, Tick, Topic
from ioc.events.figures import FIGURES, SpaceState
from ioc.folds import SOURCES
from ioc.recording import tick
from streams.ledger import Entry, Ledger, compacted
from streams.names import topic_name, transactional_id
from streams.records import entry, ticks
from streams.runner import Place

#: A transaction, and while nothing happens a tick, this often, seconds of wall time.
BEAT = 0.25
#: At most so many events in one transaction.
BEAT_EVENTS = 5000
#: The clock of a driven space never jumps further than this between ticks, whatever the speed.
LONGEST_STEP = DRIVEN_SKEW / 2


def step_of(speed: float) -> timedelta:
    """How much event time one beat is worth: the ``step`` for ``ioc.recording.clocked``."""
    return min(LONGEST_STEP, max(timedelta(seconds=1), timedelta(seconds=speed * BEAT))) if speed else LONGEST_STEP


class Pace:
    """When an event is due: ``speed`` is event time per wall time, 0 as fast as it goes."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start: tuple[datetime, float] | None = None

    def wait(self, at: datetime) -> float:
        """Seconds until it is ``at`` in the space."""
        if not self._speed:
            return 0.0
        self._start = self._start or (at, time.monotonic())
        base, begun = self._start
        return (at - base).total_seconds() / self._speed - (time.monotonic() - begun)

    def now(self) -> datetime:
        """The space's time; only after the first :meth:`wait`, and never at speed 0."""
        assert self._start is not None
        base, begun = self._start
        return base + timedelta(seconds=(time.monotonic() - begun) * self._speed)


class Publisher:
    """Drives one space."""

    def __init__(self, place: Place, district: str) -> None:
        self._place = place
        self._ledger = Ledger(place.bootstrap, transactional_id(place.space, "publisher"), place.partitions)
        self._topics: dict[type, Topic] = {kind: topic for topic in SOURCES for kind in topic.events}
        self._state = SpaceState(space=place.space, district=district, mode=place.mode)

    async def open(self) -> None:
        """Take the space over from a former publisher, and see how far it came."""
        await self._ledger.open()
        figures = TopicPartition(topic_name(self._place.space, FIGURES), 0)
        saved = await compacted(self._place.bootstrap, figures)
        if state := saved[figures].get(b"space"):
            self._state = SpaceState.model_validate_json(state)

    async def close(self) -> None:
        await self._ledger.close()

    async def publish(
        self,
        events: Iterable[AnyEvent],
        recording: str,
        speed: float,
        done: Callable[[int, datetime], None] = lambda _count, _at: None,
    ) -> int:
        """Publish events that carry their ticks, from where a former run of the same ``recording`` stopped.

        ``done`` hears how many are out and the space's time. Returns how many this call published.
        """
        skipped = self._state.published if self._state.recording == recording else 0
        self._state = self._state.model_copy(update={"recording": recording, "speed": speed or None})
        pace, count, beat, begun = Pace(speed), skipped, list[AnyEvent](), time.monotonic()
        for event in islice(iter(events), skipped, None):
            while (wait := pace.wait(event.at)) > 0:
                await self._write([*beat, tick(min(pace.now(), event.at))], count)
                done(count, pace.now())
                beat, begun = [], time.monotonic()
                await asyncio.sleep(min(wait, BEAT))
            beat.append(event)
            count += 1
            if len(beat) >= BEAT_EVENTS or time.monotonic() - begun > BEAT:
                await self._write(beat, count)
                done(count, event.at)
                beat, begun = [], time.monotonic()
        if beat:
            await self._write(beat, count)
            done(count, beat[-1].at)
        return count - skipped

    async def _write(self, beat: list[AnyEvent], count: int) -> None:
        """One transaction: events, ticks for every source partition, and how far this is."""
        self._state = self._state.model_copy(update={"published": count})
        entries: list[Entry] = []
        for event in beat:
            if isinstance(event.data, Tick):
                for topic in SOURCES:
                    entries += ticks(self._place.space, topic, event.at, range(self._place.of(topic)))
            else:
                entries.append(entry(self._place.space, Output(self._topics[type(event.data)], event)))
        said = Event(beat[-1].at, "/publisher", str(count), self._state)
        entries.append(entry(self._place.space, Output(FIGURES, said)))
        await self._ledger.write(entries)
