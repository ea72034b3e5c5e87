"""Scoring of communes (chấm điểm, xếp loại): groups of criteria, each a figure of one commune, to 100 points.

What cannot be judged, for want of data or because it is wrong, gives no points and is counted as not judged: a low
score for want of returns is told apart from one for bad work. The commune's own score stands beside the computed one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ioc.office.periods import Period
from ioc.office.shares import Row
from ioc.targets.declared import DOUBTED, FILED, VALUES
from ioc.targets.entries import Criterion, Figure, Scoring
from ioc.targets.figure import Computed, Context, compute


@dataclass(frozen=True)
class Scored:
    """A commune's points by group, of how many criteria they are, and what it gave itself."""

    area: str
    groups: tuple[float, ...]
    judged: int
    criteria: int
    reported: float | None

    @property
    def total(self) -> float:
        return sum(self.groups)


def points(criterion: Criterion, computed: Computed) -> float | None:
    """All points from ``full`` on, none up to ``zero``, in proportion between; None where it cannot be judged."""
    if computed.value is None or computed.wrong:
        return None
    share = (computed.value - criterion.zero) / (criterion.full - criterion.zero)
    return criterion.points * min(1.0, max(0.0, share))


def scores(
    scoring: Scoring, figures: Mapping[str, Figure], rows: Iterable[Row], over: Period, context: Context
) -> list[Scored]:
    """Every commune, the best first."""
    rows = list(rows)
    found = []
    for area in context.communes:
        alone = replace(context, communes=(area,), expected=lambda _indicator, area=area: (area,))  # type: ignore[misc]
        own = [row for row in rows if _is_of(row, area, context)]
        groups = [
            [points(each, compute(figures[each.figure], own, over, alone)) for each in group.criteria]
            for group in scoring.groups
        ]
        every = [point for group in groups for point in group]
        told = tuple(sum(point for point in group if point is not None) for group in groups)
        judged = sum(point is not None for point in every)
        found.append(Scored(area, told, judged, len(every), _reported(scoring, own, over, alone)))
    return sorted(found, key=lambda each: (-each.total, each.area))


def _is_of(row: Row, area: str, context: Context) -> bool:
    if row.tally in (VALUES.name, FILED.name, DOUBTED.name):
        return row.labels[1] == area
    tally = context.tallies.get(row.tally)
    return tally is not None and "commune" in tally.labels and row.labels[tally.labels.index("commune")] == area


def _reported(scoring: Scoring, rows: list[Row], over: Period, context: Context) -> float | None:
    if scoring.reported is None:
        return None
    name = context.indicators[scoring.reported].name
    figure = Figure.model_validate(
        {"id": "own", "name": name, "name_en": name, "of": [{"indicator": scoring.reported}]}
    )
    return compute(figure, rows, over, context).value
