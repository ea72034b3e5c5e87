"""What older programs wrote can still be read: each frozen event parses, and says all that it said."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest

from ioc.events.codec import Codec, headers, structured, value
from tests.ioc.events.freeze import FROZEN, known
from tests.ioc.events.samples import TYPES

LINES = {
    f"{path.stem}:{number}": line.encode()
    for path in sorted(FROZEN.glob("*.jsonl"))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
}
CODEC = Codec({kind.TYPE: kind for kind in TYPES})


@pytest.mark.parametrize("name", LINES)
def test_a_frozen_event_is_read_and_nothing_of_it_is_lost(name: str) -> None:
    event = CODEC.read_structured(LINES[name])
    again = json.loads(structured(event))
    assert lost(json.loads(LINES[name]), again) == []
    assert CODEC.read_binary(headers(event), value(event)) == event


def test_every_type_is_frozen() -> None:
    """A type that is new: ``python -m tests.ioc.events.freeze`` and today's date."""
    assert {kind.TYPE for kind in TYPES} - known() == set()


def lost(before: Any, after: Any, at: str = "") -> list[str]:
    """Where something that was said is not said any more; what is said besides does no harm."""
    match before:
        case Mapping():
            return [each for name in before for each in lost(before[name], (after or {}).get(name), f"{at}/{name}")]
        case list() if isinstance(after, Sequence) and len(before) == len(after):
            return [
                each
                for n, (old, new) in enumerate(zip(before, after, strict=True))
                for each in lost(old, new, f"{at}/{n}")
            ]
        case _ if before == after or _instant(before) == _instant(after) is not None:
            return []
    return [at]


def _instant(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
