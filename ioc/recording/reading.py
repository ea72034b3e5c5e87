"""The events of a recording of either kind, in the order of time: what can be published, merged or replayed as new."""

import heapq
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ioc.events.base import AnyEvent, Tick
from ioc.events.codec import Unreadable
from ioc.folds import SOURCES
from ioc.recording.files import DAMAGED, BadRecording, open_text
from ioc.recording.plain import lines
from ioc.recording.recorded import Recorded, is_recorded


def read(path: Path) -> Iterator[AnyEvent]:
    """The events of a recording. Raises BadRecording at the first line that is none."""
    if is_recorded(path):
        yield from source_events(Recorded(path))
        return
    try:
        for number, event in lines(path):
            if isinstance(event, Unreadable):
                raise BadRecording(f"{path}:{number}: {event}")
            yield event
    except DAMAGED as error:
        raise BadRecording(f"{path}: the file is cut off or damaged: {error}") from None


def readable(path: Path, bad: list[str]) -> Iterator[AnyEvent]:
    """The events of a recording, with a sentence in ``bad`` for each line that is none."""
    if is_recorded(path):
        yield from source_events(Recorded(path, salvage=True, lost=bad))
        return
    try:
        for number, event in lines(path):
            if isinstance(event, Unreadable):
                bad.append(f"{path}:{number}: {event}")
            else:
                yield event
    except DAMAGED as error:
        bad.append(f"{path}: the file is cut off or damaged: {error}")


def source_events(recorded: Recorded) -> Iterator[AnyEvent]:
    """What the sources said, without ticks and what followed from it.

    An event is given once every partition of a source has come to its time, by an event or a tick. A record that
    was none went to the dead letters, and is none here.
    """
    names = {topic.name for topic in SOURCES}
    marks: dict[str, datetime | None] = {
        place: None for place in recorded.header.first if place.rpartition("/")[0] in names
    }
    waiting: list[tuple[datetime, int, AnyEvent]] = []
    for number, record in enumerate(recorded.records()):
        if record.topic not in names or isinstance(record.event, Unreadable):
            continue
        event, place = record.event, f"{record.topic}/{record.partition}"
        before = marks[place]
        if not isinstance(event.data, Tick):
            heapq.heappush(waiting, (event.at, number, event))
        if before is None or event.at > before:
            marks[place] = event.at
            known = [mark for mark in marks.values() if mark is not None]
            low = min(known) if len(known) == len(marks) else None
            while waiting and low is not None and waiting[0][0] <= low:
                yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def count(path: Path) -> int:
    """How many lines a recording has, as far as it can be read."""
    total = 0
    try:
        with open_text(path, "rb") as file:
            while chunk := file.read(1 << 20):
                total += chunk.count(b"\n")
    except DAMAGED:
        pass
    return total
