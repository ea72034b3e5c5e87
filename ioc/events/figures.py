"""Figures: what folds know in sum, and the clock of a space, for those who show it. All compacted by key."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ioc.events.base import Code, Data, Moment, Topic
from ioc.text import Text

Mode = Literal["wall", "driven", "exercise"]


class FactTotal(BaseModel):
    """One gauge's total over the keys of one partition, an integer in its declared scaled unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Code
    labels: tuple[str, ...]
    value: int


class FactTotals(Data):
    """All gauges of one partition of one fold, as of ``watermark``. Totals of partitions add up (or max)."""

    TYPE = "vn.ioc.figures.facts"

    fold: Code
    partition: int
    watermark: Moment
    facts: tuple[FactTotal, ...]

    @property
    def subject(self) -> str:
        return f"{self.fold}/{self.partition}"


class TallyTotal(Data):
    """One figure of one day and its labels, counted by one partition of one fold."""

    TYPE = "vn.ioc.figures.tally"

    fold: Code
    partition: int
    tally: Code
    day: date
    labels: tuple[str, ...]
    value: int

    @property
    def subject(self) -> str:
        return "/".join((self.fold, str(self.partition), self.tally, str(self.day), *self.labels))


class SpaceState(Data):
    """What a space is: live, driven by a publisher at a speed, or an exercise; and how far that has come.

    ``published`` counts the lines taken from ``recording``, so that a publisher that was stopped goes on where
    it was, to the event.
    """

    TYPE = "vn.ioc.figures.space"

    space: Code
    district: Code
    mode: Mode
    speed: float | None = None
    recording: str = ""
    published: int = 0

    @property
    def subject(self) -> str:
        return "space"


FIGURES = Topic(
    "figures",
    Text("Số liệu tổng hợp", "Figures"),
    events=(FactTotals, TallyTotal, SpaceState),
    partitions=1,
    retention=None,
    compacted=True,
)
