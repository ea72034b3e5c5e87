"""Workers of one space under fire, and what they must have come to: the same events in one process.

A :class:`Field` publishes a story, keeps workers up as a supervisor does, and reads along as everybody reads
(``read_committed``). :class:`Oracle` is :class:`ioc.replay.Replay` over the same events, its keys on the same
partitions as Kafka's, so that states can be held against it byte by byte.
"""

import asyncio
import logging
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from unittest.mock import patch

import aiohttp
import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

import detectors
from ioc import district as districts
from ioc import replay
from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_STATE, Alert, AlertChanged
from ioc.engine.partition import CHECKPOINT, Partition
from ioc.engine.plan import Plan, plan
from ioc.engine.results import Batch
from ioc.events.base import AnyEvent
from ioc.events.codec import Codec
from ioc.events.figures import FIGURES, FactTotals, TallyTotal
from ioc.folds import FOLDS
from streams import topics
from streams.embedded.leash import Leashed
from streams.embedded.not_ready import last_lines
from streams.embedded.ports import free_port
from streams.names import changelog_name, topic_name
from streams.publish import Publisher
from streams.runner import Place

DISTRICT = "bac_tra_my"
MAIN = Path(__file__).with_name("worker_main.py")
#: How often each fault is tried: CI's share is 1.
RUNS = int(os.environ.get("IOC_FAULT_RUNS", "1"))

for _name in ("aiokafka", "faust", "mode"):  # a broker that is away makes clients say so thousands of times
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def rules() -> Plan:
    return plan(districts.load(DISTRICT), detectors.ALL)


State = dict[bytes, bytes | None]


class Oracle:
    """What must come of these events: the history of alerts, and what each partition has saved of its states."""

    def __init__(self, events: Iterable[AnyEvent], partitions: int = 4) -> None:
        saved: dict[tuple[str, int], State] = defaultdict(dict)
        take = Partition.take

        def noted(partition: Partition) -> Batch:
            batch = take(partition)
            saved[partition.fold.name, partition.number].update(batch.changes)
            return batch

        with patch.object(Partition, "take", noted):
            self.result = replay.Replay(rules(), partitions).run(events)
        self.lines = Counter(self.result.lines())
        self.partitions = partitions
        self.states = {owner: states(known) for owner, known in saved.items()}

    def comparable(self, known: Mapping[tuple[str, int], State]) -> dict[tuple[str, int], State]:
        """By partition; keys alone, all together, where a topic has another number of partitions than here."""
        alike = {fold.name for fold in FOLDS if fold.inbox.partitions == self.partitions}
        found: dict[tuple[str, int], State] = defaultdict(dict)
        for (fold, number), saved in known.items():
            if fold == "notice":  # how notices are gathered into messages depends on batches; who is told does not
                saved = {key: b"" for key in saved if not key.startswith(b"\x00")}
            if fold in alike:
                found[fold, number] = saved
            else:
                found[fold, -1].update((key, value) for key, value in saved.items() if not key.startswith(b"\x00"))
        return found


def states(known: State) -> State:
    """Without the checkpoint, which names offsets, and without what is given up."""
    return {key: saved for key, saved in known.items() if saved is not None and key != CHECKPOINT}


@dataclass
class Verdict:
    """How what was read differs from what must be."""

    seed: int
    events: int = 0
    alerts: int = 0
    missing: int = 0
    unexpected: int = 0
    duplicates: int = 0
    wrong_states: int = 0
    wrong_figures: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    recovered_in: list[float] = field(default_factory=list)
    seconds: float = 0.0
    samples: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not (self.missing or self.unexpected or self.duplicates or self.wrong_states or self.wrong_figures)

    def __str__(self) -> str:
        counts = " ".join(f"{name}={getattr(self, name)}" for name in (
            "seed", "events", "alerts", "missing", "unexpected", "duplicates", "wrong_states", "wrong_figures",
            "restarts",
        ))  # fmt: skip
        slow = f" first alert after a kill: {', '.join(f'{s:.1f}' for s in self.recovered_in)} s"
        return f"{counts} faults={dict(self.faults)} in {self.seconds:.0f} s{slow if self.recovered_in else ''}"


