"""A worker's coordination over a log in memory, with every interleaving decided by a seed.

The worker, its runners, the decoder and the engine are the product's own (:class:`streams.worker.Worker`). In
place of Faust and Kafka there is a log in memory: this is the one place of the tests with a double for them, as
no real broker lets a test choose between what happens next, thousands of times a minute. What the double
promises (fencing by epoch, all or nothing, an order for each partition) the other tests take from a real Kafka.

Each worker has an event loop of its own, which is stepped by one turn at a time: so a process can be killed, or
frozen and continued, between any two turns, which is at every ``await``. Time is the simulation's.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any, NoReturn
from unittest.mock import patch

from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError
from faust.types import TP

from ioc.alerts.alert import ALERTS_EVENTS
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Tick
from ioc.events.codec import Codec
from ioc.folds import ALERT, DOSSIER, QUEUE, REQUEST, SOURCES
from ioc.partitioner import partition_of
from streams import runner, topics, transport, worker
from streams.fetching import Fetched
from streams.ledger import Entry
from streams.names import topic_name
from streams.records import entry, ticks
from streams.runner import Place

SPACE = "sim"
PARTITIONS = 2
FOLDS = (DOSSIER, REQUEST, QUEUE, ALERT)  # all that feed the queues' inbox
PLACE = Place("memory", SPACE, "driven", {shape.name: PARTITIONS for shape in topics.shapes(SPACE)})
#: Simulated seconds of one turn.
TURN = 0.01


class Died(SystemExit):  # which alone goes through a task and its loop
    """The worker has ended itself."""


class Fenced(Exception):
    """Another owner has opened this transactional id."""


@dataclass(frozen=True)
class Record:
    offset: int
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]
    timestamp: int


@dataclass(eq=False)
class Message:
    """What Faust hands to an agent."""

    tp: TP
    key: Any = None
    value: Any = None
    acked: bool = False


@dataclass
class Log:
    """What the broker holds. Each commit ends with a marker on each partition, which takes an offset."""

    clock: Callable[[], float]
    records: dict[tuple[str, int], list[Record]] = field(default_factory=lambda: defaultdict(list))
    ends: Counter[tuple[str, int]] = field(default_factory=Counter)
    epochs: Counter[str] = field(default_factory=Counter)

    def append(self, entries: Iterable[tuple[tuple[str, int], Entry]]) -> None:
        touched = set()
        for where, (_, key, value, headers, _) in entries:
            self.records[where].append(Record(self.ends[where], key, value, headers, int(self.clock() * 1000)))
            self.ends[where] += 1
            touched.add(where)
        for where in touched:
            self.ends[where] += 1

    def publish(self, event: AnyEvent) -> None:
        told: list[Entry] = []
        for topic in (fold.inbox for fold in FOLDS if fold.inbox in SOURCES):
            if isinstance(event.data, Tick):
                told += ticks(SPACE, topic, event.at, range(PARTITIONS))
            elif type(event.data) in topic.events:
                told.append(entry(SPACE, Output(topic, event)))
        self.append((_place(each), each) for each in told)


class Together(list[Any]):
    """A Kafka batch of these records."""

    max_timestamp = 0

    @property
    def next_offset(self) -> int:
        return int(self[-1].offset) + 1


def fetched_of(records: Sequence[Any]) -> Fetched:
    """As they come from the fetcher, one byte each."""
    fetched = Fetched(records[0].offset, len(records))
    fetched.add(Together(records))
    return fetched


def _place(written: Entry) -> tuple[str, int]:
    number = partition_of(written.key, PARTITIONS) if written.partition is None else written.partition
    return written.topic, number


class Consumer(transport.Consumer):
    """The product's consumer; what it asks Kafka's client for, in the client's own thread, is in memory."""

    flow_active, should_stop = True, False

    def __init__(self, process: "Process") -> None:
        self.process, self.app = process, process.app  # type: ignore[assignment]
        self.assigned: set[TP] = set()
        self._positions: dict[TP, int] = {}
        self._opened, self._rebalances, self._rebalancing = {}, 0, False
        self._in_flight = Counter()
        self._resume_from, self._room = {}, asyncio.Event()
        self._unacked_messages, self._waiting_for_ack = set(), None

    def assign(self, assigned: set[TP]) -> None:
        """A new assignment starts at what the group has committed, which is any offset that was ever processed."""
        self.assigned = assigned
        self._positions = dict.fromkeys(assigned, 0)

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        await self.process.hop()
        for tp, offset in partitions.items():
            if tp not in self.assigned:
                raise IllegalStateError(f"{tp} is not assigned")
            self._positions[tp] = offset
        await asyncio.sleep(0)  # back from the thread

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109 - Faust's
        return await self._getmany(self.assigned, timeout), self.assigned

    async def _fetch(self, partitions: set[TP]) -> dict[TP, Fetched]:
        await self.process.hop()
        fetched = {}
        for tp in sorted(partitions & self.assigned):
            held = self.process.sim.log.records[tp.topic, tp.partition]
            records = [each for each in held if each.offset >= self._positions[tp]]
            if records := records[: self.process.sim.chance.choice((1, 2, 5, 50))]:
                fetched[tp], self._positions[tp] = fetched_of(records), records[-1].offset + 1
        await asyncio.sleep(0)  # back from the thread
        return fetched

    @property
    def _thread(self) -> Any:  # type: ignore[override]
        return SimpleNamespace(getmany=lambda partitions, timeout: self._fetch(partitions))

    def _to_message(self, tp: TP, record: Any) -> Any:
        return Message(tp, value=record)

    def highwater(self, tp: TP) -> int:
        return self.process.sim.log.ends[tp.topic, tp.partition]


