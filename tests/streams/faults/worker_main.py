"""``ioc`` with named points at which it ends itself, or stops, as a fault would: the product knows nothing of them.

``IOC_FAULT=kill@commit:3`` ends this process by SIGKILL at its third passing of the point ``commit``;
``stop@…`` freezes it there by SIGSTOP. The points, in the order of one batch:

* ``fenced``    the former owner is fenced, nothing is restored yet
* ``restored``  the changelog is read, nothing of the source is
* ``begun``     a transaction is open, nothing is in it
* ``outputs``   the broker has acknowledged outputs of it, no state yet
* ``state``     the broker has acknowledged its state too
* ``commit``    everything is acknowledged, the commit is about to be asked for
* ``committed`` the commit is done, nobody here knows it yet
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Mapping

from ioc.cli import main
from streams import runner, worker
from streams.ledger import Entry, Ledger

POINTS = ("fenced", "restored", "begun", "outputs", "state", "commit", "committed")
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}

_passed: Counter[str] = Counter()
_how, _, _where = os.environ.get("IOC_FAULT", "").partition("@")
_point, _, _number = _where.partition(":")


def reach(point: str) -> None:
    """The process is at this point."""
    _passed[point] += 1
    if point == _point and _passed[point] == int(_number):
        os.kill(os.getpid(), SIGNALS[_how])


class PointedLedger(Ledger):
    """The product's ledger, which says where it is."""

    def __init__(self, bootstrap: str, transactional_id: str, partitions: Mapping[str, int]) -> None:
        super().__init__(bootstrap, transactional_id, partitions)
        begin, commit = self._producer.begin_transaction, self._producer.commit_transaction

        async def begun() -> None:
            await begin()
            reach("begun")

        async def committed() -> None:
            reach("commit")
            await commit()
            reach("committed")

        self._producer.begin_transaction, self._producer.commit_transaction = begun, committed

    async def open(self) -> None:
        await super().open()
        reach("fenced")

    async def _send(self, topic: str, number: int, entries: list[Entry]) -> list[asyncio.Future[object]]:
        sent = await super()._send(topic, number, entries)
        point = "state" if topic.endswith(".changelog") else "outputs"
        if point == _point:  # only then: it costs a wait for the broker
            for delivered in sent:
                await delivered
        reach(point)
        return sent


class PointedRunner(runner.Runner):
    """The product's runner, which says when it has its state."""

    def restore(self, saved: Iterable[tuple[bytes, bytes | None]], oldest: int) -> None:
        super().restore(saved, oldest)
        reach("restored")


def tell(*_: object) -> None:
    """What this process is waiting for: to be asked, by SIGUSR1, when a test has waited in vain."""
    for task in asyncio.all_tasks(asyncio.get_event_loop()):
        task.print_stack(limit=6, file=sys.stderr)
    sys.stderr.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, tell)
    runner.Ledger = PointedLedger  # type: ignore[attr-defined]
    worker.Runner = PointedRunner  # type: ignore[attr-defined]
    main()
