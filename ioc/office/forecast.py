"""Which of a queue's open cases will be late at today's pace: a chance for each, from how fast such cases get done.

A discrete-time survival model. On each working day that a case of some age, with some days left, was open, it was done
or it was not; recent days weigh more. From its age on, a case is late when it is done on none of the working days left
to it. Counts by day of arrival and day due are all that is needed, so a queue's state stays small.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

#: Ages in working days that are told apart: a case of an age belongs to the last one that is not above it.
AGES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
#: Working days left until it is due, told apart in the same way: near the day more gets done. Overdue comes first.
LEFT = (-1, 0, 1, 2, 4, 8, 16, 32)
#: Seldom seen combinations lean on their age alone, seldom seen ages on the whole queue, each as if seen so often more.
LEANING = 10.0

#: Beyond so many cases their number is as good as normally distributed.
MANY = 400

Cases = Mapping[tuple[int, int], int]  # (age, working days left) -> how many


class Pace(BaseModel):
    """How often cases were open on a working day, by age and days left, and how often that day saw them done.

    ``seen`` holds, by place, both numbers; what was seen long ago fades and is dropped.
    """

    model_config = ConfigDict(extra="forbid")

    seen: dict[int, tuple[float, float]] = {}

    def day(self, open_: Cases, done: Cases, halflife: float) -> "Pace":
        """After one more working day: cases still open as it ends, and cases done on it."""
        kept = 0.5 ** (1 / halflife)
        seen = {at: (kept * exposed, kept * finished) for at, (exposed, finished) in self.seen.items()}
        for cases, finished in ((open_, 0), (done, 1)):
            for case, number in cases.items():
                before = seen.get(place(*case), (0.0, 0.0))
                seen[place(*case)] = before[0] + number, before[1] + number * finished
        return Pace(seen={at: (round(n, 3), round(m, 3)) for at, (n, m) in sorted(seen.items()) if n >= 0.05})

    def hazards(self) -> "Hazards":
        """The chances as they stand, worked out once for many cases."""
        none = (0.0, 0.0)
        whole = _lean([*self.seen.values()], 0.5, 1)
        chances: list[float] = []
        for first in range(0, len(AGES) * len(LEFT), len(LEFT)):
            cells = [self.seen.get(at, none) for at in range(first, first + len(LEFT))]
            of_age = _lean(cells, LEANING * whole, LEANING)
            chances += [_lean([cell], LEANING * of_age, LEANING) for cell in cells]
        return Hazards(chances)


def _lean(cells: list[tuple[float, float]], done: float, exposed: float) -> float:
    return (sum(cell[1] for cell in cells) + done) / (sum(cell[0] for cell in cells) + exposed)


class Hazards:
    """The chance that a case is done within a working day, by age and days left."""

    def __init__(self, chances: list[float]) -> None:
        self._chances = chances

    def late(self, age: int, left: int) -> float:
        """The chance that a case is done neither today nor on any of the ``left`` working days after it."""
        chance = 1.0
        for day in range(left + 1):
            chance *= 1 - self._chances[place(age + day, left - day)]
            if chance < 1e-6:
                break
        return chance


class Told(NamedTuple):
    """What a forecast says of some cases: how many will be late, and between which numbers in eight of ten times."""

    expected: float
    low: int
    high: int


def place(age: int, left: int) -> int:
    """Where cases of an age, and with so many days left, are counted."""
    return (bisect_right(AGES, max(age, 0)) - 1) * len(LEFT) + bisect_right(LEFT, max(left, -1)) - 1


def told(chances: Iterable[float]) -> Told:
    """How many of the cases will be late, if each is by its own chance: the exact distribution of their number.

    Of more than :data:`MANY` cases the normal one, which lies within one of it and does not cost their square.
    """
    chances = list(chances)
    if len(chances) > MANY:
        mean, spread = sum(chances), sum(chance * (1 - chance) for chance in chances) ** 0.5
        low, high = round(mean - 1.2816 * spread), round(mean + 1.2816 * spread)
        return Told(mean, max(0, low), min(len(chances), high))
    numbers = [1.0]
    for chance in chances:
        numbers = [
            (numbers[n] * (1 - chance) if n < len(numbers) else 0.0) + (numbers[n - 1] * chance if n else 0.0)
            for n in range(len(numbers) + 1)
        ]
    expected = sum(n * each for n, each in enumerate(numbers))
    below, low, high = 0.0, 0, len(numbers) - 1
    for n, each in enumerate(numbers):
        if below + each > 0.1:
            low = n
            break
        below += each
    total = 0.0
    for n, each in enumerate(numbers):
        total += each
        if total >= 0.9:
            high = n
            break
    return Told(expected, low, high)