class Process:
    """One worker process: the product's worker, its loop, and its consumer."""

    def __init__(self, sim: "Simulation", name: str) -> None:
        self.sim, self.name = sim, name
        self.loop = asyncio.new_event_loop()
        self.loop.time = lambda: sim.now  # type: ignore[method-assign]
        self.loop.set_exception_handler(lambda *_: None)
        self.alive, self.frozen, self.joined = True, False, False
        self.coordination = asyncio.Lock()  # a client gives back and takes in turn
        monitor = SimpleNamespace(track_tp_end_offset=lambda *_: None)
        self.app = SimpleNamespace(consumer_generation_id=0, monitor=monitor)
        self.app.consumer = self.consumer = Consumer(self)
        self.worker = worker.Worker(sim.plan, PLACE, name, 0)
        self.worker._folds = {topic_name(SPACE, fold.inbox): fold for fold in FOLDS}
        self.worker._app = self.app  # type: ignore[assignment]
        self.spawn(self._fetch())

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return self.loop.create_task(work)

    def turn(self) -> None:
        """One turn of the loop: every callback that is ready, once."""
        self.sim.current = self
        self.loop.call_soon(self.loop.stop)
        try:
            self.loop.run_forever()
        except Died:
            self.kill()

    def kill(self) -> None:
        """Gone, between two turns, with nothing cleaned up."""
        self.alive, self.sim.current = False, self
        tasks = asyncio.all_tasks(self.loop)
        self.loop._ready.clear()  # type: ignore[attr-defined]
        self.loop._scheduled.clear()  # type: ignore[attr-defined]
        self.loop.call_soon = lambda *_, **__: None  # type: ignore[assignment, method-assign]
        for task in tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            with suppress(BaseException):
                task.get_coro().close()
        self.loop.close()

    async def hop(self) -> None:
        """Something takes a while."""
        for _ in range(self.sim.chance.choice((0, 0, 1, 1, 2, 5))):
            await asyncio.sleep(0)

    async def _fetch(self) -> None:
        """Faust's fetcher, and the agent that hands batches to their runners."""
        while True:
            await asyncio.sleep(TURN)
            async for tp, message in self.consumer.getmany(1.0):
                await self.hop()
                if (owner := self.worker._runners.get(tp)) is not None:
                    done = partial(self.consumer.ack, message)
                    owner.put(SimpleNamespace(value=message.value, ack=done))

    # -- what the group asks of a member --

    async def leave_partitions(self) -> None:
        async with self.coordination:
            await self.worker._on_revoked()
        self.joined = True

    async def take_partitions(self, generation: int, assigned: set[TP]) -> None:
        async with self.coordination:
            self.consumer.assign(assigned)
            self.app.consumer_generation_id = generation
            await self.hop()  # Faust does this and that, with the flow of records on or off
            await self.worker._on_assigned(self.app, assigned)


class MemoryLedger:
    """The ledger over the log in memory, with an ``await`` wherever the real one has any."""

    def __init__(self, _: str, transactional_id: str, __: Mapping[str, int]) -> None:
        self._id, self._epoch = transactional_id, -1
        self._process = Simulation.running.current
        self._log = Simulation.running.log

    async def open(self) -> None:
        await self._process.hop()
        self._log.epochs[self._id] += 1
        self._epoch = self._log.epochs[self._id]
        await self._process.hop()

    async def close(self) -> None:
        await self._process.hop()

    async def write(self, entries: list[Entry]) -> None:
        await self._process.hop()
        sent = []
        for each in entries:
            if self._process.sim.chance.random() < 0.1:
                await self._process.hop()
                self._check()
            sent.append((_place(each), each))
        await self._process.hop()
        self._check()
        self._log.append(sent)
        await self._process.hop()

    def _check(self) -> None:
        if self._epoch != self._log.epochs[self._id]:
            raise Fenced(self._id)


