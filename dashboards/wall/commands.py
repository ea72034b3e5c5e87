"""All that knows Kafka: commands of people go to ``alerts.inbox``, and nothing else is written from here."""

import asyncio
from datetime import UTC, datetime

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from prometheus_client import Counter

from dashboards.wall.store import NotSent, Store
from ioc.alerts.alert import ALERTS_INBOX
from ioc.events import codec
from ioc.events.base import Data, Event

#: Seconds for which the system's answer is waited for, and between two looks.
PATIENCE, LOOK = 5.0, 0.05
SOURCE = "/wall"

SENT = Counter("ioc_wall_commands", "Commands of people, by what came of them", ["command", "result"])
log = structlog.get_logger()


class Commands:
    """Sends commands, and waits for what the alert fold says. Without a broker, it sends nothing."""

    def __init__(self, bootstrap: str | None, store: Store, source: str = SOURCE, patience: float = PATIENCE) -> None:
        self._bootstrap, self._store, self._source, self._patience = bootstrap, store, source, patience
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()

    async def close(self) -> None:
        if self._producer:
            await self._producer.stop()

    async def give(self, space: str, data: Data, id_: str) -> str | None:
        """Send a command under its id; returns the answer as JSON, or None if there is none yet.

        The same id is the same command: one whose answer was lost may be given again. Raises NotSent.
        """
        known = await self._store.answer(space, id_)
        if known is None:
            await self._send(space, data, id_)
            known = await self._answer(space, id_)
        return known

    async def _answer(self, space: str, id_: str) -> str | None:
        until = asyncio.get_running_loop().time() + self._patience
        while (answer := await self._store.answer(space, id_)) is None:
            if asyncio.get_running_loop().time() > until:
                return None
            await asyncio.sleep(LOOK)
        return answer

    async def _send(self, space: str, data: Data, id_: str) -> None:
        event = Event(datetime.now(UTC), self._source, id_, data)
        topic, value, headers = f"{space}.{ALERTS_INBOX.name}", codec.value(event), codec.headers(event)
        # A command to all alerts is in every partition, under the same id.
        partitions = range(ALERTS_INBOX.partitions) if getattr(data, "TO_ALL", False) else (None,)
        try:
            producer = await self._started()
            for partition in partitions:
                sent = producer.send_and_wait(topic, value, data.subject.encode(), headers=headers, partition=partition)
                await asyncio.wait_for(sent, PATIENCE)
        except (KafkaError, OSError, TimeoutError) as error:
            log.error("a command was not sent", space=space, command=data.TYPE, error=str(error))
            raise NotSent("the command could not be sent: it was not done") from error

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                if self._bootstrap is None:
                    raise NotSent("this wall takes no commands: it was started without --bootstrap")
                producer = AIOKafkaProducer(bootstrap_servers=self._bootstrap, enable_idempotence=True)
                await asyncio.wait_for(producer.start(), PATIENCE)
                self._producer = producer
            return self._producer
