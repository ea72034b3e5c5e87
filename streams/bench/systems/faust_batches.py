"""Ours: a Faust agent on our transport that decodes and counts, with or without pydantic's validation."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import faust
import orjson
import uvloop

from ioc.events.requests import RequestOpened
from streams import transport
from streams.bench.stopwatch import Stopwatch, arguments


def app(args: dict[str, Any]) -> faust.App:
    """A worker on our transport that reads each partition from its beginning."""
    transport.register()
    made = faust.App(args["group"], datadir=Path(args["directory"]), **transport.settings(args["bootstrap"]))
    watch = Stopwatch(args["warm_up"], args["events"])
    read = RequestOpened.model_validate_json if args["validate"] else orjson.loads

    async def count(stream: Any) -> AsyncIterator[None]:
        async for event in stream.noack().events():
            batch: transport.Batch = event.value
            count = 0
            for count, record in enumerate(batch.records, 1):  # noqa: B007 - used after it
                read(record.value)
            batch.resume_from = batch.records.last + 1
            event.ack()
            if watch.count(count):
                watch.report()
                os._exit(0)
        yield

    async def open_all(_app: Any, *given: Any, **_: Any) -> None:
        consumer = cast(transport.Consumer, made.consumer)
        for tp in given[0]:
            if tp.topic == args["topic"]:
                opening.add(asyncio.get_running_loop().create_task(consumer.open(tp, 0)))

    opening: set[asyncio.Task[Any]] = set()
    made.agent(made.topic(args["topic"], schema=transport.Raw()), name="count")(count)
    made.on_partitions_assigned.connect(open_all, weak=False)  # type: ignore[arg-type] # its stub wants positional only
    return made


if __name__ == "__main__":
    uvloop.install()
    made = app(arguments())
    made.finalize()
    faust.Worker(made, loglevel="WARN", redirect_stdouts=False, quiet=True).execute_from_commandline()
