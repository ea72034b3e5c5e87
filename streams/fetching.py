"""Records out of aiokafka's fetcher as whole Kafka batches, which are taken apart only when they are read.

aiokafka makes an object of its own for every record, in Python and long before it is needed: that costs more than
judging it, and so does memory that has left the processor's cache meanwhile. Here its loop over batches stays as it
is - what was aborted is left out, checksums are checked - but a batch counts as one record in it.
"""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

from aiokafka.consumer import fetcher as aio

#: (class, attribute, what it is relied on for): each is called, or replaced on an instance, here.
ASSUMPTIONS: tuple[tuple[type, str, str], ...] = (
    (aio.Fetcher, "_create_fetch_waiter", "a future that is done when something was fetched"),
    (aio.Fetcher, "_notify", "wakes the fetching of what has been used up"),
    (aio.FetchError, "check_raise", "raises the error of a partition that could not be fetched"),
    (aio.FetchResult, "getone", "takes one record, and moves the position on"),
    (aio.FetchResult, "has_more", "says whether a fetch has been used up"),
    (aio.PartitionRecords, "_unpack_records", "leaves out what was aborted, batch by batch"),
    (aio.PartitionRecords, "_consumer_record", "is asked for each record what to hand out"),
)


class Fetched:
    """Records of one partition in order, to be read once: ``size`` bytes, with offsets from ``first`` to ``last``.

    The last ones may be of what no reader sees: markers of transactions, and what was aborted.
    """

    def __init__(self, first: int, size: int) -> None:
        self.first, self.last, self.size = first, first - 1, size
        self.timestamp = 0
        self._batches: list[Any] = []

    def add(self, batch: Any) -> None:
        """A Kafka batch that follows."""
        self._batches.append(batch)
        self.last, self.timestamp = batch.next_offset - 1, batch.max_timestamp

    def __len__(self) -> int:
        """How many offsets it covers: in a compacted topic, fewer records."""
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[Any]:
        self._batches.reverse()
        while self._batches:
            for record in self._batches.pop():
                if record.offset >= self.first:  # the first batch may begin before
                    yield record


async def fetch(fetcher: aio.Fetcher, partitions: Iterable[Any], patience: float) -> dict[Any, Fetched]:
    """What has been fetched of these partitions; waits up to ``patience`` seconds where there is nothing."""
    if fetcher._subscriptions.reassignment_in_progress:
        await fetcher._subscriptions.wait_for_assignment()  # what was fetched may be another's after it
    wanted = list(partitions)
    taken = _take(fetcher, wanted)
    if not taken and patience:
        waiter = fetcher._create_fetch_waiter()
        await asyncio.wait([waiter], timeout=patience)
        waiter.cancel()
        taken = _take(fetcher, wanted)
    return taken


def _take(fetcher: aio.Fetcher, wanted: list[Any]) -> dict[Any, Fetched]:
    taken: dict[Any, Fetched] = {}
    for tp in wanted:
        result = fetcher._records.get(tp)
        failed = isinstance(result, aio.FetchError)
        if result is None or (failed and taken):
            continue  # an error is told once there is nothing else to hand over
        del fetcher._records[tp]
        fetcher._notify(fetcher._wait_consume_future)
        if failed:
            result.check_raise()
        if result.has_more() and len(fetched := _all_of(result)):
            taken[tp] = fetched
    return taken


def _all_of(result: Any) -> Fetched:
    unpacking = result._partition_records
    fetched = Fetched(unpacking.next_fetch_offset, unpacking._records.size_in_bytes())
    unpacking._records = _Batches(unpacking._records)
    unpacking._consumer_record = lambda _tp, record: record.batch
    while (batch := result.getone()) is not None:
        fetched.add(batch)
    fetched.last = unpacking.next_fetch_offset - 1
    return fetched


class _Batches:
    """Stands for aiokafka's ``MemoryRecords``."""

    def __init__(self, records: Any) -> None:
        self.has_next, self._next = records.has_next, records.next_batch

    def next_batch(self) -> "_Batch":
        return _Batch(self._next())


class _Batch:
    """A Kafka batch that counts as one record, with the offset of its last; all else is asked of the batch."""

    def __init__(self, batch: Any) -> None:
        self.batch, self.offset = batch, batch.next_offset - 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.batch, name)

    def __iter__(self) -> Iterator["_Batch"]:
        yield self

    def __next__(self) -> Any:
        return next(self.batch)  # the one record of a control batch
