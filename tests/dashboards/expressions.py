"""The PromQL in the generated files, and which metrics and labels it asks for."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dashboards.recordings import recordings
from dashboards.rules import alerts
from ioc.cli.generate import platform
from tests.needs import REPOSITORY

GENERATED = REPOSITORY / "dashboards" / "generated"
BOARDS = sorted((GENERATED / "grafana").rglob("*.json"))
SPACE = "demo"
VARIABLES = {
    "$__rate_interval": "1m",
    'space="$space"': f'space="{SPACE}"',
    'space=~"$space"': f'space=~"{SPACE}"',
    "$commune": ".*",
    "$operators": "1",
}
_TOKEN = re.compile(r'"[^"]*"|\d+[a-z]*(?:\.\d+)?|[A-Za-z_:][\w:]*|\S')
_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_WORDS = {"and", "or", "unless", "offset", "bool"}
#: What Prometheus itself says of every target.
SCRAPED = {"job", "instance"}


@dataclass
class Asked:
    """What an expression asks for: metrics, and the labels each must have."""

    metrics: dict[str, set[str]] = field(default_factory=dict)


def asked(expr: str) -> Asked:
    """Read an expression: labels in braces belong to their metric, labels of ``by`` to the metric that follows."""
    found, tokens = Asked(), _TOKEN.findall(expr)
    place, waiting = 0, set[str]()
    while place < len(tokens):
        token, following = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else ""
        place += 1
        if token in _LISTS:
            end = tokens.index(")", place)
            if token == "by":
                waiting |= set(tokens[place + 1 : end]) - {","}
            place = end + 1
        elif re.match(r"[A-Za-z_:]", token) and token not in _WORDS and following not in ("(", "by"):
            labels = found.metrics.setdefault(token, set())
            labels |= waiting
            waiting = set()
            if following == "{":
                end = tokens.index("}", place)
                matched = zip(tokens[place + 1 : end], tokens[place + 2 : end], strict=False)
                labels |= {label for label, operator in matched if operator in ("=", "!")}
                place = end + 1
        elif token == "[":
            place = tokens.index("]", place) + 1
    return found


@cache
def known() -> dict[str, set[str]]:
    """Every series that there is, with its labels: of our processes, recorded, or Prometheus' own."""
    found = {"up": set(SCRAPED), "process_start_time_seconds": set(SCRAPED)}
    for metric in platform().metrics:
        labels = {*metric.labels, *SCRAPED}
        if metric.kind == "histogram":
            found |= {f"{metric.name}_bucket": {*labels, "le"}, f"{metric.name}_count": labels}
            found |= {f"{metric.name}_sum": labels}
        else:
            found[metric.name] = labels
    return found | {each.name: set(each.labels) for each in recordings()}


def panels(board: Path) -> list[dict[str, Any]]:
    """The panels of a board that are not rows."""
    found: list[dict[str, Any]] = json.loads(board.read_text("utf-8"))["panels"]
    return [panel for panel in found if panel["type"] != "row"]


def filled(expr: str) -> str:
    """The expression with values for its variables, as Grafana would give them."""
    for name, value in VARIABLES.items():
        expr = expr.replace(name, value)
    return expr


def shown() -> Iterator[tuple[str, str]]:
    """Where, and which expression, for every panel."""
    for board in BOARDS:
        for panel in panels(board):
            for target in panel["targets"]:
                yield f"{board.stem}: {panel['title']}", filled(target["expr"])


def ruled() -> Iterator[tuple[str, str]]:
    """Where, and which expression, for every rule."""
    yield from ((each.name, each.expr) for each in recordings())
    yield from ((alert.name, alert.expr) for alert in alerts())
