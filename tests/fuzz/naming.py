"""Which names a random program binds: ordinary ones, and ones that collide with what generated code likes to use.

Never writes statements.
"""

from __future__ import annotations

from .drawing import Expr
from .expressions import Expressions
from .scope import Scope

ORDINARY = ("u", "v", "w1", "y", "z", "s", "acc", "total", "h", "rate", "num", "den", "m", "g1", "b1", "tmp", "res", "part", "xx")
COLLIDING = (
    "dv",
    "du",
    "dx",
    "df",
    "da",
    "dy",
    "x_tape",
    "tape",
    "value",
    "e",
    "sin_x",
    "exp_x",
    "u_1",
    "v_1",
    "dv_1",
    "math2",
    "np",
    "f_1",
    "numpy",
    "log",
    "t",
    "da_1",
    "seed",
    "grad",
    "d",
    "y_1",
    "num",
    "den",
    "df_1",
    "branch",
    "way",
    "turns",
    "_",
    "__",
    "x_dot",
    "k_tape",
    "backward",
    "result",
    "out",
    "log_",
    "stack",
    "v_old",
    "v_tape",
    "u_tape",
    "taken",
    "i_tape",
)
UNICODE = ("λ", "größe", "dλ", "θ", "µ", "été")
SHADOWS = (
    "sum",
    "max",
    "min",
    "abs",
    "len",
    "range",
    "reversed",
    "zip",
    "enumerate",
    "float",
    "int",
    "round",
    "type",
    "list",
    "isinstance",
    "divmod",
    "all",
    "any",
    "tuple",
    "id",
    "input",
    "sorted",
    "map",
    "iter",
    "next",
)


class Naming(Expressions):
    """Draws names for what a statement binds, and the values to bind them to."""

    names: tuple[str, ...] = ORDINARY
    budget: int = 0

    # --- names ------------------------------------------------------------------------------------------------------------

    def fresh(self, scope: Scope) -> str:
        """A name for something new. Inside a nested function never one that it reads from outside."""
        taken = [*scope.frozen, *scope.constants, *(c.name for c in scope.callables)]
        free = [n for n in self.names if n not in taken and scope.kind_of(n) is None]
        return self.rng.choice(free) if free else f"v{len(scope.floats) + len(scope.ints) + len(scope.lists)}x"

    def target(self, scope: Scope) -> str:
        """A float variable to assign to: an old one or a new one."""
        old = scope.free_to_assign()
        if old and "reassign" in self.allowed and self.rng.random() < (0.7 if scope.loops else 0.45):
            self.tag("reassign")
            return self.rng.choice(old)
        return self.fresh(scope)

    def value(self, scope: Scope, depth: int = 3) -> Expr:
        """A float expression, damped where it may be repeated."""
        return self.damped(scope, depth) if scope.loops and self.rng.random() < 0.75 else self.float(scope, depth)
