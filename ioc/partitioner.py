"""Where a key belongs: Kafka's default partitioner, the same here, in a replay and in every other client."""

from functools import lru_cache

#: Constants of murmur2 (Austin Appleby, public domain) as Kafka's clients use it.
SEED, MIX, WORD = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF


@lru_cache(maxsize=200_000)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition of ``key``, of so many."""
    return 0 if partitions == 1 else (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """The 32-bit hash, unsigned."""
    hashed, whole = SEED ^ len(data), len(data) & ~3
    for start in range(0, whole, 4):
        word = int.from_bytes(data[start : start + 4], "little") * MIX & WORD
        word = (word ^ word >> 24) * MIX & WORD
        hashed = (hashed * MIX & WORD) ^ word
    if rest := data[whole:]:
        hashed = (hashed ^ int.from_bytes(rest, "little")) * MIX & WORD
    hashed = (hashed ^ hashed >> 13) * MIX & WORD
    return hashed ^ hashed >> 15
