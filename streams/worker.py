"""A worker: one Faust app, one agent a fold, a runner for each partition that the group gives it."""

import asyncio
import gc
import logging
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, cast

import faust
import uvloop
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError
from faust.types import TP

from ioc.engine.plan import Plan
from ioc.folds import FOLDS, Fold
from ioc.partitioner import partition_of
from streams import transport
from streams.health import LOCALHOST, Health, serve
from streams.ledger import beginnings, compacted
from streams.names import changelog_name, topic_name
from streams.runner import Place, Runner

log = logging.getLogger("ioc.worker")
#: A partition with lag whose position stands still for so long ends the worker, seconds.
STUCK_AFTER = 60.0


def die(reason: str) -> NoReturn:
    """End this process at once: what was not committed never happened, and whoever restarts us goes on there."""
    print(f"ioc worker: {reason}", file=sys.stderr, flush=True)
    os._exit(1)


class Worker:
    """The runners of one process, told by Faust which partitions are theirs."""

    def __init__(self, plan: Plan, place: Place, name: str, health_port: int, health_host: str = LOCALHOST) -> None:
        self._plan, self._place, self._name = plan, place, name
        self._folds = {topic_name(place.space, fold.inbox): fold for fold in FOLDS}
        self._runners: dict[TP, Runner] = {}
        self._tasks: dict[TP, asyncio.Task[None]] = {}
        self._health = Health(ready=self._ready)
        self._port, self._host = health_port, health_host
        self._assigned = False

    def app(self) -> faust.App:
        """The Faust app, with an agent for every fold."""
        transport.register()
        app = faust.App(
            self._place.space,
            **transport.settings(self._place.bootstrap, consumer_group_instance_id=self._name),
        )
        for name, fold in self._folds.items():
            app.agent(app.topic(name, schema=transport.Raw()), name=fold.name)(self._agent)
        app.on_partitions_assigned.connect(self._on_assigned)  # type: ignore[arg-type] # its stub wants positional only
        app.on_partitions_revoked.connect(self._on_revoked)
        app.task(self._serve)
        app.task(self._watch)
        self._app = app
        return app

    async def _agent(self, stream: Any) -> AsyncIterator[None]:
        async for event in stream.noack().events():
            runner = self._runners.get(event.message.tp)
            if runner is not None:
                runner.put(event)
        yield

    # -- whose partitions --

    @property
    def _consumer(self) -> transport.Consumer:
        return cast(transport.Consumer, self._app.consumer)

    async def _on_revoked(self, *_args: Any, **_: Any) -> None:
        self._consumer.close_all()
        await asyncio.gather(*(runner.pause() for runner in self._runners.values()))

    async def _on_assigned(self, _app: Any, *args: Any, **_: Any) -> None:
        assigned: set[TP] = args[0]
        self._assigned = True
        self._consumer.rebalanced()
        for tp in self._runners.keys() - assigned:
            if (task := self._tasks.pop(tp, None)) is not None:
                task.cancel()
            await self._runners.pop(tp).close()
        ours = {tp for tp in assigned if tp.topic in self._folds}
        for tp in sorted(ours & self._runners.keys()):
            if self._runners[tp].restored:
                self._spawn(self._open(tp, self._runners[tp]))
        new = {tp: self._new_runner(self._folds[tp.topic], tp.partition) for tp in sorted(ours - self._runners.keys())}
        self._runners |= new
        if new:
            self._spawn(self._take_over(new))

    async def _take_over(self, new: dict[TP, Runner]) -> None:
        """Fence the former owners, restore what they committed, and begin."""
        begun, bootstrap = time.monotonic(), self._place.bootstrap
        await asyncio.gather(*(runner.fence() for runner in new.values()))
        changelogs = {
            tp: TopicPartition(changelog_name(self._place.space, self._folds[tp.topic]), tp.partition) for tp in new
        }
        saved = await compacted(bootstrap, *changelogs.values())
        oldest = await beginnings(bootstrap, *(TopicPartition(*tp) for tp in new))
        for tp, runner in new.items():
            runner.restore(saved.pop(changelogs[tp]).items(), oldest[TopicPartition(*tp)])
            runner.meter.restore.set(time.monotonic() - begun)
            if self._runners.get(tp) is runner:  # else it was given to another meanwhile
                self._tasks[tp] = self._spawn(runner.run())
                await self._open(tp, runner)

    def _new_runner(self, fold: Fold, number: int) -> Runner:
        place = self._place
        count = place.of(fold.inbox)
        partition = self._plan.partition(
            fold,
            number,
            mode=place.mode,
            partitions=place.of,
            owns=lambda key: partition_of(key.encode(), count) == number,
        )
        return Runner(place, partition, self._plan.downstream(fold))

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        async def guarded() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except BaseException as error:
                log.error("worker ends", exc_info=error)
                die(f"{type(error).__name__}: {error}")

        return asyncio.get_running_loop().create_task(guarded())

    async def _open(self, tp: TP, runner: Runner) -> None:
        """Begin to read, as a member of the group as it is now."""
        consumer = self._consumer
        with suppress(IllegalStateError):  # given back meanwhile: whoever gets it next opens it, perhaps we
            await runner.open(
                generation=lambda: self._app.consumer_generation_id,
                seek=lambda offset: consumer.open(tp, offset),
                end=lambda: consumer.highwater(tp) or 0,
            )

    # -- health --

    def _ready(self) -> str | None:
        """None when every partition of ours is restored and read, else what is missing."""
        if not self._assigned:
            return "no partitions assigned yet"
        waiting = [runner.partition.name for runner in self._runners.values() if not runner.ready]
        return f"restoring {', '.join(sorted(waiting))}" if waiting else None

    async def _serve(self) -> None:
        if self._port:
            await serve(self._health, self._port, self._host)

    async def _watch(self) -> None:
        """End a worker whose position stands still while it has lag: another takes over."""
        seen: dict[TP, tuple[int, float]] = {}
        while True:
            await asyncio.sleep(STUCK_AFTER / 10)
            now = time.monotonic()
            for tp, runner in self._runners.items():
                position = runner.partition.position
                if not runner.ready or runner.lag() <= 1 or seen.get(tp, (None, 0))[0] != position:
                    seen[tp] = (position, now)
                elif now - seen[tp][1] > STUCK_AFTER:
                    die(f"{tp} has stood at offset {position} for {STUCK_AFTER:.0f} s with {runner.lag()} behind it")


def run(plan: Plan, place: Place, name: str, health_port: int, health_host: str = LOCALHOST) -> None:
    """Run a worker until it is told to stop (SIGTERM or SIGINT)."""
    uvloop.install()
    logging.getLogger("aiokafka").setLevel(logging.WARNING)  # else it words each request, for nobody
    app = Worker(plan, place, name, health_port, health_host).app()
    with tempfile.TemporaryDirectory(prefix="ioc-worker-") as directory:  # Faust wants one; nothing of ours is in it
        app.conf.datadir = Path(directory)
        app.finalize()
        # Batches make many short-lived objects and no cycles: at the usual thresholds a quarter of the time goes
        # into looking for some, through all that was imported too.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        worker = faust.Worker(app, loglevel="WARN", redirect_stdouts=False, quiet=True)
        worker.execute_from_commandline()
