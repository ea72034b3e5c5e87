"""Sheets that offices write, CSV or XLSX: rows of cells, and cells as people mean them."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zipfile import BadZipFile

from ioc.text import plain

MAX_ROWS = 20_000
Row = Sequence[object]
Cells = Mapping[str, object]


class BadSheet(Exception):
    """The sheet cannot be read at all; the message says why and what to do."""


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Row]]:
    """Every row with its number, the heading first. Raises BadSheet."""
    return _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)


def cells(
    content: bytes, name: str, columns: Mapping[str, str], wanted: Sequence[str], needs: str
) -> Iterator[tuple[int, Cells]]:
    """Every row that says anything, with its number, by what its columns mean.

    ``columns`` has folded titles and their meanings, ``wanted`` those that must be there, ``needs`` says so to a
    person. Raises BadSheet.
    """
    given = _rows(content, name)
    _, titles = next(given, (0, ()))
    places = {columns[title]: at for at, each in enumerate(titles) if (title := folded(each)) in columns}
    if missing := [each for each in wanted if each not in places]:
        raise BadSheet(f"the first row lacks the columns {', '.join(missing)}: it needs {needs}")
    for number, row in given:
        found = {what: row[at] if at < len(row) else None for what, at in places.items()}
        if any(text(cell) for cell in found.values()):
            yield number, found


def text(cell: object) -> str:
    """A cell's words; a number that a spreadsheet made of digits is the digits again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()


def folded(cell: object) -> str:
    """Without tones, case and more than one space: how titles and names are compared."""
    return " ".join(plain(text(cell)).split())


def day(cell: object) -> date:
    """A day. Raises ValueError."""
    if isinstance(cell, datetime):
        return cell.date()
    written = text(cell)
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(written, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise ValueError(f"date {written!r}: write it as 24/11/2026 or 2026-11-24")


def number(cell: object) -> float:
    """A number as Vietnamese or English write it: 1.434 and 98,5; 98.5. Raises ValueError."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    written = text(cell).replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+,\d+", written):
        written = written.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"-?\d+(\.\d+)?", written):
        raise ValueError(f"{text(cell)!r} is no number: write it as 1.434 or 98,5")
    return float(written)


def _csv(content: bytes) -> Iterator[tuple[int, Row]]:
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSheet("not UTF-8: save it as CSV UTF-8, or as XLSX") from None
    first = decoded.partition("\n")[0]
    return _bounded(csv.reader(io.StringIO(decoded), delimiter=max(",;\t", key=first.count)))


def _xlsx(content: bytes) -> Iterator[tuple[int, Row]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        return _bounded(list(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=30, values_only=True)))
    except (BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise BadSheet(f"not a sheet that can be read: {error}") from None


def _bounded(found: Sequence[Row] | Iterator[Row]) -> Iterator[tuple[int, Row]]:
    for at, row in enumerate(found, 1):
        if at > MAX_ROWS:
            raise BadSheet(f"more than {MAX_ROWS:,} rows: split the sheet")
        yield at, row
