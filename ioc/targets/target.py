"""Targets (chỉ tiêu): a goal for a figure by the end of a period, how it stands, and the pace that it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ioc.office.periods import Period
from ioc.targets.entries import Target
from ioc.targets.figure import MONTH, Computed
from ioc.text import Text

End = Literal["exceeded", "met", "not_met", "no_basis", "not_yet_due", "data_wrong"]
ENDS: Mapping[End, Text] = {
    "exceeded": Text("vượt", "exceeded"),
    "met": Text("đạt", "met"),
    "not_met": Text("chưa đạt", "not met"),
    "no_basis": Text("chưa có cơ sở đánh giá", "no basis"),
    "not_yet_due": Text("chưa đến kỳ", "not yet due"),
    "data_wrong": Text("sai số liệu", "data wrong"),
}
#: Those that a plan counts as done.
DONE: frozenset[End] = frozenset({"exceeded", "met"})


@dataclass(frozen=True)
class Pace:
    """How fast it goes: the share of its time that is over, what is needed from here on, what comes of going on so.

    Of a count: ``needed`` is how many a month of what is left. Of a share: the share that the rest of the period must
    have, if as much comes in as until now. ``forecast`` is the value at the end.
    """

    elapsed: float
    needed: float | None
    forecast: float | None


@dataclass(frozen=True)
class Judged:
    """How a target stands on a day."""

    target: Target
    computed: Computed
    end: End
    #: By how much the goal is missed, in the figure's unit; None where that cannot be said.
    short_by: float | None
    pace: Pace | None


def judge(target: Target, computed: Computed, today: date) -> Judged:
    """The end of a target as it stands when ``today`` is over. Reached before its day is reached."""
    value, due = computed.value, target.due or computed.period.last
    if computed.wrong:
        return Judged(target, computed, "data_wrong", None, None)
    if value is None:
        return Judged(target, computed, "not_yet_due" if today < due else "no_basis", None, None)
    over = value - target.goal if target.direction == "at_least" else target.goal - value
    if abs(over) < 1e-9:
        end: End = "met"
    elif over > 0:
        end = "exceeded"
    else:
        end = "not_yet_due" if today < due else "not_met"
    return Judged(target, computed, end, None if over > -1e-9 else -over, _pace(target, computed, today))


def _pace(target: Target, computed: Computed, today: date) -> Pace | None:
    """None when its time is over, for an average, and for what does not grow day by day (a declared stock)."""
    period: Period = computed.period
    days, gone = (period.last - period.first).days + 1, (min(today, period.last) - period.first).days + 1
    top, bottom = computed.numerator, computed.denominator
    declared = "return" in computed.origins
    if not 0 < gone < days or top is None or computed.figure.a_month or declared:
        return None
    elapsed = gone / days
    if not computed.figure.out_of:
        left = timedelta(days=days - gone) / MONTH
        return Pace(elapsed, (target.goal - top) / left, top / elapsed)
    if not bottom:
        return None
    whole = bottom / elapsed
    return Pace(elapsed, 100 * (target.goal / 100 * whole - top) / (whole - bottom), computed.value)
