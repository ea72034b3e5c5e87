"""The names of a space's topics, groups and transactions in Kafka, and where a key belongs."""

from functools import lru_cache

from aiokafka.partitioner import murmur2

from ioc.events.base import Topic
from ioc.folds import Fold

DEAD_LETTERS = "dead-letters"


def topic_name(space: str, topic: Topic | str) -> str:
    return f"{space}.{topic if isinstance(topic, str) else topic.name}"


def changelog_name(space: str, fold: Fold) -> str:
    return f"{space}.{fold.name}.changelog"


def transactional_id(space: str, owner: str) -> str:
    """One per partition of a fold, so that its next owner fences the last; the broker knows it by this name."""
    return f"{space}.{owner}"


@lru_cache(maxsize=200_000)
def partition_of(key: bytes, partitions: int) -> int:
    """Kafka's default partitioner, the same as every other client's."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions)
