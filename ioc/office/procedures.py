"""Administrative procedures (thủ tục hành chính): the term that the law gives each, and how it is interrupted."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ioc.calendars.terms import Term
from ioc.events.base import Code
from ioc.events.dossiers import ServiceType


class Classified(BaseModel):
    """Which kind of online service a procedure is, from a day on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Annotated[date, Field(description="first day of this classification")]
    service: Annotated[ServiceType, Field(description="full, partial; before 2022 also level_3 and level_4")]


class Procedure(BaseModel):
    """One procedure by its national code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[Code, Field(description="national code, such as 1.001193")]
    name: Annotated[str, Field(description="name in Vietnamese")]
    term: Annotated[Term | None, Field(description="working_days(3), same_day(cutoff=15:00), …; none: the slip's")] = (
        None
    )
    basis: Annotated[str, Field(description="where the term is written, in words")] = ""
    supplement: Annotated[
        Literal["pause", "restart"], Field(description="what a request to supplement does to the term")
    ] = "pause"
    supplements: Annotated[int, Field(ge=0, description="so often may papers be asked for")] = 1
    services: Annotated[tuple[Classified, ...], Field(description="its online service type, oldest first")] = ()

    def service(self, on: date) -> ServiceType | None:
        """Its service type as it was classified on a day."""
        held = [each.service for each in self.services if each.since <= on]
        return held[-1] if held else None
