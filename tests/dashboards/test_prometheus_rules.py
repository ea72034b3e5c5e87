"""Prometheus' rules, by its own promtool: they parse, and each alert fires when it must and not otherwise."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboards.rules import PARTITIONS, alerts
from dashboards.scrape import JOBS
from ioc.folds import FOLDS
from tests.dashboards.expressions import GENERATED, shown
from tests.needs import needs

RULES = GENERATED / "prometheus" / "rules.yml"
Series = dict[str, str]
FOLD = 'space="s",fold="dossier"'


@dataclass(frozen=True)
class Case:
    """Series, a value a minute, and after how many minutes: the alert fires on these and not on those."""

    at: int
    fires: Series
    silent: Series | None


def _ready(partitions: int) -> Series:
    names = [(fold.name, number) for fold in FOLDS for number in range(fold.inbox.partitions)][:partitions]
    return {f'ioc_partition_ready{{space="s",fold="{fold}",partition="{number}"}}': "1x10" for fold, number in names}


def _committed(within_a_second: str) -> Series:
    name = f"ioc_transaction_seconds_bucket{{{FOLD},le="
    return {f'{name}"1"}}': within_a_second, f'{name}"3"}}': "0+100x30", f'{name}"+Inf"}}': "0+100x30"}


def _late(late: str) -> Series:
    return {f"ioc_late_events_total{{{FOLD}}}": late, f"ioc_events_total{{{FOLD}}}": "0+100x40"}


def _time(now: str, watermark: str, unheard: str = "0x30") -> Series:
    partition = f"ioc_watermark_timestamp_seconds{{{FOLD},partition="
    return {
        'ioc_space_now_timestamp_seconds{space="s"}': now,
        f'{partition}"0"}}': watermark,
        f'{partition}"1"}}': unheard,
    }


def _station(newest: str) -> Series:
    name = 'ioc_source_newest_seconds{space="s",source_kind="station",source='
    now = 'ioc_space_now_timestamp_seconds{space="s"}'
    return {now: "1000000+60x20", f'{name}"one"}}': "900000x20", f'{name}"two"}}': newest}


UP = {f'up{{job="{job}",instance="a"}}': "1x10" for job in JOBS}
STARTED = 'process_start_time_seconds{job="ioc-worker",instance="a"}'
READY = f'ioc_partition_ready{{{FOLD},partition="2",instance="a"}}'
LAG = f'ioc_lag_records{{{FOLD},partition="2"}}'
REJECTED = f"ioc_rejected_total{{{FOLD}}}"
UNREADABLE = 'ioc_read_model_unreadable_total{space="s",topic="alerts.events"}'
BEHIND = 'ioc_read_model_lag_records{space="s",topic="figures"}'
LEFT_OUT = 'ioc_series_left_out{space="s",metric="queue_open_requests"}'
CASES = {
    "IocProcessDown": Case(3, {**UP, 'up{job="ioc-wall",instance="a"}': "0x5"}, UP),
    "IocJobMissing": Case(6, {'up{job="ioc-worker",instance="a"}': "1x10"}, UP),
    "IocRestartsOften": Case(5, {STARTED: "1 2 2 3 4 4"}, {STARTED: "1 2 2 2 2 2"}),
    "IocPartitionNotReady": Case(4, {READY: "0x5"}, {READY: "0 1x5"}),
    "IocPartitionsUnowned": Case(8, _ready(PARTITIONS - 1), _ready(PARTITIONS)),
    "IocLagGrowing": Case(40, {LAG: "0+500x60"}, {LAG: "50000-500x60"}),
    "IocTimeStandsStill": Case(
        20,
        _time("1000000+60x30", "1000000x30"),
        _time("1000000+36000x30", "964000+36000x30"),  # 600 times as fast: ten hours of events are one minute
    ),
    "IocTransactionsSlow": Case(20, _committed("0+10x30"), _committed("0+100x30")),
    "IocDeadLetters": Case(20, {REJECTED: "0x12 3x10"}, {REJECTED: "5x30"}),
    "IocManyLateEvents": Case(30, _late("0+10x40"), _late("0+1x40")),
    "IocSourcesSilent": Case(10, _station("990000x20"), _station("999000+60x20")),
    "IocReadModelBehind": Case(4, {BEHIND: "2000x5"}, {BEHIND: "2000x2 0x5"}),
    "IocReadModelIncomplete": Case(
        15, {'ioc_read_model_complete{space="s"}': "0x20"}, {'ioc_read_model_complete{space="s"}': "0x5 1x15"}
    ),
    "IocRedisDown": Case(3, {"ioc_read_model_redis_up": "0x5"}, {"ioc_read_model_redis_up": "1x5"}),
    "IocReadModelUnreadable": Case(20, {UNREADABLE: "_x12 1x10"}, {UNREADABLE: "1x30"}),
    "IocSeriesLeftOut": Case(18, {LEFT_OUT: "3x20"}, {LEFT_OUT: "0x20"}),
    "IocWatchdog": Case(1, {}, None),
}


def _promtool(*words: str | Path) -> str:
    done = subprocess.run([needs("promtool"), *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _test_rules(folder: Path, tests: list[dict[str, object]]) -> None:
    file = folder / "test.json"  # JSON is YAML
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    _promtool("test", "rules", file)


def _input(series: Series) -> dict[str, object]:
    return {"interval": "1m", "input_series": [{"series": name, "values": values} for name, values in series.items()]}


def test_rules_and_settings_are_sound() -> None:
    _promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)
    _promtool("check", "config", RULES.with_name("prometheus.yml"))


def test_every_expression_of_the_boards_parses(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": expr} for number, (_, expr) in enumerate(shown())]
    file = tmp_path / "panels.json"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))

    _promtool("check", "rules", file)


def test_every_alert_has_a_case() -> None:
    assert CASES.keys() == {alert.name for alert in alerts()}


@pytest.mark.parametrize("name", CASES)
def test_an_alert_fires_when_it_must_and_not_otherwise(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    firing = f'max by (alertname) (ALERTS{{alertname="{name}", alertstate="firing"}})'
    seen = {"expr": firing, "eval_time": f"{case.at}m"}
    yes = {**seen, "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1}]}
    tests = [{**_input(case.fires), "promql_expr_test": [yes]}]
    if case.silent is not None:
        tests.append({**_input(case.silent), "promql_expr_test": [{**seen, "exp_samples": []}]})

    _test_rules(tmp_path, tests)


def test_a_counter_first_seen_above_zero_has_grown(tmp_path: Path) -> None:
    expected = {
        "exp_labels": {"severity": "warning", "space": "s", "fold": "dossier"},
        "exp_annotations": {
            "summary": "Events that could not be taken",
            "summary_vi": "Có sự kiện không đọc được",
            "description": "About 3 records of fold dossier in space s went to dead letters within 15 minutes.",
            "runbook_url": "dashboards/RUNBOOK.md#iocdeadletters",
        },
    }
    seen = {"eval_time": "20m", "alertname": "IocDeadLetters", "exp_alerts": [expected]}

    _test_rules(tmp_path, [{**_input({REJECTED: "_x12 3x10"}), "alert_rule_test": [seen]}])
