"""Reads a space's dead letters, and puts one back on the topic it came from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition

from streams.ledger import reader
from streams.names import DEAD_LETTERS, topic_name


@dataclass(frozen=True)
class DeadLetter:
    """A record that could not be taken. ``number`` is its own offset among the dead letters."""

    number: int
    at: datetime
    topic: str
    partition: int
    offset: str
    reason: str
    truncated: bool
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]

    def summary(self) -> dict[str, object]:
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "topic": self.topic,
            "partition": self.partition,
            "offset": self.offset,
            "bytes": len(self.value),
            "reason": self.reason,
        }

    def shown_headers(self) -> dict[str, str]:
        return {name: text.decode("utf-8", "backslashreplace") for name, text in self.headers}


def _letter(record: Any) -> DeadLetter:
    about = {name: text.decode("utf-8", "replace") for name, text in record.headers if not name.startswith("original_")}
    original = tuple(
        (name.removeprefix("original_"), text) for name, text in record.headers if name.startswith("original_")
    )
    return DeadLetter(
        number=record.offset,
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        topic=about.get("topic", ""),
        partition=int(about.get("partition", "0")),
        offset=about.get("offset", ""),
        reason=about.get("reason", ""),
        truncated="truncated" in about,
        key=record.key or b"",
        value=record.value or b"",
        headers=original,
    )


async def read(bootstrap: str, space: str) -> list[DeadLetter]:
    """All dead letters of a space, oldest first."""
    tp = TopicPartition(topic_name(space, DEAD_LETTERS), 0)
    letters: list[DeadLetter] = []
    async with reader(bootstrap, tp) as consumer:
        end = (await consumer.end_offsets([tp]))[tp]
        while await consumer.position(tp) < end:
            for records in (await consumer.getmany(tp, timeout_ms=1000)).values():
                letters += [_letter(record) for record in records]
    return letters


async def find(bootstrap: str, space: str, number: int) -> DeadLetter | None:
    return next((letter for letter in await read(bootstrap, space) if letter.number == number), None)


async def redrive(bootstrap: str, letter: DeadLetter) -> None:
    """Write the record again, with its key and headers, to the partition it came from."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True)
    await producer.start()
    try:
        await producer.send_and_wait(
            letter.topic, letter.value, letter.key, letter.partition, headers=list(letter.headers)
        )
    finally:
        await producer.stop()
