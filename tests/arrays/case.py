"""A case of an operation on arrays: the text of a function, its arguments, and what is to be compared.

Never judges; judging.py does.
"""
from __future__ import annotations

import ast
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Case:
    """`Case("np.sum(x, axis=0)", x=(3, 4))`: an expression, or the lines of a body with a `return`, and its arguments by name.

    A tuple of ints is a shape, filled at random with numbers from -2 to 2 that lie apart (from 0.3 to 2 with `positive`);
    everything else is the argument itself. `wrt` names the parameters to differentiate, all that hold floats if left out.
    `gives` are expected gradients written by hand for the seed 1 everywhere, at points where differences say nothing (ties).
    `refused` is the code of the refusal that is expected instead. `single`: False where float32 arguments are not tried.
    """

    text: str
    arguments: Mapping[str, Any]
    wrt: tuple[str, ...]
    gives: Mapping[str, Any] | None = None
    refused: str | None = None
    single: bool = True

    def __init__(
        self, text: str, /, *, wrt: str | None = None, gives: Mapping[str, Any] | None = None, refused: str | None = None,
        positive: bool = False, single: bool = True, **arguments: Any,
    ) -> None:
        drawn = {
            name: sample(value, f"{text} {name}", positive) if is_shape(value) else value for name, value in arguments.items()
        }
        chosen = tuple(name for name, value in drawn.items() if varies(value)) if wrt is None else tuple(wrt.split())
        for name, value in (
            ("text", text), ("arguments", drawn), ("wrt", chosen), ("gives", gives), ("refused", refused), ("single", single),
        ):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        shapes = (f"{name}: {np.shape(value)}" for name, value in self.arguments.items())
        return f"{self.text} [{', '.join(shapes)}]".replace("\n", "; ")

    def function_text(self, name: str) -> str:
        """The function's definition."""
        body = self.text if _returns(self.text) else f"return {self.text}"
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return f"def {name}({', '.join(self.arguments)}):\n{lines}"


def is_shape(value: object) -> bool:
    return isinstance(value, tuple) and all(type(n) is int for n in value)


def varies(value: object) -> bool:
    """Whether an argument is a number or an array of floats."""
    return isinstance(value, float) or isinstance(value, np.ndarray) and value.dtype.kind == "f"


def sample(shape: tuple[int, ...], label: str, positive: bool) -> Any:
    """Numbers that depend on the label alone; no two are close to each other, none is close to 0."""
    rng = np.random.default_rng(zlib.crc32(label.encode()))
    size = int(np.prod(shape))
    steps = (rng.permutation(size) + rng.uniform(0.2, 0.8, size)) / max(size, 1)
    values = 0.3 + 1.7 * steps
    if not positive:
        values = values * rng.choice([-1.0, 1.0], size)
    return values.reshape(shape) if shape else float(values[0])


def _returns(text: str) -> bool:
    try:
        return not isinstance(ast.parse(text).body[0], ast.Expr)
    except SyntaxError:
        return True
