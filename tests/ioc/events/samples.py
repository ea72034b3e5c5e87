"""Events of every declared type, with any content that its model allows."""

import string
import types
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, StringConstraints, ValidationError

from ioc.agencies.scope import AGENCY
from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_STATE
from ioc.calendars.terms import Kind, term
from ioc.events.base import Data, Declared, Event, Tick, Topic
from ioc.events.figures import FIGURES
from ioc.folds import FOLDS, SOURCES
from ioc.notices.events import NOTICES_DELIVERIES, NOTICES_OUTBOX

INBOXES = {topic.name: topic for topic in (*SOURCES, *(fold.inbox for fold in FOLDS))}
TOPICS: tuple[Topic, ...] = (
    *INBOXES.values(),
    ALERTS_EVENTS,
    ALERTS_STATE,
    AGENCY,
    NOTICES_OUTBOX,
    NOTICES_DELIVERIES,
    FIGURES,
)
TYPES: tuple[type[Data], ...] = (*dict.fromkeys(kind for topic in TOPICS for kind in topic.events), Tick, Declared)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Letters with tones, of other scripts, quotes, markup, emoji: nothing that breaks a line.
LETTERS = st.sampled_from(string.ascii_letters + string.digits + "ÂĐợữ漢 /-_.:,;'\"\\<>&{}%$🔥\u0301")
codes = st.text(LETTERS, min_size=1, max_size=20)
moments = st.datetimes(
    datetime.min + timedelta(days=1),  # noqa: DTZ901 (the zone comes below)
    datetime.max - timedelta(days=1),  # noqa: DTZ901
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))]),
)
#: Moments at which something can have happened.
instants = st.integers(0, 4_000_000_000_000_000).map(lambda since: EPOCH + timedelta(microseconds=since))


def of(hint: Any, bounds: Iterable[Any] = ()) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    bounds = list(bounds)
    if hint is AwareDatetime:
        return moments
    if hasattr(hint, "__metadata__"):
        return of(hint.__origin__, [*bounds, *hint.__metadata__])
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (Union, types.UnionType):
        return st.one_of([of(each, bounds) for each in inner])
    if origin is Mapping:
        return st.dictionaries(of(inner[0]), of(inner[1]), max_size=2)
    if hint is Kind:
        return st.sampled_from([term("working_days(5)"), term("wall(15m)"), term("same_day(cutoff=15:00)")])
    if origin is tuple:
        if inner[-1] is Ellipsis:
            least = max([each.min_length for each in bounds if isinstance(each, MinLen)], default=0)
            return st.lists(of(inner[0]), min_size=least, max_size=3).map(tuple)
        return st.tuples(*(of(each) for each in inner))
    if hint is type(None):
        return st.none()
    if hint is bool:
        return st.booleans()
    if hint in (int, float):
        return _number(hint, bounds)
    if hint is str:
        return _string(bounds)
    if hint is date:
        return st.dates()
    if hint is UUID:
        return st.uuids()
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return models(hint)
    raise TypeError(f"no values known for {hint}")


def _number(kind: type, bounds: list[Any]) -> st.SearchStrategy[Any]:
    limits: dict[str, Any] = {}
    for each in (each for bound in bounds for each in getattr(bound, "metadata", [bound])):
        match each:
            case Ge():
                limits["min_value"] = each.ge
            case Le():
                limits["max_value"] = each.le
    if kind is int:
        return st.integers(**({"min_value": -(2**53), "max_value": 2**53} | limits))
    return st.floats(**limits, allow_nan=False, allow_infinity=False)


def _string(bounds: list[Any]) -> st.SearchStrategy[str]:
    flat = [each for bound in bounds for each in getattr(bound, "metadata", [bound])]
    least = max([each.min_length or 0 for each in flat if isinstance(each, StringConstraints | MinLen)], default=0)
    most = min([each.max_length or 40 for each in flat if isinstance(each, StringConstraints | MaxLen)], default=40)
    return st.text(LETTERS, min_size=least, max_size=min(most, 40))


def models(kind: type[BaseModel]) -> st.SearchStrategy[Any]:
    fields = {name: of(field.annotation, field.metadata) for name, field in kind.model_fields.items()}

    def made(values: dict[str, Any]) -> BaseModel | None:
        try:
            return kind.model_validate(values)
        except ValidationError:
            return None  # values that each may be, but not together

    return st.fixed_dictionaries(fields).map(made).filter(lambda model: model is not None)


def events_of(kind: type[Data]) -> st.SearchStrategy[Event[Data]]:
    trace = st.none() | st.just("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    return st.builds(Event, instants, codes, codes, models(kind), trace, st.none())
