"""How well a setting would have served: what rings along a parameter's range, held against what ought to have rung."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ioc.detector import Spec
from ioc.district import District
from ioc.engine.plan import Plan, plan
from ioc.replay.difference import Episode, episodes
from ioc.replay.result import Result

_RANGE = re.compile(r"(?P<name>\w+)=(?P<low>[\d.]+)(?P<unit>[smhd]?)\.\.(?P<high>[\d.]+)(?P=unit)(?:/(?P<steps>\d+))?")
STEPS = 11


class BadTuning(Exception):
    """Nothing can be tuned so; the message says what to change."""


@dataclass(frozen=True)
class Label:
    """Something that happened, and of which a person ought to have been told: its subject, from when to when."""

    subject: str
    start: datetime
    end: datetime
    kind: str = ""

    def meets(self, alert: Episode) -> bool:
        """Did this alert tell of it? It must begin within it."""
        same = alert.about == self.subject or alert.about.startswith(f"{self.subject}/")
        return same and self.kind in ("", alert.kind) and self.start <= alert.opened_at <= self.end


@dataclass(frozen=True)
class Point:
    """One value of the parameter and what came of it."""

    value: str
    number: float
    alerts: int
    a_day: float
    true: int
    found: int
    labels: int

    @property
    def precision(self) -> float | None:
        """Of the alerts, the share that told of something labelled; None without alerts."""
        return self.true / self.alerts if self.alerts else None

    @property
    def recall(self) -> float | None:
        """Of what was labelled, the share that was told of; None without labels."""
        return self.found / self.labels if self.labels else None


@dataclass(frozen=True)
class Range:
    """Values of one parameter, evenly spaced, in one unit: ``factor=1.5..4``, ``look_again=10m..90m/9``."""

    name: str
    values: tuple[tuple[str, float], ...]

    @classmethod
    def parse(cls, text: str) -> "Range":
        """Raises BadTuning."""
        found = _RANGE.fullmatch(text)
        if found is None:
            raise BadTuning(
                f"--param {text!r}: write name=from..to, as factor=1.5..4, look_again=10m..90m or at_least=5..25/5"
            )
        low, high, steps = float(found["low"]), float(found["high"]), int(found["steps"] or STEPS)
        whole = "." not in found["low"] + found["high"]
        numbers = [low + (high - low) * step / max(steps - 1, 1) for step in range(steps)]
        chosen = dict.fromkeys(float(round(number)) if whole else round(number, 6) for number in numbers)
        shown = [(f"{int(number) if whole else number}{found['unit']}", number) for number in chosen]
        return cls(found["name"], tuple(shown))


def settings(spec: Spec, range_: Range) -> Iterator[tuple[str, float, object]]:
    """Each value as its district file would have it. Raises BadTuning."""
    names = {field.alias or name for name, field in spec.params.model_fields.items()}
    if range_.name not in names:
        raise BadTuning(
            f"detector {spec.name} has no setting {range_.name!r}; there are: {', '.join(sorted(names)) or 'none'}"
        )
    for text, number in range_.values:
        yield text, number, text if text[-1] in "smhd" else int(text) if text.isdigit() else number


def with_setting(district: District, specs: Iterable[Spec], spec: Spec, name: str, value: object) -> Plan:
    """The district's rules with one setting changed. Raises BadDistrict where the detector refuses it."""
    own: dict[str, Any] = {**district.detectors.get(spec.name, {}), name: value}
    return plan(district.model_copy(update={"detectors": {**district.detectors, spec.name: own}}), specs)


def read_labels(path: Path, district: District) -> list[Label]:
    """A CSV file with subject, from, to and perhaps kind. Raises BadTuning with the line."""
    labels: list[Label] = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            missing = {"subject", "from", "to"} - set(rows.fieldnames or ())
            if missing:
                raise BadTuning(f"{path}:1: column {min(missing)!r} is missing: subject, from, to and perhaps kind")
            for row in rows:
                start, end = (_moment(row[name], district) for name in ("from", "to"))
                if end < start:
                    raise BadTuning(f"{path}:{rows.line_num}: it ends before it begins")
                labels.append(Label(row["subject"], start, end, row.get("kind") or ""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadTuning(f"{path}: {error}") from None
    except (ValueError, TypeError):
        raise BadTuning(f"{path}:{rows.line_num}: write times as 2026-01-05T08:00") from None
    return labels


def _moment(text: str, district: District) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else district.at(at)


def tune(
    values: Iterable[tuple[str, float, object]],
    kinds: frozenset[str],
    labels: Sequence[Label],
    run: Callable[[object], tuple[Result, timedelta]],
) -> Iterator[Point]:
    """One point a value. ``run`` replays with it, and says how long the events last."""
    for text, number, value in values:
        result, span = run(value)
        alerts = [each for each in episodes(result.history.lines()).values() if each.kind in kinds]
        true = sum(any(label.meets(alert) for label in labels) for alert in alerts)
        found = sum(any(label.meets(alert) for alert in alerts) for label in labels)
        days = max(span / timedelta(days=1), 1e-9)
        yield Point(text, number, len(alerts), len(alerts) / days, true, found, len(labels))
