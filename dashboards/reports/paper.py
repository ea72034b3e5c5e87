"""An official paper (văn bản hành chính) in parts: its head, what it says, and who gets and signs it.

The form is that of Decree 30/2020/NĐ-CP, Appendix I. What only the office knows is left as dots for it to fill in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ioc.district import District

Align = Literal["left", "right", "centre"]


@dataclass(frozen=True)
class Heading:
    """A section's title."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph; ``items`` of a list stand with a dash."""

    text: str
    item: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Table:
    """A table, with a head or none. Columns of ``numbers`` stand to the right; ``widths`` are shares of the page."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A drawn chart (PNG) and what it shows."""

    png: bytes
    says: str


Block = Heading | Words | Table | Picture


@dataclass(frozen=True)
class Paper:
    """One paper. ``code`` is the kind after the number: BC for a report."""

    district: District
    day: date
    kind: str
    about: str
    blocks: Sequence[Block]
    code: str = "BC"
    #: Printed over the whole where the figures are of a simulation or an exercise.
    warning: str = ""
    receivers: Sequence[str] = field(default_factory=tuple)
    #: One page: smaller letters.
    tight: bool = False

    @property
    def dated(self) -> str:
        place = self.district.paper.place or "………"
        return f"{place}, ngày {self.day:%d} tháng {self.day:%m} năm {self.day:%Y}"

    @property
    def number(self) -> str:
        return f"Số:        /{self.code}-{self.district.paper.mark or '……'}"
