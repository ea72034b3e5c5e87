"""Tallies as commands read them: out of a replay's totals, of a file of them, or of the running system."""

import json
from collections.abc import Mapping
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any

import detectors
from ioc.cli import fail
from ioc.cli.present import unknown
from ioc.detector import Spec, Tally
from ioc.district import District
from ioc.office.shares import Row
from ioc.targets.declared import VALUES


def tallies() -> dict[str, Tally]:
    """Every tally that a detector declares, by name."""
    return {tally.name: tally for spec in detectors.ALL for tally in spec.tallies}


def counting(district: District) -> list[Spec]:
    """The detectors that count what the figures of a district are made of."""
    wanted = {part.tally for figure in district.figures for part in (*figure.of, *figure.out_of)}
    names = wanted | {VALUES.name}
    return [spec for spec in detectors.ALL if any(tally.name in names for tally in spec.tallies)]


def rows(totals: Mapping[str, Any]) -> list[Row]:
    """Of ``Result.totals()``, or what ``ioc replay --facts`` wrote of it."""
    return [
        Row(each["name"], date.fromisoformat(each["day"]), tuple(each["labels"]), each["value"])
        for each in totals["tallies"]
    ]


def read(file: Path) -> list[Row]:
    """The tallies of a file that ``ioc replay --facts`` wrote."""
    try:
        return rows(json.loads(file.read_text("utf-8")))
    except OSError as error:
        raise fail(f"{file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise fail(f"{file}: not what `ioc replay --facts FILE` writes") from None


async def running(space: str, redis: str) -> tuple[list[Row], str]:
    """The tallies of a running space, out of its read model, and its district's name."""
    from dashboards.wall.store import Store, Unavailable

    try:
        async with aclosing(Store(redis)) as store:
            state = (await store.present(space)).state
            if state is None:
                raise unknown(space)
            return await store.tally_rows(space), state.district
    except Unavailable as error:
        raise fail(f"{redis}: {error}") from None
