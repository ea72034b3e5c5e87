"""Reporting periods (kỳ báo cáo): a named cut-off rule, and the days that a period has by it.

Decree 09/2019/NĐ-CP, Article 12: a month runs from the 15th of the month before to the 14th, a quarter, half or year
from the 15th of the month before it to the 14th of its last month. Other plans cut elsewhere; so every figure says the
days it is of.
"""

import re
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from ioc.events.base import Code


class CutOff(BaseModel):
    """A rule by which periods are cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="what people call it")]
    basis: Annotated[str, Field(description="by which rule")] = ""
    first_day: Annotated[
        int, Field(ge=1, le=28, description="a period begins on this day of the month before; 1: with its own month")
    ] = 1


DECREE_09 = CutOff(id="nd09", name="Kỳ báo cáo chế độ", basis="Nghị định 09/2019/NĐ-CP, Điều 12", first_day=15)
BY_CALENDAR = CutOff(id="calendar", name="Theo tháng dương lịch")


class BadPeriod(ValueError):
    """This is no period; the message says how to write one."""


class Period(NamedTuple):
    """A period by name, with its first and last day."""

    name: str
    first: date
    last: date
    rule: CutOff

    def __str__(self) -> str:
        return f"{self.name} ({self.first:%d/%m/%Y}–{self.last:%d/%m/%Y})"


def period(name: str, rule: CutOff) -> Period:
    """A day ``2026-10-05``, month ``2026-10``, quarter ``2026-Q3``, half ``2026-H1`` or year ``2026``.

    Raises BadPeriod.
    """
    match = re.fullmatch(r"(20\d\d)(?:-(?:(\d\d)(?:-(\d\d))?|Q([1-4])|H([12])))?", name)
    try:
        if match and match[3]:
            day = date.fromisoformat(name)
            return Period(name, day, day, rule)
        if match:
            first, last = _months(match[2], match[4], match[5])
            year = int(match[1])
            return Period(name, _begins(year, first, rule), _begins(year, last + 1, rule) - timedelta(days=1), rule)
    except ValueError:
        pass
    raise BadPeriod(f"{name!r} is no period: write 2026-10-05, 2026-10, 2026-Q3, 2026-H1 or 2026")


def _months(month: str | None, quarter: str | None, half: str | None) -> tuple[int, int]:
    if month:
        if not 1 <= int(month) <= 12:
            raise ValueError(month)
        return int(month), int(month)
    if quarter:
        return 3 * int(quarter) - 2, 3 * int(quarter)
    return (6 * int(half) - 5, 6 * int(half)) if half else (1, 12)


def _begins(year: int, month: int, rule: CutOff) -> date:
    """The first day of the period of a month; month 13 is the next year's first."""
    if rule.first_day > 1:
        month -= 1
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, rule.first_day)
