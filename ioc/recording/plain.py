"""Recordings: one structured CloudEvent a line, in ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.zst``.

A recording made by hand or by an import has no ticks: :func:`clocked` gives it those of a driven space.
"""

import gzip
import heapq
import io
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any, Literal, cast

import zstandard

from ioc.engine.partition import EARLIEST, LATEST
from ioc.events.base import AnyEvent, Event, Tick
from ioc.events.codec import MAX_BYTES, Codec, Unreadable, structured
from ioc.folds import SOURCES

CODEC = Codec.of(*SOURCES)
#: What reading a compressed file raises when it is cut off or damaged.
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError)


class BadRecording(Exception):
    """A line of a recording cannot be read; the message says which and why."""


def open_text(path: Path, mode: Literal["rb", "wb"]) -> IO[bytes]:
    """Open a plain, gzip or zstd file by its suffix, for ``rb`` or ``wb``."""
    match path.suffix:
        case ".gz":
            return cast(IO[bytes], gzip.open(path, mode))
        case ".zst" if mode == "rb":
            return io.BufferedReader(_Zstd(path.open("rb")))
        case ".zst":
            return zstandard.ZstdCompressor(level=9).stream_writer(path.open("wb"), closefd=True)
        case _:
            return path.open(mode)


class _Zstd(io.RawIOBase):
    """Decompresses zstd. The library's own reader takes a file that is cut off for one that has ended."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._ready = file, memoryview(b"")
        self._frame: zstandard.ZstdDecompressionObj | None = None

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self._ready and (chunk := self._file.read(1024)):  # small: a chunk may grow 30,000-fold
            self._ready = memoryview(self._decompress(chunk))
        if not self._ready and self._frame is not None:
            raise EOFError("compressed file ended before the end-of-frame mark was reached")
        taken, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def _decompress(self, chunk: bytes) -> bytes:
        out = b""
        while chunk:
            self._frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            out += self._frame.decompress(chunk)
            if not self._frame.eof:
                break
            chunk, self._frame = self._frame.unused_data, None
        return out


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


def read(path: Path) -> Iterator[AnyEvent]:
    """The events of a recording. Raises BadRecording at the first line that is none."""
    try:
        for number, event in lines(path):
            if isinstance(event, Unreadable):
                raise BadRecording(f"{path}:{number}: {event}")
            yield event
    except DAMAGED as error:
        raise BadRecording(f"{path}: the file is cut off or damaged: {error}") from None


def readable(path: Path, bad: list[str]) -> Iterator[AnyEvent]:
    """The events of a recording, with a sentence in ``bad`` for each line that is none."""
    try:
        for number, event in lines(path):
            if isinstance(event, Unreadable):
                bad.append(f"{path}:{number}: {event}")
            else:
                yield event
    except DAMAGED as error:
        bad.append(f"{path}: the file is cut off or damaged: {error}")


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


def write(path: Path, events: Iterable[AnyEvent]) -> int:
    """Write a recording; returns how many events."""
    written = 0
    with open_text(path, "wb") as file:
        for event in events:
            file.write(structured(event) + b"\n")
            written += 1
    return written


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
    for event in events:
        if not EARLIEST <= event.at <= LATEST:  # it will be rejected: it cannot tell the time
            yield event
            continue
        newest = event.at if newest is None else max(newest, event.at)
        if isinstance(event.data, Tick):
            last = newest
        elif last is None or event.at - last >= step:
            last = event.at
            yield tick(last)
        yield event
    if last is None or newest is None:
        return
    end = newest if until is None else max(newest, until)
    while last < end:
        last += min(end - last, (end - last) / 20 + step)
        yield tick(last)


def tick(at: datetime) -> AnyEvent:
    """Time has come to ``at``."""
    return Event(at, "/tick", at.isoformat(), Tick())
