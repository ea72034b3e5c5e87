"""Between which numbers the late ones will lie: a span that holds in eight of ten times, and is held to it.

From the chances of single cases follows the exact distribution of their number, if each is late for itself. They are
not: a clerk on leave is late with all. So the quantiles are moved by how spans did lately, each morning a little, until
eight of ten hold: adaptive conformal inference (Gibbs and Candès, 2021, https://arxiv.org/abs/2106.00170), which needs
no model to be right and follows a queue that changes.
"""

from collections.abc import Iterable, Mapping
from statistics import NormalDist
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

#: A span should miss the number in one of five times.
MISSES = 0.2
#: How far one span's outcome moves the quantiles of the next.
STEP = 0.05
#: The quantiles never leave these.
LEAST, MOST = 0.01, 0.9
#: Of fewer cases no span is remembered: it would say nothing of how spans do.
FEWEST = 5
#: Beyond so many cases their number is as good as normally distributed.
MANY = 400


class Told(NamedTuple):
    """What a forecast says of some cases: how many will be late, and between which numbers in eight of ten times."""

    expected: float
    low: int
    high: int


class Span(NamedTuple):
    """One that was said on the morning of a day (an ordinal), of cases due up to a day; so many of them are late."""

    said: int
    until: int
    low: int
    high: int
    late: int


class Spans(BaseModel):
    """What share of spans should miss by the quantiles now used, and the spans whose outcome is not known yet."""

    model_config = ConfigDict(extra="forbid")

    misses: float = MISSES
    pending: tuple[Span, ...] = ()

    def say(self, chances: Iterable[float], today: int, until: int) -> tuple[Told, "Spans"]:
        """The span for cases due from today until a day, by the chance of each to be late."""
        chances = list(chances)
        said = told(chances, self.misses)
        if len(chances) < FEWEST:
            return said, self
        return said, Spans(misses=self.misses, pending=(*self.pending, Span(today, until, said.low, said.high, 0)))

    def settle(self, today: int, late: Mapping[tuple[int, int], int]) -> "Spans":
        """A new morning: so many cases, by day of arrival and day due, became late since the last one.

        A case that came in on the day of a span, or later, was not meant by it.
        """
        misses, pending = self.misses, list[Span]()
        for span in self.pending:
            more = sum(n for (since, due), n in late.items() if since < span.said <= due <= span.until)
            span = span._replace(late=span.late + more)
            if span.until >= today:
                pending.append(span)
            else:
                missed = not span.low <= span.late <= span.high
                misses = min(MOST, max(LEAST, misses + STEP * (MISSES - missed)))
        return Spans(misses=round(misses, 4), pending=tuple(pending))


def told(chances: Iterable[float], misses: float = MISSES) -> Told:
    """How many of the cases will be late, if each is by its own chance: the exact distribution of their number.

    Of more than :data:`MANY` cases the normal one, which lies within one of it and does not cost their square.
    """
    chances = list(chances)
    if len(chances) > MANY:
        mean, spread = sum(chances), sum(chance * (1 - chance) for chance in chances) ** 0.5
        reach = NormalDist().inv_cdf(1 - misses / 2) * spread
        return Told(mean, max(0, round(mean - reach)), min(len(chances), round(mean + reach)))
    numbers = [1.0]
    for chance in chances:
        numbers = [
            (numbers[n] * (1 - chance) if n < len(numbers) else 0.0) + (numbers[n - 1] * chance if n else 0.0)
            for n in range(len(numbers) + 1)
        ]
    expected = sum(n * each for n, each in enumerate(numbers))
    return Told(expected, _first_above(numbers, misses / 2), _first_above(numbers, 1 - misses / 2))


def _first_above(numbers: list[float], share: float) -> int:
    """The least number with more than this share of the distribution at or below it."""
    passed = 0.0
    for n, each in enumerate(numbers):
        passed += each
        if passed > share:
            return n
    return len(numbers) - 1
