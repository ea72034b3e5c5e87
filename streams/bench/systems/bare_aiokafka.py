"""The bare loop: what aiokafka and orjson cost without anything around them."""

from typing import Any

import orjson
import uvloop
from aiokafka import AIOKafkaConsumer

from streams.bench.stopwatch import Stopwatch, arguments


async def main(args: dict[str, Any]) -> None:
    watch = Stopwatch(args["warm_up"], args["events"])
    consumer = AIOKafkaConsumer(
        args["topic"], bootstrap_servers=args["bootstrap"], group_id=args["group"], auto_offset_reset="earliest"
    )
    await consumer.start()
    done = False
    while not done:
        for records in (await consumer.getmany(timeout_ms=1000, max_records=4000)).values():
            for record in records:
                orjson.loads(record.value)
            done = watch.count(len(records)) or done
    watch.report()
    await consumer.stop()


if __name__ == "__main__":
    uvloop.run(main(arguments()))
