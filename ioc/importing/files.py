"""A log file as it is read, unpacked on the way; and what a reader gives from it: rows, and problems."""

import gzip
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from ioc.importing.terms import Layout

#: What reading a gzip file raises where it is cut off or damaged.
DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


class Row(NamedTuple):
    """One row of a table or one event of a trace, with the attributes of the whole case named ``case:…``.

    ``bare`` is a case without any event: only its own attributes are known.
    """

    line: int
    values: dict[str, str]
    bare: bool = False


class Problem(NamedTuple):
    """Why something could not be read. ``inside``: the last case may go on in what could not be read."""

    line: int
    reason: str
    inside: bool = False


class Unusable(Exception):
    """Nothing of this file can be read; the message says why."""


@dataclass(frozen=True)
class LogFile:
    """An open log: ``stream`` gives it unpacked; ``place`` says how much of the file itself has been read."""

    path: Path
    stream: IO[bytes]
    place: Callable[[], int]


#: A reader gives what it finds, with only the wanted columns, in the order of the file.
Reader = Callable[[LogFile, Layout, frozenset[str]], Iterator[Row | Problem]]


@contextmanager
def opened(path: Path) -> Iterator[LogFile]:
    """Open a log, plain or gzip, told by its first bytes. Raises Unusable."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from None
    with raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream = gzip.GzipFile(fileobj=raw) if packed else raw
        yield LogFile(path, stream, raw.tell)  # type: ignore[arg-type]


def damaged(line: int, error: Exception, inside: bool = True) -> Problem:
    """The packed file ends early or is broken here."""
    reason = f"the gzip file is cut off or damaged from here on ({error}); what stands before was read"
    return Problem(line, reason, inside)


def composed(text: str) -> str:
    """Letters with their marks as one character each: some encodings and systems write them as several."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
