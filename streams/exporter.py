"""Gives Prometheus what Redis knows: every declared fact and tally of each space, summed over partitions.

One exporter does this, at scrape time and from totals, so that a partition that moves to another worker is
never counted twice. Labels are those declared, never an id; what communes and sources are called in the district
file is said once, by ``ioc_commune_info`` and ``ioc_source_info``, for boards to join.
"""

from collections.abc import Iterable, Iterator, Sequence

import redis
import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import detectors
from ioc.detector import Fact, Tally
from ioc.district import OTHER, District
from ioc.events.figures import SpaceState
from ioc.known_districts import Districts
from ioc.read_model import Figure, declared_facts, declared_tallies, key, read_totals, sum_facts

#: What communes are called that the district file does not name.
UNNAMED = {"": "không thuộc xã nào", OTHER: "nơi khác"}
#: Series of one metric and space beyond this are left out, and counted as left out.
MOST_SERIES = 2_000

log = structlog.get_logger()


class ReadModelCollector(Collector):
    """Reads Redis when it is asked; one that is away gives ``ioc_read_model_redis_up 0`` and no figures."""

    def __init__(self, redis_url: str, spaces: Sequence[str], districts: Districts) -> None:
        self._redis = redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)
        self._spaces, self._districts = spaces, districts
        self._facts = declared_facts(detectors.ALL)
        self._tallies = declared_tallies(detectors.ALL)

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("ioc_read_model_redis_up", "1 while Redis answers")
        try:
            found = list(self._families())
        except redis.RedisError as error:
            log.warning("redis does not answer", error=str(error)[:200])
            found = []
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
        yield from [*found, up]

    def _families(self) -> Iterator[Metric]:
        now = GaugeMetricFamily("ioc_space_now_timestamp_seconds", "The space's newest tick", labels=["space"])
        left_out = GaugeMetricFamily("ioc_series_left_out", "Series beyond the bound", labels=["space", "metric"])
        communes = GaugeMetricFamily(
            "ioc_commune_info", "What a commune is called", labels=["space", "commune", "name"]
        )
        sources = GaugeMetricFamily("ioc_source_info", "Names of sources", labels=["space", "source", "name"])
        gauges = {name: self._gauge(fact) for name, fact in self._facts.items()}
        counters = {name: self._counter(tally) for name, tally in self._tallies.items()}
        for space in self._spaces:
            at = self._redis.get(key(space, "now"))
            if at is not None:
                now.add_metric([space], float(at))
            facts = sum_facts(self._redis.hvals(key(space, "facts")), self._facts)
            totals = read_totals(self._redis.hgetall(key(space, "totals")), self._tallies)
            for families, figures in ((gauges, facts), (counters, totals)):
                for name, dropped in _fill(families, space, figures).items():
                    left_out.add_metric([space, name], dropped)
            district = self._district(space)
            for family, label, names in (
                (communes, "commune", UNNAMED | {each.code: each.name for each in district.communes}),
                (sources, "source", {id_: thing.name for id_, thing in district.things.items()}),
            ):
                for value in sorted({*names, *_values(label, facts), *_values(label, totals)}):
                    family.add_metric([space, value, names.get(value, value)], 1)
        yield from (now, *gauges.values(), *counters.values(), left_out, communes, sources)

    def _district(self, space: str) -> District:
        """The space's district file; an empty one where it is not at hand, or nothing is known of the space yet."""
        said = self._redis.get(key(space, "space"))
        known = self._districts.get(SpaceState.model_validate_json(said).district) if said else None
        return known or District(id=space, name=space, name_en=space)

    @staticmethod
    def _gauge(fact: Fact) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"ioc_{fact.name}", fact.help.en, labels=["space", *fact.labels])

    @staticmethod
    def _counter(tally: Tally) -> CounterMetricFamily:
        return CounterMetricFamily(f"ioc_{tally.name}", tally.help.en, labels=["space", *tally.labels])


def _values(label: str, figures: Iterable[Figure]) -> set[str]:
    """Every value that a label has among the figures."""
    return {
        value
        for declared, labels, _ in figures
        for name, value in zip(declared.labels, labels, strict=True)
        if name == label
    }


def _fill(
    families: "dict[str, GaugeMetricFamily] | dict[str, CounterMetricFamily]",
    space: str,
    figures: Iterable[Figure],
) -> dict[str, int]:
    """Add the figures to their metrics; returns how many of each were left out."""
    dropped = dict.fromkeys(families, 0)
    series = dict.fromkeys(families, 0)
    for declared, labels, value in figures:
        if series[declared.name] < MOST_SERIES:
            series[declared.name] += 1
            families[declared.name].add_metric([space, *labels], value)
        else:
            dropped[declared.name] += 1
    return dropped
