"""The wall's board, to be hung up with ``?kiosk``: what is open, how bad, since when the data is, and the shares."""

from collections.abc import Iterator
from typing import Any

import detectors
from dashboards.boards.alerts import (
    IN_COMMUNE,
    IN_SPACE,
    NOW,
    SEVERITY_WORDS,
    by,
    module_tile,
    severity_tile,
    worst_first,
)
from dashboards.boards.figures import share_tile
from dashboards.boards.parts import WIDE, Panel, between, board, choice, figure
from dashboards.declared import modules, ratios
from ioc.alerts.kind import SEVERITIES
from ioc.text import Text

#: Shares that somebody must look at stand on the wall, in two rows at most: it must fit a screen.
MOST_SHARES = 12


def build() -> Any:
    """The board: no rows to fold, so that nothing is hidden."""
    return board(
        "ioc-wall",
        Text("IOC · Màn hình chung", "IOC: the wall. Open it with ?kiosk"),
        "wall",
        [("", _panels())],
        choice("space", "Không gian", "ioc_space_now_timestamp_seconds", "space"),
        choice("commune", "Xã", 'ioc_commune_info{space="$space"}', "commune", every=True),
    )


def _panels() -> Iterator[Panel]:
    for severity in reversed(SEVERITIES):
        yield severity_tile(severity, 4)
    yield figure(
        Text("Tuổi số liệu", "How old is what this board shows"),
        f"time() - max(ioc_read_model_applied_timestamp_seconds{{{IN_SPACE}}})",
        unit="s",
        amber=15,
        red=30,
        about="Red: what you see is the past. No data: the exporter does not answer.",
    )
    yield figure(
        Text("Giờ của không gian", "What time it is in this space"),
        f"{NOW} * 1000",
        unit="dateTimeAsLocal",
        about="In a driven space, the time of the simulation. It must move.",
    )
    *widths, last = _spread(len(modules()) + 1, 7)
    for module, width in zip(modules(), widths, strict=True):
        yield module_tile(module.name, module.title, width, 3)
    yield figure(
        Text("Nhịp thời gian", "How fast time passes in this space"),
        f"space:ioc_now_speed:deriv5m{{{IN_SPACE}}}",
        unit="suffix: × · MÔ PHỎNG",
        mappings=[between(0.5, 1.5, "Thời gian thực"), between(-0.5, 0.5, "ĐỨNG YÊN")],
        about="Far from real time, what is shown is a simulation or a replay, not the district.",
        width=last,
        height=3,
    )
    kinds = [kind for spec in detectors.ALL for kind in spec.kinds]
    yield worst_first(IN_COMMUNE, kinds, width=14, height=10)
    yield by("severity", SEVERITY_WORDS, Text("theo mức độ", "by severity"), IN_COMMUNE, width=10, height=10)
    shares = [ratio for ratio in ratios() if ratio.red is not None][:MOST_SHARES]
    for ratio, width in zip(shares, _spread(len(shares), 6), strict=True):
        yield share_tile(ratio, width, 3)


def _spread(tiles: int, most: int) -> list[int]:
    """The widths of so many tiles, at most so many to a line, so that every line is full."""
    lines = -(-tiles // most)
    counts = [tiles // lines + (line < tiles % lines) for line in range(lines)] if lines else []
    return [WIDE // count + (place < WIDE % count) for count in counts for place in range(count)]
