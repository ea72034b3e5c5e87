"""Grafana's boards ask only for what there is, and are fit to hang on a wall."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dashboards.declared import facts, ratios, tallies
from dashboards.recordings import last_day, shares
from tests.dashboards.expressions import BOARDS, asked, filled, known, panels, ruled, shown

#: Panels that every Grafana has; others would be plugins to install.
CORE = {"timeseries", "stat", "table"}
every_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.stem)


def test_what_an_expression_asks_for_is_read_right() -> None:
    expr = 'sum by (a, b) (rate(x_total{c="d", e=~"f"}[5m] offset 1d)) / on (a) group_left () y:z > bool 3'

    assert asked(expr).metrics == {"x_total": {"a", "b", "c", "e"}, "y:z": set()}


def test_every_metric_and_label_that_is_asked_for_exists() -> None:
    unknown = {
        (where, name): labels - known().get(name, set())
        for where, expr in (*shown(), *ruled())
        for name, labels in asked(expr).metrics.items()
        if name not in known() or labels - known()[name]
    }

    assert unknown == {}


def test_every_expression_asks_for_something() -> None:
    assert [where for where, expr in (*shown(), *ruled()) if not asked(expr).metrics] == ["IocWatchdog"]


def test_rates_are_of_counters() -> None:
    rated = {name for _, expr in (*shown(), *ruled()) for name in re.findall(r"\b(?:rate|increase)\((\w+)", expr)}

    assert rated
    assert {name for name in rated if not name.endswith(("_total", "_bucket"))} == set()


def test_every_declared_figure_is_shown() -> None:
    asked_for = {name for where, expr in shown() if not where.startswith("platform:") for name in asked(expr).metrics}
    declared = {
        *(f"ioc_{fact.name}" for fact in facts()),
        *(last_day(tally).name for tally in tallies()),
        *(recording.name for ratio in ratios() for recording in shares(ratio)),
    }

    assert declared - asked_for == set()


def test_declared_figures_are_exported_with_their_labels() -> None:
    for fact in facts():
        assert {"space", *fact.labels} <= known()[f"ioc_{fact.name}"]
    for tally in tallies():
        assert {"space", *tally.labels} <= known()[f"ioc_{tally.name}_total"]


@every_board
def test_legends_name_labels_that_the_series_have(board: Path) -> None:
    for panel in panels(board):
        for target in panel["targets"]:
            legend = set(re.findall(r"{{(\w+)}}", target.get("legendFormat", "")))
            labels = set().union(*(known()[name] for name in asked(filled(target["expr"])).metrics))
            assert legend <= labels, panel["title"]


@every_board
def test_every_panel_is_whole(board: Path) -> None:
    for panel in panels(board):
        assert panel["type"] in CORE
        assert panel["title"] and panel["description"], panel
        assert panel["targets"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["fieldConfig"]["defaults"]["noValue"], panel["title"]
        sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        assert {source["uid"] for source in sources} == {"${datasource}"}, panel["title"]


@every_board
def test_no_panel_lies_over_another(board: Path) -> None:
    places = [panel["gridPos"] for panel in json.loads(board.read_text("utf-8"))["panels"]]

    assert [place for place in places if place["x"] + place["w"] > 24] == []
    assert [pair for pair in combinations(places, 2) if _overlap(*pair)] == []


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not beside and not above


@every_board
def test_a_board_can_be_provisioned(board: Path) -> None:
    found: dict[str, Any] = json.loads(board.read_text("utf-8"))

    assert found["uid"] == f"ioc-{board.stem}"
    assert found["editable"] is False
    assert found["refresh"] == "10s"
    assert found["templating"]["list"][0]["type"] == "datasource"
    assert [panel["id"] for panel in found["panels"]] == list(range(1, len(found["panels"]) + 1))
