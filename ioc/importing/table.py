"""CSV, with any delimiter: one row at a time. A row that cannot be read is told, and the next is read.

UTF-8 is tried first, then the encodings that the mapping declares. An encoding is never guessed: a wrong one
would turn names into other names without a word.
"""

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches

from ioc.importing.files import DAMAGE, LogFile, Problem, Row, Unusable, composed, damaged, opened
from ioc.importing.terms import Layout

#: A line longer than this is taken in pieces, so that a file without line ends cannot fill the memory.
LONGEST_LINE = 1 << 20


def read(log: LogFile, layout: Layout, wanted: frozenset[str]) -> Iterator[Row | Problem]:
    """Every row. Raises Unusable if the header lacks a column that the mapping names."""
    encoding = _encoding(log, layout)
    with io.TextIOWrapper(log.stream, encoding, errors="surrogateescape", newline="") as text:
        yield from _rows(log, layout, wanted, encoding, text)


class _Lines:
    """The lines of a text. After a row that went wrong they can be read again from its second line on."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._row: list[str] = []
        self._again: deque[str] = deque()
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else composed(self._text.readline(LONGEST_LINE))
        if not line:
            raise StopIteration
        self._row.append(line)
        self.number += 1
        return line

    def begin_row(self) -> int:
        """The number of the line where the next row begins."""
        self._row = []
        return self.number + 1

    def go_back(self) -> None:
        """A quotation mark left open took the lines of other rows: give them back."""
        self._again.extendleft(reversed(self._row[1:]))
        self.number -= len(self._row[1:])


def _rows(
    log: LogFile, layout: Layout, wanted: frozenset[str], encoding: str, text: io.TextIOWrapper
) -> Iterator[Row | Problem]:
    lines = _Lines(text)
    rows = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    header = list(layout.header) or _header(log, rows)
    _has_columns(log, header, wanted, layout.delimiter)
    places = [(place, name) for place, name in enumerate(header) if name in wanted]
    while True:
        line = lines.begin_row()
        try:
            row = next(rows, None)
        except DAMAGE as error:
            yield damaged(line, error)
            return
        except UnicodeDecodeError as error:
            yield Problem(line, f"not {encoding} from here on: {error.reason}", inside=True)
            return
        except csv.Error as error:
            yield Problem(line, f"no row of a CSV: {error}; is a quotation mark left open?")
            lines.go_back()
            continue
        if row is None:
            return
        if len(row) == len(header):
            yield _row(line, {name: row[place] for place, name in places}, encoding)
        elif row:
            yield Problem(line, f"{len(row)} columns where the header has {len(header)}")
            lines.go_back()


def _row(line: int, values: dict[str, str], encoding: str) -> Row | Problem:
    for name, value in values.items():
        if not value.isascii() and (foreign := next((c for c in value if "\udc80" <= c <= "\udcff"), None)):
            misfit = f"column {name!r} is not {encoding} (byte 0x{ord(foreign) - 0xDC00:02X})"
            return Problem(line, f'{misfit}: say encodings = ["cp1258"], or what it is, under [file]')
    return Row(line, values)


def _header(log: LogFile, rows: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip() for name in next(rows)]
    except StopIteration:
        raise Unusable(f"{log.path}: the file is empty") from None
    except (*DAMAGE, csv.Error, UnicodeDecodeError) as error:
        raise Unusable(f"{log.path}:1: the header cannot be read: {error}") from None


def _has_columns(log: LogFile, header: list[str], wanted: frozenset[str], delimiter: str) -> None:
    for name in sorted(wanted - set(header)):
        near = get_close_matches(name, header, n=1)
        cure = f"is it {near[0]!r}?" if near else f"split at {delimiter!r} it has {str(header)[:500]}"
        raise Unusable(f"{log.path}:1: the mapping names column {name!r}, which the header lacks; {cure}")


def _encoding(log: LogFile, layout: Layout) -> str:
    """The first candidate that fits the whole file, else the last: then its misfits are told row by row."""
    candidates = ("utf-8-sig", *layout.encodings)
    with opened(log.path) as again, suppress(*DAMAGE):
        if again.stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    return next((candidate for candidate in candidates if _fits(log, candidate)), candidates[-1])


def _fits(log: LogFile, encoding: str) -> bool:
    with opened(log.path) as again:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while chunk := again.stream.read(1 << 20):
                decoder.decode(chunk)
        except DAMAGE:
            return True
        except UnicodeDecodeError:
            return False
    return True