class Simulation:
    """A world: a log, processes, the group that shares partitions among them, and a schedule made from a seed."""

    running: "Simulation"

    def __init__(self, plan: Plan, events: list[AnyEvent], seed: int) -> None:
        Simulation.running = self
        self.plan, self.chance, self.now, self.turns = plan, Random(seed), 1000.0, 0
        self.log = Log(lambda: self.now)
        self.processes: dict[str, Process] = {}
        self.current: Process
        self.faults: Counter[str] = Counter()
        self._events = iter(events)
        self._left = len(events)
        self._generation = 0
        self._rebalancing: set[str] = set()

    # -- the world --

    def start(self, name: str) -> None:
        self.current = self.processes[name] = Process(self, name)
        self.rebalance()

    def turn(self) -> None:
        """Time goes on by a turn, everywhere."""
        self.turns += 1
        self.now += TURN
        if self._left and self.chance.random() < 0.5:
            for _ in range(min(self._left, self.chance.choice((1, 1, 3, 10)))):
                self.log.publish(next(self._events))
                self._left -= 1
        for process in list(self.processes.values()):
            if process.alive and not process.frozen:
                process.turn()
        self._share()

    @property
    def published(self) -> bool:
        return not self._left

    def rebalance(self) -> None:
        """Ask every member that answers to give its partitions back."""
        self._rebalancing = {name for name, each in self.processes.items() if each.alive and not each.frozen}
        for name in self._rebalancing:
            process = self.processes[name]
            process.joined = False
            process.spawn(process.leave_partitions())

    def _share(self) -> None:
        """Once all have given theirs back, share them out anew, by chance."""
        members = [self.processes[name] for name in sorted(self._rebalancing)]
        if not members or not all(each.joined or not each.alive or each.frozen for each in members):
            return
        members = [each for each in members if each.alive and not each.frozen]
        self._rebalancing, self._generation = set(), self._generation + 1
        shares: dict[str, set[TP]] = {each.name: set() for each in members}
        for fold in FOLDS:
            for number in range(PARTITIONS):
                if members:
                    shares[self.chance.choice(members).name].add(TP(topic_name(SPACE, fold.inbox), number))
        for each in members:
            each.spawn(each.take_partitions(self._generation, shares[each.name]))

    # -- faults --

    def kill(self, name: str) -> None:
        self.faults["kill"] += 1
        self.processes[name].kill()

    def freeze(self, name: str) -> None:
        self.faults["freeze"] += 1
        self.processes[name].frozen = True

    def thaw(self, name: str) -> None:
        self.processes[name].frozen = False

    def close(self) -> None:
        for process in self.processes.values():
            if process.alive:
                process.kill()

    # -- what came of it --

    def lines(self) -> Counter[bytes]:
        """What was written of alerts, but for what only time brings: other folds are silent here, and hold it back."""
        codec, found = Codec.of(ALERTS_EVENTS), Counter[bytes]()
        for number in range(PARTITIONS):
            for record in self.log.records[topic_name(SPACE, ALERTS_EVENTS), number]:
                line = codec.read_binary(record.headers, record.value).data
                if line.transition != "H16":
                    found[line.model_dump_json(by_alias=True).encode()] += 1
        return found

    def state(self, fold: str, number: int) -> dict[bytes, bytes | None]:
        return {each.key: each.value for each in self.log.records[f"{SPACE}.{fold}.changelog", number]}


def _die(reason: str) -> NoReturn:
    if not Simulation.running.current.alive:
        raise GeneratorExit  # it is being taken apart, and has nothing to say any more
    Simulation.running.faults[f"died of {reason[:80]}"] += 1
    raise Died(reason)


async def _compacted(_: str, *partitions: TopicPartition) -> dict[TopicPartition, dict[bytes, bytes | None]]:
    sim, found = Simulation.running, {}
    process = sim.current
    for tp in partitions:
        await process.hop()
        found[tp] = {each.key: each.value for each in sim.log.records[tp.topic, tp.partition]}
    return found


async def _beginnings(_: str, *partitions: TopicPartition) -> dict[TopicPartition, int]:
    await Simulation.running.current.hop()
    return dict.fromkeys(partitions, 0)


def in_memory() -> Any:
    """The product with its Kafka in memory, for as long as this context lasts."""
    clock = SimpleNamespace(monotonic=lambda: Simulation.running.now)
    logging.getLogger("ioc.worker").disabled = True
    stack = patch.multiple(worker, compacted=_compacted, beginnings=_beginnings, die=_die, time=clock)
    return _both(stack, patch.multiple(runner, Ledger=MemoryLedger, time=clock))


class _both:
    def __init__(self, *contexts: Any) -> None:
        self._contexts = contexts

    def __enter__(self) -> None:
        for each in self._contexts:
            each.__enter__()

    def __exit__(self, *_: object) -> None:
        for each in self._contexts:
            each.__exit__(None, None, None)
