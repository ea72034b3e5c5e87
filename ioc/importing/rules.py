"""From the rows of one case, in order of time, to its events: what the mapping's rules say of each row.

An event's id is ``case/row.rule``: the place of its row in the case and of its rule in the mapping. The same
log gives the same ids however often it is imported, also after a copy of it that was cut off; and events of a
case at one instant, whose order is that of their ids, keep the order of rows and rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, get_args

from pydantic import AwareDatetime, ValidationError

from ioc.events.base import AnyEvent, Data, Event
from ioc.events.documents import DocumentArrived
from ioc.events.dossiers import DossierReceived
from ioc.events.requests import RequestOpened
from ioc.importing.files import Problem, Row
from ioc.importing.mapping import Rule
from ioc.importing.moments import not_before
from ioc.importing.values import Reading, Unfit
from ioc.text import complaint

#: The events that open a case and say when it is due.
OPENING = DossierReceived | RequestOpened | DocumentArrived


@dataclass(frozen=True)
class Case:
    """The rows of one case, by time. ``cut``: the file broke off here, so it may have had more."""

    name: str
    rows: tuple[tuple[datetime, Row], ...]
    cut: bool = False


class Made(NamedTuple):
    """An event, the row it is from, and whether its time was moved to what it cannot precede."""

    event: AnyEvent
    row: Row
    moved: bool


def events_of(case: Case, reading: Reading) -> Iterator[Made | Problem]:
    """What the case says, row by row and rule by rule."""
    before: Row | None = None
    for place, (at, row) in enumerate(case.rows):
        for number, rule in enumerate(reading.mapping.rules, 1):
            if _is_about(rule, place, row, case) and reading.holds(rule.when, row, before):
                try:
                    made = _make(f"{case.name}/{place:06}.{number}", rule, at, row, reading)
                except Unfit as why:
                    yield Problem(row.line, f"{rule.event}: {why}")
                    continue
                if made is not None:
                    yield made
        before = row


def _is_about(rule: Rule, place: int, row: Row, case: Case) -> bool:
    match rule.each:
        case "first":
            return place == 0
        case "last":
            return place == len(case.rows) - 1 and not case.cut
        case "row":
            return not row.bare


def _make(id_: str, rule: Rule, at: datetime, row: Row, reading: Reading) -> Made | None:
    said = reading.moment(row, rule.at) if rule.at else None if row.bare else at
    if said is None:
        return None
    floor = reading.moment(row, rule.not_before) if rule.not_before else None
    moment = said if floor is None else not_before(said, floor)
    at = moment.astimezone(UTC)
    data = _with_term(_data(rule, row, reading), at, reading)
    return Made(Event(at, reading.mapping.source, id_, data), row, moved=moment is floor)


def _with_term(data: Data, at: datetime, reading: Reading) -> Data:
    """What opens a case is due by the mapping's term, where the log says nothing of it."""
    mapping = reading.mapping
    if mapping.term is None or not isinstance(data, OPENING) or data.due is not None:
        return data
    return data.model_copy(update={"due": mapping.term.due(mapping.calendar, at)})


def _data(rule: Rule, row: Row, reading: Reading) -> Data:
    said: dict[str, Any] = {}
    for field, is_moment in _fields(rule.model).items():
        value = rule.data.get(field) or reading.mapping.columns.fills.get(field)
        if value is not None:
            said[field] = reading.instant(row, value) if is_moment else reading.value(row, value)
    try:
        return rule.model.model_validate({field: value for field, value in said.items() if value is not None})
    except ValidationError as error:
        raise Unfit(complaint(error)) from None


@lru_cache
def _fields(model: type[Data]) -> dict[str, bool]:
    """The fields of an event, and which of them are times."""
    return {
        name: AwareDatetime in (field.annotation, *get_args(field.annotation))
        for name, field in model.model_fields.items()
    }
