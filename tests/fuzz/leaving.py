"""Random functions with loops that are left early, over rows and lists of arrays of several shapes that are read later.

Never runs anything.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .arrays import COLUMNS, ROWS, ArrayProgram, Shape

PARAMETERS: dict[str, Shape] = {"x": (ROWS, COLUMNS), "y": (COLUMNS,), "z": (ROWS,), "s": ()}
ARRAYS = ("y", "z", "x[0]", "x[:, 1]", "y[:1]", "z[:2]", "x[1, :1]", "y * s", "np.tanh(z)")


def leaving_program(seed: int) -> ArrayProgram:
    """The program of a seed: the same one each time."""
    return _Leaving(random.Random(f"leaving {seed}")).program(seed)


@dataclass(slots=True)
class _Leaving:
    rng: random.Random
    lines: list[str] = field(default_factory=list)
    depth: int = 1
    arrays: list[str] = field(default_factory=list)

    def program(self, seed: int) -> ArrayProgram:
        first = [f"({self.pick(ARRAYS)} * {self.number()}, {self.pick(ARRAYS)})" for _ in range(self.rng.choice((2, 3)))]
        self.line(f"pairs = [{', '.join(first)}]")
        self.line("t = s * 0.5")
        if self.rng.random() < 0.4:
            self.line(f"u = {self.pick(ARRAYS)} * s")
            self.arrays.append("u")
        for _ in range(self.rng.choice((1, 1, 2))):
            self.loop()
        self.line(f"return {self.scalar()} * t + {self.scalar()}")
        text = "import numpy as np\n\n\ndef f(x, y, z, s, turns):\n" + "\n".join(self.lines) + "\n"
        return ArrayProgram(text, PARAMETERS, seed)

    def loop(self) -> None:
        before = list(self.arrays)
        header, taken = self.pick((
            ("for p, q in pairs:", ["p", "q"]), ("for n, (p, q) in enumerate(pairs):", ["p", "q"]),
            ("for p, q in pairs[1:]:", ["p", "q"]), ("for p in x:", ["p"]), ("for p, q in zip(x, x[1:]):", ["p", "q"]),
            ("for p, q in reversed(pairs):", ["p", "q"]), ("for i in range(3):", []), ("for p in x.T[1:]:", ["p"]),
        ))
        self.line(header)
        self.depth += 1
        self.arrays += [name for name in taken if name not in self.arrays]
        for _ in range(self.rng.choice((2, 3, 4))):
            self.statement("range" in header)
        self.depth -= 1
        if self.rng.random() < 0.15:
            self.line("else:")
            self.line(f"    t = t * {self.number()}")
        if self.rng.random() < 0.3:
            self.arrays = before

    def statement(self, counts: bool) -> None:
        form = self.rng.randrange(8)
        if form < 2:
            self.line(f"t = t + {self.scalar()} * {self.number()}")
        elif form < 4:
            source = f"x[{self.pick(('0', '1'))}, : i + 1]" if counts else self.pick(self.arrays or ARRAYS)
            name = self.pick(("u", "v"))
            self.line(f"{name} = {self.pick(('', 'np.sin'))}({source} * {self.pick(('s', '2.0', 't'))})")
            self.arrays += [name] if name not in self.arrays else []
        elif form == 4:
            self.line(f"if {self.scalar()} > {self.pick(('0.3', '0.8', '-0.2'))}:")
            self.line(f"    t = t {self.pick('+*')} {self.scalar()}")
        else:
            self.line(f"if {self.scalar()} > {self.pick(('0.4', '1.0', '1.5'))}:")
            leave = self.pick(("break", "break", "continue", f"return t * {self.scalar()}"))
            if self.rng.random() < 0.5:
                self.line(f"    t = t * {self.number()}")
            self.line(f"    {leave}")

    def scalar(self) -> str:
        name = self.pick(self.arrays or ARRAYS)
        whole = self.bracketed(name)
        return str(self.pick((f"np.sum({name})", f"{whole}[0]", f"np.sum({name} ** 2)", f"{whole}[-1]", "t")))

    @staticmethod
    def bracketed(name: str) -> str:
        return name if name.isidentifier() else f"({name})"

    def pick(self, among: Sequence[Any]) -> Any:
        return self.rng.choice(among)

    def number(self) -> str:
        return str(self.pick(("0.5", "1.5", "-0.7")))

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)
