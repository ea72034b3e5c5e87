"""Grafana boards, as classic JSON that file provisioning takes from Grafana 10 on.

Two folders: what the district's people look at, and what the platform's engineers do.
"""

import json
import warnings
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder

with warnings.catch_warnings():
    # The library would rather have Grafana's second schema, which older Grafanas do not read.
    warnings.filterwarnings("ignore", "Prefer using dashboardv2", DeprecationWarning)
    from dashboards.boards import load, module, platform, wall
from dashboards.boards.parts import WIDE
from dashboards.declared import modules
from ioc.text import Text

#: Grafana's folders, by the folder of the files.
FOLDERS = {
    "district": Text("IOC · Địa bàn", "the district"),
    "platform": Text("IOC · Nền tảng", "the platform"),
}


def _boards() -> Iterator[tuple[str, Any]]:
    yield "district/wall", wall.build()
    for each, specs in modules().items():
        yield f"district/module-{each.name}", module.build(each, specs)
    yield "district/load", load.build()
    yield "platform/platform", platform.build()


def files() -> dict[str, str]:
    """Each board's file and text. Panels are numbered in their order, keys are sorted: the same text each time."""
    found = {}
    for name, builder in _boards():
        board = builder.build()
        _lay_out(board.panels)
        text = json.dumps(board, cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False)
        found[f"grafana/{name}.json"] = text + "\n"
    return found


def _lay_out(panels: list[Any]) -> None:
    """Number panels, and put each beside the last, or below where there is no room: the library leaves gaps."""
    x = y = tallest = 0
    for number, panel in enumerate(panels, 1):
        panel.id_val, place = number, panel.grid_pos
        if x + place.w > WIDE:
            x, y, tallest = 0, y + tallest, 0
        place.x, place.y = x, y
        x, tallest = x + place.w, max(tallest, place.h)
