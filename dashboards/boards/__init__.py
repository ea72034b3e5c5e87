"""Grafana boards, as classic JSON that file provisioning takes from Grafana 10 on."""

import json
import warnings

from grafana_foundation_sdk.cog.encoder import JSONEncoder

with warnings.catch_warnings():
    # The library would rather have Grafana's second schema, which older Grafanas do not read.
    warnings.filterwarnings("ignore", "Prefer using dashboardv2", DeprecationWarning)
    from dashboards.boards import district, platform


def files() -> dict[str, str]:
    """Each board's file and text. Panels are numbered in their order, keys are sorted: the same text each time."""
    found = {}
    for name, builder in (("district", district.build()), ("platform", platform.build())):
        board = builder.build()
        for number, panel in enumerate(board.panels or [], 1):
            panel.id_val = number
        text = json.dumps(board, cls=JSONEncoder, sort_keys=True, indent=2, ensure_ascii=False)
        found[f"grafana/{name}.json"] = text + "\n"
    return found
