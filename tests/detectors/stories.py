"""The stories under ``tests/scenarios``: what happened, and what a thoughtful operator expects to be told.

``<detector>/<story>.jsonl`` is a recording, for ``ioc replay`` too; ``<story>.expected.jsonl`` is the alert history
in short; ``<story>.figures.json``, where there is one, holds the gauges and tallies that the detector declares.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import detectors
from ioc import recording
from ioc.alerts.alert import AlertChanged
from ioc.district import load
from ioc.engine.plan import Plan, plan
from ioc.events.base import AnyEvent
from ioc.replay import Result

SCENARIOS = Path(__file__).parents[1] / "scenarios"
Line = dict[str, str]


@dataclass(frozen=True)
class Story:
    """One story of one detector."""

    path: Path

    def __str__(self) -> str:
        return f"{self.detector}/{self.path.stem}"

    @property
    def detector(self) -> str:
        return self.path.parent.name

    def plan(self) -> Plan:
        return _plan(self.path.parent / "district.toml")

    def events(self) -> list[AnyEvent]:
        """With the ticks that a replay gives it."""
        return list(recording.clocked(recording.read(self.path)))

    @property
    def expected_path(self) -> Path:
        return self.path.with_suffix(".expected.jsonl")

    def expected(self) -> list[Line]:
        return [json.loads(line) for line in self.expected_path.read_text("utf-8").splitlines()]

    @property
    def figures_path(self) -> Path:
        return self.path.with_suffix(".figures.json")

    def figures(self, result: Result) -> dict[str, list[dict[str, Any]]]:
        """Those of this story's detector, or of what it feeds."""
        spec = next(spec for spec in detectors.ALL if spec.name == self.detector)
        names = {fact.name for fact in spec.facts} | {tally.name for tally in spec.tallies}
        return {
            what: [figure for figure in figures if figure["name"] in names] for what, figures in result.totals().items()
        }

    def told(self, alerts: Iterable[AlertChanged]) -> list[Line]:
        """What the machine saw, in short, in the district's own time; what people do is another story."""
        local = self.plan().district.local
        ordered = sorted(alerts, key=lambda line: (line.at, line.kind, line.about, line.opened_at, line.version))
        return [
            {
                "at": local(line.at).isoformat(),
                "kind": line.kind,
                "subject": line.about,
                "transition": line.transition,
                "condition": line.condition,
                "severity": line.severity,
            }
            for line in ordered
            if line.transition.startswith("C")
        ]


@cache
def _plan(district: Path) -> Plan:
    return plan(load(str(district)), detectors.ALL)


STORIES = [Story(path) for path in sorted(SCENARIOS.glob("*/*.jsonl")) if not path.name.endswith(".expected.jsonl")]
