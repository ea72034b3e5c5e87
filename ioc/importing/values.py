"""What a row says: texts, times and values of columns, as a mapping tells to read them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from ioc.importing.files import Row
from ioc.importing.mapping import LogMapping
from ioc.importing.moments import NoMoment
from ioc.importing.terms import Condition, Value


class Unfit(Exception):
    """The row cannot be used so; the message names the column and says why."""


@dataclass(frozen=True)
class Reading:
    """Reads rows as one mapping says."""

    mapping: LogMapping

    def text(self, row: Row, columns: tuple[str, ...]) -> str | None:
        """What the first of the columns says that says something."""
        for column in columns:
            text = row.values.get(column, "")
            if text and not text.isspace() and text not in self.mapping.missing:
                return text
        return None

    def moment(self, row: Row, columns: tuple[str, ...]) -> datetime | None:
        """The time in the first of the columns that has one, on the wall clock it was written by."""
        text = self.text(row, columns)
        return None if text is None else self._moment(text, columns)

    def instant(self, row: Row, value: Value) -> datetime | None:
        """A value that is a time."""
        text = self.value(row, value)
        if text is None:
            return None
        return self._moment(text, value.column or ("value",), value.end_of_day).astimezone(UTC)

    def _moment(self, text: str, columns: tuple[str, ...], end_of_day: bool = False) -> datetime:
        try:
            return self.mapping.time.moments.read(text, end_of_day)
        except NoMoment as error:
            raise Unfit(f"{_named(columns)}: {error}") from None

    def value(self, row: Row, value: Value) -> str | None:
        """A value as the event says it."""
        if value.column is None:
            return value.value
        text = self._inside(row, value) or self.text(row, value.column)
        if text is not None and value.clean:
            text = re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()
        if text is not None and value.values:
            known = value.values.get(text, value.otherwise)
            if known is None:
                raise Unfit(f"{_named(value.column)}: {text[:40]!r} is not among the mapping's `values`")
            text = known
        return text[: value.cut] if text is not None else None

    def _inside(self, row: Row, value: Value) -> str | None:
        """The first of the value's columns whose address lies in one of its networks."""
        for column in value.column or () if value.within else ():
            text = self.text(row, (column,))
            try:
                address = ip_address(text or "")
            except ValueError:
                continue
            if any(address in network for network in value.within):
                return text
        return None

    def holds(self, conditions: Mapping[str, Condition], row: Row, before: Row | None) -> bool:
        """Whether all the conditions hold for a row, given the row before it in its case."""
        return all(
            _holds(
                condition,
                now=self.text(row, (column,)),
                was=None if before is None else self.text(before, (column,)),
                first=before is None,
            )
            for column, condition in conditions.items()
        )


def _named(columns: tuple[str, ...]) -> str:
    return f"column {' or '.join(columns)}"


def _holds(condition: Condition, now: str | None, was: str | None, first: bool) -> bool:
    return (
        (condition.is_ is None or now in condition.is_)
        and (condition.is_not is None or now not in condition.is_not)
        and (condition.was is None or was in condition.was)
        and (condition.was_not is None or was not in condition.was_not)
        and (condition.changed is None or condition.changed == (not first and now != was))
        and (condition.present is None or condition.present == (now is not None))
    )
