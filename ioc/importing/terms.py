"""The words of a mapping: how a file and its times are written, what a value and a condition are."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    StringConstraints,
    field_validator,
    model_validator,
)

from ioc.importing.moments import BadFormat, Moments


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(min_length=1)]
#: One text or a list of them.
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
#: One column, or several of which the first that has a value counts.
Columns = Annotated[tuple[Name, ...], BeforeValidator(_several), Field(min_length=1)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Layout(Part):
    """How the file is written."""

    format: Annotated[Literal["xes", "csv", "jsonl"], Field(description="the others describe a csv")]
    delimiter: Annotated[str, Field(pattern=r'^[^"\r\n]$', description="what stands between columns")] = ","
    header: Annotated[tuple[Name, ...], Field(description="names of the columns, if no first line has them")] = ()
    encodings: Annotated[tuple[str, ...], Field(description="tried in order where it is not UTF-8")] = ()

    @field_validator("encodings")
    @classmethod
    def _known(cls, encodings: tuple[str, ...]) -> tuple[str, ...]:
        for encoding in encodings:
            try:
                b"a".decode(encoding, "replace")
            except LookupError:
                raise ValueError(f"{encoding!r} is no encoding that Python knows") from None
        return encodings


class Times(Part):
    """How times are written."""

    zone: Annotated[str, Field(description="IANA zone of times without an offset")] = "Asia/Ho_Chi_Minh"
    formats: Annotated[
        tuple[str, ...],
        Field(min_length=1, description="tried in order: iso, unix, unix_ms or as for strptime"),
    ] = ("iso",)

    @cached_property
    def moments(self) -> Moments:
        return Moments.of(self.zone, self.formats)

    @model_validator(mode="after")
    def _usable(self) -> "Times":
        try:
            self.moments  # noqa: B018 - built once here, so that a wrong zone or format is refused at the start
        except BadFormat as error:
            raise ValueError(str(error)) from None
        return self


class Value(Part):
    """Where a value comes from. A text alone is the name of a column."""

    column: Annotated[Columns | None, Field(description="column, or several: the first with a value")] = None
    value: Annotated[str | None, Field(description="the same for every row, instead of a column")] = None
    values: Annotated[Mapping[str, str], Field(description="what the column says = what the event says")] = {}
    otherwise: Annotated[str | None, Field(description="for what `values` lacks; else refused")] = None
    clean: Annotated[bool, Field(description="control characters, runs of spaces: one space")] = False
    cut: Annotated[int | None, Field(gt=0, description="keep at most so many characters")] = None
    within: Annotated[
        tuple[IPvAnyNetwork, ...], Field(description="the first column whose address lies here, else the first")
    ] = ()
    end_of_day: Annotated[bool, Field(description="a time at midnight is a whole day: take its end")] = False

    @model_validator(mode="after")
    def _one_origin(self) -> "Value":
        if (self.column is None) == (self.value is None):
            raise ValueError("say either `column` or `value`")
        return self


def _column(value: object) -> object:
    return {"column": value} if isinstance(value, str | list) else value


#: A value; a text or a list of texts alone names the column.
Source = Annotated[Value, BeforeValidator(_column)]


class Condition(Part):
    """What must hold of a column. A text or a list of texts alone means ``is``."""

    is_: Annotated[Texts | None, Field(alias="is", description="one of these")] = None
    is_not: Annotated[Texts | None, Field(description="none of these")] = None
    was: Annotated[Texts | None, Field(description="one of these in the case's row before")] = None
    was_not: Annotated[Texts | None, Field(description="none of these in the row before")] = None
    changed: Annotated[bool | None, Field(description="unlike the row before; never the first")] = None
    present: Annotated[bool | None, Field(description="has a value, or has none")] = None


def _is(value: object) -> object:
    return {"is": value} if isinstance(value, str | list) else value


When = Annotated[Condition, BeforeValidator(_is)]
