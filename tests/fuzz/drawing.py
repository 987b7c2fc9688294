"""What every part of the program writer draws with: the dice, the profile, the features used so far, how `math` is spelled.

Never writes an expression of its own.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from .profiles import Profile
from .scope import Scope

OR, AND, NOT, COMPARE, ADD, MUL, UNARY, POWER, ATOM = range(1, 10)


class Expr(NamedTuple):
    """Text and how tightly it binds; 0 is a lambda, a conditional or a walrus."""

    text: str
    level: int = ATOM

    def at(self, level: int) -> str:
        """The text, in parentheses where it binds less tightly than that."""
        return self.text if self.level >= level else f"({self.text})"


UNARY_MATH = (
    "sin({})",
    "cos({})",
    "tanh({})",
    "atan({})",
    "exp(-abs({}))",
    "exp(sin({}))",
    "log(1 + abs({}))",
    "sqrt(1 + {} ** 2)",
    "log1p(abs({}))",
    "expm1(tanh({}))",
    "erf({})",
    "asinh({})",
    "sinh(tanh({}))",
    "cosh(sin({}))",
    "fabs({})",
    "radians({})",
    "asin(0.9 * tanh({}))",
    "log10(2 + cos({}))",
    "log2(2 + sin({}))",
    "exp2(cos({}))",
    "cbrt(2 + sin({}))",
    "acos(tanh({}) / 2)",
    "tan(tanh({}))",
    "atanh(0.5 * sin({}))",
    "acosh(2 + abs({}))",
    "erfc({})",
    "degrees(tanh({}))",
    "sqrt(abs({}) + 0.1)",
)
BINARY_MATH = (
    "atan2({}, 1 + abs({}))",
    "hypot({}, {})",
    "pow(1 + abs({}), tanh({}))",
    "fmod({}, 2 + abs({}))",
    "copysign({}, {})",
    "log(2 + abs({}), 3 + abs({}))",
    "hypot({}, 1.0, {})",
    "dist([{}, 1.0], [{}, 0.5])",
    "fsum([{}, {}, 0.1])",
    "prod([{}, {}])",
    "prod(({}, {}, 0.5))",
)


class Dice:
    """The dice of one program; `tags` collects the features that were used."""

    def __init__(self, rng: random.Random, profile: Profile, blocked: tuple[str, ...] = ()) -> None:
        self.rng = rng
        self.allowed = profile.allowed
        self.emphasis = frozenset(profile.emphasis)
        self.blocked = blocked
        self.tags: dict[str, int] = {}
        self.math_style = "math."
        self.math_names: list[str] = []

    def tag(self, *names: str) -> None:
        """The program uses these features."""
        for name in names:
            self.tags[name] = self.tags.get(name, 0) + 1

    def may(self, feature: str, probability: float = 1.0) -> bool:
        """Whether to use a feature here: it is in the profile, and the dice agree (more often where emphasised)."""
        if feature not in self.allowed:
            return False
        if feature in self.emphasis:
            probability = min(1.0, 1.6 * probability)
        if probability < 1.0 and self.rng.random() >= probability:
            return False
        return True

    def has_builtin(self, name: str) -> bool:
        """Whether the program has left this builtin its meaning."""
        return name not in self.blocked

    def math(self, function: str) -> str:
        """How this program spells a function of `math`."""
        if self.math_style:
            return self.math_style + function
        if function not in self.math_names:
            self.math_names.append(function)
        return function

    def index(self, scope: Scope, size: int, name: str = "") -> str:
        """An index that is in range for so many items."""
        rng = self.rng
        choice = rng.random()
        if scope.ints and choice < 0.45:
            i = rng.choice(scope.ints)
            return rng.choice((f"{i} % {size}", f"({i} + 1) % {size}", f"-1 - {i} % {size}"))
        if name and choice < 0.6 and self.has_builtin("len"):
            return f"len({name}) - 1"
        return str(rng.randrange(-size, size))

    def spelled(self, form: str) -> str:
        """A form of the tables above with its functions spelled as this program does."""
        for name in ("sin", "cos", "tanh"):
            if f"({name}(" in form or f" {name}(" in form:
                form = form.replace(f"({name}(", f"({self.math(name)}(").replace(f" {name}(", f" {self.math(name)}(")
        head, rest = form.split("(", 1)
        return f"{self.math(head)}({rest}"
