"""Grafana's boards ask only for what there is, and are fit to hang on a wall."""

import json
import re
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder

import detectors
from dashboards.boards.parts import AMBER, GREY, RED
from dashboards.declared import facts, modules, ratios, tallies
from dashboards.recordings import last_day, recordings, shares
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
    asked_for |= {name for each in recordings() if each.name in asked_for for name in asked(each.expr).metrics}
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


# The rules of Grafana's own dashboard linter that fit: it is not to be had everywhere.


@every_board
def test_rates_are_over_the_interval_that_the_view_needs(board: Path) -> None:
    exprs = [target["expr"] for panel in panels(board) for target in panel["targets"]]

    assert [expr for expr in exprs if re.search(r"\brate\((?![^)]*\[\$__rate_interval\])", expr)] == []


@every_board
def test_counters_are_shown_by_their_growth(board: Path) -> None:
    """A counter's own value says since when a process runs, and nothing else."""
    exprs = [target["expr"] for panel in panels(board) for target in panel["targets"]]
    grown = re.compile(r"\b(?:rate|increase)\([^()]*\)")

    assert [expr for expr in exprs if re.search(r"\bioc_\w+_total\b", grown.sub("", expr))] == []


@every_board
def test_what_has_a_space_is_asked_for_by_space(board: Path) -> None:
    for panel in panels(board):
        for target in panel["targets"]:
            for name, where in re.findall(r"\b((?:ioc_\w+)|(?:\w+:\w+:\w+))(?:\{([^}]*)\})?", target["expr"]):
                if "space" in known().get(name, ()):
                    assert "$space" in where, f"{panel['title']}: {name}"


@every_board
def test_variables_are_told_again_with_the_time_range(board: Path) -> None:
    variables = json.loads(board.read_text("utf-8"))["templating"]["list"]
    queried = [variable for variable in variables if variable["type"] == "query"]

    assert {variable["refresh"] for variable in queried} == {2}
    assert {variable["datasource"]["uid"] for variable in queried} == {"${datasource}"}
    names = {variable["name"] for variable in variables}
    used = set(re.findall(r"\$(?!__)(\w+)", " ".join(t["expr"] for p in panels(board) for t in p["targets"])))
    assert used <= names


@every_board
def test_titles_are_vietnamese_and_said_once(board: Path) -> None:
    titles = [panel["title"] for panel in panels(board)]

    assert len(titles) == len(set(titles))
    for panel in panels(board):
        assert panel["title"] != panel["description"].split(".")[0], panel["title"]
        assert panel["description"].isascii() or "×" in panel["description"], panel["description"]


@every_board
def test_several_series_have_names(board: Path) -> None:
    for panel in panels(board):
        if panel["type"] == "timeseries":
            assert all(target.get("legendFormat") for target in panel["targets"]), panel["title"]


@every_board
def test_colour_means_that_somebody_must_look(board: Path) -> None:
    for panel in panels(board):
        steps = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", ())
        assert {step["color"] for step in steps} <= {GREY, AMBER, RED}, panel["title"]


@every_board
def test_grafanas_own_model_knows_every_field(board: Path) -> None:
    text = board.read_text("utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it would rather have the second schema
        from grafana_foundation_sdk.models.dashboard import Dashboard

        again = json.loads(json.dumps(Dashboard.from_json(json.loads(text)), cls=JSONEncoder))

    assert again == json.loads(text)


def test_every_module_has_its_board_and_boards_have_names_of_their_own() -> None:
    uids = [json.loads(board.read_text("utf-8"))["uid"] for board in BOARDS]

    assert len(uids) == len(set(uids))
    assert {f"ioc-module-{module.name}" for module in modules()} <= set(uids)


def test_every_detector_with_figures_has_a_module() -> None:
    without = [spec.name for spec in detectors.ALL if (spec.facts or spec.tallies) and spec.module is None]

    assert without == [], "say in its Spec which module shows its figures: shown_with=…"


def test_the_wall_fits_a_screen() -> None:
    (wall,) = (board for board in BOARDS if board.stem == "wall")

    assert max(place["y"] + place["h"] for place in (panel["gridPos"] for panel in panels(wall))) <= 26