class Reader:
    """Reads everything that the workers write, as any reader does, and keeps the newest of each key."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.lines: list[AlertChanged] = []
        self.changelogs: dict[tuple[str, int], State] = {
            (fold.name, number): {} for fold in FOLDS for number in range(fold.inbox.partitions)
        }
        self.alerts: dict[str, Alert] = {}
        self.figures: dict[str, FactTotals | TallyTotal] = {}
        self.last_line_at = 0.0
        self.first_line_after: dict[float, float] = {}
        self._codecs = {topic.name: Codec.of(topic) for topic in (ALERTS_EVENTS, ALERTS_STATE, FIGURES)}

    async def run(self) -> None:
        place = self._place
        folds = {changelog_name(place.space, fold): fold for fold in FOLDS}
        ours = {topic_name(place.space, topic): topic for topic in (ALERTS_EVENTS, ALERTS_STATE, FIGURES)}
        consumer = AIOKafkaConsumer(
            bootstrap_servers=place.bootstrap,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            names = [*folds, *ours]
            consumer.assign([TopicPartition(name, n) for name in names for n in range(place.partitions[name])])
            while True:
                for tp, records in (await consumer.getmany(timeout_ms=200)).items():
                    if tp.topic in folds:
                        known = self.changelogs[folds[tp.topic].name, tp.partition]
                        known.update((record.key, record.value) for record in records)
                    else:
                        for record in records:
                            if record.value is None:  # an alert is forgotten
                                self.alerts.pop(record.key.decode(), None)
                                continue
                            self._hear(self._codecs[ours[tp.topic].name].read_binary(record.headers, record.value))
        finally:
            with suppress(KafkaError):
                await consumer.stop()

    def _hear(self, event: AnyEvent) -> None:
        match event.data:
            case AlertChanged() as line:
                self.lines.append(line)
                self.last_line_at = time.monotonic()
                for waiting in [at for at, heard in self.first_line_after.items() if not heard]:
                    self.first_line_after[waiting] = self.last_line_at
            case FactTotals() | TallyTotal() as figure:
                self.figures[figure.subject] = figure
            case Alert() as alert:
                self.alerts[str(alert.alert_id)] = alert
            case _:
                pass

    def watermarks(self) -> dict[tuple[str, int], datetime | None]:
        """How far each partition of each fold has come, by its checkpoint."""
        found: dict[tuple[str, int], datetime | None] = {}
        for owner, known in self.changelogs.items():
            checkpoint = orjson.loads(known.get(CHECKPOINT) or b'{"watermark":null}')
            at = checkpoint["watermark"]
            found[owner] = datetime.fromisoformat(at) if at else None
        return found


class Field:
    """One space with its workers. Use it as an async context manager."""

    def __init__(self, bootstrap: str, space: str, directory: Path, seed: int, replication: int = 1) -> None:
        shapes = topics.shapes(space)
        self.place = Place(bootstrap, space, "driven", {shape.name: shape.partitions for shape in shapes})
        self.seed, self._replication, self._directory = seed, replication, directory
        self.workers: dict[str, Leashed] = {}
        self.verdict = Verdict(seed)
        self.reader = Reader(self.place)
        self._wanted: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._begun = time.monotonic()
        self._armed: dict[str, str] = {}
        self.ports: dict[str, int] = {}
        #: The faults are over: what is left to be published may come at once.
        self.hurry = asyncio.Event()

    async def __aenter__(self) -> Self:
        await topics.apply(self.place.bootstrap, self.place.space, self._replication)
        self._tasks = [asyncio.create_task(self.reader.run()), asyncio.create_task(self._supervise())]
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._wanted.clear()
        if kind is not None:
            for worker in self.workers.values():
                worker.signal(signal.SIGUSR1)
            await asyncio.sleep(1)
        for worker in self.workers.values():
            await asyncio.to_thread(worker.kill)
        if kind is not None:
            print(f"under fire: {self.verdict}")
            for name, worker in self.workers.items():
                print(f"the log of {name} ends:{last_lines(worker.log_path)}")

    # -- workers --

    def start(self, name: str, fault: str = "", main: Path = MAIN) -> Leashed:
        """Start a worker, or start it again; ``fault`` is what befalls it (see ``worker_main``)."""
        port = self.ports.setdefault(name, free_port())
        options = ["--space", self.place.space, "--mode", "driven", "--district", DISTRICT, "--name", name]
        options += ["--health-port", str(port)]
        command = [sys.executable, str(main), "worker", *options, "--bootstrap", self.place.bootstrap]
        whole = {**os.environ, "PYTHONUNBUFFERED": "1", "IOC_FAULT": fault}
        self.workers[name] = Leashed(command, self._directory / f"{name}.log", whole)
        self._wanted.add(name)
        return self.workers[name]

    async def kill(self, name: str) -> None:
        """``kill -9``; the supervisor starts it again."""
        self.reader.first_line_after[time.monotonic()] = 0.0
        await asyncio.to_thread(self.workers[name].kill)

    async def recovered(self, patience: float = 60) -> None:
        """Wait for an alert that is newer than the newest kill."""
        deadline = time.monotonic() + patience
        while not all(self.reader.first_line_after.values()):
            assert time.monotonic() < deadline, f"seed {self.seed}: no alert within {patience} s after a kill"
            await asyncio.sleep(0.05)

    async def processed(self, share: float, events: list[AnyEvent], patience: float = 90) -> None:
        """Wait until every partition has come so far into the story."""
        await self.done(events[int(share * (len(events) - 1))].at, patience)

    async def frozen(self, name: str, patience: float = 60) -> None:
        """Wait until this worker is stopped (SIGSTOP, by itself or by us)."""
        deadline = time.monotonic() + patience
        while self._run_state(name) != "T":
            assert time.monotonic() < deadline, f"seed {self.seed}: {name} did not come to its point"
            await asyncio.sleep(0.05)
        self.verdict.faults["freeze"] += 1

    def _run_state(self, name: str) -> str:
        with suppress(OSError):
            return Path(f"/proc/{self.workers[name].pid}/stat").read_text().rpartition(")")[2].split()[0]
        return ""

    async def metric(self, name: str, metric: str) -> float:
        """The sum of a metric over its labels, as a worker tells it."""
        url = f"http://127.0.0.1:{self.ports[name]}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as reply:
            lines = (await reply.text()).splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(metric + "{"))

    def said(self) -> list[str]:
        """Why workers ended by themselves, in their own words."""
        logs = [worker.log_path.read_text("utf-8", "replace") for worker in self.workers.values()]
        return [line for log in logs for line in log.splitlines() if "ioc worker:" in line]

    async def leave(self, name: str) -> None:
        """It ends in order and is not started again."""
        self.verdict.faults["leave"] += 1
        self._wanted.discard(name)
        await asyncio.to_thread(self.workers[name].stop, 20)

    def arm(self, name: str, fault: str) -> None:
        """The next start of this worker meets this fault."""
        self._armed[name] = fault

    async def _supervise(self) -> None:
        while True:
            for name in sorted(self._wanted):
                if self.workers[name].poll() is not None:
                    code = self.workers[name].wait()
                    self.verdict.faults["kill" if code == -signal.SIGKILL else f"ended with {code}"] += 1
                    self.verdict.restarts += 1
                    self.start(name, self._armed.pop(name, ""))
            await asyncio.sleep(0.1)

    # -- events --

    async def publish(self, events: list[AnyEvent], seconds: float) -> None:
        """Publish events that carry their ticks, evenly over so many seconds; at once all that is left, if hurried."""
        part = max(1, int(len(events) * 0.25 / seconds))
        begun = time.monotonic()
        publisher: Publisher | None = None
        for first in range(0, len(events), part):
            while True:  # as whoever started `ioc publish` would: again, with the same recording
                try:
                    if publisher is None:
                        publisher = Publisher(self.place, DISTRICT)
                        await publisher.open()
                    await publisher.publish(events[first : first + part], f"part {first}", 0)
                    break
                except (KafkaError, OSError) as error:
                    self.verdict.faults[f"publisher: {type(error).__name__}"] += 1
                    if publisher is not None:
                        with suppress(KafkaError, OSError):
                            await asyncio.wait_for(publisher.close(), 5)
                    publisher = None
                    await asyncio.sleep(0.5)
            ahead = begun + seconds * first / len(events) - time.monotonic()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.hurry.wait(), max(0.0, ahead))
        if publisher is not None:
            await publisher.close()
        self.verdict.events += len(events)

    async def done(self, until: datetime, patience: float = 90) -> None:
        """Wait until every partition of every fold has come to this time."""
        deadline = time.monotonic() + patience
        while behind := {k: at for k, at in self.reader.watermarks().items() if at is None or at < until}:
            for task in self._tasks:
                if task.done():
                    task.result()
            assert time.monotonic() < deadline, f"seed {self.seed}: after {patience} s still behind: {behind}"
            await asyncio.sleep(0.1)

    # -- judgement --

    async def judged(self, oracle: Oracle, until: datetime, patience: float = 120) -> Verdict:
        """Wait for the end of the story, and for what may be written beyond it; then compare."""
        await self.done(until, patience)
        await asyncio.sleep(1.5)  # a line too many would come now
        return self.judge(oracle)

    def judge(self, oracle: Oracle) -> Verdict:
        verdict, reader = self.verdict, self.reader
        seen = Counter(line.model_dump_json(by_alias=True).encode() for line in reader.lines)
        identities = Counter((line.alert_id, line.version) for line in reader.lines)
        verdict.alerts = len(identities)
        verdict.duplicates = sum(count - 1 for count in identities.values())
        verdict.missing = sum((oracle.lines - seen).values())
        verdict.unexpected = len(set(seen) - set(oracle.lines))
        found_by_owner = oracle.comparable({owner: states(known) for owner, known in reader.changelogs.items()})
        for owner, wanted in oracle.comparable(oracle.states).items():
            found = found_by_owner[owner]
            for key in sorted(_differing(wanted, found)):
                verdict.wrong_states += 1
                verdict.samples.append(f"{owner} {key!r}: wanted {wanted.get(key)!r}, found {found.get(key)!r}")
        newest = {str(line.alert_id): line for line in oracle.result.alerts}
        for name in newest.keys() - reader.alerts.keys():
            if not newest[name].open:
                del newest[name]  # forgotten since
        verdict.wrong_states += len(newest.keys() ^ reader.alerts.keys()) + sum(
            reader.alerts[name].version != line.version for name, line in newest.items() if name in reader.alerts
        )
        totals = replay.Result(figures=reader.figures).totals()
        wanted_totals = oracle.result.totals()
        verdict.wrong_figures = sum(
            sum(1 for each in wanted_totals[kind] if each not in totals[kind] and each["value"])
            + sum(1 for each in totals[kind] if each not in wanted_totals[kind] and each["value"])
            for kind in ("facts", "tallies")
        )
        verdict.samples += [
            f"figure: wanted {[w for w in wanted_totals[kind] if w not in totals[kind] and w['value']]}, "
            f"found {[f for f in totals[kind] if f not in wanted_totals[kind] and f['value']]}"
            for kind in ("facts", "tallies")
        ]
        verdict.recovered_in = [heard - at for at, heard in reader.first_line_after.items() if heard]
        verdict.seconds = time.monotonic() - self._begun
        print(f"under fire: {verdict}", *verdict.samples[:5], *self.said()[:5], sep="\n")
        return verdict


def _differing(wanted: State, found: State) -> set[bytes]:
    return {key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)}
