"""Series that Prometheus computes beforehand, named level:metric:operations.

Of the flow: rates and sums by space and fold, and how far time is behind. Of the district: each tally's last 24
hours, and each declared share.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards.declared import ratios, tallies
from ioc.alerts.load import ACKNOWLEDGED, ANNUNCIATED
from ioc.detector import Fact, Ratio, Tally

#: Alerts within ten minutes: above the first a flood begins, below the second it is over.
FLOOD_FROM, FLOOD_UNTIL = 10, 5

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


def of_platform() -> list[Recording]:
    """What is recorded of the flow, each after those that it is computed from."""
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


def of_district() -> list[Recording]:
    """What is recorded of the declared figures, each after those that it is computed from."""
    return [*map(last_day, tallies()), *(recording for ratio in ratios() for recording in shares(ratio))]


def last_day(tally: Tally) -> Recording:
    """What was counted in the last 24 hours, by every label."""
    labels = ("space", *tally.labels)
    return Recording(
        f"{'_'.join(labels)}:ioc_{tally.name}:increase1d",
        labels,
        grown(tally, labels, "1d"),
        f"{tally.help.en}, in the last 24 hours of the wall's clock",
    )


def grown(tally: Tally, labels: tuple[str, ...], span: str) -> str:
    """By how much a tally grew within ``span``: now, less the most that was known before it.

    Unlike increase(), it takes no filling of an emptied read model for news, and counts what came first of all.
    """
    by, series = f"sum by ({', '.join(labels)})", f"ioc_{tally.name}_total"
    before = f"{by} (max_over_time({series}[1h] offset {span}))"
    return f"clamp_min({by} ({series}) - ({before} or 0 * {by} ({series})), 0)"


def shares(ratio: Ratio) -> Iterator[Recording]:
    """The share in the whole space and, where it can be told, by commune. A whole of none has no share."""
    match ratio.of:
        case Fact(name=name):
            series, operation = f"ioc_{name}", "ratio"
        case Tally() as tally:
            series, operation = last_day(tally).name, "ratio1d"
    whole = _among(series, ratio.label, ratio.among)
    part = _among(series, ratio.label, ratio.values)
    for labels in (("space",), ("space", "commune"))[: 1 + ("commune" in ratio.of.labels)]:
        by = f"sum by ({', '.join(labels)})"
        yield Recording(
            f"{'_'.join(labels)}:ioc_{ratio.name}:{operation}",
            labels,
            f"({by} ({part}) or 0 * {by} ({whole})) / ({by} ({whole}) > 0)",
            ratio.help.en,
        )


def _among(series: str, label: str, values: tuple[str, ...]) -> str:
    return f'{series}{{{label}=~"{"|".join(values)}"}}' if values else series


def of_alarm_load() -> list[Recording]:
    """How much of an operator's attention alerts take, by the measures of ISA-18.2 (table 7) and EEMUA 191.

    Of one console a space: the board divides by the operators on duty. Windows are of the wall's clock.
    """
    space = ("space",)
    per_10m, flood = "space:ioc_alerts_annunciated:increase10m", "space:ioc_alarm_flood:state"
    per_kind = last_day(ANNUNCIATED).name
    per_day = f"(sum by (space) ({per_kind}) > 0)"
    acknowledged = f"sum by (space, severity, within) ({last_day(ACKNOWLEDGED).name})"
    histogram = f'label_replace({acknowledged}, "le", "$1", "within", "(.+)")'
    return [
        Recording(per_10m, space, grown(ANNUNCIATED, space, "10m"), "Alerts announced within 10 minutes"),
        Recording(
            flood,
            space,
            # Begins above 10 in ten minutes and lasts until fewer than 5: it looks at itself as it was before.
            f"clamp_max(({per_10m} > bool {FLOOD_FROM}) + "
            f"({per_10m} >= bool {FLOOD_UNTIL}) * ({flood} or 0 * {per_10m}), 1)",
            "1 during an alarm flood",
        ),
        Recording(
            "space:ioc_alerts_annunciated_per10m:avg1d", space, f"avg_over_time({per_10m}[1d])",
            "Alerts announced in ten minutes, mean of a day",
        ),
        Recording(
            "space:ioc_alerts_annunciated_per10m:avg30d", space, f"avg_over_time({per_10m}[30d])",
            "Alerts announced in ten minutes, mean of 30 days",
        ),
        Recording(
            "space:ioc_alerts_annunciated_per10m:max1d", space, f"max_over_time({per_10m}[1d])",
            "Most alerts announced in ten minutes of a day",
        ),
        Recording(
            "space:ioc_alarm_flood:avg1d", space, f"avg_over_time({flood}[1d])", "Share of a day that was in flood",
        ),
        Recording(
            "space:ioc_alerts_annunciated_top10:ratio1d", space,
            f"sum by (space) (topk by (space) (10, sum by (space, kind) ({per_kind}))) / {per_day}",
            "Share of the ten kinds that ring most",
        ),
        *(
            Recording(
                f"space_severity:ioc_alerts_acknowledge_seconds:p{share}_1d", ("space", "severity"),
                f"histogram_quantile({share / 100}, {histogram})",
                f"Time within which {share} of 100 alerts are acknowledged",
            )
            for share in (50, 90)
        ),
        Recording(
            "space_severity:ioc_alerts_annunciated:ratio1d", ("space", "severity"),
            f"sum by (space, severity) ({per_kind}) / on (space) group_left () {per_day}",
            "Share of each severity",
        ),
    ]  # fmt: skip


def recordings() -> list[Recording]:
    """Every recorded series."""
    return [*of_platform(), *of_district(), *of_alarm_load()]
