"""A worker as it runs live, with a stopwatch on its runners."""

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ioc.engine.plan import Plan
from ioc.folds import SOURCES, Fold
from streams import worker
from streams.bench.stopwatch import Stopwatch
from streams.runner import Place, Runner

#: Nothing came for so long: everything has been done, seconds.
IDLE = 1.5
#: What a worker prints whenever the number of partitions it reads has changed begins with this word.
HOLDS = "HOLDS "


class Session:
    """Counts the events of source topics as they are committed, and ends the process when all are done.

    ``until_idle``: all are done when nothing comes any more, downstream neither; else after the stopwatch's count.
    ``gate``: a file; no partition begins before it is there.
    """

    def __init__(self, watch: Stopwatch, *, until_idle: bool = False, gate: str | None = None) -> None:
        self._watch, self._until_idle = watch, until_idle
        self._gate = Path(gate) if gate else None
        self._runners: set[Runner] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._newest = 0.0

    def run(self, plan: Plan, place: Place, name: str, folds: Sequence[Fold]) -> None:
        """Run a worker of these folds; this process ends in it."""
        setattr(worker, "FOLDS", tuple(folds))  # noqa: B010 - another module's name, on purpose
        setattr(worker, "Runner", self._runner())  # noqa: B010
        worker.run(plan, place, name, 0)

    def _runner(self) -> type[Runner]:
        session = self

        class Watched(Runner):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args)
                session._runners.add(self)

            async def open(self, *args: Any, **named: Any) -> None:
                await super().open(*args, **named)
                session._say()

            async def run(self) -> None:
                await session._opened()
                await super().run()

            async def close(self) -> None:
                session._runners.discard(self)
                session._say()
                await super().close()

            async def _step(self, events: list[Any]) -> None:
                await super()._step(events)
                if events:
                    session._stepped(self, events)

        return Watched

    def _say(self) -> None:
        print(HOLDS + str(sum(runner.ready for runner in self._runners)), flush=True)

    async def _opened(self) -> None:
        while self._gate is not None and not self._gate.exists():  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.02)

    def _stepped(self, runner: Runner, events: list[Any]) -> None:
        if runner.fold.inbox in SOURCES:
            done = self._watch.count(sum(1 for event in events for record in event.value.records if record.key))
            if done and not self._until_idle and not self._tasks:
                self._tasks.add(asyncio.get_running_loop().create_task(self._finish()))
        if self._until_idle:
            self._newest = time.monotonic()
            self._watch.stop()
            if not self._tasks:
                self._tasks.add(asyncio.get_running_loop().create_task(self._wait()))

    async def _wait(self) -> None:
        while time.monotonic() - self._newest < IDLE:  # noqa: ASYNC110 - nothing tells us that nothing comes
            await asyncio.sleep(0.1)
        await self._finish()

    async def _finish(self) -> None:
        """End between transactions: one left open would keep readers waiting until it times out."""
        for runner in self._runners:
            await runner.pause()
        self._watch.report()
        os._exit(0)
