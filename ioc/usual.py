"""How many are usual: the most that a count may be before it is more than chance, from comparable counts of before.

Counts are held to be overdispersed Poisson. Their rate is a mean over the reference counts, with half an event more
(Jeffreys' prior: zeros do not make one case impossible, as in the Bayes method of Riebler, 2004); their dispersion is
Pearson's, never below one; reference counts that stand out weigh less by their Anscombe residual, so that the last
outbreak does not hide the next (Farrington et al., J. R. Stat. Soc. A 159, 1996; Noufaly et al., Stat. Med. 32,
2013). The limit is a quantile of the negative binomial that predicts the next count: it is wider the fewer the
reference counts are. What is compared with what (the same weeks of other years, the same hours of other days) is for
the caller to choose, who knows what repeats.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

from ioc.text import Text

#: An Anscombe residual from which on a reference count is held for an outbreak. Noufaly et al. take 2.58 and measure
#: by all counts, where two of twenty hide each other; measured without the largest, 4 costs no more false alarms.
OUTLIER = 4.0
#: One of so many reference counts may be an outbreak's.
LARGEST = 10
#: Beyond this standard deviation the gamma distribution stands in for the negative binomial.
WIDE = 500.0
TOO_LITTLE = Text("chưa đủ số liệu để biết mức thường ngày", "too little is known to say what is usual")
TOO_FEW_DAYS = Text(TOO_LITTLE.vi, "too few days are known to say what is usual")


@dataclass(frozen=True, slots=True)
class Usual:
    """The most that is usual; how many are expected; from how many reference counts this is known."""

    limit: int
    expected: float
    basis: int


def usual(past: Sequence[int], alpha: float, sizes: Sequence[float] | None = None, size: float = 1.0) -> Usual:
    """What the next count may be: more than ``limit`` comes by chance at most ``alpha`` of the time.

    ``sizes``: out of how many each reference count was, where that differs (pupils of a school, mentions of a day),
    and ``size`` that of the count to be judged. Raises ValueError without any reference count.
    """
    sizes = [1.0] * len(past) if sizes is None else sizes
    if not past or len(sizes) != len(past) or min(sizes) <= 0:
        raise ValueError("reference counts are needed, each out of more than nothing")
    weights = _weights(past, sizes)
    whole = sum(map(_product, weights, sizes))
    rate = (sum(map(_product, weights, past)) + 0.5) / whole
    expected = rate * size
    variance = _dispersion(past, sizes, weights, rate) * expected * (1 + size / whole)
    return Usual(_quantile(expected, variance, alpha), expected, len(past))


def usual_day(
    count: Callable[[date], int], first: date, day: date, *, days: int, known_after: int, alpha: float
) -> Usual | None:
    """What is usual for a day by the ``days`` before it, or those since the ``first``; None where too few are known."""
    known = min((day - first).days, days)
    if known < known_after:
        return None
    return usual([count(day - timedelta(days=back)) for back in range(known, 0, -1)], alpha)


def in_words(known: Usual | None, unknown: Text = TOO_FEW_DAYS) -> Text:
    """What a day is held against; ``unknown`` where that is not known yet."""
    if known is None:
        return unknown
    return Text(f"thường ngày không quá {known.limit}", f"usually no more than {known.limit}")


def _product(a: float, b: float) -> float:
    return a * b


def _dispersion(past: Sequence[int], sizes: Sequence[float], weights: Sequence[float], rate: float) -> float:
    if len(past) < 2:
        return 1.0
    pearson = sum(
        weight * (count - rate * size) ** 2 / (rate * size)
        for count, size, weight in zip(past, sizes, weights, strict=True)
    )
    return max(1.0, pearson / (len(past) - 1))


def _weights(past: Sequence[int], sizes: Sequence[float]) -> list[float]:
    """One each, less for what stands out; they sum to the number of counts.

    Residuals are measured by the rate and scatter of all but the largest tenth: large outbreaks would hide themselves.
    """
    by_rate = sorted(range(len(past)), key=lambda place: past[place] / sizes[place])
    ordinary = by_rate[: len(past) - len(past) // LARGEST]
    counts, of = [past[place] for place in ordinary], [sizes[place] for place in ordinary]
    rate = (sum(counts) + 0.5) / sum(of)
    spread = sqrt(_dispersion(counts, of, [1.0] * len(counts), rate))
    found = []
    for count, size in zip(past, sizes, strict=True):
        mean = rate * size
        residual = 1.5 * (count ** (2 / 3) - mean ** (2 / 3)) / (mean ** (1 / 6) * spread)
        found.append(residual**-2 if residual > OUTLIER else 1.0)
    scale = len(found) / sum(found)
    return [weight * scale for weight in found]


def _quantile(mean: float, variance: float, alpha: float) -> int:
    """The least count that is exceeded with a probability of at most ``alpha``; negative binomial."""
    spread = sqrt(variance)
    if spread > WIDE:  # Wilson and Hilferty's cube root of a gamma: here within a few parts in a thousand
        ninth = variance / (9 * mean * mean)
        return int(mean * (1 - ninth + NormalDist().inv_cdf(1 - alpha) * sqrt(ninth)) ** 3)
    size = mean * mean / (variance - mean)
    success, failure = log(size / (size + mean)), -log1p(size / mean)
    count = max(0, int(mean - 12 * spread))
    chance = exp(lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * success + count * failure)
    ratio, below = exp(failure), chance
    while below < 1 - alpha:
        count += 1
        chance *= (count - 1 + size) / count * ratio
        below += chance
        if chance < 1e-18 and count > mean:  # what is left is rounding
            break
    return count
