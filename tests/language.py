"""The Python that is read, as a table: a construct and an example each; docs/language.md is written from it.

Never says what becomes of an example: that is found by running it.
"""
from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradgen
from gradgen.errors import GradgenError, NonDifferentiableError

POINT: Mapping[str, Any] = {"x": 0.7, "y": 1.3}


@dataclass(frozen=True)
class Row:
    """A construct with an example of it.

    `body` is the body of `def f(x, y)`; `return z` follows unless its last line returns or yields. `above` is what stands above
    it in the module, `head` another first line, `at` where it is called.
    """

    construct: str
    body: str
    above: str = ""
    head: str = "def f(x, y):"
    at: Mapping[str, Any] = field(default_factory=lambda: POINT)

    @property
    def module(self) -> str:
        """The whole text of a module with the example in it."""
        lines = self.body.splitlines()
        ending = [] if lines[-1].startswith(("return", "yield")) else ["return z"]
        body = "".join(f"    {line}\n" for line in [*lines, *ending])
        return f"{HEADING}{self.above}\n\n\n{self.head}\n{body}"

    @property
    def shown(self) -> str:
        """The example as a cell of a Markdown table."""
        head = [] if self.head == "def f(x, y):" else [self.head]
        lines = [*self.above.splitlines(), *head, *self.body.splitlines()]
        return "<br>".join(f"`` {line} ``" if "`" in line else f"`{line}`".replace("|", "\\|") for line in lines)


@dataclass(frozen=True)
class Outcome:
    """What became of an example: `read`, `refused` when the derivative is generated, `raises` when it runs; with the code."""

    kind: str
    code: str = ""
    gradient: Any = None
    value: Any = None

    @property
    def shown(self) -> str:
        if self.kind == "read":
            return "yes"
        page = f"[{self.code}](errors/{self.code}.md)"
        return f"no: {page}" if self.kind == "refused" else f"raises when it runs: {page}"


HEADING = "import math\nimport collections\nimport contextlib\nimport dataclasses\nimport functools\n\n"


@contextmanager
def module_of(row: Row, folder: Path) -> Iterator[Any]:
    """The example as a live module."""
    name = "language_example"
    path = folder / f"{name}.py"
    path.write_text(row.module, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[name]


def outcome_of(row: Row, function: Callable[..., Any]) -> Outcome:
    """Generate the derivative and run it once."""
    try:
        generated = gradgen.value_and_grad(function)
    except GradgenError as refusal:
        return Outcome("refused", refusal.findings[0].code)
    try:
        value, gradient = generated(**row.at)
    except NonDifferentiableError as refusal:
        return Outcome("raises", str(refusal).split(": ")[1])
    return Outcome("read", "", gradient, value)


HEAD = """\
# The Python that is read

What gradgen does with each construct of the language, with an example of each. Every example is run by the tests: where it
is read, the gradient is held against numerical differences; where it is refused, the refusal has that code. An example is the
body of `def f(x, y)`, with `return z` at its end, differentiated with respect to `x` and `y`; what must stand above the function
stands above the example.

What a value that varies does not touch is carried along as it is, whatever it is. A refusal in a branch that need not run becomes
an exception in that branch of the generated code, so that the other ways through the function keep their gradient.
"""


def render(outcomes: Mapping[str, list[tuple[Row, Outcome]]]) -> str:
    """docs/language.md, from the examples and what became of them."""
    parts = [HEAD]
    for title, rows in outcomes.items():
        parts.append(f"\n## {title}\n\n| construct | example | read |\n|---|---|---|\n")
        parts.extend(f"| {row.construct} | {row.shown} | {outcome.shown} |\n" for row, outcome in rows)
    return "".join(parts)
