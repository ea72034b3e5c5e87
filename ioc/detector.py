"""The contract of a judgement: a pure fold over one key's events, in event time.

A detector sees one key at a time (one dossier, one station). It is handed events and the moments it asked for,
changes its small state, and says what it found. It never reads a clock, a broker or a random number, so the
live system, a replay and a test run the very same code.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import AlertKind, Module, Severity
from ioc.district import District
from ioc.events.base import AnyEvent, Data, Topic
from ioc.folds import Fold
from ioc.text import Text


class State(BaseModel):
    """A detector's memory of one key: a few fields, saved as JSON. Raise ``VERSION`` with a migration."""

    model_config = ConfigDict(extra="forbid")

    # Detectors set fields at every event; pydantic's own way costs twenty times as much and checks nothing here.
    __setattr__ = object.__setattr__

    VERSION: ClassVar[int] = 1


class Params(BaseModel):
    """A detector's settings from the district file; every field says in words what it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Raise:
    """The condition of ``kind`` holds for ``about`` since ``at``."""

    kind: AlertKind
    about: str
    at: datetime
    commune: str | None = None
    severity: Severity | None = None
    value: float | None = None
    threshold: float | None = None
    unit: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    place: tuple[float, float] | None = None
    evidence: tuple[Evidence, ...] = ()
    #: When law or promise wants the thing done, and what says so.
    legal_due: datetime | None = None
    legal_basis: str = ""


@dataclass(frozen=True, slots=True)
class Resolve:
    """The condition of ``kind`` no longer holds for ``about``."""

    kind: AlertKind
    about: str
    at: datetime
    commune: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """How near a subject is to an alert: what the rule ``saw`` of what it ``needs``, in ``unit``.

    ``share`` is how much of the way that is: 1 and more rings, if ``why`` does not say what holds it back.
    """

    kind: AlertKind
    about: str
    share: float
    saw: str
    needs: str
    why: Text


@dataclass(frozen=True, slots=True)
class Emit:
    """An event for a declared derived topic, which other folds read."""

    topic: Topic
    data: Data
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """A gauge that is the sum, maximum or latest of every key's share, by bounded labels.

    Shares are integers in ``unit`` times ``scale``, so that sums are exact. The metric is ``ioc_<name>``. Over all
    labels it is the figure of the ``tile`` of that module on the wall. ``words`` say what values of labels mean.
    """

    name: str
    help: Text
    labels: tuple[str, ...]
    unit: str = ""
    scale: int = 1
    aggregate: Literal["sum", "max"] = "sum"
    tile: Module | None = None
    words: Mapping[str, Text] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """A figure by day and labels that outlives the keys it was counted from. Metric: ``ioc_<name>_total``.

    ``metric`` is False where a label has no bound (an age in days) or the figure may fall: it serves reports only.
    """

    name: str
    help: Text
    labels: tuple[str, ...]
    metric: bool = True
    words: Mapping[str, Text] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Ratio:
    """What part of a figure has one of ``values`` in ``label``, from 0 to 1: of a gauge now, of a tally in 24 hours.

    Those ``among`` are the whole; without any, all are. Somebody must look from ``amber`` and ``red`` on, or below
    them where ``good`` is high. Prometheus records it, by commune too where the figure has that label.
    """

    name: str
    help: Text
    of: Fact | Tally
    label: str
    values: tuple[str, ...]
    among: tuple[str, ...] = ()
    good: Literal["high", "low"] = "high"
    amber: float | None = None
    red: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Add ``by`` to a tally on the day of what happened; a correction goes to that day too."""

    tally: Tally
    day: date
    labels: tuple[str, ...]
    by: int = 1


Finding = Raise | Resolve | Emit | Count
Share = tuple[Fact, tuple[str, ...], int]
S = TypeVar("S", bound=State)


class Detector(Generic[S]):
    """What a judgement can be asked. Only ``new_state`` and ``on_event`` must be written."""

    def new_state(self) -> S:
        """The memory of a key that was never heard of."""
        raise NotImplementedError

    def on_event(self, state: S, event: AnyEvent) -> Iterable[Finding]:
        """An event of this key, in order of time."""
        raise NotImplementedError

    def on_late(self, state: S, event: AnyEvent) -> Iterable[Finding]:
        """An event older than the watermark: applied with its true time, raising nothing retroactively."""
        return [found for found in self.on_event(state, event) if not isinstance(found, Raise)]

    def next_deadline(self, state: S) -> datetime | None:
        """The next moment at which this key must be looked at, if no event comes before."""
        return None

    def on_deadline(self, state: S, at: datetime) -> Iterable[Finding]:
        """The moment asked for has passed; afterwards ``next_deadline`` must be later, or None."""
        return ()

    def on_rules(self, state: S, at: datetime) -> Iterable[Finding]:
        """The rules or calendars are others than those under which the state was saved; ``at``: time had come here."""
        return ()

    def new_shared(self) -> State | None:
        """What is kept for all keys of a partition together; None for nothing."""
        return None

    def on_shared(self, shared: Any, event: AnyEvent) -> Any:
        """What is kept for all keys after an event that concerns them all (``TO_ALL``): a new value."""
        return shared

    def concerns(self, state: S, event: AnyEvent) -> bool:
        """Must this key hear of an event that concerns all?"""
        return True

    def facts(self, state: S) -> Iterable[Share]:
        """This key's share of each gauge."""
        return ()

    def outlook(self, state: S, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        """How near this key's alerts are, as the state is at ``at``; ``event``: the newest one, just taken."""
        return ()

    def finished(self, state: S) -> bool:
        """Nothing can come of this key any more: its state may be forgotten."""
        return False


Migration = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Spec:
    """A detector as it is declared: where it listens, what it may say, how it is set.

    ``migrations`` maps an old ``State.VERSION`` to the function that lifts its JSON by one version. ``shown_with`` is
    the module whose board has its figures, where no kind of alert says so.
    """

    name: str
    title: Text
    folds: tuple[Fold, ...]
    hears: tuple[type[Data], ...]
    build: Callable[[Any, District], Detector[Any]]
    state: type[State]
    params: type[Params] = Params
    kinds: tuple[AlertKind, ...] = ()
    emits: tuple[Topic, ...] = ()
    facts: tuple[Fact, ...] = ()
    tallies: tuple[Tally, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    shown_with: Module | None = None
    migrations: Mapping[int, Migration] = field(default_factory=dict)

    @property
    def module(self) -> Module | None:
        """The module it belongs to; None: what it says is about alerts of all modules."""
        return self.shown_with or next((kind.module for kind in self.kinds), None)
