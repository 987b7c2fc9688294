"""Programs of any size, as text: what shows how costs grow.

Never imports gradgen.
"""
from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any


def straight_line(count: int) -> str:
    """`count` assignments in a row, each of them active: products, sums, sines and quotients of what came before."""
    shapes = ("{0} * {1} + x", "{0} - 0.5 * {1}", "math.sin({0})", "{0} / (2 + {1} * {1})")
    lines = ["import math", "", "", "def f(x, y):", "    v0 = x * y", "    v1 = x + y"]
    for n in range(2, count):
        lines.append(f"    v{n} = {shapes[n % 4].format(f'v{n - 1}', f'v{n - 2}')}")
    return "\n".join([*lines, f"    return v{count - 1}", ""])


def product(count: int) -> str:
    """One expression: the product of `count` parameters."""
    names = [f"x{n}" for n in range(count)]
    return f"def f({', '.join(names)}):\n    return {' * '.join(names)}\n"


def many_parameters(count: int) -> str:
    """A function of `count` parameters that does about the same work for each: chained residuals."""
    names = [f"x{n}" for n in range(count)]
    lines = [f"def f({', '.join(names)}):", "    total = (1 - x0) ** 2"]
    for n in range(1, count):
        lines += [f"    r{n} = x{n} - x{n - 1} * x{n - 1}", f"    total = total + 100 * r{n} * r{n}"]
    return "\n".join([*lines, "    return total", ""])


@contextmanager
def module_of(text: str, folder: Path, name: str) -> Iterator[ModuleType]:
    """The text as a module with a file of its own."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[name]


def function_in(module: ModuleType) -> Callable[..., Any]:
    """The function `f` of a program."""
    return module.f  # type: ignore[no-any-return]
