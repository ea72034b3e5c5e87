"""A mapping: which column of a log is what, and which row is which event. Data, not code.

Mappings are TOML files; ``ioc/mappings/README.md`` is the guide to writing one.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from ioc.calendars.calendar import Calendar
from ioc.calendars.days import compose
from ioc.calendars.terms import Term
from ioc.events.base import Code, Data, Tick
from ioc.importing.files import composed
from ioc.importing.terms import Columns, Layout, Name, Part, Source, Times, Value, When
from ioc.recording import CODEC

#: Where the mappings lie that are found by plain name.
SHIPPED = Path(__file__).parent.parent / "mappings"
#: Every event that a log may be turned into, by type.
TYPES: Mapping[str, type[Data]] = {name: kind for name, kind in CODEC.types.items() if kind is not Tick}
#: What each of the mapping's columns fills, in every event that has such a field.
FILLS = {
    "case": ("dossier", "document", "request", "station", "camera", "machine"),
    "activity": ("step",),
    "due": ("due",),
    "resource": ("officer", "agency"),
    "commune": ("commune",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
}


class BadMapping(Exception):
    """The mapping cannot be used; the message says where and what to change."""


class Rule(Part):
    """Which rows say which event."""

    event: Annotated[str, Field(description="type of the event, such as vn.ioc.dossier.received")]
    each: Annotated[Literal["row", "first", "last"], Field(description="all rows, or the first or last of a case")] = (
        "row"
    )
    when: Annotated[Mapping[Name, When], Field(description="conditions on columns; all must hold")] = {}
    at: Annotated[Columns | None, Field(description="column of its time, if not the row's; empty: no event")] = None
    not_before: Annotated[Columns | None, Field(description="column of the earliest possible time")] = None
    data: Annotated[Mapping[str, Source], Field(description="fields beyond those of [columns]")] = {}

    @field_validator("event")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in TYPES:
            raise ValueError(f"there is no such event; there are: {', '.join(sorted(TYPES))}")
        return name

    @property
    def model(self) -> type[Data]:
        return TYPES[self.event]


class Roles(Part):
    """Which column is what. Each fills the fields of that meaning in all events that have one."""

    case: Annotated[Source, Field(description="what a row is about: a dossier, a request, a station")]
    time: Annotated[Columns, Field(description="when the row happened")]
    activity: Annotated[Source | None, Field(description="what was done: a dossier's step")] = None
    due: Annotated[Source | None, Field(description="when it must be done")] = None
    resource: Annotated[Source | None, Field(description="a dossier's officer, a request's agency")] = None
    commune: Annotated[Source | None, Field(description="place: the commune's code")] = None
    latitude: Annotated[Source | None, Field(description="place: degrees north")] = None
    longitude: Annotated[Source | None, Field(description="place: degrees east")] = None

    @cached_property
    def fills(self) -> Mapping[str, Value]:
        """The value of each field of an event."""
        named = ((field, getattr(self, role)) for role, fields in FILLS.items() for field in fields)
        return {field: value for field, value in named if value is not None}


class LogMapping(Part):
    """A whole mapping file."""

    title: Annotated[str, Field(description="what the log is, in one line")]
    source: Annotated[Code, Field(description="the CloudEvents source that the events come from")]
    file: Annotated[Layout, Field(description="how the file is written")]
    time: Annotated[Times, Field(description="how times are written")] = Times()
    missing: Annotated[tuple[str, ...], Field(description="texts that mean no value, as blank does")] = ()
    term: Annotated[
        Term | None,
        Field(description="for a log without due times: what opens a case is due after this, such as wall(7d)"),
    ] = None
    columns: Annotated[Roles, Field(description="which column is what")]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, description="which rows say which event")]

    @model_validator(mode="after")
    def _events_can_be_made(self) -> "LogMapping":
        for number, rule in enumerate(self.rules, 1):
            fields, given = rule.model.model_fields, {**self.columns.fills, **rule.data}
            if unknown := rule.data.keys() - fields.keys():
                known = _listed(fields)
                raise ValueError(f"rule {number}: {rule.event} has no {_listed(unknown)}, but {known}")
            if lacking := {name for name, field in fields.items() if field.is_required()} - given.keys():
                raise ValueError(f"rule {number}: {rule.event} needs {_listed(lacking)}: say it under data")
        return self

    @cached_property
    def calendar(self) -> Calendar:
        """By which its term is counted: a log from anywhere, whose office hours nobody knows."""
        return Calendar(compose({"base": "all_hours"}), self.time.moments.zone)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Every column that the mapping names."""
        return frozenset(self._named())

    def _named(self) -> Iterator[str]:
        for value in (self.columns.case, *self.columns.fills.values()):
            yield from value.column or ()
        yield from self.columns.time
        for rule in self.rules:
            yield from rule.when
            for columns in (rule.at, rule.not_before, *(value.column for value in rule.data.values())):
                yield from columns or ()


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


def load(name_or_path: str) -> LogMapping:
    """Read a mapping, by path or by plain name (``receipt``) from those shipped. Raises BadMapping."""
    path = Path(name_or_path) if Path(name_or_path).suffix else SHIPPED / f"{name_or_path}.toml"
    try:
        return LogMapping.model_validate(tomllib.loads(composed(path.read_text("utf-8"))))
    except FileNotFoundError:
        raise BadMapping(f"{path}: no such mapping; give a path, or one of: {', '.join(shipped())}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(f"{path}: not TOML: {error}") from None
    except OSError as error:
        raise BadMapping(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        raise BadMapping(f"{path}: {_complaints(error)}") from None


def _complaints(error: ValidationError) -> str:
    """All of them: a misspelt word is also a missing one, and only both together tell what happened."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    places = [(".".join(map(str, complaint["loc"])), complaint["msg"]) for complaint in found]
    return "; ".join(f"{place}: {message}" if place else message for place, message in places)


def shipped() -> list[str]:
    """The plain names of the mappings shipped."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))
