"""A roster as agencies write it: a sheet (CSV or XLSX) with a row for each person and day. Checked row by row."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zipfile import BadZipFile

from pydantic import ValidationError

from ioc.agencies.parts import Role
from ioc.agencies.roster import Officer, RosterFiled
from ioc.district import District
from ioc.text import complaint

#: A duty begins and ends at this hour of local time where the sheet does not say.
BEGINS = time(7, 0)
#: Column titles, folded: what agencies write, Vietnamese or English.
COLUMNS: dict[str, str] = {
    "co quan": "agency", "agency": "agency", "don vi": "agency",
    "ngay": "day", "date": "day", "day": "day", "ngay truc": "day",
    "vai tro": "role", "role": "role", "nhiem vu": "role",
    "ho ten": "name", "ho va ten": "name", "name": "name",
    "dien thoai": "phone", "so dien thoai": "phone", "phone": "phone",
    "tu": "from", "from": "from", "den": "to", "to": "to",
}  # fmt: skip
WANTED = ("agency", "day", "role", "name", "phone")
ROLES: dict[str, Role] = {
    "duty": "duty", "truc ban": "duty", "truc": "duty", "can bo truc": "duty",
    "deputy": "deputy", "truc thay": "deputy", "nguoi truc thay": "deputy", "du phong": "deputy",
    "leader": "leader", "lanh dao": "leader", "lanh dao truc": "leader", "truc lanh dao": "leader",
}  # fmt: skip
#: A Vietnamese number, with or without the country code, or a short one (114).
PHONE = re.compile(r"(0|\+84)\d{9,10}|\d{3,4}")
MAX_ROWS = 20_000
Row = Sequence[object]


class BadRoster(Exception):
    """The sheet cannot be read at all; the message says why and what to do."""


@dataclass
class Roster:
    """What a sheet says: duties that can be used, and each problem with its row."""

    duties: list[RosterFiled] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(content: bytes, name: str, district: District) -> Roster:
    """Duties by agency and day. A wrong row spoils only the duty that it belongs to. Raises BadRoster."""
    rows = _xlsx(content) if name.lower().endswith(".xlsx") else _csv(content)
    found, people, spoiled = Roster(), {}, set()  # type: Roster, dict[tuple[str, date], list[_Entry]], set[tuple[str, date]]
    places = _heading(rows)
    for number, row in rows:
        cells = {what: row[at] if at < len(row) else None for what, at in places.items()}
        if all(_text(cell) == "" for cell in cells.values()):
            continue
        try:
            entry = _entry(cells, district)
        except ValueError as why:
            found.problems.append(f"row {number}: {why}")
            if isinstance(why, _Spoils):
                spoiled.add(why.duty)
            continue
        same = people.setdefault((entry.agency, entry.day), [])
        if any(each.officer.role == entry.officer.role for each in same):
            found.problems.append(f"row {number}: {entry.agency} has two with role {entry.officer.role} on {entry.day}")
            spoiled.add((entry.agency, entry.day))
        same.append(entry)
    for (agency, day), entries in sorted(people.items()):
        if not any(each.officer.role == "duty" for each in entries) and (agency, day) not in spoiled:
            found.problems.append(f"{agency} on {day}: nobody has role duty (trực ban)")
            continue
        if (agency, day) not in spoiled:
            found.duties.append(_duty(agency, day, entries, district))
    return found


@dataclass(frozen=True)
class _Entry:
    agency: str
    day: date
    begins: time
    ends: time
    officer: Officer


class _Spoils(ValueError):
    """A row whose agency and day are known, and that is wrong: their duty is not taken."""

    def __init__(self, duty: tuple[str, date], why: object) -> None:
        super().__init__(str(why))
        self.duty = duty


def _heading(rows: Iterator[tuple[int, Row]]) -> dict[str, int]:
    _, titles = next(rows, (0, ()))
    places = {COLUMNS[name]: at for at, title in enumerate(titles) if (name := _folded(title)) in COLUMNS}
    if missing := [each for each in WANTED if each not in places]:
        raise BadRoster(
            f"the first row lacks the columns {', '.join(missing)}: it needs agency (cơ quan), date (ngày), "
            f"role (vai trò), name (họ tên), phone (điện thoại), and may have from (từ) and to (đến)"
        )
    return places


def _entry(cells: dict[str, object], district: District) -> _Entry:
    written = _text(cells["agency"])
    known = {
        _folded(name): agency.id for agency in district.agencies for name in (agency.id, agency.name, agency.name_en)
    }
    agency = known.get(_folded(written))
    if agency is None:
        raise ValueError(
            f"agency {written!r} is not in the district file; it has {', '.join(sorted(set(known.values())))}"
        )
    day = _day(cells["day"])
    try:
        role = ROLES.get(_folded(cells["role"]))
        if role is None:
            raise ValueError(f"role {_text(cells['role'])!r}: write trực ban, trực thay or lãnh đạo")
        phone = re.sub(r"[\s.\-()]", "", _text(cells["phone"]))
        if phone.isdigit() and len(phone) == 9:
            phone = f"0{phone}"  # a spreadsheet took it for a number and dropped the zero
        if not PHONE.fullmatch(phone):
            raise ValueError(f"phone {_text(cells['phone'])!r}: write it as 0905 123 456")
        officer = Officer(role=role, name=_text(cells["name"]), phone=phone)
        return _Entry(agency, day, _time(cells.get("from")), _time(cells.get("to")), officer)
    except ValidationError as error:
        raise _Spoils((agency, day), complaint(error)) from None
    except ValueError as error:
        raise _Spoils((agency, day), error) from None


def _duty(agency: str, day: date, entries: list[_Entry], district: District) -> RosterFiled:
    begins, ends = entries[0].begins, entries[0].ends
    last = day if ends > begins else day + timedelta(days=1)
    since, until = (district.moment(on, clock) for on, clock in ((day, begins), (last, ends)))
    return RosterFiled(
        agency=agency, day=day, since=since, until=until, officers=tuple(each.officer for each in entries)
    )


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    text = _text(cell)
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise ValueError(f"date {text!r}: write it as 24/11/2026 or 2026-11-24")


def _time(cell: object) -> time:
    if isinstance(cell, time):
        return cell
    text = _text(cell).lower().replace("h", ":").rstrip(":")
    if not text:
        return BEGINS
    try:
        hour, _, minute = text.partition(":")
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise ValueError(f"time {text!r}: write it as 07:00") from None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()


def _folded(cell: object) -> str:
    """Without tones and case: how titles and names are compared."""
    plain = unicodedata.normalize("NFD", _text(cell).lower()).replace("đ", "d")
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _csv(content: bytes) -> Iterator[tuple[int, Row]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRoster("not UTF-8: save it as CSV UTF-8, or as XLSX") from None
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    return _bounded(rows)


def _xlsx(content: bytes) -> Iterator[tuple[int, Row]]:
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        return _bounded(list(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=30, values_only=True)))
    except (BadZipFile, KeyError, ValueError, OSError, IndexError) as error:
        raise BadRoster(f"not a sheet that can be read: {error}") from None


def _bounded(rows: "Sequence[Row] | Iterator[Row]") -> Iterator[tuple[int, Row]]:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise BadRoster(f"more than {MAX_ROWS:,} rows: split the sheet")
        yield number, row
