"""Figures that a district declares over tallies and returns: one number of a period, and what it is made of."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple, cast

from ioc.detector import Tally
from ioc.office.periods import Period
from ioc.office.shares import Part as Counting
from ioc.office.shares import Row
from ioc.targets.checks import WRONG, Why
from ioc.targets.declared import DOUBTED, FILED, VALUES
from ioc.targets.entries import Figure, Indicator, Part
from ioc.text import Text

#: Where a value comes from: counted from single events (số liệu phát sinh), or declared (số liệu báo cáo).
Origin = Literal["events", "return"]
ORIGINS: Mapping[Origin, Text] = {
    "events": Text("số liệu phát sinh", "computed from events"),
    "return": Text("số liệu báo cáo", "declared return"),
}
MONTH = timedelta(days=30.4375)


@dataclass(frozen=True)
class Context:
    """What a district file says about areas and indicators, and the tallies that detectors declare."""

    tallies: Mapping[str, Tally]
    indicators: Mapping[str, Indicator]
    communes: tuple[str, ...]
    own: str | None
    expected: Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Computed:
    """A figure's value, never without its parts. ``value`` is None where there is no basis: nobody told anything."""

    figure: Figure
    period: Period
    numerator: float | None
    denominator: float | None
    origins: frozenset[Origin]
    missing: tuple[str, ...] = ()
    expected: int = 0
    doubts: frozenset[Why] = frozenset()

    @property
    def unit(self) -> str:
        return "%" if self.figure.out_of else self.figure.unit

    @property
    def value(self) -> float | None:
        if self.numerator is None or (self.figure.out_of and not self.denominator):
            return None
        value = 100 * self.numerator / self.denominator if self.denominator else self.numerator
        return value / months(self.period) if self.figure.a_month else value

    @property
    def wrong(self) -> bool:
        """It cannot be right: a share above one, or made of a value that cannot be right."""
        return bool(self.doubts & WRONG)


def months(period: Period) -> int:
    """How many months a period has, rounded."""
    return max(1, round((period.last - period.first + timedelta(days=1)) / MONTH))


def compute(figure: Figure, rows: Iterable[Row], period: Period, context: Context) -> Computed:
    """A figure over a period."""
    counting = _Counting([row for row in rows if row.day <= period.last], period, context)
    top = counting.sum(figure.of)
    bottom = counting.sum(figure.out_of) if figure.out_of else None
    above = top is not None and bool(bottom) and top > (bottom or 0)
    return Computed(
        figure, period, top, bottom, frozenset(counting.origins), tuple(sorted(counting.missing)),
        len(counting.asked), frozenset(counting.doubts | ({"ratio"} if above else set())),
    )  # fmt: skip


class _Counting:
    """Adds parts up, and gathers where they come from and what is missing or doubtful."""

    def __init__(self, rows: list[Row], period: Period, context: Context) -> None:
        self._rows, self._context, self._first = rows, context, period.first
        self.origins: set[Origin] = set()
        self.asked: set[str] = set()
        self.missing: set[str] = set()
        self.doubts: set[Why] = set()

    def sum(self, parts: Iterable[Part]) -> float | None:
        """None where nobody told one of them."""
        values = [self._count(part) for part in parts]
        told = [value for value in values if value is not None]
        return sum(told) if len(told) == len(values) else None

    def _count(self, part: Part) -> float | None:
        if part.areas is not None:
            return len(self._context.communes)
        if part.indicator is not None:
            return self._declared(self._context.indicators[part.indicator])
        assert part.tally is not None
        tally = self._context.tallies[part.tally]
        rows = [row for row in self._rows if row.tally == tally.name]
        self.origins.add("events")
        if not rows:
            return None
        where = {label: tuple(self._named(values)) for label, values in part.where.items()}
        within = [row for row in rows if row.day >= self._first]
        if part.distinct is None:
            return Counting(tally, where).count(within, {})
        place = tally.labels.index(part.distinct)
        seen = {row.labels[place] for row in within if Counting(tally, where).count([row], {}) > 0}
        return len(seen - {"other", ""})

    def _named(self, values: Iterable[str]) -> Iterable[str]:
        for value in values:
            match value:
                case "@communes":
                    yield from self._context.communes
                case "@district":
                    yield self._context.own or ""
                case _:
                    yield value

    def _declared(self, indicator: Indicator) -> float | None:
        self.origins.add("return")
        areas = set(self._context.expected(indicator.id))
        within = [row for row in self._rows if row.day >= self._first and row.labels[:1] == (indicator.id,)]
        filed = {at for at, count in _added(within, FILED.name).items() if count > 0}
        self.asked |= areas
        self.missing |= areas - {at.area for at in filed}
        if not filed:
            return None
        newest = {area: max(at.day for at in filed if at.area == area) for area in {at.area for at in filed}}
        flows = indicator.kind == "flow"
        counting = {at for at in filed if flows or newest[at.area] == at.day}
        doubted = [at for at, count in _added(within, DOUBTED.name).items() if count > 0]
        self.doubts |= {cast(Why, at.doubt) for at in doubted if at._replace(doubt="") in counting}
        values = _added(within, VALUES.name)
        return float(sum(values[at] for at in counting) / 10**indicator.decimals)


class _Filed(NamedTuple):
    """Where and for when something was filed, and what is doubted of it."""

    day: date
    area: str
    doubt: str = ""


def _added(rows: Iterable[Row], tally: str) -> Counter[_Filed]:
    """One indicator's rows of a tally, added up: what was set right goes out again."""
    found: Counter[_Filed] = Counter()
    for row in rows:
        if row.tally == tally:
            found[_Filed(row.day, *row.labels[1:])] += row.value
    return found
