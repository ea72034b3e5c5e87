"""How often one may fail to sign in. Kept in memory: who starts the wall again may try again."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

#: Failures after which one must wait: of one name from one address, of one name, and from one address.
PER_NAME_AND_ADDRESS, PER_NAME, PER_ADDRESS = parse("5/10 minutes"), parse("30/hour"), parse("60/10 minutes")


class Throttle:
    """Counts failures; asked before a password is looked at, so that guessing costs us nothing."""

    def __init__(self) -> None:
        self._limits = MovingWindowRateLimiter(MemoryStorage())

    def open(self, name: str, where: str) -> bool:
        return all(self._limits.test(limit, *key) for limit, key in self._keys(name, where))

    def failed(self, name: str, where: str) -> None:
        for limit, key in self._keys(name, where):
            self._limits.hit(limit, *key)

    def _keys(self, name: str, where: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
        return [
            (PER_NAME_AND_ADDRESS, ("both", name, where)),
            (PER_NAME, ("name", name)),
            (PER_ADDRESS, ("address", where)),
        ]
