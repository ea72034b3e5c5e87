"""Declared returns (số liệu báo cáo): what no event tells, filed by an office for a period, with who answers for it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ioc.events.base import Code, Data, Topic, Words
from ioc.text import Text

#: How a printed figure is meant: this value, more than it (trên), almost it (gần), around it (khoảng).
Bound = Literal["exactly", "over", "near", "about"]


class Entry(BaseModel):
    """One indicator's value, in the unit that whoever filed it wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    indicator: Code
    value: Annotated[float, Field(ge=-1e12, le=1e12)]
    unit: Words = ""


class Claim(BaseModel):
    """A percentage that was written beside its parts: ``part`` of ``whole``."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    part: Code
    whole: Code
    percent: Annotated[float, Field(ge=-1e12, le=1e12)]
    bound: Bound = "exactly"


class ReturnFiled(Data):
    """A form filled in by an area's office for the days ``first`` to ``last``; filed again, it replaces the former."""

    TYPE = "vn.ioc.return.filed"

    form: Code
    area: Code
    first: date
    last: date
    entries: Annotated[tuple[Entry, ...], Field(max_length=500)]
    claims: Annotated[tuple[Claim, ...], Field(max_length=100)] = ()
    filed_by: Code
    #: Where the values come from: a document's number, a survey.
    based_on: Words = ""
    approved_by: Code | None = None

    @property
    def subject(self) -> str:
        return self.area


RETURNS = Topic("returns", Text("Số liệu báo cáo", "Declared returns"), events=(ReturnFiled,), retention=None)
