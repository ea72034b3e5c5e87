"""Freezes events as they are written today: ``python -m tests.ioc.events.freeze 2026-11-25`` makes a file of them.

Once for each release, and when a type is new; a frozen file is never changed: it is what older programs wrote.
"""

import json
import sys
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from ioc.events.base import Data, Event
from ioc.events.codec import structured
from tests.ioc.events.samples import TYPES, events_of

FROZEN = Path(__file__).parent / "frozen"


def known() -> set[str]:
    """The types of which something is frozen already."""
    lines = (line for path in FROZEN.glob("*.jsonl") for line in path.read_text("utf-8").splitlines())
    return {json.loads(line)["type"] for line in lines}


def samples(kind: type[Data]) -> list[bytes]:
    """Of many made-up events of a type, the one that says the most and the one that says the least."""
    found: list[bytes] = []

    @seed(1)
    @settings(max_examples=40, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(events_of(kind))
    def collect(event: Event[Any]) -> None:
        found.append(structured(event._replace(source="/frozen", id=f"{kind.TYPE}/{len(found)}")))

    collect()
    return [max(found, key=_fields), min(found, key=_fields)]


def _fields(line: bytes) -> tuple[int, int]:
    return line.count(b":"), -len(line)


def main(name: str) -> None:
    path = FROZEN / f"{name}.jsonl"
    if path.exists():
        raise SystemExit(f"{path} is frozen: choose another name")
    new = [kind for kind in TYPES if kind.TYPE not in known()]
    FROZEN.mkdir(exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for kind in new for line in samples(kind)))
    print(f"{path}: {len(new)} types")


if __name__ == "__main__":
    main(sys.argv[1])
