"""What an event is: a fact with the time at which it happened, carried as a CloudEvent on a topic.

An event's *data* is one small frozen model a kind of fact; its *context* (id, source, time) is the same for
all. The same ``source`` and ``id`` mean the same event, however often it is delivered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from ioc.text import Text

#: An identifier from outside: one line that prints (no control, format or odd space characters), short enough for a
#: key and a label.
Code = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^(?:[^\p{C}\p{Z}]|\x20)+$")]
#: Words from outside: kept as text, never as markup, and bounded.
Words = Annotated[str, StringConstraints(max_length=2000)]
#: A moment with its offset; compared as an instant.
Moment = AwareDatetime


class Data(BaseModel):
    """The content of one kind of event. Subclasses set :attr:`TYPE` and say what they are about."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_by_name=True, serialize_by_alias=True
    )

    #: The CloudEvents ``type``, e.g. ``vn.ioc.dossier.received``.
    TYPE: ClassVar[str]
    #: Concerns every key: a copy of it goes to each partition of its topic.
    TO_ALL: ClassVar[bool] = False
    #: Its key is given up: it is written as a record without a value to a compacted topic.
    TOMBSTONE: ClassVar[bool] = False

    @property
    def subject(self) -> str:
        """The thing this event is about; events of one subject keep their order."""
        raise NotImplementedError


D = TypeVar("D", bound=Data, covariant=True)


class Place(NamedTuple):
    """What is known where an event lies in its log; given by folds that work in the order of the log."""

    #: The inbox's watermark there, or the event's own time before there is one.
    now: datetime
    partition: int
    #: What the detector keeps for all keys of the partition.
    shared: Any
    #: When a person's command was given, in real time; in the fold it acts at ``now``.
    said_at: datetime


class Event(NamedTuple, Generic[D]):
    """One event: when it happened, who says so, under which id, and what."""

    at: datetime
    source: str
    id: str
    data: D
    #: W3C trace context, handed on untouched.
    trace: str | None = None
    place: Place | None = None

    @property
    def subject(self) -> str:
        return self.data.subject


AnyEvent = Event[Any]


class Tick(Data):
    """Time has passed: no event of this lane is older than the tick's own time."""

    TYPE = "vn.ioc.tick"

    @property
    def subject(self) -> str:
        return "tick"


class Declared(Data):
    """The district file names this key: it exists although it may never have spoken."""

    TYPE = "vn.ioc.declared"

    key: Code

    @property
    def subject(self) -> str:
        return self.key


def by_subject(event: AnyEvent) -> str:
    """The key of most topics: what the event is about."""
    return event.data.subject  # type: ignore[no-any-return]


def by_source(event: AnyEvent) -> str:
    """The key of feeds: who sent the event."""
    return event.source


@dataclass(frozen=True)
class Topic:
    """A Kafka topic, declared beside what travels on it.

    ``lateness`` is how far behind the newest event of a lane an event may arrive and still be in order
    (latency, in event time). ``idle_lag`` is how far behind the wall clock the tick of an idle partition
    stays, so that what is on its way is not late. Events further than ``max_age`` behind the lane, or beyond
    ``skew`` ahead of the broker's clock (in a driven space: of its newest tick), are dead letters.
    """

    name: str
    title: Text
    events: tuple[type[Data], ...]
    key: Callable[[AnyEvent], str] = by_subject
    partitions: int = 4
    retention: timedelta | None = timedelta(days=30)
    compacted: bool = False
    lateness: timedelta = timedelta(0)
    idle_lag: timedelta = timedelta(seconds=5)
    max_age: timedelta = timedelta(days=366)
    skew: timedelta = timedelta(minutes=10)
