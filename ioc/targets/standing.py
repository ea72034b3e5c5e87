"""All that a district declares, computed from tallies: its figures over a period, its targets and plans on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ioc.detector import Tally
from ioc.district import District
from ioc.office.periods import Period, period
from ioc.office.shares import Row
from ioc.targets.declared import VALUES
from ioc.targets.entries import Plan, Target
from ioc.targets.figure import Computed, Context, compute
from ioc.targets.scoring import Scored, scores
from ioc.targets.target import DONE, End, Judged, judge


@dataclass(frozen=True)
class PlanStands:
    """How a plan stands: its targets by their ends, how many are done, and how many were reported as done."""

    plan: Plan
    ends: Counter[End]
    reported: int | None

    @property
    def done(self) -> int:
        return sum(self.ends[end] for end in DONE)


class Standing:
    """A district's figures and targets over rows of tallies.

    Raises ValueError where a figure names a tally or label that no detector declares.
    """

    def __init__(self, district: District, rows: Iterable[Row], tallies: Mapping[str, Tally]) -> None:
        self.district, self._rows = district, list(rows)
        self.figures = {figure.id: figure for figure in district.figures}
        indicators = {indicator.id: indicator for indicator in district.indicators}
        self._context = Context(
            tallies, indicators, tuple(commune.code for commune in district.communes), district.code, self._expected
        )
        for figure in district.figures:
            for part in (*figure.of, *figure.out_of):
                if part.tally is None:
                    continue
                labels = tallies[part.tally].labels if part.tally in tallies else None
                wanted = {*part.where, *([part.distinct] if part.distinct else [])}
                if labels is None or not wanted <= set(labels):
                    known = (
                        f"its labels are {', '.join(labels)}" if labels else f"there are {', '.join(sorted(tallies))}"
                    )
                    raise ValueError(f"[[figures]] {figure.id!r} counts {part.tally!r} by {sorted(wanted)}: {known}")

    def figure(self, id_: str, over: Period) -> Computed:
        return compute(self.figures[id_], self._rows, over, self._context)

    def target(self, target: Target, today: date) -> Judged:
        """How a target stands when a day is over."""
        over = period(target.period, self.district.cut_off(target.cut_off))
        return judge(target, self.figure(target.figure, over), today)

    def targets(self, today: date) -> list[Judged]:
        return [self.target(target, today) for target in self.district.targets]

    def plan(self, plan: Plan, today: date) -> PlanStands:
        """How many of a plan's targets ended how, computed; and what was reported, beside it."""
        judged = [each for each in self.targets(today) if each.target.plan == plan.id]
        said = [row for row in self._rows if row.tally == VALUES.name and row.labels[0] == plan.reported]
        newest = max((row.day for row in said), default=None)
        reported = sum(row.value for row in said if row.day == newest) if newest else None
        return PlanStands(plan, Counter(each.end for each in judged), reported)

    def scores(self, over: Period) -> list[Scored]:
        """Every commune's score over a period, the best first; none where the district scores nobody."""
        scoring = self.district.scoring
        return scores(scoring, self.figures, self._rows, over, self._context) if scoring else []

    def _expected(self, indicator: str) -> tuple[str, ...]:
        forms = [form for form in self.district.returns if indicator in form.indicators]
        return tuple(dict.fromkeys(area for form in forms for area in self.district.reporting(form)))
