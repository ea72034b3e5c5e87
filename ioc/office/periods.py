"""Reporting periods (kỳ báo cáo): a named cut-off rule, and the days that a period has by it.

Decree 09/2019/NĐ-CP, Article 12: a month runs from the 15th of the month before to the 14th, a quarter, half or year
from the 15th of the month before it to the 14th of its last month. Other plans cut elsewhere: rules are data
(``cut_offs.toml``, and ``[[cut_offs]]`` of a district file), and every figure says the days it is of.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ioc import toml_file
from ioc.events.base import Code
from ioc.text import Text

SHIPPED = Path(__file__).parent / "cut_offs.toml"


class CutOff(BaseModel):
    """A rule by which periods are cut (thời gian chốt số liệu)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="what people call it")]
    name_en: Annotated[str, Field(description="the same in English")]
    authority: Annotated[str, Field(description="who decided it")] = ""
    basis: Annotated[str, Field(description="by which decision and article")] = ""
    first_day: Annotated[
        int, Field(ge=1, le=28, description="a period begins on this day of the month before; 1: with its own month")
    ] = 1

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


class BadPeriod(ValueError):
    """This is no period; the message says how to write one."""


_MONTH = Text("tháng {number} năm {year}", "month {number} of {year}")
#: How the parts of a year are spoken of.
SPOKEN: Mapping[str, Text] = {
    "": Text("năm {year}", "{year}"),
    "0": _MONTH,
    "1": _MONTH,
    "Q": Text("quý {number} năm {year}", "quarter {number} of {year}"),
    "H1": Text("6 tháng đầu năm {year}", "first half of {year}"),
    "H2": Text("6 tháng cuối năm {year}", "second half of {year}"),
    "9M": Text("9 tháng đầu năm {year}", "first nine months of {year}"),
}


class Period(NamedTuple):
    """A period by name, with its first and last day."""

    name: str
    first: date
    last: date
    rule: CutOff

    def __str__(self) -> str:
        return f"{self.name} ({self.first:%d/%m/%Y}–{self.last:%d/%m/%Y})"

    @property
    def title(self) -> Text:
        """What people call it: tháng 10 năm 2026."""
        year, _, part = self.name.partition("-")
        spoken = SPOKEN.get(part[:1] if part.isdigit() or part[:1] == "Q" else part)
        if spoken is None or ".." in self.name:
            return Text("từ {first} đến {last}", "{first} to {last}").format(
                first=f"{self.first:%d/%m/%Y}", last=f"{self.last:%d/%m/%Y}"
            )
        return spoken.format(year=year, number=part.lstrip("Q0"))

    @property
    def told(self) -> Text:
        """The days that its figures are of, as every figure says them."""
        of = {"first": f"{self.first:%d/%m/%Y}", "last": f"{self.last:%d/%m/%Y}"}
        return Text("số liệu từ {first} đến {last}", "figures from {first} to {last}").format(**of)

    @property
    def year_before(self) -> "Period":
        """The same period a year before (cùng kỳ năm trước)."""
        name = re.sub(r"\b20\d\d", lambda year: str(int(year[0]) - 1), self.name)
        return period(name.replace("-02-29", "-02-28"), self.rule)

    @property
    def year_to_date(self) -> "Period":
        """From the first day of the reporting year to this period's last (lũy kế từ đầu năm)."""
        year = self.last.year
        if self.last >= _begins(year + 1, 1, self.rule):
            year += 1
        first = _begins(year, 1, self.rule)
        return Period(f"{first}..{self.last}", first, self.last, self.rule)


@cache
def shipped() -> Mapping[str, CutOff]:
    """The rules that come with the system, by id."""
    said = toml_file.read(SHIPPED, RuntimeError, "part of the package")
    return {rule.id: rule for rule in TypeAdapter(tuple[CutOff, ...]).validate_python(said["cut_offs"])}


DECREE_09 = shipped()["nd09"]
BY_CALENDAR = shipped()["calendar"]
#: Months of a period within its year, by how it is written after the year.
_PARTS = {
    "": (1, 12),
    **{f"-{month:02}": (month, month) for month in range(1, 13)},
    **{f"-Q{quarter}": (3 * quarter - 2, 3 * quarter) for quarter in range(1, 5)},
    "-H1": (1, 6),
    "-H2": (7, 12),
    "-9M": (1, 9),
}


def period(name: str, rule: CutOff) -> Period:
    """A day ``2026-10-05``, month ``2026-10``, quarter ``2026-Q3``, half ``2026-H1``, nine months ``2026-9M``, year
    ``2026``, or any days ``2026-01-01..2026-09-20``.

    Raises BadPeriod.
    """
    first, _, last = name.partition("..")
    if re.fullmatch(r"20\d\d-\d\d-\d\d", first):
        try:
            of = Period(name, date.fromisoformat(first), date.fromisoformat(last or first), rule)
        except ValueError:
            raise BadPeriod(f"{name!r}: the calendar has no such day") from None
        if of.first <= of.last:
            return of
        raise BadPeriod(f"{name!r} ends before it begins")
    if re.fullmatch(r"20\d\d", name[:4]) and name[4:] in _PARTS:
        year, (begins, ends) = int(name[:4]), _PARTS[name[4:]]
        return Period(name, _begins(year, begins, rule), _begins(year, ends + 1, rule) - timedelta(days=1), rule)
    raise BadPeriod(
        f"{name!r} is no period: write 2026-10-05, 2026-10, 2026-Q3, 2026-H1, 2026-9M, 2026 or 2026-01-01..2026-09-20"
    )


Every = Literal["month", "quarter", "half", "year"]
_NAMES: Mapping[Every, tuple[str, ...]] = {
    "month": tuple(name for name in _PARTS if name[1:].isdigit()),
    "quarter": tuple(name for name in _PARTS if "Q" in name),
    "half": tuple(name for name in _PARTS if "H" in name),
    "year": ("",),
}


def running(every: Every, on: date, rule: CutOff) -> Period:
    """The period of that length in which a day lies."""
    names = (f"{year}{name}" for year in (on.year, on.year + 1) for name in _NAMES[every])
    return next(of for of in (period(name, rule) for name in names) if of.last >= on)


def _begins(year: int, month: int, rule: CutOff) -> date:
    """The first day of the period of a month; month 13 is the next year's first."""
    if rule.first_day > 1:
        month -= 1
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, rule.first_day)
