"""What is known of scipy's solvers and integrators, and of fixed_point: how they are called, which part of a result varies.

Never looks at a call.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from gradgen.ir.frozen import dataclass
from gradgen.rules.carried import carried_helper

Step = int | str
"""One step into a result: the number of an item, or the name of an attribute."""


@dataclass(frozen=True, slots=True)
class Solver:
    """A solver's parameters: how the function is called, where `args` stands, `part`, the steps to what varies, and how many
    `variables` the function has that are integrated over."""

    kind: Literal["root", "integral", "fixed", "ode", "entrywise"]
    function: str
    args_at: int
    part: tuple[Step, ...] = ()
    variables: int = 1


ODES: Mapping[str, Solver] = {
    "odeint": Solver("ode", "func", 3),
    "solve_ivp": Solver("ode", "fun", 8, ("y",)),
}
"""What integrates differential equations."""


SOLVERS: Mapping[tuple[str, str], Solver] = {
    **{("optimize", name): Solver("root", "f", 3) for name in ("bisect", "brenth", "brentq", "ridder", "toms748")},
    ("optimize", "newton"): Solver("root", "func", 3),
    ("optimize", "root_scalar"): Solver("root", "f", 1, ("root",)),
    ("optimize", "fsolve"): Solver("root", "func", 2, (0,)),
    ("optimize", "root"): Solver("root", "fun", 2, ("x", 0)),
    ("integrate", "quad"): Solver("integral", "func", 3, (0,)),
    ("integrate", "dblquad"): Solver("integral", "func", 5, (0,), 2),
    ("integrate", "tplquad"): Solver("integral", "func", 7, (0,), 3),
    **{("integrate", name): solver for name, solver in ODES.items()},
}


ARRAY_SOLVERS = frozenset({SOLVERS["optimize", "fsolve"], SOLVERS["optimize", "root"]})
"""What solves for arrays of unknowns: here for one, where that can be seen."""


BRACKETING = SOLVERS["optimize", "brentq"]
NEWTON = SOLVERS["optimize", "newton"]
"""What solves for one number: between two others always, from a first guess where that is one."""


SILENT = ARRAY_SOLVERS | {SOLVERS["optimize", "root_scalar"]}
"""What only warns, or says so in its result, where it finds no root."""


FIXED_POINT = Solver("fixed", "step", 2)
ENTRYWISE = Solver("entrywise", "pyfunc", 0)


class Entrywise:
    """Marks a call of what `np.vectorize(function)` makes where it stands: `np.vectorize(function)(x)`."""


HERE = Entrywise()


def solver_of(target: Any) -> Solver | None:
    """What is known of a callable, where it is one of scipy's solvers, or fixed_point."""
    if getattr(target, "__name__", "") == "fixed_point" and carried_helper(target) is not None:
        return FIXED_POINT
    if target is HERE or is_vectorized(target):
        return ENTRYWISE
    package, _, rest = (getattr(target, "__module__", None) or "").partition(".")
    return SOLVERS.get((rest.partition(".")[0], getattr(target, "__name__", ""))) if package == "scipy" else None


def is_vectorized(target: Any) -> bool:
    """Whether a callable is one of np.vectorize's."""
    return is_vectorized_type(type(target))


def is_vectorized_type(target: Any) -> bool:
    """Whether a callable is np.vectorize itself."""
    return isinstance(target, type) and target.__name__ == "vectorize" and target.__module__.partition(".")[0] == "numpy"
