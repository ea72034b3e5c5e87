"""Figures with what they are made of: shares with numerator, denominator and exclusions; work in hand at any date.

All are computed from tallies, by day and label, so a correction of any day is a correction of every figure over it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ioc.detector import Tally
from ioc.events.requests import Work
from ioc.office import document_figures as documents
from ioc.office import dossier_figures as dossiers
from ioc.office import request_figures as requests
from ioc.office.periods import Period
from ioc.office.shares import SHARES, Part, Row, Share


@dataclass(frozen=True)
class Shown:
    """A share's value: never without its parts. ``percent`` is None where there is no basis to judge by."""

    share: Share
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        return 100 * self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class InHand:
    """Work in hand when a day ends: open, of these overdue, and the median age of the open in days."""

    open: int
    overdue: int
    median_age: float | None


@dataclass(frozen=True)
class Flows:
    """The tallies from which work in hand follows, and the label by which it is told apart."""

    label: str
    came_in: Tally
    left_after: Tally
    overdue_change: Tally
    #: What came in and never waits: counted, but not work in hand.
    never: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


FLOWS: Mapping[Work, Flows] = {
    "dossier": Flows("commune", dossiers.RECEIVED, dossiers.CLOSED_AFTER, dossiers.OVERDUE_CHANGE),
    "request": Flows(
        "queue", requests.OPENED, requests.LEFT_AFTER, requests.OVERDUE_CHANGE,
        never={"stream": ("complaint", "denunciation")},
    ),
    "document": Flows("unit", documents.ARRIVED, documents.LEFT_AFTER, documents.OVERDUE_CHANGE),
}  # fmt: skip


def shares(rows: Iterable[Row], over: Period, at: Mapping[str, str] | None = None) -> list[Shown]:
    """Every declared share over a period, of one commune, queue or unit where ``at`` names it."""
    within = [row for row in rows if over.first <= row.day <= over.last]
    where = at or {}
    return [
        Shown(share, share.numerator.count(within, where), share.denominator.count(within, where)) for share in SHARES
    ]


def amounts(rows: Iterable[Row], tally: Tally, over: Period) -> Counter[tuple[str, ...]]:
    """A tally over a period, by its labels."""
    found: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        if row.tally == tally.name and over.first <= row.day <= over.last:
            found[row.labels] += row.value
    return found


def corrections(rows: Iterable[Row], over: Period, at: Mapping[str, str] | None = None) -> dict[str, int]:
    """How often figures of dossiers in a period were set right after they were first counted, by why."""
    within = [row for row in rows if over.first <= row.day <= over.last]
    return {
        why: Part(dossiers.CORRECTIONS, {"why": (why,)}).count(within, at or {}) for why in dossiers.CORRECTIONS.words
    }


def in_hand(rows: Iterable[Row], work: Work, day: date, only: str | None = None) -> InHand:
    """What is open and overdue when a day ends (kỳ trước chuyển qua: the day before a period begins)."""
    flows = FLOWS[work]
    by_day: Counter[int] = Counter()
    overdue = 0
    for row in rows:
        if row.day > day or row.tally not in (flows.came_in.name, flows.left_after.name, flows.overdue_change.name):
            continue
        labels = dict(zip(_tally(flows, row.tally).labels, row.labels, strict=True))
        if only is not None and labels[flows.label] != only:
            continue
        if row.tally == flows.overdue_change.name:
            overdue += row.value
        elif row.tally == flows.left_after.name:
            by_day[row.day.toordinal() - int(labels["days"])] -= row.value
        elif not any(labels[label] in values for label, values in flows.never.items()):
            by_day[row.day.toordinal()] += row.value
    ages = {day.toordinal() - since: number for since, number in by_day.items() if number > 0}
    return InHand(sum(by_day.values()), overdue, median(ages))


def median(numbers: Mapping[int, int]) -> float | None:
    """The median of values that each occur so often; between two, their mean."""
    total = sum(numbers.values())
    if not total:
        return None
    low, high = (total - 1) // 2, total // 2
    found: list[int] = []
    passed = 0
    for value in sorted(numbers):
        passed += numbers[value]
        while len(found) < 2 and passed > (low, high)[len(found)]:
            found.append(value)
    return sum(found) / 2


def _tally(flows: Flows, name: str) -> Tally:
    return next(each for each in (flows.came_in, flows.left_after, flows.overdue_change) if each.name == name)
