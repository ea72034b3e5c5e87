"""A worker's own health for Prometheus. The district's figures are not here: one exporter sums those."""

from prometheus_client import Counter, Gauge, Histogram

from ioc.engine.partition import Partition

EVENTS = Counter("ioc_events", "Records applied, ticks included", ["space", "fold"])
REJECTED = Counter("ioc_rejected", "Records sent to dead letters", ["space", "fold"])
LATE = Counter("ioc_late_events", "Events older than the watermark", ["space", "fold"])
DUPLICATES = Counter("ioc_duplicate_events", "Events that came again and changed nothing", ["space", "fold"])
OUTPUTS = Counter("ioc_outputs", "Records written for other folds and readers", ["space", "fold"])
BATCH = Histogram(
    "ioc_batch_events", "Records applied in one transaction", ["space", "fold"],
    buckets=(1, 5, 20, 100, 500, 2000, 5000, 10000),
)  # fmt: skip
APPLY = Histogram(
    "ioc_apply_seconds", "Time to decode and judge one batch", ["space", "fold"],
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
)  # fmt: skip
TRANSACTION = Histogram(
    "ioc_transaction_seconds", "Time to write and commit one batch", ["space", "fold"],
    buckets=(0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)  # fmt: skip
RESTORE = Gauge(
    "ioc_restore_seconds", "Time the newest takeover of this partition took", ["space", "fold", "partition"]
)
POSITION = Gauge("ioc_position", "Next offset of this partition", ["space", "fold", "partition"])
LAG = Gauge("ioc_lag_records", "Records of this partition not yet applied", ["space", "fold", "partition"])
WATERMARK = Gauge(
    "ioc_watermark_timestamp_seconds",
    "How far time has come on this partition",
    ["space", "fold", "partition"],
)
KEYS = Gauge("ioc_keys", "Keys with state on this partition", ["space", "fold", "partition"])
READY = Gauge("ioc_partition_ready", "1 once this partition is restored and read", ["space", "fold", "partition"])
# Of the gateway, a process of its own.
GATEWAY_MESSAGES = Counter("ioc_gateway_messages", "Messages of devices, by how they came", ["space", "way", "kind"])
GATEWAY_READINGS = Counter("ioc_gateway_readings", "Readings made of them", ["space", "kind"])
GATEWAY_REFUSED = Counter("ioc_gateway_refused", "Messages, or parts of them, that gave no reading", ["space", "kind"])
GATEWAY_CONNECTED = Gauge("ioc_gateway_mqtt_connected", "1 while the MQTT broker answers", ["space"])


class Meter:
    """One partition's metrics, looked up once: a label lookup costs as much as an event."""

    def __init__(self, space: str, partition: Partition) -> None:
        self._partition = partition
        fold = (space, partition.fold.name)
        one = (*fold, str(partition.number))
        self._one = one
        self._events, self._rejected = EVENTS.labels(*fold), REJECTED.labels(*fold)
        self._late, self._duplicates = LATE.labels(*fold), DUPLICATES.labels(*fold)
        self._outputs, self._batch = OUTPUTS.labels(*fold), BATCH.labels(*fold)
        self.apply, self.transaction = APPLY.labels(*fold), TRANSACTION.labels(*fold)
        self.restore, self.ready = RESTORE.labels(*one), READY.labels(*one)
        self._position, self._lag = POSITION.labels(*one), LAG.labels(*one)
        self._watermark, self._keys = WATERMARK.labels(*one), KEYS.labels(*one)

    def batch(self, records: int, outputs: int, lag: int) -> None:
        """A batch was applied and committed."""
        partition = self._partition
        self._events.inc(records)
        self._outputs.inc(outputs)
        if records:
            self._batch.observe(records)
        counts, partition.counts = partition.counts, type(partition.counts)()
        self._rejected.inc(counts["rejected"])
        self._late.inc(counts["late"])
        self._duplicates.inc(counts["duplicate"])
        self._position.set(partition.position)
        self._lag.set(lag)
        self._keys.set(partition.size)
        if partition.watermark is not None:
            self._watermark.set(partition.watermark.timestamp())

    def gone(self) -> None:
        """This partition is another worker's now."""
        for gauge in (RESTORE, POSITION, LAG, WATERMARK, KEYS, READY):
            gauge.remove(*self._one)
