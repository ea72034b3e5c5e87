"""Prometheus' rules: what is recorded, and when the *platform* needs an engineer.

What happens in the district rings as alerts of our own, on Kafka and on the wall; these ring when that can no
longer be trusted. Each has a section of its name in ``dashboards/RUNBOOK.md``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from dashboards.recordings import Recording, of_alarm_load, of_district, of_platform
from dashboards.scrape import JOBS
from ioc.district import Camera, Feed, Station
from ioc.folds import FOLDS
from ioc.text import Text

RUNBOOK = "dashboards/RUNBOOK.md"
#: Partitions of all folds of one space: as many must be ready.
PARTITIONS = sum(fold.inbox.partitions for fold in FOLDS)
#: A whole kind of source that is silent for so long is our intake's fault rather than a device's.
SILENT_FACTOR = 3


@dataclass(frozen=True)
class PlatformAlert:
    """A rule that calls an engineer. ``says`` may use Prometheus' templates."""

    name: str
    expr: str
    severity: Literal["critical", "warning", "none"]
    summary: Text
    says: str
    lasting: str = ""


def alerts() -> list[PlatformAlert]:
    """Every rule that calls somebody."""
    return [*_processes(), *_flow(), *_refused(), *_silent(), *_read_model(), _flood(), _watchdog()]


def _processes() -> Iterable[PlatformAlert]:
    yield PlatformAlert(
        "IocProcessDown", 'up{job=~"ioc-.*"} == 0', "critical",
        Text("Tiến trình của IOC không trả lời", "A process of the centre does not answer"),
        "{{ $labels.job }} at {{ $labels.instance }} has not answered for a minute.", "1m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocJobMissing", " or ".join(f'absent(up{{job="{job}"}})' for job in JOBS), "critical",
        Text("Thiếu một thành phần của IOC", "A part of the centre is not watched at all"),
        "Prometheus knows no target of job {{ $labels.job }}: it is not watched, or not there.", "5m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocRestartsOften", 'changes(process_start_time_seconds{job=~"ioc-.*"}[30m]) > 2', "warning",
        Text("Tiến trình của IOC khởi động lại nhiều lần", "A process of the centre starts again and again"),
        "{{ $labels.job }} at {{ $labels.instance }} started {{ $value }} times within 30 minutes.",
    )  # fmt: skip


def _flow() -> Iterable[PlatformAlert]:
    yield PlatformAlert(
        "IocPartitionNotReady", "ioc_partition_ready == 0", "critical",
        Text("Phân vùng chưa sẵn sàng", "A partition is not restored yet"),
        "Partition {{ $labels.partition }} of fold {{ $labels.fold }} in space {{ $labels.space }} is taken over by "
        "{{ $labels.instance }}, which has not restored it for 2 minutes: what it receives is not judged.", "2m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocPartitionsUnowned", f"space:ioc_partitions_ready:sum < {PARTITIONS}", "critical",
        Text("Phân vùng không có ai xử lý", "Partitions that nobody reads"),
        f"Only {{{{ $value }}}} of the {PARTITIONS} partitions of space {{{{ $labels.space }}}} are read.", "5m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocLagGrowing",
        "space_fold:ioc_lag_records:sum > 1000 and deriv(space_fold:ioc_lag_records:sum[10m]) > 0", "warning",
        Text("Hàng chờ xử lý ngày càng dài", "Events come faster than they are judged"),
        "{{ $value }} records wait in fold {{ $labels.fold }} of space {{ $labels.space }}, more and more for "
        "10 minutes.", "10m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocTimeStandsStill", "space_fold:ioc_watermark_behind_seconds:max > 120", "critical",
        Text("Thời gian sự kiện không tiến", "Time does not come on in a fold"),
        "Fold {{ $labels.fold }} of space {{ $labels.space }} is {{ $value | humanizeDuration }} behind: its "
        "deadlines are not noticed.", "5m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocTransactionsSlow", "space_fold:ioc_transaction_seconds:p99_5m > 1", "warning",
        Text("Ghi vào Kafka chậm", "Kafka commits slowly"),
        "One in 100 batches of fold {{ $labels.fold }} in space {{ $labels.space }} takes longer than "
        "{{ $value | humanizeDuration }} to commit.", "10m",
    )  # fmt: skip


def _refused() -> Iterable[PlatformAlert]:
    yield PlatformAlert(
        "IocDeadLetters", _arose("ioc_rejected_total", "fold"), "warning",
        Text("Có sự kiện không đọc được", "Events that could not be taken"),
        "About {{ $value | humanize }} records of fold {{ $labels.fold }} in space {{ $labels.space }} went to dead "
        "letters within 15 minutes.",
    )  # fmt: skip
    yield PlatformAlert(
        "IocManyLateEvents", "space_fold:ioc_late_events:rate5m > 0.05 * space_fold:ioc_events:rate5m", "warning",
        Text("Nhiều sự kiện đến trễ", "Many events come late"),
        "{{ $value | humanize }} events a second, more than one in 20, come late to fold {{ $labels.fold }} of space "
        "{{ $labels.space }}: late ones raise nothing.", "15m",
    )  # fmt: skip


