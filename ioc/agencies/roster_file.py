"""A roster as agencies write it: a sheet (CSV or XLSX) with a row for each person and day. Checked row by row."""

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from pydantic import ValidationError

from ioc.agencies.parts import Role
from ioc.agencies.roster import Officer, RosterFiled
from ioc.district import District
from ioc.sheet import Cells, cells, folded, text
from ioc.sheet import day as read_day
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
NEEDS = (
    "agency (cơ quan), date (ngày), role (vai trò), name (họ tên), phone (điện thoại), and may have from (từ) and to "
    "(đến)"
)
ROLES: dict[str, Role] = {
    "duty": "duty", "truc ban": "duty", "truc": "duty", "can bo truc": "duty",
    "deputy": "deputy", "truc thay": "deputy", "nguoi truc thay": "deputy", "du phong": "deputy",
    "leader": "leader", "lanh dao": "leader", "lanh dao truc": "leader", "truc lanh dao": "leader",
}  # fmt: skip
#: A Vietnamese number, with or without the country code, or a short one (114).
PHONE = re.compile(r"(0|\+84)\d{9,10}|\d{3,4}")


@dataclass
class Roster:
    """What a sheet says: duties that can be used, and each problem with its row."""

    duties: list[RosterFiled] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(content: bytes, name: str, district: District) -> Roster:
    """Duties by agency and day. A wrong row spoils only the duty that it belongs to. Raises BadSheet."""
    found, people, spoiled = Roster(), {}, set()  # type: Roster, dict[tuple[str, date], list[_Entry]], set[tuple[str, date]]
    for number, row in cells(content, name, COLUMNS, WANTED, NEEDS):
        try:
            entry = _entry(row, district)
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


def _entry(row: Cells, district: District) -> _Entry:
    written = text(row["agency"])
    known = {
        folded(name): agency.id for agency in district.agencies for name in (agency.id, agency.name, agency.name_en)
    }
    agency = known.get(folded(written))
    if agency is None:
        raise ValueError(
            f"agency {written!r} is not in the district file; it has {', '.join(sorted(set(known.values())))}"
        )
    day = read_day(row["day"])
    try:
        role = ROLES.get(folded(row["role"]))
        if role is None:
            raise ValueError(f"role {text(row['role'])!r}: write trực ban, trực thay or lãnh đạo")
        phone = re.sub(r"[\s.\-()]", "", text(row["phone"]))
        if phone.isdigit() and len(phone) == 9:
            phone = f"0{phone}"  # a spreadsheet took it for a number and dropped the zero
        if not PHONE.fullmatch(phone):
            raise ValueError(f"phone {text(row['phone'])!r}: write it as 0905 123 456")
        officer = Officer(role=role, name=text(row["name"]), phone=phone)
        return _Entry(agency, day, _time(row.get("from")), _time(row.get("to")), officer)
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


def _time(cell: object) -> time:
    if isinstance(cell, time):
        return cell
    written = text(cell).lower().replace("h", ":").rstrip(":")
    if not written:
        return BEGINS
    try:
        hour, _, minute = written.partition(":")
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise ValueError(f"time {written!r}: write it as 07:00") from None
