"""Tables of levels (bảng tra cấp dự báo cháy rừng): which P is which level, where, when, and on whose authority.

A table is a file of data, one a decision. Provinces decide them by zone and month (Nghị định 156/2018, Điều 46);
what a decision does not cover, or is not known of it, is refused with the reason and never made up.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ioc import toml_file
from ioc.fire.levels import LEVELS, Level
from ioc.text import Text, complaint

SHIPPED = Path(__file__).parent / "tables"
Millimetres = Annotated[float, Field(ge=0, le=200)]
Month = Annotated[int, Field(ge=1, le=12)]


class BadTable(Exception):
    """The table cannot be used; the message says where and what to change."""


class NotCovered(Exception):
    """The table says nothing of this zone or month; ``why`` tells in both languages."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Zone(_Part):
    """A zone (vùng) of the province, and by month the rain above which P begins anew."""

    id: Annotated[str, Field(description="as the decision numbers it")]
    areas: Annotated[tuple[str, ...], Field(description="districts or communes in it, as the decision names them")] = ()
    rain_limit_mm: Annotated[Mapping[Month, Millimetres], Field(description="by month; months left out are refused")]


class Table(_Part):
    """One decision's table."""

    id: Annotated[str, Field(description="short name")]
    name: Annotated[str, Field(description="what it is called, in Vietnamese")]
    name_en: Annotated[str, Field(description="what it is called, in English")]
    status: Annotated[
        Literal["official", "reference"], Field(description="official: decided by a province; reference: tham khảo")
    ]
    authority: Annotated[str, Field(description="who decided")] = ""
    decision_no: Annotated[str, Field(description="number of the decision")] = ""
    valid_from: Annotated[date | None, Field(description="first day on which it holds, if known")] = None
    valid_to: Annotated[date | None, Field(description="last day on which it holds, if it has ended")] = None
    index: Annotated[Literal["p"], Field(description="the index that the bounds are of")] = "p"
    bounds: Annotated[
        tuple[float, float, float, float], Field(description="greatest value of levels I, II, III and IV")
    ]
    zones: Annotated[tuple[Zone, ...], Field(min_length=1, description="zones with their rain limits")]
    unknown: Annotated[Mapping[str, str], Field(description="zones of the decision that are not known, and why")] = {}
    note: Annotated[str, Field(description="where the numbers come from")] = ""

    @model_validator(mode="after")
    def _sound(self) -> "Table":
        if not all(low < high for low, high in pairwise((0.0, *self.bounds))):
            raise ValueError("bounds must grow: the greatest P of levels I, II, III, IV")
        if self.status == "official" and not (self.authority and self.decision_no):
            raise ValueError("an official table names its authority and the number of its decision")
        return self

    @cached_property
    def _by_id(self) -> dict[str, Zone]:
        return {zone.id: zone for zone in self.zones}

    def rain_limit(self, zone: str | None, day: date) -> float:
        """Rain (mm in 24 hours) above which P begins anew. Raises NotCovered."""
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            raise NotCovered(_say(self, f"chưa hoặc không còn hiệu lực ngày {day}", f"is not in force on {day}"))
        known = self._by_id.get(zone or (self.zones[0].id if len(self.zones) == 1 else ""))
        if known is None:
            raise NotCovered(self._no_zone(zone))
        limit = known.rain_limit_mm.get(day.month)
        if limit is None:
            months = ", ".join(str(month) for month in sorted(known.rain_limit_mm))
            raise NotCovered(_say(
                self, f"không có số liệu tháng {day.month} cho vùng {known.id} (chỉ có các tháng {months})",
                f"has nothing for month {day.month} in zone {known.id} (only for months {months})",
            ))  # fmt: skip
        return limit

    def _no_zone(self, zone: str | None) -> Text:
        zones = ", ".join(self._by_id)
        if zone is None:
            return _say(self, f"có nhiều vùng, cần chọn một: {zones}", f"has several zones, name one: {zones}")
        if zone in self.unknown:
            return _say(self, f"vùng {zone}: {self.unknown[zone]}", f"zone {zone}: {self.unknown[zone]}")
        return _say(self, f"không có vùng {zone}; có: {zones}", f"has no zone {zone}; there are: {zones}")

    def level(self, value: float) -> Level:
        """The level of a value of the index; a bound belongs to the lower level."""
        return LEVELS[bisect_left(self.bounds, value)]

    @property
    def basis(self) -> Text:
        """On what the levels rest, as it stands beside them."""
        if self.status == "official":
            return Text(f"{self.decision_no}, {self.authority}", f"{self.decision_no}, {self.authority}")
        return Text(f"tham khảo: {self.name}", f"for reference only: {self.name_en}")


def _say(table: Table, vi: str, en: str) -> Text:
    return Text(f"bảng {table.id} {vi}", f"table {table.id} {en}")


@cache
def load(name_or_path: str) -> Table:
    """Read a table, by path or by plain name (``tham_khao``) from those shipped. Raises BadTable."""
    path = Path(name_or_path) if Path(name_or_path).suffix else SHIPPED / f"{name_or_path}.toml"
    said = toml_file.read(path, BadTable, f"no such table; give a path, or one of: {', '.join(shipped())}")
    try:
        return Table.model_validate(said)
    except ValidationError as error:
        raise BadTable(f"{path}: {complaint(error)}") from None


def shipped() -> list[str]:
    """The plain names of the tables shipped."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))
