"""Time in recordings: several merged by time, and the ticks of a driven space for those that have none."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ioc.engine.partition import EARLIEST, INSTANT, LATEST
from ioc.events.base import AnyEvent, Event, Tick


def merged(recordings: Iterable[Iterable[AnyEvent]]) -> Iterator[AnyEvent]:
    """Several recordings as one, by time; each keeps its own order where times are equal."""
    return heapq.merge(*recordings, key=lambda event: event.at)


#: How far a driven space's clock may run ahead of its last tick.
TICK_STEP = timedelta(minutes=1)


def clocked(
    events: Iterable[AnyEvent], until: datetime | None = None, step: timedelta = TICK_STEP
) -> Iterator[AnyEvent]:
    """The events with the ticks of a driven space: one before each step of time, and on past the end.

    A tick precedes the first event at or after its time, so the space's clock never lags an event by more
    than ``step``, which must stay below the engine's ``DRIVEN_SKEW``. Recordings that carry ticks keep theirs.
    """
    last = newest = None
    own = False
    for event in events:
        if not EARLIEST <= event.at <= LATEST:  # it will be rejected: it cannot tell the time
            yield event
            continue
        newest = event.at if newest is None else max(newest, event.at)
        if isinstance(event.data, Tick):
            last, own = newest, True
        elif last is None or event.at - last >= step:
            last = event.at
            yield tick(last)
        yield event
    if last is None or newest is None:
        return
    past = newest if own else newest + INSTANT  # what happened last is handed over once it is past on all lanes
    end = past if until is None else max(newest, until)
    while last < end:
        last += min(end - last, (end - last) / 20 + step)
        yield tick(last)


def tick(at: datetime) -> AnyEvent:
    """Time has come to ``at``."""
    return Event(at, "/tick", at.isoformat(), Tick())
