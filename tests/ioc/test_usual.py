"""What is usual, held against counts made by chance: how often chance rings, and how soon an outbreak does.

The counts are made here from seeds; no story and no district's settings were chosen by them.
"""

import random
from math import exp

import pytest

from ioc.usual import usual

ALPHA = 0.005
#: Comparisons with chance alone, for each mean and dispersion.
ROUNDS = 1500


def poisson(draw: random.Random, mean: float) -> int:
    count, product, least = 0, draw.random(), exp(-mean)
    while product > least:
        count, product = count + 1, product * draw.random()
    return count


def chance(draw: random.Random, mean: float, dispersion: float) -> int:
    """Negative binomial with variance ``dispersion`` times the mean; Poisson at 1."""
    if dispersion == 1:
        return poisson(draw, mean)
    return poisson(draw, draw.gammavariate(mean / (dispersion - 1), dispersion - 1))


@pytest.mark.parametrize(("dispersion", "most"), [(1, 0.006), (1.5, 0.02), (2.5, 0.04)])
@pytest.mark.parametrize("mean", [0.3, 1, 3, 10, 40])
def test_chance_rings_about_as_seldom_as_it_is_asked_to(mean: float, dispersion: float, most: float) -> None:
    """Within it for Poisson; where counts scatter more, twenty of them tell the scatter only roughly."""
    draw = random.Random(f"null {mean} {dispersion}")
    rung = 0
    for _ in range(ROUNDS):
        past = [chance(draw, mean, dispersion) for _ in range(20)]
        rung += chance(draw, mean, dispersion) > usual(past, ALPHA).limit

    assert rung / ROUNDS <= most


def test_an_outbreak_of_before_does_not_hide_the_next() -> None:
    calm = [3, 4, 2, 5, 3, 4, 3, 2, 4, 3, 5, 4, 3, 2, 4, 3, 3, 4]
    once = [*calm, 30, 41]

    assert usual(once, ALPHA).limit < 20
    assert usual(calm, ALPHA).limit <= usual(once, ALPHA).limit


def test_the_fewer_are_known_the_wider_is_the_limit() -> None:
    limits = [usual([4] * known, ALPHA).limit for known in (2, 4, 8, 16, 64)]

    assert limits == sorted(limits, reverse=True)
    assert limits[0] > limits[-1]


def test_zeros_alone_do_not_make_one_case_an_outbreak() -> None:
    assert usual([0] * 8, ALPHA).limit >= 1


def test_a_larger_school_may_miss_more() -> None:
    past, sizes = [4, 6, 5, 3, 6, 5, 4, 5], [100.0] * 8

    assert usual(past, ALPHA, sizes, 200).limit > usual(past, ALPHA, sizes, 100).limit
    assert usual(past, ALPHA, sizes, 100) == usual(past, ALPHA)


@pytest.mark.parametrize("count", [10_000, 1_000_000, 100_000_000])
def test_counts_of_any_size_are_judged_at_once(count: int) -> None:
    found = usual([count, count + 1, count - 1] * 5, ALPHA)

    assert count < found.limit < count * 1.1


@pytest.mark.parametrize(("past", "sizes"), [([], None), ([1], [0.0]), ([1, 2], [3.0])])
def test_without_anything_to_compare_nothing_is_usual(past: list[int], sizes: list[float] | None) -> None:
    with pytest.raises(ValueError, match="reference counts are needed"):
        usual(past, ALPHA, sizes)
