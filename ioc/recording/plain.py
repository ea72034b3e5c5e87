"""Recordings made by hand or by an import: events alone, by time. They have no ticks and no positions."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ioc.events.base import AnyEvent
from ioc.events.codec import MAX_BYTES, Codec, Unreadable, structured
from ioc.folds import SOURCES
from ioc.recording.files import open_text

CODEC = Codec.of(*SOURCES)


def lines(path: Path) -> Iterator[tuple[int, AnyEvent | Unreadable]]:
    """Every line with its number: the event, or why it is none."""
    with open_text(path, "rb") as file:
        number = 0
        while line := file.readline(MAX_BYTES + 2):
            number += 1
            while len(line) > MAX_BYTES and not line.endswith(b"\n") and (rest := file.readline(MAX_BYTES)):
                line = line if len(line) > 2 * MAX_BYTES else line + rest
                if rest.endswith(b"\n"):
                    break
            if line.strip():
                try:
                    yield number, CODEC.read_structured(line)
                except Unreadable as why:
                    yield number, why


def write(path: Path, events: Iterable[AnyEvent]) -> int:
    """Write a recording; returns how many events."""
    written = 0
    with open_text(path, "wb") as file:
        for event in events:
            file.write(structured(event) + b"\n")
            written += 1
    return written
