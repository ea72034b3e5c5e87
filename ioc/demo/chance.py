"""Chance that is always the same: a stream for each name, so that changing one story moves no other."""

# The rest of ioc may not import random, because the same events must give the same findings. Here the events
# themselves are made; every stream is seeded by words, and Python keeps such streams alike across versions.
from random import Random  # noqa: TID251

__all__ = ["Random", "chance"]


def chance(seed: int, *names: object) -> Random:
    """The stream of this seed and these names."""
    return Random("/".join(map(str, (seed, *names))))
