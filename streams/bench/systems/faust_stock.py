"""Faust as it comes: one message at a time, JSON decoded by Faust."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import faust

from streams.bench.stopwatch import Stopwatch, arguments


def app(args: dict[str, Any]) -> faust.App:
    """An app with Faust's own settings, but for where Kafka is and where to begin."""
    made = faust.App(
        args["group"],
        broker=f"kafka://{args['bootstrap']}",
        store="memory://",
        datadir=Path(args["directory"]),
        topic_partitions=args["partitions"],
        topic_replication_factor=1,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        web_enabled=False,
    )
    watch = Stopwatch(args["warm_up"], args["events"])

    async def count(stream: Any) -> AsyncIterator[None]:
        async for _ in stream:
            if watch.count():
                watch.report()
                os._exit(0)
        yield

    made.agent(made.topic(args["topic"], value_serializer="json"), name="count")(count)
    return made


if __name__ == "__main__":
    made = app(arguments())
    made.finalize()
    faust.Worker(made, loglevel="WARN", redirect_stdouts=False, quiet=True).execute_from_commandline()
