"""Readings, and what becomes of them: medians, spreads, ratios, rows for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True)
class Reading:
    """What one measured process said of itself."""

    events: float
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        """Events a second of wall time."""
        return self.events / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of CPU an event."""
        return 1e6 * self.cpu_seconds / self.events


@dataclass(frozen=True)
class Goal:
    """What must be reached."""

    sign: Literal[">=", "<="]
    bound: float

    def met(self, value: float) -> bool:
        return value >= self.bound if self.sign == ">=" else value <= self.bound

    def missed_by(self, value: float) -> float:
        """How far off it is, as a share of the bound; 0 where it is met."""
        return 0.0 if self.met(value) else abs(value - self.bound) / self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:,g}"


@dataclass(frozen=True)
class Row:
    """One line of the result. ``ratio`` is ours to this system's; ``value`` is for what is no rate."""

    job: str
    system: str
    events_per_second: float | None = None
    cpu_us_per_event: float | None = None
    ratio: float | None = None
    #: Least and largest of the rounds, of what the goal is about.
    spread: tuple[float, float] | None = None
    #: The same ratio in CPU an event: how many times the CPU of ours this system needs.
    cpu_ratio: float | None = None
    value: float | None = None
    unit: str = ""
    goal: Goal | None = None

    @property
    def judged(self) -> float | None:
        """What the goal is about."""
        if self.value is not None:
            return self.value
        return self.ratio if self.ratio is not None else self.events_per_second

    @property
    def met(self) -> bool | None:
        """Whether the goal is; None without one."""
        return None if self.goal is None or self.judged is None else self.goal.met(self.judged)

    def as_json(self) -> dict[str, Any]:
        """For programs: plain values, rounded."""
        return {
            "job": self.job,
            "system": self.system,
            "events_per_second": _rounded(self.events_per_second, 0),
            "cpu_us_per_event": _rounded(self.cpu_us_per_event, 3),
            "ratio": _rounded(self.ratio, 3),
            "cpu_ratio": _rounded(self.cpu_ratio, 3),
            "spread": [round(each, 3) for each in self.spread] if self.spread else None,
            "value": _rounded(self.value, 3),
            "unit": self.unit,
            "goal": str(self.goal) if self.goal else None,
            "met": self.met,
        }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def alone(job: str, system: str, readings: Sequence[Reading], goal: Goal | None = None) -> Row:
    """A system for itself; its goal, if any, is a rate."""
    rates = [reading.rate for reading in readings]
    cost = median(reading.cost for reading in readings)
    return Row(job, system, median(rates), cost, spread=(min(rates), max(rates)), goal=goal)


def against(job: str, system: str, theirs: Sequence[Reading], ours: Sequence[Reading], goal: Goal | None) -> Row:
    """A system beside ours, round by round: what was measured in the same minutes is compared."""
    ratios = [our.rate / their.rate for our, their in zip(ours, theirs, strict=True)]
    cpu_ratio = median(their.cost / our.cost for our, their in zip(ours, theirs, strict=True))
    return Row(
        job,
        system,
        median(reading.rate for reading in theirs),
        median(reading.cost for reading in theirs),
        median(ratios),
        (min(ratios), max(ratios)),
        cpu_ratio,
        goal=goal,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
