"""Roots, integrals and fixed points of functions on exact numbers, as scipy and gradgen.fixed_point give them on floats.

Never builds a formula: where expressions are wanted, NoStandInError says that there is none.
"""
from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gradgen.judge.arrays import is_array
from gradgen.judge.exact import Exact, World
from gradgen.judge.faults import NoStandInError
from gradgen.judge.path import Path

BRACKETING = ("bisect", "brenth", "brentq", "ridder", "toms748")
HALVINGS = 60  # of a bracket: to the precision of a double
MOST_STEPS = 80
MOST_ITERATIONS = 1000
ROUGH = 1e-8  # scipy's own tolerance, near enough; from there secants go on to the last digit


def names_of_solvers(world: World) -> dict[str, dict[str, Callable[..., Any]]]:
    """module -> name -> the function in this world."""
    solvers = _Solvers(world)
    roots: dict[str, Callable[..., Any]] = dict.fromkeys(BRACKETING, solvers.bracketed)
    return {
        "scipy.optimize": {**roots, "newton": solvers.newton, "root_scalar": solvers.root_scalar},
        "scipy.integrate": {"quad": solvers.quad},
        "gradgen.marks": {"fixed_point": solvers.fixed_point},
    }


class _Solvers:
    def __init__(self, world: World) -> None:
        self.world = world

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """What is asked while a root is searched is no part of the path: the root is the same whatever way it was found."""
        if self.world.symbolic:
            raise NoStandInError("a root or an integral has no formula")
        path, self.world.path = self.world.path, Path()
        try:
            yield
        finally:
            self.world.path = path

    def _number(self, value: Any) -> Exact:
        return self.world.make(None, value, varies=True)

    def _on_values(self, function: Callable[..., Any], args: Any) -> Callable[[Any], Any]:
        more = args if isinstance(args, tuple) else (args,)
        return lambda value: self.world.exact(function(self._number(value), *more)).value

    def bracketed(self, f: Callable[..., Any], a: Any, b: Any, args: Any = (), **_: Any) -> Exact:
        """As brentq: the root between a and b. Raises ValueError where f has one sign at both."""
        with self._alone():
            value = self._on_values(f, args)
            low, high = self.world.exact(a).value, self.world.exact(b).value
            at_low, at_high = value(low), value(high)
            if at_low * at_high > 0:
                raise ValueError("f(a) and f(b) must have different signs")
            for _step in range(HALVINGS):
                middle = (low + high) / 2
                at_middle = value(middle)
                if at_middle * at_low <= 0:
                    high = middle
                else:
                    low, at_low = middle, at_middle
            return self._number(self._to_the_last_digit(value, (low + high) / 2))

    def newton(self, func: Callable[..., Any], x0: Any, fprime: Any = None, args: Any = (), **_: Any) -> Exact:
        """As newton: by Newton's method with fprime, else by secants. Raises RuntimeError where that does not converge."""
        with self._alone():
            value = self._on_values(func, args)
            slope = self._on_values(fprime, args) if fprime is not None else None
            x = self.world.exact(x0).value
            other = x * (1 + self.world.context.mpf("1e-4")) + self.world.context.mpf("1e-4")
            for _step in range(MOST_STEPS):
                rise = slope(x) if slope is not None else (value(other) - value(x)) / (other - x)
                if rise == 0:
                    break
                other, x = x, x - value(x) / rise
                if abs(x - other) < ROUGH:
                    return self._number(self._to_the_last_digit(value, x))
            raise RuntimeError("Failed to converge")

    def fixed_point(self, step: Callable[..., Any], x: Any, *params: Any, **_: Any) -> Exact:
        """As fixed_point, for a number. Raises ArithmeticError where the steps do not settle."""
        with self._alone():
            value = self._on_values(step, params)
            if is_array(x):
                raise NoStandInError("a fixed point of an array has no formula")
            here = self.world.exact(x).value
            for _step in range(MOST_ITERATIONS):
                last, here = here, value(here)
                if abs(here - last) < ROUGH:
                    return self._number(self._to_the_last_digit(lambda at: value(at) - at, here))
            raise ArithmeticError("no fixed point")

    def root_scalar(
        self, f: Callable[..., Any], args: Any = (), bracket: Any = None, fprime: Any = None, x0: Any = None, **_: Any
    ) -> Any:
        """As root_scalar, with `root` and `converged` in its answer."""
        if bracket is not None:
            low, high = bracket
            root = self.bracketed(f, low, high, args)
        else:
            root = self.newton(f, x0, fprime if callable(fprime) else None, args)
        return types.SimpleNamespace(root=root, converged=True)

    def quad(self, func: Callable[..., Any], a: Any, b: Any, args: Any = (), **_: Any) -> tuple[Exact, Exact]:
        """As quad: the integral and an error, which is 0 here."""
        with self._alone():
            limits = [self.world.exact(a).value, self.world.exact(b).value]
            return self._number(self.world.context.quad(self._on_values(func, args), limits)), self.world.constant(0)

    def _to_the_last_digit(self, value: Callable[[Any], Any], near: Any) -> Any:
        """The root by secants from a double's precision on."""
        context = self.world.context
        last, here = near + context.mpf("1e-12") * max(1, abs(near)), near
        at_last, at_here = value(last), value(here)
        least = context.mpf(10) ** (8 - context.dps) * max(1, abs(near))
        for _step in range(MOST_STEPS):
            if at_here == 0 or at_here == at_last:
                return here
            last, here, at_last = here, here - at_here * (here - last) / (at_here - at_last), at_here
            if abs(here - last) < least:
                return here
            at_here = value(here)
        raise RuntimeError("Failed to converge")
