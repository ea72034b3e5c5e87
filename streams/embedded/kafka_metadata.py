"""The one question that we ask Kafka in its own protocol: which brokers serve?

A port that accepts connections is not yet a broker that serves. Asking here, rather than by a
client library, lets `start` be called from anywhere, also from within an event loop.
"""

import struct

from streams.embedded import ports

METADATA, VERSION = 3, 1
_NO_CLIENT_ID, _NO_TOPICS = -1, 0
_BODY = struct.pack(">hhihi", METADATA, VERSION, 1, _NO_CLIENT_ID, _NO_TOPICS)
REQUEST = struct.pack(">i", len(_BODY)) + _BODY


def brokers(port: int) -> set[int]:
    """The numbers of the brokers that serve, as the one on `port` sees it; empty if it does not answer."""
    answer = ports.exchange(port, REQUEST, _complete)
    return set(_numbers(answer)) if _complete(answer) else set()


def _complete(answer: bytes) -> bool:
    return len(answer) >= 4 and len(answer) >= 4 + int(struct.unpack_from(">i", answer)[0])


def _numbers(answer: bytes) -> list[int]:
    """Of the answer: length, correlation id, then per broker number, host, port and rack."""
    found, at = [], 12
    for _ in range(struct.unpack_from(">i", answer, 8)[0]):
        number, host = struct.unpack_from(">ih", answer, at)
        at += 6 + host + 4
        (rack,) = struct.unpack_from(">h", answer, at)
        at += 2 + max(rack, 0)
        found.append(number)
    return found
