"""A Faust transport that hands an agent one *batch* of records per partition, tens of times stock Faust's rate.

What it adds to Faust's own Kafka driver:

* a message's value is a :class:`Batch` of raw records of one partition, acknowledged as a whole;
* a partition is read only once its owner has opened it at an offset of its own (:meth:`Consumer.open`): the
  group's committed offset is a hint for tools and is never trusted;
* back-pressure by bytes: all partitions together hold at most about :data:`IN_FLIGHT` unacknowledged bytes, each its
  share of them, which is also what keeps partitions and topics fair to one another;
* acks and batches of an older generation of the consumer group are ignored, and what a rebalance drops is read
  again, because every partition is opened again after it.

What it assumes of Faust is in :data:`ASSUMPTIONS`, which a test holds against the installed version.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiokafka
import faust
from aiokafka.errors import ConsumerStoppedError
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ConsumerMessage, Message
from mode.utils.futures import notify

from streams import fetching

#: Unacknowledged bytes of all partitions together, as they came from the broker; each is not fetched beyond its share
#: of them, which is at least :data:`FETCH`.
IN_FLIGHT = 64 * 1024 * 1024
#: At most so many bytes of a partition are fetched at once, where a single Kafka batch is not larger.
FETCH = 2 * 1024 * 1024

#: (class, method, what it is relied on for): each is overridden or called here.
ASSUMPTIONS: tuple[tuple[type, str, str], ...] = (
    (driver.Consumer, "getmany", "the fetcher asks it for (tp, message) pairs and delivers them in order"),
    (driver.Consumer, "_getmany", "fetches raw records of the partitions it is given"),
    (driver.Consumer, "_wait_next_records", "waits for flow and calls _getmany with the active partitions"),
    (driver.Consumer, "_new_consumer_thread", "makes the thread that owns the Kafka client"),
    (driver.Consumer, "ack", "called by event.ack() with the message"),
    (driver.Consumer, "_new_offset", "asked at each commit for the offset of a partition"),
    (driver.Consumer, "_filter_tps_with_pending_acks", "says which partitions a commit is for"),
    (driver.Consumer, "_add_gap", "told of offsets that were skipped, which batches have by nature"),
    (driver.Consumer, "perform_seek", "called after a rebalance to go to the committed offsets"),
    (driver.Consumer, "seek_wait", "seeks in the consumer's own thread and waits for it"),
    (driver.Consumer, "verify_event_path", "logs about streams that look stuck; the watchdog does that here"),
    (driver.AIOKafkaConsumerThread, "_create_worker_consumer", "makes the AIOKafkaConsumer of a worker"),
    (driver.AIOKafkaConsumerThread, "_fetch_records", "takes fetched records, in the thread of the Kafka client"),
    *fetching.ASSUMPTIONS,
)


@dataclass
class Batch:
    """Records of one partition, in order, to be read once. ``resume_from`` is set by who has processed them, before
    the ack.

    ``follows`` is where the batch before it ended, or where its partition was opened: nothing lies between.
    """

    tp: TP
    generation: int
    follows: int
    records: fetching.Fetched
    resume_from: int | None = None


class Thread(driver.AIOKafkaConsumerThread):
    """The Kafka client: sees only what was committed, as all our writers use transactions."""

    def _create_worker_consumer(self, transport: Any) -> aiokafka.AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # Faust sets it only for its own exactly_once
        return consumer

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's
        max_records: int | None = None,
    ) -> Any:
        if not self.consumer.flow_active:
            return {}
        if consumer._closed or consumer._fetcher._closed:
            raise ConsumerStoppedError
        with consumer._fetcher._subscriptions.fetch_context():
            return await fetching.fetch(consumer._fetcher, active_partitions, timeout or 0)


class Consumer(driver.Consumer):
    """Yields one message per (partition, batch)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        #: Partitions that are read, each with the offset after the newest batch of it.
        self._opened: dict[TP, int] = {}
        self._rebalances = 0
        self._rebalancing = False
        self._in_flight: Counter[TP] = Counter()
        self._resume_from: dict[TP, int] = {}
        self._room = asyncio.Event()
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> Thread:
        return Thread(self, loop=self.loop, beacon=self.beacon)

    # -- for the owner of a partition --

    async def open(self, tp: TP, offset: int) -> bool:
        """Read this partition from ``offset`` on; nothing of it is delivered before.

        False during a rebalance: then it stays closed, and is to be opened once that is over.
        """
        self._opened.pop(tp, None)
        rebalances = self._rebalances
        await self.seek_wait({tp: offset})
        if self._rebalancing or rebalances != self._rebalances:
            return False
        self._in_flight[tp] = 0
        self._opened[tp] = offset
        self._room.set()
        return True

    def close_all(self) -> None:
        """A rebalance has begun: no partition is read until that is over and it is opened again."""
        self._rebalances += 1
        self._rebalancing = True
        self._opened.clear()
        self._in_flight.clear()
        self._resume_from.clear()

    def rebalanced(self) -> None:
        """The rebalance is over: partitions may be opened."""
        self._rebalancing = False

    # -- for Faust's fetcher --

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's
        wanted = self._opened.keys() & (active_partitions or set())
        share = max(FETCH, IN_FLIGHT // max(1, len(self._opened)))
        ready = {tp for tp in wanted if self._in_flight[tp] < share}
        if not ready:
            self._room.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._room.wait(), timeout=0.2)
            return {}
        # Short, so that a partition that was opened or got room meanwhile does not wait for the others.
        return await super()._getmany(ready, 0.1)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Message]]:  # noqa: ASYNC109 - Faust's
        records, _ = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        if not records or self.should_stop:
            return
        for tp, fetched in cast(Mapping[TP, fetching.Fetched], records).items():
            stale = not self.flow_active or self.app.consumer_generation_id != generation
            if stale or tp not in self._opened:  # whoever owns it next opens it at its own offset
                continue
            self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
            self._in_flight[tp] += fetched.size
            batch = Batch(tp, generation, self._opened[tp], fetched)
            self._opened[tp] = fetched.last + 1
            yield tp, self._to_message(tp, batch)

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        """Faust's message of a batch: where it ends, and when its newest record was appended."""
        fetched = record.records
        return ConsumerMessage(
            tp.topic, tp.partition, fetched.last, fetched.timestamp / 1000, 1,
            None, None, record, None, tp=tp, generation_id=record.generation,
        )  # fmt: skip

    def ack(self, message: Message) -> bool:
        """A batch is done: its state and outputs are committed."""
        batch = cast(Batch, message.value)
        if message.acked or batch.generation != self.app.consumer_generation_id:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        self._in_flight[batch.tp] -= batch.records.size
        if batch.resume_from is not None:
            self._resume_from[batch.tp] = batch.resume_from
        self._room.set()
        notify(self._waiting_for_ack)
        return True

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[TP]:
        return (tp for tp in list(self._resume_from) if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self._resume_from.get(tp)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Batches have gaps by nature: transaction markers take offsets too."""

    async def perform_seek(self) -> None:
        """Positions are the owners' (see :meth:`open`), not the group's."""

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Left to the watchdog, which looks at positions and lag."""

    def verify_recovery_event_path(self, now: float, tp: TP) -> None:
        """There are no tables to recover."""


class Transport(driver.Transport):
    """Faust's Kafka transport with our consumer."""

    Consumer = Consumer


class Raw(faust.Schema[Any, Any]):
    """Hands batches over undecoded: decoding, and what fails it, is the runner's."""

    def compile(self, app: Any, **_: Any) -> Any:
        async def decode(message: Any, *, propagate: bool = False) -> Any:
            return app.create_event(None, message.value, {}, message)

        return decode

    async def decode(self, app: Any, message: Any, *, propagate: bool = False) -> Any:
        return app.create_event(None, message.value, {}, message)


def register() -> None:
    """Make ``kafka://`` mean this transport, through Faust's own registry."""
    TRANSPORTS.aliases["kafka"] = f"{__name__}:Transport"


def broken_assumptions(found: Iterable[tuple[type, str, str]] = ASSUMPTIONS) -> list[str]:
    """One sentence for each thing relied on that the installed Faust no longer has."""
    return [
        f"faust {faust.__version__} or aiokafka {aiokafka.__version__} has no "
        f"{owner.__module__}.{owner.__qualname__}.{name}: {why}"
        for owner, name, why in found
        if not callable(getattr(owner, name, None))
    ]


def settings(bootstrap: str, **more: Any) -> Mapping[str, Any]:
    """Faust's settings for a worker on this transport; times in seconds."""
    return {
        "broker": f"kafka://{bootstrap}",
        "store": "memory://",
        "broker_session_timeout": 8.0,
        "broker_heartbeat_interval": 1.0,
        "broker_rebalance_timeout": 30.0,
        "broker_request_timeout": 30.0,
        "broker_max_poll_interval": 300.0,
        "broker_commit_interval": 1.0,
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": FETCH,
        "stream_wait_empty": False,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
        **more,
    }
