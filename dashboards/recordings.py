"""Series that Prometheus computes beforehand: rates and sums by space and fold, and how far time is behind."""

from dataclasses import dataclass

_RATES = {
    "ioc_events": "Records applied a second, ticks included",
    "ioc_rejected": "Records sent to dead letters a second",
    "ioc_late_events": "Events older than the watermark, a second",
    "ioc_duplicate_events": "Events that came again, a second",
    "ioc_outputs": "Records written a second",
}
# A partition that moves may be claimed by two workers for a while, and is ready only once.
_READY = "sum by (space) (max by (space, fold, partition) (ioc_partition_ready))"
_P99 = "histogram_quantile(0.99, sum by (space, fold, le) (rate(ioc_transaction_seconds_bucket[5m])))"
# A partition that nothing was heard on has watermark 0: that is no time.
_HEARD = "min by (space, fold) (ioc_watermark_timestamp_seconds > 0)"
_BEHIND = (
    f"(space:ioc_now_timestamp_seconds:max - on (space) group_right () {_HEARD})"
    " / on (space) group_left () clamp_min(space:ioc_now_speed:deriv5m, 1)"
)


@dataclass(frozen=True)
class Recording:
    """A series computed beforehand; ``labels`` are those that it has."""

    name: str
    labels: tuple[str, ...]
    expr: str
    help: str


def recordings() -> list[Recording]:
    """Every recorded series, each after those that it is computed from."""
    fold, space = ("space", "fold"), ("space",)
    return [
        *(
            Recording(f"space_fold:{name}:rate5m", fold, f"sum by (space, fold) (rate({name}_total[5m]))", words)
            for name, words in _RATES.items()
        ),
        Recording(
            "space_fold:ioc_lag_records:sum",
            fold,
            "sum by (space, fold) (ioc_lag_records)",
            "Records not yet applied",
        ),
        Recording(
            "space_fold:ioc_transaction_seconds:p99_5m",
            fold,
            _P99,
            "Time within which 99 of 100 batches are written and committed",
        ),
        Recording("space:ioc_partitions_ready:sum", space, _READY, "Partitions that are restored and read"),
        Recording(
            "space:ioc_now_timestamp_seconds:max",
            space,
            "max by (space) (ioc_space_now_timestamp_seconds)",
            "The space's newest tick",
        ),
        Recording(
            "space:ioc_now_speed:deriv5m",
            space,
            "deriv(space:ioc_now_timestamp_seconds:max[5m])",
            "Event time that passes in a second: 1 on the wall's clock, more in a driven space",
        ),
        Recording(
            "space_fold:ioc_watermark_behind_seconds:max",
            fold,
            _BEHIND,
            "How far a fold's time is behind its space's, in seconds of the wall's clock",
        ),
        Recording(
            "space:ioc_read_model_lag_records:sum",
            space,
            "sum by (space) (ioc_read_model_lag_records)",
            "Records in Kafka that are not in Redis yet",
        ),
    ]
