"""Two functions timed against each other in one run, turn by turn, so that what disturbs one disturbs the other.

Never compares with numbers of another run. Seconds are those of the processor, which other processes disturb less.
"""
from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = 301
ROUND_SECONDS = 0.002


@dataclass(frozen=True)
class Pair:
    """Median seconds of a call of each of two functions."""

    first: float
    second: float

    @property
    def ratio(self) -> float:
        return self.first / self.second


def calls_per_round(call: Callable[[], Any]) -> int:
    """So many calls as take about ROUND_SECONDS, one at least."""
    count = 1
    while (seconds := min(timed(call, count) for _ in range(3))) < ROUND_SECONDS / 2:
        count *= 2
    return max(1, int(count * ROUND_SECONDS / seconds))


def timed(call: Callable[[], Any], count: int) -> float:
    """Seconds of `count` calls."""
    turns = range(count)
    start = time.process_time()
    for _ in turns:
        call()
    return time.process_time() - start


def interleaved(first: Callable[[], Any], second: Callable[[], Any], rounds: int = ROUNDS) -> Pair:
    """Each function called in turn, round by round, who begins alternating; medians over the rounds."""
    counts = calls_per_round(first), calls_per_round(second)
    seconds: tuple[list[float], list[float]] = ([], [])
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for turn in range(rounds):
            for which in (0, 1) if turn % 2 else (1, 0):
                seconds[which].append(timed((first, second)[which], counts[which]) / counts[which])
    finally:
        if was_enabled:
            gc.enable()
    return Pair(statistics.median(seconds[0]), statistics.median(seconds[1]))
