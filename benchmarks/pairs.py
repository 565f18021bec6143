"""Measuring in pairs: ours and the bare library take turns, so that a slow minute slows both."""

import statistics
from collections.abc import Awaitable, Callable

Rate = Callable[[], Awaitable[float]]


async def paired(ours: Rate, bare: Rate, pairs: int) -> tuple[float, float, float]:
    """The median of the paired ratios, and both median rates; who begins changes every time."""
    rates: list[tuple[float, float]] = []
    for number in range(pairs):
        if number % 2:
            theirs = await bare()
            rates.append((await ours(), theirs))
        else:
            rate = await ours()
            rates.append((rate, await bare()))
    ratio = statistics.median(mine / theirs for mine, theirs in rates)
    mine, theirs = (statistics.median(column) for column in zip(*rates, strict=True))
    return round(ratio, 3), round(mine, 1), round(theirs, 1)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of all values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
