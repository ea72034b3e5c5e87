"""What is declared, gathered for those who write files from it: detectors, figures, topics, metrics.

What flows is declared where it flows, out of this package's sight: the command line hands it in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from inspect import cleandoc
from typing import Any

import detectors
from ioc.agencies.scope import AGENCY
from ioc.alerts.kind import MODULES, Module
from ioc.detector import Fact, Ratio, Spec, Tally
from ioc.events.base import AnyEvent, Data, Tick, Topic, by_source, by_subject
from ioc.events.forest import one_place
from ioc.folds import FOLDS, FOR_READERS
from ioc.text import Text

#: Topics in the order in which an event passes through them, each once.
TOPICS: tuple[Topic, ...] = tuple(dict.fromkeys((*(fold.inbox for fold in FOLDS), AGENCY, *FOR_READERS)))
#: Every event type that travels on them, ticks too.
EVENTS: tuple[type[Data], ...] = tuple(dict.fromkeys((*(event for topic in TOPICS for event in topic.events), Tick)))
#: Gauges that hold a moment (epoch seconds) rather than an amount: shown as an age.
MOMENTS = ("source_newest_seconds",)
KEYS: dict[Callable[[AnyEvent], str], Text] = {
    by_subject: Text("chủ thể của sự kiện (ce_subject)", "what the event is about (ce_subject)"),
    one_place: Text("cả địa bàn", "the whole area, as one"),
    by_source: Text("nguồn gửi (ce_source)", "who sent the event (ce_source)"),
}


@dataclass(frozen=True)
class Metric:
    """A metric of our own processes, as its code declares it."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A topic as Kafka holds it; ``name`` begins with ``{space}.``."""

    name: str
    partitions: int
    config: Mapping[str, str]

    @property
    def compacted(self) -> bool:
        return self.config["cleanup.policy"] == "compact"

    @property
    def keep(self) -> timedelta | None:
        """How long its records are kept; None: for ever."""
        milliseconds = int(self.config.get("retention.ms", "-1"))
        return None if milliseconds < 0 else timedelta(milliseconds=milliseconds)


@dataclass(frozen=True)
class Platform:
    """What only the flow knows: the metrics of its processes, and the topics with those of its own."""

    metrics: tuple[Metric, ...]
    shapes: tuple[Shape, ...]


def facts(specs: Iterable[Spec] = detectors.ALL) -> list[Fact]:
    """Every gauge, once."""
    return list(dict.fromkeys(fact for spec in specs for fact in spec.facts))


def tallies(specs: Iterable[Spec] = detectors.ALL) -> list[Tally]:
    """Every figure by day that is a metric too, once."""
    return list(dict.fromkeys(tally for spec in specs for tally in spec.tallies if tally.metric))


def ratios(specs: Iterable[Spec] = detectors.ALL) -> list[Ratio]:
    """Every declared share, once."""
    return list(dict.fromkeys(ratio for spec in specs for ratio in spec.ratios))


def modules() -> dict[Module, list[Spec]]:
    """Every module that a detector belongs to, with its detectors; those known before come first, in their order."""
    named = [spec.module for spec in detectors.ALL if spec.module]
    ordered = [*(module for module in MODULES if module in named), *named]
    return {module: [spec for spec in detectors.ALL if spec.module == module] for module in ordered}


def about_alerts() -> list[Spec]:
    """The detectors that speak of alerts, whatever module these are of."""
    return [spec for spec in detectors.ALL if spec.build.__module__.startswith("ioc.alerts.")]


def paragraphs(documented: Any) -> str:
    """A docstring as Markdown."""
    return cleandoc(documented.__doc__ or "").replace("``", "`")


def first_sentence(documented: Any) -> str:
    """The first paragraph of a docstring in one line; empty without one."""
    return " ".join(paragraphs(documented).split("\n\n")[0].split())


def lasting(span: timedelta) -> str:
    """A length of time as the district file writes it: 90s, 30m, 2h, 3d."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
