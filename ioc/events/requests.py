"""Requests of citizens (phản ánh, kiến nghị) and of service desks: opened, worked on, answered, closed."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ioc.events.base import Code, Data, Moment, Topic, Words
from ioc.text import Text

Priority = Literal["low", "normal", "high", "critical"]
#: Which stream: phản ánh hiện trường; phản ánh, kiến nghị về quy định hành chính; khiếu nại; tố cáo; nội bộ.
Stream = Literal["site_report", "petition", "complaint", "denunciation", "internal"]
#: Of these only a number may ever be shown: what they say is refused at the door.
COUNTED_ONLY: tuple[Stream, ...] = ("complaint", "denunciation")
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class RequestData(Data):
    request: Code

    @property
    def subject(self) -> str:
        return self.request


class RequestOpened(RequestData):
    """A new request in a queue (hàng đợi); ``due`` is when it must be answered, where a rule set one."""

    TYPE = "vn.ioc.request.opened"
    queue: Code
    stream: Stream = "site_report"
    category: Code | None = None
    priority: Priority = "normal"
    channel: Code | None = None
    commune: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    due: Moment | None = None
    text: Words = ""

    @model_validator(mode="after")
    def _only_counted(self) -> "RequestOpened":
        told = (self.category, self.commune, self.latitude, self.longitude, self.text or None)
        if self.stream in COUNTED_ONLY and any(each is not None for each in told):
            raise ValueError(f"a {self.stream} is only counted: leave out category, place and text")
        return self


class RequestAssigned(RequestData):
    """Given to somebody; ``queue`` where it moves to another queue."""

    TYPE = "vn.ioc.request.assigned"
    queue: Code | None = None
    agency: Code | None = None


class RequestAnswered(RequestData):
    """The citizen has an answer (đã trả lời)."""

    TYPE = "vn.ioc.request.answered"


class RequestClosed(RequestData):
    TYPE = "vn.ioc.request.closed"


class RequestReopened(RequestData):
    """Not solved after all: it is open again."""

    TYPE = "vn.ioc.request.reopened"
    due: Moment | None = None


REQUESTS = Topic(
    "requests",
    Text("Phản ánh, kiến nghị", "Requests"),
    events=(RequestOpened, RequestAssigned, RequestAnswered, RequestClosed, RequestReopened),
)


#: What stands in a queue: requests, dossiers at a desk, documents at a unit.
Work = Literal["request", "dossier", "document"]


class QueueChanged(Data):
    """A case entered (+1) or left (-1) a queue: derived from the life of each case.

    ``since`` is when it began to wait, ``due`` when it must be done; ``done``: it left because it was.
    """

    TYPE = "vn.ioc.queue.changed"
    work: Work = "request"
    queue: Code
    case: Code
    by: Literal[1, -1]
    commune: Code | None = None
    since: Moment | None = None
    due: Moment | None = None
    done: bool = False

    @property
    def subject(self) -> str:
        return f"{self.work}/{self.queue}"


QUEUE_CHANGES = Topic("queue-changes", Text("Vào ra hàng đợi", "Queue changes"), events=(QueueChanged,))


class RequestPlaced(Data):
    """Where a request is, for one of the areas that must know: its commune, its cell, or a cell whose edge is near.

    ``words`` are hashes of the words of its text, to compare by.
    """

    TYPE = "vn.ioc.request.placed"
    area: Code
    grain: Literal["commune", "cell", "edge"]
    request: Code
    commune: Code
    queue: Code
    category: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    words: tuple[int, ...] = ()

    @property
    def subject(self) -> str:
        return self.area


REQUEST_PLACES = Topic("request-places", Text("Phản ánh theo nơi", "Requests by place"), events=(RequestPlaced,))


class DuplicateFound(RequestData):
    """A request tells of what another told before: near it in place and time, alike in words where both have any."""

    TYPE = "vn.ioc.request.duplicate"
    of: Annotated[Code, Field(description="the first request that told of it")]
    commune: Code
    metres: Annotated[float, Field(ge=0, description="how far apart they are")]
    hours: Annotated[float, Field(ge=0, description="how much later it came")]
    alike: Annotated[float | None, Field(ge=0, le=1, description="share of words in common; none: one has no text")] = (
        None
    )


REQUEST_DUPLICATES = Topic(
    "request-duplicates", Text("Phản ánh trùng", "Duplicate requests"), events=(DuplicateFound,), retention=None,
    compacted=True,
)  # fmt: skip
