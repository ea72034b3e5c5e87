"""What is sent when: each message once by each of its receiver's channels, in order, until the channel takes it.

Kafka remembers what is settled: a message is sent, then said to be sent. One that was sent just before the process was
killed is sent again, under the same key. A channel that fails is tried again with growing pauses, and is reported.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client import Counter, Gauge

from ioc.agencies.roster import ROSTERS, RosterFiled, officer, on_duty
from ioc.district import District
from ioc.engine.results import Output
from ioc.events.base import Data, Event, Topic
from ioc.events.codec import Codec, Unreadable
from ioc.events.figures import FIGURES, SpaceState
from ioc.notices.events import (
    CHANNELS,
    NOTICES_DELIVERIES,
    NOTICES_OUTBOX,
    ChannelDown,
    ChannelUp,
    Delivery,
    Message,
)
from ioc.notices.words import render
from ioc.text import Language
from streams.ledger import Ledger, compacted
from streams.names import topic_name, transactional_id
from streams.notifier.actual import Actual, NotActual
from streams.notifier.channels import Failed, Refused, Way, open_all
from streams.notifier.settings import Settings
from streams.records import entry
from streams.topics import partitions

#: Pause after the first failure of a channel, and at most, seconds.
PAUSES = 1.0, 300.0
#: After so many failures in a row a channel is down.
DOWN_AFTER = 3
#: A space that has just been started says what it is within so many seconds.
SAYS_WITHIN = 60.0

SETTLED = Counter("ioc_notices_settled", "Messages that were settled on a channel", ["space", "channel", "outcome"])
FAILURES = Counter("ioc_notice_failures", "Attempts to send that failed", ["space", "channel"])
WAITING = Gauge("ioc_notices_waiting", "Messages that a channel has not taken yet", ["space", "channel"])
DOWN = Gauge("ioc_notice_channel_down", "1 while a channel takes no messages", ["space", "channel"])
log = structlog.get_logger()


async def proved(bootstrap: str, space: str, patience: float = SAYS_WITHIN) -> Actual:
    """The proof that a space is real, once it says so. Raises NotActual."""
    figures, until = TopicPartition(topic_name(space, FIGURES), 0), time.monotonic() + patience
    while True:
        saved = (await compacted(bootstrap, figures))[figures].get(b"space")
        try:
            return Actual(space, SpaceState.model_validate_json(saved) if saved else None)
        except NotActual:
            if saved or time.monotonic() > until:
                raise
            await asyncio.sleep(1)


class Notifier:
    """Sends what the outbox of one real space holds."""

    def __init__(self, bootstrap: str, actual: Actual, settings: Settings, district: District) -> None:
        self._bootstrap, self._space, self._settings, self._district = bootstrap, actual.space, settings, district
        self._ways = open_all(actual, settings)
        self._queues: dict[str, asyncio.Queue[tuple[datetime, Message, Language]]] = {
            name: asyncio.Queue() for name in self._ways
        }
        self._ledger = Ledger(bootstrap, transactional_id(self._space, "notifier"), partitions(self._space))
        self._writing = asyncio.Lock()
        self._settled: set[str] = set()
        self._rosters: dict[tuple[str, str], RosterFiled] = {}
        self.ready = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop. Another notifier of the same space takes over: this one then ends with an error."""
        await self._ledger.open()
        try:
            await self._remember()
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._serve(name)) for name in self._ways]
                tasks.append(group.create_task(self._follow()))
                await stop.wait()
                for task in tasks:
                    task.cancel()
        finally:
            await self._ledger.close()

    async def _remember(self) -> None:
        """What was settled before: it is not sent again."""
        places = self._places(NOTICES_DELIVERIES)
        for held in (await compacted(self._bootstrap, *places)).values():
            self._settled |= {key.decode() for key, value in held.items() if value is not None}

    def _places(self, topic: Topic) -> list[TopicPartition]:
        return [TopicPartition(topic_name(self._space, topic), number) for number in range(topic.partitions)]

    async def _follow(self) -> None:
        """Rosters, and messages that may still be sent: from the oldest that is not given up."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap, isolation_level="read_committed", enable_auto_commit=False,
            auto_offset_reset="earliest",
        )  # fmt: skip
        await consumer.start()
        try:
            outbox, rosters = self._places(NOTICES_OUTBOX), self._places(ROSTERS)
            consumer.assign(outbox + rosters)
            await consumer.seek_to_beginning(*rosters)
            oldest = int((time.time() - self._settings.keep_trying.total_seconds()) * 1000)
            found = await consumer.offsets_for_times(dict.fromkeys(outbox, oldest))
            for place, start in found.items():
                if start is None:
                    await consumer.seek_to_end(place)
                else:
                    consumer.seek(place, start.offset)
            self._codec = Codec.of(NOTICES_OUTBOX, ROSTERS)
            behind = await consumer.end_offsets(rosters)
            while any([await consumer.position(place) < end for place, end in behind.items()]):
                await self._take(consumer, rosters)  # whom to call is known before anybody is told
            self.ready = True
            while True:
                await self._take(consumer, [])
        finally:
            await consumer.stop()

    async def _take(self, consumer: AIOKafkaConsumer, places: list[TopicPartition]) -> None:
        for records in (await consumer.getmany(*places, timeout_ms=300)).values():
            for record in records:
                try:
                    self._hear(self._codec.read_binary(record.headers, record.value))
                except Unreadable as reason:
                    log.error("record left out", topic=record.topic, offset=record.offset, reason=str(reason))

    def _hear(self, event: Event[Any]) -> None:
        match event.data:
            case RosterFiled() as filed:
                self._rosters[filed.agency, filed.day.isoformat()] = filed
            case Message() as message:
                for channel, language in self._settings.ways(message).items():
                    if f"{message.message_id}/{channel}" not in self._settled:
                        self._queues[channel].put_nowait((event.at, message, language))
                        WAITING.labels(self._space, channel).inc()

    # -- one channel -----------------------------------------------------------------------------------------

    async def _serve(self, channel: str) -> None:
        way, queue, failed = self._ways[channel], self._queues[channel], 0
        while True:
            at, message, language = await queue.get()
            key = f"{message.message_id}/{channel}"
            if key in self._settled:  # it came twice
                WAITING.labels(self._space, channel).dec()
                continue
            failed = await self._send(channel, way, key, at, message, language, failed)
            WAITING.labels(self._space, channel).dec()

    async def _send(
        self, channel: str, way: Way, key: str, at: datetime, message: Message, language: Language, failed: int
    ) -> int:
        """Try until it is settled; returns how often the channel has failed in a row since it last worked."""
        attempts, pause = 0, PAUSES[0]
        while True:
            now = datetime.now(UTC)
            if now - at > self._settings.keep_trying:
                await self._settle(channel, message, "expired", attempts)
                return failed
            attempts += 1
            duty = on_duty(self._rosters.values(), message.receiver, now)
            to = officer(duty, message.role or "duty")
            try:
                await way.send(key, message, render(message, language, self._district), language, to)
            except Refused as error:
                await self._settle(channel, message, "refused", attempts, str(error))
                return 0
            except Failed as error:
                failed += 1
                FAILURES.labels(self._space, channel).inc()
                log.warning(
                    "not sent", channel=channel, message=str(message.message_id), attempts=attempts, why=str(error)
                )
                if failed == DOWN_AFTER or (failed > DOWN_AFTER and failed & (failed - 1) == 0):
                    DOWN.labels(self._space, channel).set(1)
                    await self._say(CHANNELS, ChannelDown(channel=channel, attempts=failed, detail=str(error)))
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSES[1])
                continue
            await self._settle(channel, message, "sent", attempts)
            if failed >= DOWN_AFTER:
                await self._say(CHANNELS, ChannelUp(channel=channel))
            DOWN.labels(self._space, channel).set(0)
            return 0

    async def _settle(self, channel: str, message: Message, outcome: Any, attempts: int, detail: str = "") -> None:
        settled = Delivery(
            message_id=message.message_id, channel=channel, outcome=outcome, attempts=attempts, detail=detail
        )
        await self._say(NOTICES_DELIVERIES, settled)
        self._settled.add(settled.subject)
        SETTLED.labels(self._space, channel, outcome).inc()
        log.info("settled", channel=channel, message=str(message.message_id), outcome=outcome, attempts=attempts)

    async def _say(self, topic: Topic, data: Data) -> None:
        said = Event(datetime.now(UTC), "/notifier", uuid4().hex, data)
        async with self._writing:
            await self._ledger.write([entry(self._space, Output(topic, said))])
