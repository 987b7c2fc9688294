"""What users write into a function to steer its derivative, as generated modules carry it: the functions of `gradgen.marks`.

Never runs in gradgen itself: the texts are data.
"""
from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "checkpoint": '''\
def checkpoint(fn):
    """The function itself; a derivative keeps nothing of what its calls compute, and computes that again."""
    return fn
''',
    "fixed_point": '''\
def fixed_point(step, x, *params, tol=1e-12, most=100_000):
    """The x with x = step(x, *params), stepped on until no part of it moves by more than tol * (1 + abs(x))."""
    for _ in range(most):
        old, x = x, step(x, *params)
        near = abs(x - old) <= tol * (1 + abs(x))
        if near.all() if hasattr(near, "all") else near:
            return x
    raise ArithmeticError(f"no fixed point after {most} steps")
''',
    "stop_gradient": '''\
def stop_gradient(value):
    """The value itself; a derivative takes it for a constant."""
    return value
''',
}
STEERING = tuple(TEXTS)
"""Their names."""
