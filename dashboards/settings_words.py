"""A detector's settings in words, with their defaults as the district file writes them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dashboards.declared import lasting


def rows(settings: type[BaseModel], prefix: str = "") -> list[tuple[str, str, str]]:
    """Name, default and words of each setting; the fields of entries follow as ``name[].field``."""
    found = []
    for name, field in settings.model_fields.items():
        shown = f"{prefix}{field.alias or name}"
        found.append((f"`{shown}`", _default(field), field.description or ""))
        for model in _models(field.annotation):
            found += rows(model, f"{shown}[].")
    return found


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    return f"`{_written(field.get_default(call_default_factory=True, validated_data={}))}`"


def _written(value: Any) -> str:
    """A value as TOML writes it."""
    match value:
        case timedelta():
            return f'"{lasting(value)}"'
        case str():
            return f'"{value}"'
        case bool():
            return str(value).lower()
        case BaseModel():
            fields = type(value).model_fields
            parts = (f"{fields[name].alias or name} = {_written(each)}" for name, each in value)
            return "{ " + ", ".join(parts) + " }"
        case dict():
            parts = (f"{name} = {_written(each)}" for name, each in value.items())
            return "{ " + ", ".join(parts) + " }" if value else "{}"
        case tuple() | list():
            return "[" + ", ".join(map(_written, value)) + "]"
        case None:
            return "none"
        case _:
            return str(value)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
