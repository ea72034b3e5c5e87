"""What a scenario file says: blocks of events, and the figures that the report printed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ioc import toml_file
from ioc.events.base import Code
from ioc.events.documents import Urgency
from ioc.events.dossiers import Channel, ServiceType
from ioc.events.meetings import Level
from ioc.events.requests import Stream
from ioc.events.returns import Bound, Claim
from ioc.targets.checks import Why
from ioc.targets.target import End
from ioc.text import complaint

FOLDER = Path(__file__).parent
Number = Annotated[int, Field(ge=0)]
Areas = Annotated[
    Literal["communes", "district"] | tuple[Code, ...],
    Field(description="spread over the communes, at the district's own desk, or in these"),
]


class BadScenario(Exception):
    """The scenario cannot be used; the message says where and what to change."""


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Spread(_Block):
    """So many things over the working days from ``since`` to ``until``."""

    since: date
    until: date
    count: Number

    @model_validator(mode="after")
    def _in_order(self) -> "_Spread":
        if self.until < self.since:
            raise ValueError("until is before since")
        return self


class Dossiers(_Spread):
    """Dossiers received; ``resolved`` of them have a result by ``until`` (all, where it is not said)."""

    areas: Areas = "communes"
    channel: Channel = "online"
    service: ServiceType | None = None
    procedures: Annotated[tuple[Code, ...], Field(description="of each at least one")] = ()
    resolved: Number | None = None
    withdrawn: Number = 0
    fees: Annotated[Number, Field(description="so many have a fee")] = 0
    fees_online: Annotated[Number, Field(description="so many of those pay it online")] = 0
    surveys: Annotated[Number, Field(description="so many answer the survey")] = 0
    satisfied: Annotated[Number, Field(description="so many of those are satisfied")] = 0

    @model_validator(mode="after")
    def _parts_are_no_more_than_the_whole(self) -> "Dossiers":
        if self.results + self.withdrawn > self.count:
            raise ValueError("more are resolved and withdrawn than were received")
        if self.fees > self.count or self.fees_online > self.fees:
            raise ValueError("more pay than were received, or pay online than pay")
        if self.surveys > self.results or self.satisfied > self.surveys:
            raise ValueError("more answer the survey than have a result, or are satisfied than answer")
        return self

    @property
    def results(self) -> int:
        return self.count - self.withdrawn if self.resolved is None else self.resolved


class Documents(_Spread):
    """Documents of a unit: incoming ones that were handled, or outgoing ones that were issued and signed."""

    unit: Code
    source: Code
    kind: Literal["incoming", "outgoing"] = "outgoing"
    electronic: bool = True
    urgency: Urgency = "normal"
    signed_office: Number = 0
    signed_leader: Number = 0


class Meetings(_Spread):
    """Meetings that were held."""

    online: bool = True
    levels: tuple[Level, ...] = ()


class Requests(_Spread):
    """Requests of citizens; ``in_time`` of them are answered by their due time, the others after it."""

    source: Code
    queues: Annotated[tuple[Code, ...], Field(min_length=1)]
    stream: Stream = "site_report"
    in_time: Number


class Filed(_Block):
    """Returns of one form by every area that files it, but those ``without``.

    ``total`` is spread over the areas, ``each`` is the same for all, of ``having`` so many areas say 1 and others 0,
    and ``at`` names areas with their values; others say 0.
    """

    form: Code
    first: date
    last: date
    on: date
    filed_by: Code
    based_on: str = ""
    approved_by: Code | None = None
    total: Mapping[Code, float] = {}
    each: Mapping[Code, float] = {}
    having: Mapping[Code, int] = {}
    at: Mapping[Code, Mapping[Code, float]] = {}
    units: Annotated[Mapping[Code, str], Field(description="where another unit was written than the form's")] = {}
    claims: tuple[Claim, ...] = ()
    without: tuple[Code, ...] = ()


class Printed(_Block):
    """A figure as the report printed it, and what stands behind it."""

    figure: Code
    period: str
    cut_off: Code = "calendar"
    value: Annotated[float | None, Field(description="none: the report prints the parts alone")] = None
    bound: Bound = "exactly"
    numerator: Annotated[float | None, Field(description="as the report prints it; none: chosen here")] = None
    denominator: Annotated[float | None, Field(description="as the report prints it; none: chosen here")] = None
    doubts: Annotated[frozenset[Why], Field(description="what must be flagged about it")] = frozenset()
    note: str = ""


class Ends(_Block):
    """How the targets of a plan ended, or one target did."""

    plan: Code | None = None
    target: Code | None = None
    on: date
    ends: Mapping[End, int]
    reported: int | None = None
    note: str = ""


class Scenario(_Block):
    """One report's scenario."""

    id: Code
    report: Annotated[str, Field(description="which report, of which district, of when")]
    district: Code
    about: Annotated[str, Field(description="what was chosen here because the report does not print it")]
    dossiers: tuple[Dossiers, ...] = ()
    documents: tuple[Documents, ...] = ()
    meetings: tuple[Meetings, ...] = ()
    requests: tuple[Requests, ...] = ()
    returns: tuple[Filed, ...] = ()
    printed: tuple[Printed, ...] = ()
    ends: tuple[Ends, ...] = ()


def names() -> tuple[str, ...]:
    """The scenarios that are shipped."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load(name_or_path: str) -> Scenario:
    """A scenario by name, or from a file. Raises BadScenario."""
    path = Path(name_or_path) if name_or_path.endswith(".toml") else FOLDER / f"{name_or_path}.toml"
    said = toml_file.read(path, BadScenario, f"no such scenario; give a path, or one of: {', '.join(names())}")
    try:
        return Scenario.model_validate(said)
    except ValidationError as error:
        raise BadScenario(f"{path}: {complaint(error)}") from None
