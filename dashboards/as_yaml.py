"""Writes plain data as YAML. A text is quoted unless it is plain words, so none is taken for something else."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

_PLAIN = re.compile(r"[^\W\d_][\w./-]*( [\w./-]+)*")
#: Words that YAML 1.1 reads as something other than text.
_NOT_TEXT = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def as_yaml(data: Mapping[str, object]) -> str:
    """The document, keys in the order given."""
    return "\n".join(_mapping(data, "")) + "\n"


def _mapping(data: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _put(f"{indent}{_text(key)}:", value, indent)


def _sequence(data: Sequence[object], indent: str) -> Iterator[str]:
    for value in data:
        if isinstance(value, Mapping) and value:
            first, *others = _mapping(value, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from others
        else:
            yield from _put(f"{indent}-", value, indent)


def _put(head: str, value: object, indent: str) -> Iterator[str]:
    """A value behind its key or dash: on the same line, or indented below."""
    match value:
        case Mapping() if value:
            yield head
            yield from _mapping(value, indent + "  ")
        case list() | tuple() if value:
            yield head
            yield from _sequence(value, indent + "  ")
        case _:
            yield f"{head} {_text(value) if isinstance(value, str) else json.dumps(value)}"


def _text(text: str) -> str:
    """Plain, in single quotes where it has double ones of its own (PromQL), else as JSON writes it."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    if '"' in text and "\\" not in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)
