"""An internal estimate (ước tính nội bộ) of the index that rates authorities' service, and the portal's beside it.

The index is data: a file a decision, with groups, maxima, and which of our shares speak for an indicator. Points are
the share times the maximum. What has no share, or nothing counted in the period, is not assessed and earns nothing:
the estimate is told out of the points that could be assessed, and never scaled up to all of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ioc import toml_file
from ioc.events.base import Code
from ioc.office.figures import Shown
from ioc.office.shares import SHARES
from ioc.text import Text, complaint

SHIPPED = Path(__file__).parent / "indices"
ESTIMATE = Text("Ước tính nội bộ", "Internal estimate")
Points = Annotated[float, Field(gt=0, le=100)]


class BadIndex(Exception):
    """The file of an index, or of a declared value, cannot be used; the message says where and why."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Indicator(_Part):
    """One of our shares that speaks for part of a group."""

    share: Annotated[Code, Field(description="name of a share of `ioc figures`")]
    most: Annotated[Points, Field(description="points at 100 %")]
    basis: Annotated[str, Field(description="what the decision says of it; without, the split is ours")] = ""

    @model_validator(mode="after")
    def _known(self) -> "Indicator":
        known = {share.name for share in SHARES}
        if self.share not in known:
            raise ValueError(f"no share {self.share!r}; there are: {', '.join(sorted(known))}")
        return self


class Group(_Part):
    """A group (nhóm chỉ số)."""

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="as the decision names it")]
    name_en: Annotated[str, Field(description="in English")]
    most: Annotated[Points, Field(description="most points by the decision")]
    indicators: Annotated[tuple[Indicator, ...], Field(description="what the centre can see of it")] = ()

    @model_validator(mode="after")
    def _no_more_than_the_group(self) -> "Group":
        if sum(each.most for each in self.indicators) > self.most + 1e-9:
            raise ValueError(f"indicators of {self.id!r} have more than its {self.most:g} points")
        return self


class ServiceIndex(_Part):
    """One version of the index."""

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="as the decision names it")]
    name_en: Annotated[str, Field(description="in English")]
    authority: Annotated[str, Field(description="who decided")]
    decision: Annotated[str, Field(description="number and date")]
    valid_from: Annotated[date, Field(description="first day in force")]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _hundred_points(self) -> "ServiceIndex":
        if abs(sum(group.most for group in self.groups) - 100) > 1e-9:
            raise ValueError("its groups must sum to 100 points")
        return self


class Declared(_Part):
    """The portal's own value, as somebody typed it in: a declared figure (số liệu báo cáo)."""

    index: Annotated[Code, Field(description="of which index")]
    period: Annotated[str, Field(description="of which period, as `ioc figures` writes them")]
    points: Annotated[float, Field(ge=0, le=100, description="in all")]
    groups: Annotated[Mapping[Code, float], Field(description="by group; empty where the portal shows none")] = {}
    rank: Annotated[int | None, Field(ge=1, description="among comparable units")] = None
    source: Annotated[str, Field(min_length=1, description="where it was read")]
    by: Annotated[str, Field(min_length=1, description="who typed it in")]
    on: Annotated[date, Field(description="and when")]

    def held_against(self, index: ServiceIndex) -> "Declared":
        """Itself, if its points can be the index's. Raises BadIndex."""
        most = {group.id: group.most for group in index.groups}
        if self.groups and set(self.groups) != set(most):
            raise BadIndex(f"{self.period}: its groups must be {', '.join(most)}, all or none")
        for name, points in self.groups.items():
            if not 0 <= points <= most[name]:
                raise BadIndex(f"{self.period}: {name} has {points:g} points; there are {most[name]:g} at most")
        if self.groups and abs(sum(self.groups.values()) - self.points) > 0.005:
            raise BadIndex(f"{self.period}: its groups sum to {sum(self.groups.values()):g}, not to {self.points:g}")
        return self


@dataclass(frozen=True)
class Estimated:
    """One group's estimate: points, out of how many that could be assessed, and from which shares."""

    group: Group
    points: float
    assessed: float
    by: tuple[Shown, ...]


def estimate(index: ServiceIndex, shown: Iterable[Shown]) -> list[Estimated]:
    """Points by group. What was not counted is not assessed."""
    basis = {each.share.name: each for each in shown if each.denominator}
    found = []
    for group in index.groups:
        seen = [(each, basis[each.share]) for each in group.indicators if each.share in basis]
        points = sum(each.most * share.numerator / share.denominator for each, share in seen)
        assessed = sum(each.most for each, _ in seen)
        found.append(Estimated(group, round(points, 2), assessed, tuple(share for _, share in seen)))
    return found


def read(path: Path) -> ServiceIndex:
    """An index file. Raises BadIndex."""
    try:
        return ServiceIndex.model_validate(toml_file.read(path, BadIndex, "no such file of an index"))
    except ValidationError as error:
        raise BadIndex(f"{path}: {complaint(error)}") from None


@cache
def shipped() -> tuple[ServiceIndex, ...]:
    """Every version that comes with the system, oldest first."""
    return tuple(sorted((read(path) for path in SHIPPED.glob("*.toml")), key=lambda index: index.valid_from))


def in_force(on: date) -> ServiceIndex:
    """The version in force on a day. Raises BadIndex."""
    held = [index for index in shipped() if index.valid_from <= on]
    if not held:
        raise BadIndex(f"no index was in force on {on:%d/%m/%Y}; the first is from {shipped()[0].valid_from:%d/%m/%Y}")
    return held[-1]


def declared(path: Path, index: ServiceIndex) -> dict[str, Declared]:
    """The portal's values of a file, ``[[declared]]`` by period. Raises BadIndex."""
    said = toml_file.read(path, BadIndex, "no such file of declared values")
    try:
        values = [Declared.model_validate(each) for each in said.get("declared", ())]
    except ValidationError as error:
        raise BadIndex(f"{path}: {complaint(error)}") from None
    return {each.period: each.held_against(index) for each in values if each.index == index.id}
