"""Puts alerts and figures into Redis as the read model does, without Kafka before it."""

from collections import Counter
from collections.abc import Iterable

import redis

from ioc.events.base import Data, Event
from ioc.read_model import CHANGES_KEPT, OVER_KEPT, SPACES, key
from streams.read_model_script import SAY_COMPLETE, SCRIPT, words


class Filler:
    """One space's writer."""

    over_kept = OVER_KEPT

    def __init__(self, redis_url: str, space: str) -> None:
        self.redis = redis.Redis.from_url(redis_url, decode_responses=True)
        self.space, self._positions = space, Counter[str]()

    def put(self, *events: Event[Data], partition: str = "alerts.events/0") -> None:
        """One batch, as of one partition."""
        self.redis.sadd(SPACES, self.space)
        stored = self._positions[partition]
        following = stored + len(events)
        said = [word for event in events for word in words(event)]
        where = partition, stored or "", following, CHANGES_KEPT, self.over_kept
        applied, _ = self.redis.register_script(SCRIPT)(args=[key(self.space, ""), *where, *said])
        assert applied
        self._positions[partition] = following

    def complete(self) -> None:
        """Say that everything is in."""
        pairs: Iterable[tuple[str, int]] = self._positions.items()
        flat = [word for pair in pairs for word in pair]
        self.redis.register_script(SAY_COMPLETE)(args=[key(self.space, ""), *flat])

    def forget(self) -> None:
        """Redis loses everything, and the writer begins anew."""
        self.redis.flushall()
        self._positions.clear()
