"""The helpers of generated modules that differentiate solutions of differential equations, as stand-alone Python text.

Never runs in gradgen itself: the texts need `import numpy as np` and `import scipy.integrate` above them.
"""
from __future__ import annotations

from collections.abc import Mapping

ODE_HELPERS: Mapping[str, str] = {
    "integrated": '''\
def integrated(rate, start, end, z, size, max_step=0.0, **options):
    """solve_ivp's solution of z' = rate(t, z) that is z at the start: to ten digits of numbers as large as `size`. A max_step
    of 0 is none."""
    tolerance = 1e-12 * np.where(size > 0, size, np.max(size) or 1.0)
    options |= {"method": "LSODA", "rtol": 1e-10, "atol": tolerance, "max_step": max_step or np.inf}

    def checked(s, z):
        if not np.all(np.isfinite(z)):
            raise ArithmeticError(f"a solution of a differential equation is not finite at {s}")
        return rate(s, z)

    found = scipy.integrate.solve_ivp(checked, (start, end), z, **options)
    if not found.success:
        raise ArithmeticError(found.message)
    return found
''',
    "same_solution": '''\
def same_solution(found, y):
    """Raise ArithmeticError where a solution that was found again is not near the values y, which then have other derivatives."""
    if not np.allclose(found, y, rtol=0.1, atol=0.1 * np.max(np.abs(y), initial=0.0)):
        raise ArithmeticError("a solution is not the one that is found to ten digits: give a smaller rtol, or max_step")
''',
    "ode_adjoint": '''\
def ode_adjoint(rate, pull, t0, y0, t, y, dy, max_step=0.0):
    """The adjoints of y0 and of what else moves the solution of y' = rate(t, y) that is y0 at t0, given dy, those of its values
    y at the times t. pull(t, y, w) gives w @ the slopes of rate, by y and by each of the others: the adjoint w of the solution
    runs back with w' = -w @ the slope by y, and the others get the integrals of theirs."""
    n, end = np.size(y0), t[-1]
    size = np.max(np.abs(y), axis=0)
    path = integrated(rate, t0, end, np.reshape(y0, n).astype(float), size, max_step, dense_output=True).sol
    same_solution(path(t).T, y)

    def flat(parts):
        return np.concatenate([np.ravel(part) for part in parts])

    size = np.where(size > 0, size, np.max(size) or 1.0)
    most = np.max(np.abs(dy) * size)
    seen = [pull(s, path(s), most / size) for s in np.linspace(t0, end, 8)]
    reach = np.max([np.abs(flat(parts)) for parts in seen], axis=0) * abs(end - t0)
    reach[:n] = most / size
    adjoint = np.zeros(reach.size)
    for i in reversed(range(len(t))):
        adjoint[:n] += dy[i]
        before = t[i - 1] if i else t0
        if before != t[i] and adjoint.any():
            back = integrated(lambda s, w: -flat(pull(s, path(s), w[:n])), t[i], before, adjoint, reach, max_step)
            adjoint = back.y[:, -1]
    ends = np.cumsum([np.size(part) for part in seen[0]])[:-1]
    return [part.reshape(np.shape(like))[()] for part, like in zip(np.split(adjoint, ends), seen[0])]
''',
    "ode_tangent": '''\
def ode_tangent(push, t0, y0, y0_dot, t, y, t0_dot=0.0, t_dot=0.0, max_step=0.0):
    """The tangents of the values y at the times t of a solution that is y0 at t0, where y0 moves by y0_dot, and the times by
    theirs. push(t, y, y_dot) gives the rate of y and that of its tangent, which are integrated together."""
    n, end = np.size(y0), t[-1]
    y0 = np.reshape(y0, n).astype(float)

    def rate(s, z):
        return np.concatenate([np.broadcast_to(part, n) for part in push(s, z[:n], z[n:])])

    moved = np.broadcast_to(y0_dot, n) - rate(t0, np.append(y0, 0 * y0))[:n] * t0_dot
    rates = np.array([rate(s, np.append(row, moved)) for s, row in zip(t, y)])
    reach = np.abs(moved) + np.max(np.abs(rates[:, n:]), axis=0) * abs(end - t0)
    size = np.append(np.max(np.abs(y), axis=0), np.where(reach > 0, reach, np.max(reach)))
    found = integrated(rate, t0, end, np.append(y0, moved), size, max_step, dense_output=True).sol(t).T
    same_solution(found[:, :n], y)
    return found[:, n:] + rates[:, :n] * np.reshape(t_dot, (-1, 1))
''',
    "times_adjoint": '''\
def times_adjoint(rate, t0, y0, t, y, dy0, dy):
    """The adjoints of t0 and of the times t, given that of y0 and those of y, the values of a solution of y' = rate(t, y)."""
    dt = np.array([np.sum(rate(s, row) * d) for s, row, d in zip(t, y, dy)])
    return -np.sum(rate(t0, np.reshape(y0, -1)) * dy0), dt
''',
    "adjoint_at_ends": '''\
def adjoint_at_ends(dy):
    """A solution's adjoints at steps that the integrator chose; ArithmeticError where not only those at its ends are used."""
    if np.any(dy[1:-1]):
        raise ArithmeticError("a solution is read between its ends, at steps that move with it: give t_eval")
    return dy
''',
    "tangent_at_ends": '''\
def tangent_at_ends(y_dot):
    """The tangents of a solution's values at steps that the integrator chose: NaN but for its ends, as the steps move with it."""
    y_dot[1:-1] = np.nan
    return y_dot
''',
}