def _silent() -> Iterable[PlatformAlert]:
    now = "space:ioc_now_timestamp_seconds:max - on (space) group_right () "
    things: dict[str, type[Station | Camera | Feed]] = {"station": Station, "camera": Camera, "feed": Feed}
    each = []
    for kind, declared in things.items():
        patience: timedelta = declared.model_fields["silent_after"].default * SILENT_FACTOR
        newest = f'max by (space, source_kind) (ioc_source_newest_seconds{{source_kind="{kind}"}})'
        each.append(f"{now}{newest} > {patience.total_seconds():.0f}")
    yield PlatformAlert(
        "IocSourcesSilent", " or ".join(each), "warning",
        Text("Cả một loại nguồn dữ liệu im lặng", "A whole kind of source is silent"),
        "No {{ $labels.source_kind }} at all has sent anything to space {{ $labels.space }} for "
        "{{ $value | humanizeDuration }} of its own time.", "5m",
    )  # fmt: skip


def _read_model() -> Iterable[PlatformAlert]:
    yield PlatformAlert(
        "IocReadModelBehind", "space:ioc_read_model_lag_records:sum > 1000", "critical",
        Text("Màn hình chậm hơn thực tế", "What people see is behind"),
        "{{ $value }} records of space {{ $labels.space }} are in Kafka and not in Redis: the wall shows the past.",
        "2m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocReadModelIncomplete", "ioc_read_model_complete == 0", "warning",
        Text("Mô hình đọc đang được dựng lại", "The read model is not complete"),
        "Redis does not hold the whole log of space {{ $labels.space }} yet.", "10m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocRedisDown", "ioc_read_model_redis_up == 0", "critical",
        Text("Redis không trả lời", "Redis does not answer"),
        "The exporter at {{ $labels.instance }} gets no answer from Redis: no figures, and a wall without news.", "1m",
    )  # fmt: skip
    yield PlatformAlert(
        "IocReadModelUnreadable", _arose("ioc_read_model_unreadable_total", "topic"), "critical",
        Text("Bản ghi cảnh báo không đọc được", "Our own records could not be read"),
        "Records of {{ $labels.topic }} in space {{ $labels.space }} are left out of what people see.",
    )  # fmt: skip
    yield PlatformAlert(
        "IocSeriesLeftOut", "ioc_series_left_out > 0", "warning",
        Text("Quá nhiều chuỗi số liệu", "Too many series of one metric"),
        "{{ $value }} series of {{ $labels.metric }} in space {{ $labels.space }} are not exported.", "15m",
    )  # fmt: skip


def _flood() -> PlatformAlert:
    return PlatformAlert(
        "IocAlarmFlood", "space:ioc_alarm_flood:state == 1", "warning",
        Text("Cảnh báo dồn dập", "More alerts than an operator can follow"),
        "Operators of space {{ $labels.space }} are called to more alerts than anybody can follow: something will be "
        "overlooked.", "10m",
    )  # fmt: skip


def _watchdog() -> PlatformAlert:
    return PlatformAlert(
        "IocWatchdog", "vector(1)", "none",
        Text("Kênh cảnh báo nền tảng còn hoạt động", "Alerts of the platform reach somebody"),
        "Always fires. Whoever stops hearing it has lost Prometheus, Alertmanager or the line between.",
    )  # fmt: skip


def document() -> dict[str, object]:
    """The rule file."""
    return {
        "groups": [
            _recorded("ioc-recordings", of_platform()),
            _recorded("ioc-figures", of_district()),
            _recorded("ioc-alarm-load", of_alarm_load()),
            {"name": "ioc-platform", "rules": [_rule(alert) for alert in alerts()]},
        ]
    }


def _recorded(group: str, recordings: Iterable[Recording]) -> dict[str, object]:
    return {"name": group, "rules": [{"record": each.name, "expr": each.expr} for each in recordings]}


def _rule(alert: PlatformAlert) -> dict[str, object]:
    return {
        "alert": alert.name,
        "expr": alert.expr,
        **({"for": alert.lasting} if alert.lasting else {}),
        "labels": {"severity": alert.severity},
        "annotations": {
            "summary": alert.summary.en,
            "summary_vi": alert.summary.vi,
            "description": alert.says,
            "runbook_url": f"{RUNBOOK}#{alert.name.lower()}",
        },
    }


def _arose(counter: str, label: str) -> str:
    """The counter grew within 15 minutes. One that is first seen above zero has grown too; increase() misses that."""
    by = f"sum by (space, {label})"
    return f"{by} (increase({counter}[15m])) > 0 or {by} ({counter} unless {counter} offset 15m) > 0"
