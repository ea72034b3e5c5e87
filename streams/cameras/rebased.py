"""Hears from Kafka that a person has confirmed a camera's view, for the readers of this process."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from ioc.events.cameras import CAMERAS, CameraRebased
from ioc.events.codec import Codec, Unreadable
from streams.names import topic_name


def listen(bootstrap: str, space: str, confirmed: Callable[[str], object]) -> None:
    """Call with the camera's id at each confirmation from now on, for ever; a broker that is away is tried again."""
    asyncio.run(_listen(bootstrap, space, confirmed))


async def _listen(bootstrap: str, space: str, confirmed: Callable[[str], object]) -> None:
    codec = Codec.of(CAMERAS)
    while True:
        consumer = AIOKafkaConsumer(
            topic_name(space, CAMERAS), bootstrap_servers=bootstrap, auto_offset_reset="latest",
            isolation_level="read_committed",
        )  # fmt: skip
        with suppress(KafkaError):
            try:
                await consumer.start()
                async for record in consumer:
                    with suppress(Unreadable):
                        data = codec.read_binary(record.headers, record.value).data
                        if isinstance(data, CameraRebased):
                            confirmed(data.camera)
            finally:
                await consumer.stop()
        await asyncio.sleep(5)
