"""One message in: its readings go to Kafka and are acknowledged there, what is refused becomes a dead letter."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from aiokafka import AIOKafkaProducer

from ioc.district import District
from ioc.engine.results import Output
from ioc.events.sensors import SENSORS
from ioc.intake import senml, ttn
from ioc.intake.devices import Devices
from ioc.intake.quantities import Unfit
from streams.ledger import Entry
from streams.metrics import GATEWAY_MESSAGES, GATEWAY_READINGS, GATEWAY_REFUSED
from streams.records import dead_letter, entry

Kind = Literal["senml", "ttn"]
READERS: Mapping[Kind, Callable[[bytes, datetime, Devices], senml.Pack]] = {"senml": senml.read, "ttn": ttn.read}
#: A message larger than this is refused unread.
MAX_BYTES = 256 * 1024
#: Seconds that Kafka has to acknowledge.
PATIENCE = 10.0


@dataclass(frozen=True)
class Answer:
    """What became of a message: how many readings, and why something in it gave none."""

    accepted: int
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """A message as a dead letter keeps it."""

    value: bytes
    key: bytes = b""
    offset: str = ""
    headers: tuple[tuple[str, bytes], ...] = ()


class Intake:
    """Takes messages of one space's devices."""

    def __init__(self, space: str, district: District, producer: AIOKafkaProducer) -> None:
        self._space, self._devices, self._producer = space, Devices(district), producer

    async def take(self, kind: Kind, body: bytes, way: str, received: datetime | None = None) -> Answer:
        """Read a message and wait until Kafka has what came of it. Raises Kafka's errors: nothing was lost, ask again.

        A message of which a part cannot be read keeps the rest, and is a dead letter as a whole.
        """
        GATEWAY_MESSAGES.labels(self._space, way, kind).inc()
        try:
            if len(body) > MAX_BYTES:
                raise Unfit(f"more than {MAX_BYTES:,} bytes")
            events, refused = READERS[kind](body, received or datetime.now(UTC), self._devices)
        except Unfit as why:
            events, refused = [], [str(why)]
        written = [entry(self._space, Output(SENSORS, event)) for event in events]
        if refused:
            GATEWAY_REFUSED.labels(self._space, kind).inc(len(refused))
            letter = Refused(body)
            written.append(dead_letter(self._space, f"gateway.{kind}", 0, letter, "; ".join(refused[:20])))
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(self._send(each) for each in written))
        GATEWAY_READINGS.labels(self._space, kind).inc(len(events))
        return Answer(len(events), tuple(refused))

    async def _send(self, record: Entry) -> None:
        await self._producer.send_and_wait(record.topic, record.value, record.key, headers=record.headers)
