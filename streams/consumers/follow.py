"""An agency's alerts, from the present on: ``python follow.py 127.0.0.1:9092 wall.alerts.agency.hat-kiem-lam``."""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer


async def follow(bootstrap: str, topic: str) -> None:
    options = {"auto_offset_reset": "earliest", "isolation_level": "read_committed", "enable_auto_commit": False}
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, **options) as consumer:
        async for record in consumer:
            said = json.loads(record.value) if record.value else None
            told = ["–", "không còn thuộc cơ quan", ""]
            if said:
                told = [said["role"], said["alert"]["handling"], said["alert"]["summary"]["vi"]]
            print(record.key.decode(), *told, sep="\t", flush=True)


asyncio.run(follow(*sys.argv[1:]))
