"""Which of a queue's open cases will be late at today's pace: a chance for each, from how fast such cases get done.

A discrete-time survival model. On each working day that a case of some age, with some days left, was open, it was done
or it was not; recent days weigh more. From its age on, a case is late when it is done on none of the working days left
to it. Counts by day of arrival and day due are all that is needed, so a queue's state stays small.

Two speeds of learning: how chances differ by age and days left needs many cases and changes slowly; how fast the whole
queue goes is one number, told by each day's work, and an office that gains or loses people shows there first. So the
chances of long are raised to the power of what was done lately over what they had promised (proportional hazards).
"""

from bisect import bisect_right
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

#: Ages in working days that are told apart: a case of an age belongs to the last one that is not above it.
AGES = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
#: Working days left until it is due, told apart in the same way: near the day more gets done. Overdue comes first.
LEFT = (-1, 0, 1, 2, 4, 8, 16, 32)
#: Cases done lately are held against those promised, each as if it had been as promised for so many more.
STEADY = 5.0
#: Seldom seen combinations lean on their age alone, seldom seen ages on the whole queue, each as if seen so often more.
LEANING = 10.0

Cases = Mapping[tuple[int, int], int]  # (age, working days left) -> how many


class Pace(BaseModel):
    """How often cases were open on a working day, by age and days left, and how often that day saw them done.

    ``seen`` holds, by place, both numbers; what was seen long ago fades and is dropped. ``lately`` is how many were
    done in newer days, and how many the chances of the morning had promised.
    """

    model_config = ConfigDict(extra="forbid")

    seen: dict[int, tuple[float, float]] = {}
    lately: tuple[float, float] = (0.0, 0.0)

    def day(self, open_: Cases, done: Cases, halflife: float, halflife_lately: float) -> "Pace":
        """After one more working day: cases still open as it ends, and cases done on it."""
        kept, kept_lately = 0.5 ** (1 / halflife), 0.5 ** (1 / halflife_lately)
        seen = {at: (kept * exposed, kept * finished) for at, (exposed, finished) in self.seen.items()}
        promised, chances = 0.0, self._of_long()
        for cases, finished in ((open_, 0), (done, 1)):
            for case, number in cases.items():
                at = place(*case)
                before = seen.get(at, (0.0, 0.0))
                seen[at] = before[0] + number, before[1] + number * finished
                promised += number * chances[at]
        lately = kept_lately * self.lately[0] + sum(done.values()), kept_lately * self.lately[1] + promised
        return Pace(
            seen={at: (round(n, 3), round(m, 3)) for at, (n, m) in sorted(seen.items()) if n >= 0.05},
            lately=(round(lately[0], 3), round(lately[1], 3)),
        )

    def hazards(self) -> "Hazards":
        """The chances as they stand, worked out once for many cases."""
        power = (self.lately[0] + STEADY) / (self.lately[1] + STEADY)
        return Hazards([1 - (1 - chance) ** power for chance in self._of_long()])

    def _of_long(self) -> list[float]:
        none = (0.0, 0.0)
        whole = _lean([*self.seen.values()], 0.5, 1)
        chances: list[float] = []
        for first in range(0, len(AGES) * len(LEFT), len(LEFT)):
            cells = [self.seen.get(at, none) for at in range(first, first + len(LEFT))]
            of_age = _lean(cells, LEANING * whole, LEANING)
            chances += [_lean([cell], LEANING * of_age, LEANING) for cell in cells]
        return chances


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


def place(age: int, left: int) -> int:
    """Where cases of an age, and with so many days left, are counted."""
    return (bisect_right(AGES, max(age, 0)) - 1) * len(LEFT) + bisect_right(LEFT, max(left, -1)) - 1
