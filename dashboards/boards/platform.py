"""The platform's board, for engineers: do the parts stand, does the flow flow, does Redis follow."""

from typing import Any

from dashboards.boards.parts import YES_NO, Column, Panel, Query, board, choice, figure, line, rows
from dashboards.rules import PARTITIONS
from ioc.text import Text

IN_SPACE = 'space=~"$space"'
FOLD = "{{space}} {{fold}}"


def build() -> Any:
    """The board, row by row."""
    rows = {
        "Tình trạng": _standing(),
        "Luồng xử lý": _flow(),
        "Sự kiện không dùng được": _refused(),
        "Mô hình đọc và màn hình": _read_model(),
    }
    return board(
        "ioc-platform",
        Text("IOC · Nền tảng", "IOC: health of the platform"),
        "platform",
        rows.items(),
        choice("space", "Không gian", "ioc_events_total", "space", every=True),
    )


def _standing() -> list[Panel]:
    return [
        figure(
            Text("Tiến trình không trả lời", "Processes that do not answer"),
            'sum(up{job=~"ioc-.*"} == bool 0)',
            red=1,
        ),
        figure(
            Text("Phân vùng sẵn sàng", "Partitions that are restored and read, of one space"),
            f"min(space:ioc_partitions_ready:sum{{{IN_SPACE}}})",
            red=PARTITIONS,
            worse="below",
            about=f"All folds together have {PARTITIONS}. The fewest among the spaces chosen.",
        ),
        figure(
            Text("Thư chết, 24 giờ", "Dead letters of the last 24 hours"),
            f"sum(increase(ioc_rejected_total{{{IN_SPACE}}}[1d]))",
            amber=1,
        ),
        figure(
            Text("Khởi động lại, 24 giờ", "Restarts of the last 24 hours"),
            'sum(changes(process_start_time_seconds{job=~"ioc-.*"}[1d]))',
            amber=1,
            red=5,
        ),
        figure(
            Text("Redis trả lời", "1 while Redis answers the exporter"),
            "min(ioc_read_model_redis_up)",
            red=1,
            worse="below",
            mappings=YES_NO,
        ),
        figure(
            Text("Mô hình đọc đầy đủ", "1 once the log as it stood is in Redis, in every space chosen"),
            f"min(ioc_read_model_complete{{{IN_SPACE}}})",
            red=1,
            worse="below",
            mappings=YES_NO,
        ),
        rows(
            Text("Phiên bản đang chạy", "What runs, in which version"),
            "max by (job, instance, version, python) (ioc_build_info)",
            [
                Column("job", "Thành phần"),
                Column("instance", "Địa chỉ"),
                Column("version", "Phiên bản"),
                Column("python", "Python"),
            ],
            width=24,
            height=5,
        ),
    ]


def _flow() -> list[Panel]:
    return [
        _rate(Text("Bản ghi mỗi giây", "Records applied a second, ticks included"), "ioc_events_total"),
        line(
            Text("Bản ghi đang chờ", "Records not yet applied"),
            [Query(f"sum by (space, fold) (ioc_lag_records{{{IN_SPACE}}})", FOLD)],
        ),
        line(
            Text("Thời gian sự kiện chậm hơn không gian", "How far a fold's time is behind its space's, in wall time"),
            [Query(f"space_fold:ioc_watermark_behind_seconds:max{{{IN_SPACE}}}", FOLD)],
            unit="s",
            about="Event time, divided by the speed of a driven space.",
        ),
        _quantiles(Text("Thời gian một giao dịch", "Time to write and commit one batch"), "ioc_transaction_seconds"),
        _quantiles(Text("Thời gian xét một lô", "Time to decode and judge one batch"), "ioc_apply_seconds"),
        _quantiles(Text("Bản ghi trong một lô", "Records applied in one transaction"), "ioc_batch_events", "short"),
        _rate(Text("Bản ghi viết ra mỗi giây", "Records written a second"), "ioc_outputs_total"),
        line(
            Text("Khóa có trạng thái", "Keys with state"),
            [Query(f"sum by (space, fold) (ioc_keys{{{IN_SPACE}}})", FOLD)],
        ),
        line(
            Text("Thời gian tiếp quản phân vùng", "Time that the newest takeover of a partition took"),
            [Query(f"max by (space, fold) (ioc_restore_seconds{{{IN_SPACE}}})", FOLD)],
            unit="s",
        ),
        line(
            Text("Khởi động lại", "Restarts, within the hour before"),
            [Query('changes(process_start_time_seconds{job=~"ioc-.*"}[1h])', "{{job}} {{instance}}")],
        ),
    ]


def _refused() -> list[Panel]:
    return [
        _rate(Text("Thư chết mỗi giây", "Dead letters a second"), "ioc_rejected_total", width=8),
        _rate(Text("Sự kiện trễ mỗi giây", "Late events a second"), "ioc_late_events_total", width=8),
        _rate(Text("Sự kiện trùng mỗi giây", "Events that came again a second"), "ioc_duplicate_events_total", width=8),
    ]


def _read_model() -> list[Panel]:
    return [
        line(
            Text("Bản ghi chưa vào Redis", "Records in Kafka that are not in Redis yet"),
            [Query(f"sum by (space, topic) (ioc_read_model_lag_records{{{IN_SPACE}}})", "{{space}} {{topic}}")],
        ),
        line(
            Text("Redis từ chối hoặc mất dữ liệu", "Calls to Redis that failed, and times it stood elsewhere"),
            [
                Query(
                    f"sum by (space, reason) (rate(ioc_read_model_redis_errors_total{{{IN_SPACE}}}[$__rate_interval]))",
                    "{{space}} {{reason}}",
                ),
                Query(
                    f"sum by (space) (rate(ioc_read_model_rewinds_total{{{IN_SPACE}}}[$__rate_interval]))",
                    "{{space}} rewind",
                ),
            ],
            unit="cps",
        ),
        line(
            Text("Màn hình đang nối", "Screens connected"),
            [Query(f"sum by (space) (ioc_wall_screens{{{IN_SPACE}}})", "{{space}}")],
        ),
        line(
            Text("Màn hình bị ngắt vì chậm", "Screens cut because they were too slow, a second"),
            [Query(f"sum by (space) (rate(ioc_wall_screens_cut_total{{{IN_SPACE}}}[$__rate_interval]))", "{{space}}")],
            unit="cps",
        ),
    ]


def _rate(title: Text, counter: str, width: int = 12) -> Panel:
    expr = f"sum by (space, fold) (rate({counter}{{{IN_SPACE}}}[$__rate_interval]))"
    return line(title, [Query(expr, FOLD)], unit="cps", width=width)


def _quantiles(title: Text, histogram: str, unit: str = "s") -> Panel:
    rates = f"sum by (space, fold, le) (rate({histogram}_bucket{{{IN_SPACE}}}[$__rate_interval]))"
    queries = [Query(f"histogram_quantile({share / 100}, {rates})", f"{FOLD} p{share}") for share in (50, 99)]
    return line(title, queries, unit=unit)
