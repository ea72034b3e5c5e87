"""A board for each module: its alerts, and every figure that its detectors declare."""

from collections.abc import Sequence
from typing import Any

import detectors
from dashboards.boards.alerts import IN_COMMUNE, KIND_WORDS, by, by_commune, kind_tile, worst_first
from dashboards.boards.figures import of_facts, of_tally, share_over_time, share_tile
from dashboards.boards.parts import Panel, board, choice
from dashboards.declared import about_alerts, facts, ratios, tallies
from ioc.alerts.kind import Module
from ioc.detector import Spec
from ioc.text import Text


def build(module: Module, specs: Sequence[Spec]) -> Any:
    """The board of a module, from what its detectors declare: nothing is named here."""
    title = Text(f"IOC · {module.title.vi}", f"IOC: {module.title.en}")
    own = [spec for spec in specs if spec not in about_alerts()]
    shares = ratios(own)
    rows = {
        "Cảnh báo": _alerts(module),
        "Tỷ lệ": [*(share_tile(ratio, 6) for ratio in shares), *map(share_over_time, shares)],
        "Hiện trạng": list(of_facts(facts(own))),
        "24 giờ qua": [of_tally(tally) for tally in tallies(own)],
    }
    return board(
        f"ioc-module-{module.name}",
        title,
        "module",
        [(name, panels) for name, panels in rows.items() if panels],
        choice("space", "Không gian", "ioc_space_now_timestamp_seconds", "space"),
        choice("commune", "Xã", 'ioc_commune_info{space="$space"}', "commune", every=True),
    )


def _alerts(module: Module) -> list[Panel]:
    """Of all its kinds, also those that a detector of another module finds."""
    kinds = list(dict.fromkeys(kind for spec in detectors.ALL for kind in spec.kinds if kind.module == module))
    if not kinds:
        return []
    where = f'{IN_COMMUNE}, module="{module.name}"'
    return [
        *(kind_tile(kind, 6) for kind in kinds),
        worst_first(where, kinds, width=24, height=8),
        by("kind", KIND_WORDS, Text("theo loại", "by kind"), where),
        by_commune(where),
    ]
