"""What chance alone does to a mitotic count and to a measured size.

A count is Poisson: its exact (Garwood) limits need no prior. The probability that the true rate
lies in a cell of a table needs one: Jeffreys' (gamma, shape 1/2), a convention, taken because it
says the same however the rate is scaled or transformed; the flat one shows what the choice does.
Sizes have a normal measuring error, cut off at 0.
Only the standard library is used: one patient must not wait for NumPy.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum

from stromal.facts.possible import Interval, Numbers

RATE_AREA = 5.0
"""Rates are mitoses per this area, in mm2."""

Distribution = Sequence[tuple[Numbers, float]]
"""Disjoint cells of one input, each with its probability."""


class Prior(Enum):
    """The shape of the gamma prior on a Poisson rate (its own rate is 0)."""

    JEFFREYS = 0.5
    FLAT = 1.0


def poisson_limits(count: float, level: float = 0.95) -> tuple[float, float]:
    """The exact (Garwood) limits of the mean of a Poisson count.

    Raises ValueError if the count is negative or the level not between 0 and 1.

    >>> [round(limit, 1) for limit in poisson_limits(5)]
    [1.6, 11.7]
    """
    if not (0 <= count < math.inf and 0 < level < 1):
        raise ValueError(f"no limits for a count of {count} at level {level}")
    tail = (1 - level) / 2
    low = 0.0 if count == 0 else _gamma_quantile(count, tail)
    return low, _gamma_quantile(count + 1, 1 - tail)


def rate_limits(count: float, area: float, level: float = 0.95) -> tuple[float, float]:
    """The exact limits of the rate per 5 mm2 of a count in `area` mm2.

    >>> [round(limit, 1) for limit in rate_limits(1, area=1)]
    [0.1, 27.9]
    """
    low, high = poisson_limits(count, level)
    return low * RATE_AREA / area, high * RATE_AREA / area


def rate_distribution(
    count: float, area: float, cells: Iterable[Numbers], prior: Prior = Prior.JEFFREYS
) -> tuple[tuple[Numbers, float], ...]:
    """The probability that the true rate per 5 mm2 lies in each cell, after `count` in `area` mm2.

    The cells are as given; those of a whole domain add up to 1. Raises ValueError for a count
    below 0 or an area that is not above 0.
    """
    if not (0 <= count < math.inf and 0 < area < math.inf):
        raise ValueError(f"no distribution for {count} mitoses in {area} mm2")
    shape = count + prior.value

    def below(rate: float) -> float:
        return regularised_gamma(shape, rate * area / RATE_AREA) if rate > 0 else 0.0

    return tuple((cell, _mass(cell, below)) for cell in cells)


def size_distribution(
    size: float, standard_error: float, cells: Iterable[Numbers]
) -> tuple[tuple[Numbers, float], ...]:
    """The probability that the true size lies in each cell; all three in the same unit.

    Normal around the measured size, cut off at 0. Raises ValueError unless both are above 0.
    """
    if not (0 < size < math.inf and 0 < standard_error < math.inf):
        raise ValueError(f"no distribution for a size of {size} with error {standard_error}")

    def normal(number: float) -> float:
        return 0.5 * math.erfc((size - number) / (standard_error * math.sqrt(2)))

    lost = normal(0)

    def below(number: float) -> float:
        return (normal(max(number, 0)) - lost) / (1 - lost)

    return tuple((cell, _mass(cell, below)) for cell in cells)


def joint(
    distributions: Mapping[str, Distribution],
) -> Iterator[tuple[dict[str, Numbers], float]]:
    """Every combination of cells of independent inputs, with its probability.

    Combinations that cannot happen (probability 0) are left out. Whoever decides each
    combination and adds up the probabilities by outcome has the probability of each class.
    """
    names = tuple(distributions)
    for combination in itertools.product(*distributions.values()):
        probability = math.prod(part for _, part in combination)
        if probability > 0:
            yield (
                {name: cell for name, (cell, _) in zip(names, combination, strict=True)},
                probability,
            )


def cells_between(cuts: Iterable[float], domain: Numbers) -> tuple[Numbers, ...]:
    """The cells into which `cuts` divide a domain, borders belonging to the cell below.

    For a continuous distribution it makes no difference to which side a border belongs.
    """
    ends = [-math.inf, *sorted(set(cuts)), math.inf]
    parts = (
        Numbers.between(low, high, low_open=True).intersect(domain)
        for low, high in itertools.pairwise(ends)
    )
    return tuple(part for part in parts if not part.is_empty())


def regularised_gamma(shape: float, x: float) -> float:
    """The regularised lower incomplete gamma function P(shape, x), for shape > 0 and x >= 0.

    P(X <= x) of a gamma variable; for a whole `shape` also P(Poisson(x) >= shape).
    Series below shape + 1, continued fraction (Lentz) above; relative error about 1e-14.
    """
    if x <= 0:
        return 0.0
    if math.isinf(x):
        return 1.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return scale * _series(shape, x)
    return 1.0 - scale * _continued_fraction(shape, x)


def _series(shape: float, x: float) -> float:
    term = total = 1 / shape
    denominator = shape
    while abs(term) > abs(total) * 1e-16:
        denominator += 1
        term *= x / denominator
        total += term
    return total


def _continued_fraction(shape: float, x: float) -> float:
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    value = d
    for step in range(1, 10_000):
        a = -step * (step - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value


def _gamma_quantile(shape: float, probability: float) -> float:
    """The x at which P(shape, x) reaches the probability, by bisection to the last bit."""
    low, high = 0.0, shape + 1
    while regularised_gamma(shape, high) < probability:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        if regularised_gamma(shape, middle) < probability:
            low = middle
        else:
            high = middle
    return high


def _mass(cell: Numbers, below: Callable[[float], float]) -> float:
    def one(interval: Interval) -> float:
        return below(interval.high) - below(interval.low)

    return max(0.0, math.fsum(one(interval) for interval in cell.intervals))
