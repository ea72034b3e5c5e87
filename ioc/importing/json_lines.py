"""JSON Lines: one object a line. What lies inside an object is named with dots: ``agency.name``.

A file that is one array is read as if each of its objects stood on a line: it must fit into memory.
"""

import codecs
from collections.abc import Iterator
from typing import Any

import orjson

from ioc.importing.files import DAMAGE, LogFile, Problem, Row, composed, damaged
from ioc.importing.terms import Layout

#: A line longer than this is refused.
LONGEST_LINE = 1 << 20
#: Objects inside objects are followed so far; what lies deeper stays one JSON text.
DEEPEST = 16


def read(log: LogFile, layout: Layout, wanted: frozenset[str]) -> Iterator[Row | Problem]:
    """Every line that is an object; why the others are none."""
    number = 0
    while True:
        number += 1
        try:
            line = log.stream.readline(LONGEST_LINE)
            if too_long := len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                while (rest := log.stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
        except DAMAGE as error:
            yield damaged(number, error)
            return
        if not line:
            return
        if too_long:
            yield Problem(number, f"a line of more than {LONGEST_LINE:,} bytes")
        elif number == 1 and line.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"[":
            yield from _array(line, log, wanted)
            return
        elif line.strip():
            yield _row(number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line, wanted)


def _array(head: bytes, log: LogFile, wanted: frozenset[str]) -> Iterator[Row | Problem]:
    """The objects of a file that is one array, numbered from 1."""
    try:
        whole = orjson.loads(head.removeprefix(codecs.BOM_UTF8) + log.stream.read())
    except DAMAGE as error:
        yield damaged(1, error)
    except orjson.JSONDecodeError as error:
        yield Problem(1, f"not JSON: the file begins as an array and is none: {error}")
    else:
        for number, each in enumerate(whole, 1):
            yield _flattened(number, each, wanted)


def _row(number: int, line: bytes, wanted: frozenset[str]) -> Row | Problem:
    try:
        whole = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Problem(number, f"not JSON: {error}")
    return _flattened(number, whole, wanted)


def _flattened(number: int, whole: Any, wanted: frozenset[str]) -> Row | Problem:
    if not isinstance(whole, dict):
        return Problem(number, "no JSON object: JSON Lines has one object a line")
    return Row(number, {name: composed(text) for name, text in _flat(whole) if name in wanted})


def _flat(whole: dict[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    for name, value in whole.items():
        name = prefix + composed(name)
        match value:
            case None:
                pass
            case dict() if depth < DEEPEST:
                yield from _flat(value, f"{name}.", depth + 1)
            case str():
                yield name, value
            case _:
                yield name, orjson.dumps(value).decode()
