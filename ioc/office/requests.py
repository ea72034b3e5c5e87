"""Requests of citizens: the times in which a province wants them answered and settled."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ioc.calendars.terms import Term
from ioc.events.base import Code
from ioc.events.requests import Priority, Stream


class RequestTerm(BaseModel):
    """The terms of some requests, by decision of the province; the first that fits a request holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    streams: Annotated[tuple[Stream, ...], Field(description="of these streams; empty: all")] = ()
    categories: Annotated[tuple[Code, ...], Field(description="of these categories; empty: all")] = ()
    priorities: Annotated[tuple[Priority, ...], Field(description="of these priorities; empty: all")] = ()
    answer: Annotated[Term, Field(description="first answer within")]
    settle: Annotated[Term | None, Field(description="settled and closed within; none: no such clock")] = None
    decision: Annotated[str, Field(description="number and date of the decision")] = ""

    def fits(self, stream: Stream, category: str | None, priority: Priority) -> bool:
        """Is this the rule for such a request?"""
        wanted = ((self.streams, stream), (self.categories, category), (self.priorities, priority))
        return all(not among or value in among for among, value in wanted)
