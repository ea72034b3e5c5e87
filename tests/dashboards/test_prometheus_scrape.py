"""A real Prometheus reads a real Redis through the real exporter: every panel of the boards gets an answer."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest
import redis
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import Metric
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from dashboards import rules, scrape
from dashboards.as_yaml import as_yaml
from dashboards.declared import facts, tallies
from dashboards.recordings import recordings
from ioc.cli.generate import METERED
from ioc.events.figures import FactTotal, FactTotals
from ioc.read_model import key
from streams.embedded.leash import Leashed
from streams.embedded.ports import free_port
from streams.embedded.redis import Redis
from streams.exporter import ReadModelCollector
from tests.dashboards.expressions import SPACE, shown
from tests.needs import needs

NOW = 1_767_762_000
VALUE = 7
PATIENCE = 40.0


class _Everything(Collector):
    """What a worker, the read model and the wall say, in one place."""

    def __init__(self, exporter: ReadModelCollector) -> None:
        self._exporter = exporter

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        yield from REGISTRY.collect()
        yield from self._exporter.collect()


@contextmanager
def _lively() -> Iterator[None]:
    """Every metric of our processes has a series while this lasts."""
    declared = [each for name in METERED for each in vars(import_module(name)).values()]
    touched = []
    for metric in declared:
        if isinstance(metric, MetricWrapperBase) and metric._labelnames:
            labels = [SPACE if label == "space" else f"a {label}" for label in metric._labelnames]
            one: Any = metric.labels(*labels)
            touched.append((metric, labels))
            match metric:
                case Counter():
                    one.inc()
                case Histogram():
                    one.observe(0.2)
                case _:
                    one.set(NOW if metric._name.endswith("timestamp_seconds") else 1)
    try:
        yield
    finally:
        for metric, labels in touched:
            metric.remove(*labels)


def _fill(server: "redis.Redis") -> None:
    """A read model with one share of every declared figure."""
    shares = tuple(
        FactTotal(name=fact.name, labels=tuple(f"a {label}" for label in fact.labels), value=VALUE * fact.scale)
        for fact in facts()
    )
    totals = FactTotals.model_validate(
        {"fold": "dossier", "partition": 0, "watermark": "2026-01-07T05:00:00Z", "facts": shares}
    )
    server.hset(key(SPACE, "facts"), totals.subject, totals.model_dump_json())
    for tally in tallies():
        field = json.dumps([tally.name, [f"a {label}" for label in tally.labels]])
        server.hset(key(SPACE, "totals"), field, str(VALUE))
    server.set(key(SPACE, "now"), NOW)


@pytest.fixture(scope="module")
def prometheus(redis_server: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that watches all of it, with our rules and settings, only quicker."""
    program = needs("prometheus")
    folder = tmp_path_factory.mktemp("prometheus")
    with redis.Redis.from_url(redis_server.url) as client:
        _fill(client)
    registry = CollectorRegistry()
    registry.register(_Everything(ReadModelCollector(redis_server.url, [SPACE])))
    server, thread = start_http_server(0, "127.0.0.1", registry)
    settings: Any = scrape.document()
    settings["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    for job in settings["scrape_configs"]:
        job["static_configs"][0]["targets"] = [f"127.0.0.1:{server.server_port}"]
    (folder / "prometheus.yml").write_text(as_yaml(settings))
    (folder / "rules.yml").write_text(as_yaml(rules.document()))
    port = free_port()
    options = {
        "config.file": folder / "prometheus.yml",
        "storage.tsdb.path": folder / "data",
        "web.listen-address": f"127.0.0.1:{port}",
        "log.level": "warn",
    }
    with _lively():
        process = Leashed([program, *(f"--{name}={value}" for name, value in options.items())], folder / "log")
        try:
            yield f"http://127.0.0.1:{port}/api/v1"
        finally:
            process.stop(5)
            server.shutdown()
            server.server_close()
            thread.join()


def _ask(prometheus: str, path: str, **words: str) -> Any:
    url = f"{prometheus}/{path}?{urllib.parse.urlencode(words)}"
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return json.load(reply)["data"]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{words}: {error.read().decode()}") from None


def test_every_panel_gets_an_answer(prometheus: str) -> None:
    wanted = dict(shown()) | {f"{where} ({number})": expr for number, (where, expr) in enumerate(shown())}
    deadline = time.monotonic() + PATIENCE
    while wanted and time.monotonic() < deadline:
        time.sleep(0.5)
        try:
            wanted = {
                where: expr for where, expr in wanted.items() if not _ask(prometheus, "query", query=expr)["result"]
            }
        except (urllib.error.URLError, ConnectionError):
            continue  # it starts

    assert wanted == {}


def test_no_rule_fails(prometheus: str) -> None:
    found = [rule for group in _ask(prometheus, "rules")["groups"] for rule in group["rules"]]

    assert len(found) == len(recordings()) + len(rules.alerts())
    assert [rule for rule in found if rule["health"] != "ok"] == []


def test_what_is_exported_is_what_redis_holds(prometheus: str) -> None:
    for name in (*(f"ioc_{fact.name}" for fact in facts()), *(f"ioc_{tally.name}_total" for tally in tallies())):
        (value,) = {each["value"][1] for each in _ask(prometheus, "query", query=name)["result"]}
        assert float(value) == VALUE, name
