"""Derivatives by differences, extrapolated after Ridders (1982), with an error estimate.

Never crosses a decision: a step is halved until the function decides alike on both sides.
"""

from __future__ import annotations

import math
from collections.abc import Callable


def ridders(f: Callable[[float], tuple[float, object]], x: float, step: float = 0.05) -> tuple[float, float] | None:
    """The derivative of f at x and an estimate of its error; None where no step leaves the decisions alone.

    `f` returns its value and what was decided on the way there (anything that compares).
    """
    decided = f(x)[1]
    for _ in range(24):
        if f(x + step)[1] == decided == f(x - step)[1] == f(x + step / 2)[1] == f(x - step / 2)[1]:
            break
        step /= 2
    else:
        return None
    shrink, size = 1.4, 10
    rows: list[list[float]] = []
    best, error = math.nan, math.inf
    for i in range(size):
        row = [(f(x + step)[0] - f(x - step)[0]) / (2 * step)]
        factor = shrink * shrink
        for j in range(i):
            row.append((row[j] * factor - rows[i - 1][j]) / (factor - 1))
            factor *= shrink * shrink
            estimate = max(abs(row[j + 1] - row[j]), abs(row[j + 1] - rows[i - 1][j]))
            if estimate <= error:
                best, error = row[j + 1], estimate
        if rows and abs(row[-1] - rows[-1][-1]) >= 2 * error:
            break
        rows.append(row)
        step /= shrink
    return best, error
