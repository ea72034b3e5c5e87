"""Bytewax: JSON decoded, counted by its sink, stateless, one worker."""

from typing import Any

import bytewax.operators as op
import orjson
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.testing import run_main

from streams.bench.stopwatch import Stopwatch, arguments


class Counted(DynamicSink[Any], StatelessSinkPartition[Any]):  # type: ignore[misc] # Bytewax is not installed here
    """Counts what arrives."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch

    def build(self, step_id: str, worker_index: int, worker_count: int) -> "Counted":
        return self

    def write_batch(self, items: list[Any]) -> None:
        if not self._watch.done:
            self._watch.count(len(items))


def main(args: dict[str, Any]) -> None:
    watch = Stopwatch(args["warm_up"], args["events"])
    flow = Dataflow("bench")
    read = op.input("read", flow, KafkaSource([args["bootstrap"]], [args["topic"]], tail=False))
    op.output("count", op.map("json", read, lambda message: orjson.loads(message.value)), Counted(watch))
    run_main(flow)
    watch.report()


if __name__ == "__main__":
    main(arguments())
