"""A worker as it runs live, with a stopwatch on its runners."""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
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

    The clock starts when the warm-up has been *applied*: partitions take turns, so much of what follows may be
    applied before the warm-up is committed. It stops when all is *committed*.
    ``until_idle``: all are done when nothing comes any more, downstream neither; else after ``events`` of them.
    ``gate``: a file; no partition begins before it is there.
    """

    def __init__(self, warm_up: int, events: int, *, until_idle: bool = False, gate: str | None = None) -> None:
        self._watch, self._until_idle = Stopwatch(warm_up, events), until_idle
        self._warm_up, self._total = warm_up, warm_up + events
        self._applied = self._committed = 0
        self._gate = Path(gate) if gate else None
        self._runners: set[Runner] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._newest, self._begun = 0.0, False

    def run(self, plan: Plan, place: Place, name: str, folds: Sequence[Fold]) -> None:
        """Run a worker of these folds; this process ends in it."""
        setattr(worker, "FOLDS", tuple(folds))  # noqa: B010 - another module's name, on purpose
        setattr(worker, "Runner", self._runner())  # noqa: B010
        worker.run(plan, place, name, 0)

    def _runner(self) -> type[Runner]:
        session = self

        class Watched(Runner):
            counted = 0

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

            def _records(self, events: list[Any]) -> Iterator[Any]:
                records = super()._records(events)
                return session._counted(records, self) if self.fold.inbox in SOURCES else records

            async def _step(self, events: list[Any]) -> None:
                self.counted = 0
                session._before()
                await super()._step(events)
                if events:
                    session._after(self.counted)

        return Watched

    def _say(self) -> None:
        print(HOLDS + str(sum(runner.ready for runner in self._runners)), flush=True)

    async def _opened(self) -> None:
        while self._gate is not None and not self._gate.exists():  # noqa: ASYNC110 - a file has no event
            await asyncio.sleep(0.02)

    def _before(self) -> None:
        if self._applied >= self._warm_up and not self._begun:
            self._begun, self._watch.seen = True, self._applied
            self._watch.begin()

    def _counted(self, records: Iterator[Any], runner: Any) -> Iterator[Any]:
        for record in records:
            if record.key:  # a tick has none
                runner.counted += 1
                self._applied += 1
            yield record

    def _after(self, count: int) -> None:
        self._committed += count
        self._newest, self._watch.seen = time.monotonic(), self._committed
        self._watch.stop()
        if not self._tasks and (self._until_idle or self._committed >= self._total):
            ending = self._wait() if self._until_idle else self._finish()
            self._tasks.add(asyncio.get_running_loop().create_task(ending))

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
