"""Prometheus' rules, by its own promtool: they parse, and each alert fires when it must and not otherwise."""

import json
import subprocess
from dataclasses import dataclass, field
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
    """Series, a value a minute: the alert fires at minute ``at`` of ``fires``, and not on ``silent``.

    ``then`` are the values that follow once it is mended; at minute ``well`` the alert is over. A series that is only
    then there has all its values in ``then``.
    """

    at: int
    fires: Series
    silent: Series | None
    well: int = 0
    then: Series = field(default_factory=dict)

    @property
    def mended(self) -> Series:
        return {name: f"{self.fires.get(name, '')} {self.then.get(name, '')}" for name in self.fires | self.then}


def _ready(partitions: int) -> Series:
    names = [(fold.name, number) for fold in FOLDS for number in range(fold.inbox.partitions)][:partitions]
    return {f'ioc_partition_ready{{space="s",fold="{fold}",partition="{number}"}}': "1x10" for fold, number in names}


def _committed(within_a_second: str, all_: str = "0+100x30") -> Series:
    name = f"ioc_transaction_seconds_bucket{{{FOLD},le="
    return {f'{name}"1"}}': within_a_second, f'{name}"3"}}': all_, f'{name}"+Inf"}}': all_}


def _late(late: str, all_: str = "0+100x40") -> Series:
    return {f"ioc_late_events_total{{{FOLD}}}": late, f"ioc_events_total{{{FOLD}}}": all_}


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
WALL_UP, WORKER_UP = ('up{job="ioc-wall",instance="a"}', 'up{job="ioc-worker",instance="a"}')
STATION_TWO = 'ioc_source_newest_seconds{space="s",source_kind="station",source="two"}'
COMPLETE, REDIS_UP = 'ioc_read_model_complete{space="s"}', "ioc_read_model_redis_up"
READY = f'ioc_partition_ready{{{FOLD},partition="2",instance="a"}}'
LAG = f'ioc_lag_records{{{FOLD},partition="2"}}'
REJECTED = f"ioc_rejected_total{{{FOLD}}}"
UNREADABLE = 'ioc_read_model_unreadable_total{space="s",topic="alerts.events"}'
BEHIND = 'ioc_read_model_lag_records{space="s",topic="figures"}'
LEFT_OUT = 'ioc_series_left_out{space="s",metric="queue_open_requests"}'
ANNOUNCED = 'ioc_alerts_annunciated_total{space="s",module="forest",kind="smoke",severity="severe"}'
ALL_READY = _ready(PARTITIONS)
LAST_READY = list(ALL_READY)[-1]
CASES = {
    "IocProcessDown": Case(3, {**UP, WALL_UP: "0x3"}, UP, 6, {WALL_UP: "1x5"}),
    "IocJobMissing": Case(6, {WORKER_UP: "1x15"}, UP, 12, {name: "_x7 1x10" for name in UP if name != WORKER_UP}),
    "IocRestartsOften": Case(5, {STARTED: "1 2 2 3 4 4"}, {STARTED: "1 2 2 2 2 2"}, 40, {STARTED: "4x40"}),
    "IocPartitionNotReady": Case(4, {READY: "0x4"}, {READY: "0 1x5"}, 6, {READY: "1x5"}),
    "IocPartitionsUnowned": Case(
        8, _ready(PARTITIONS - 1), ALL_READY, 12, {**_ready(PARTITIONS - 1), LAST_READY: "_x9 1x10"}
    ),
    "IocLagGrowing": Case(40, {LAG: "0+500x40"}, {LAG: "50000-500x60"}, 60, {LAG: "20000-500x30"}),
    "IocTimeStandsStill": Case(
        20,
        _time("1000000+60x20", "1000000x20", "0x20"),
        _time("1000000+36000x30", "964000+36000x30"),  # 600 times as fast: ten hours of events are one minute
        30,
        _time("1001260+60x20", "1001260+60x20", "0x20"),
    ),
    "IocTransactionsSlow": Case(
        20, _committed("0+10x20", "0+100x20"), _committed("0+100x30"), 35, _committed("300+100x20", "2100+100x20")
    ),
    "IocDeadLetters": Case(20, {REJECTED: "0x12 3x7"}, {REJECTED: "5x30"}, 40, {REJECTED: "3x30"}),
    "IocManyLateEvents": Case(30, _late("0+10x30", "0+100x30"), _late("0+1x40"), 45, _late("300x20", "3100+100x20")),
    "IocSourcesSilent": Case(10, _station("990000x10"), _station("999000+60x20"), 15, {STATION_TWO: "1000660+60x10"}),
    "IocReadModelBehind": Case(4, {BEHIND: "2000x4"}, {BEHIND: "2000x2 0x5"}, 6, {BEHIND: "0x5"}),
    "IocReadModelIncomplete": Case(15, {COMPLETE: "0x15"}, {COMPLETE: "0x5 1x15"}, 18, {COMPLETE: "1x5"}),
    "IocRedisDown": Case(3, {REDIS_UP: "0x3"}, {REDIS_UP: "1x5"}, 6, {REDIS_UP: "1x5"}),
    "IocReadModelUnreadable": Case(20, {UNREADABLE: "_x12 1x8"}, {UNREADABLE: "1x30"}, 45, {UNREADABLE: "1x30"}),
    "IocSeriesLeftOut": Case(18, {LEFT_OUT: "3x18"}, {LEFT_OUT: "0x20"}, 20, {LEFT_OUT: "0x5"}),
    # It begins above ten within ten minutes and lasts, with hysteresis, until fewer than five.
    "IocAlarmFlood": Case(30, {ANNOUNCED: "0x9 20 20+0.7x20"}, {ANNOUNCED: "0x9 8+0.2x30"}, 50, {ANNOUNCED: "34x30"}),
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
def test_an_alert_fires_when_it_must_not_otherwise_and_is_over_once_mended(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    firing = f'max by (alertname) (ALERTS{{alertname="{name}", alertstate="firing"}})'
    fires = {
        "expr": firing,
        "eval_time": f"{case.at}m",
        "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1}],
    }
    tests = [{**_input(case.fires), "promql_expr_test": [fires]}]
    if case.silent is not None:
        silent = {"expr": firing, "eval_time": f"{case.at}m", "exp_samples": []}
        well = {"expr": firing, "eval_time": f"{case.well}m", "exp_samples": []}
        tests.append({**_input(case.silent), "promql_expr_test": [silent]})
        tests.append({**_input(case.mended), "promql_expr_test": [fires, well]})

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
