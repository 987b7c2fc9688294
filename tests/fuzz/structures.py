"""Random functions of arrays with what people put around them: lists and tuples, masks, early returns, helpers with loops.

Never runs anything.
"""

from __future__ import annotations

import random

from .arrays import COLUMNS, ROWS, ArrayProgram, ArrayWriter, Shape

HELPERS = """\
def iterated(u, v):
    s = u * 0.5
    for _ in range(2):
        s = np.sin(s * v) + u
    return s


def filled(u):
    w = np.zeros(len(u))
    for i in range(len(u)):
        w[i] = np.tanh(u[i] * w[i - 1]) + u[i]
    return w


def cut(u):
    if u > 0.2:
        return u * u
    return 0.3 - u


"""


def structured_program(seed: int) -> ArrayProgram:
    """The program of a seed: the same one each time."""
    made = _Writer(random.Random(f"structures {seed}"), seed).program()
    text = made.text.replace("import numpy as np\n\n\n", f"import numpy as np\n\n\n{HELPERS}", 1)
    return ArrayProgram(text, made.shapes, seed)


class _Writer(ArrayWriter):
    __slots__ = ()

    def statement(self) -> None:
        own = [self.masked, self.recurred, self.reduced_list, self.iterated, self.tupled, self.largest, self.summed]
        if self.depth == 0:
            own += [self.left_early, self.pairs]
        if self.rng.random() < 0.55:
            self.rng.choice(own)()
        else:
            super().statement()

    def named(self, shape: Shape, text: str) -> None:
        name = self.fresh()
        self.line(f"{name} = {text}")
        self.shapes[name] = shape

    def vector(self) -> str:
        return self.rng.choice(self.among(lambda shape: len(shape) == 1) or [self.expression((COLUMNS,), 1)])

    def masked(self) -> None:
        name = self.rng.choice(self.among(bool))
        test = f"{name} {self.rng.choice('<>')} {self.rng.choice(('0.2', '-0.3'))}"
        form = self.rng.randrange(3)
        if form == 0:
            self.line(f"{name}[{test}] {self.rng.choice(('=', '*=', '+='))} {self.expression((), 1)}")
        elif form == 1:
            self.named((), f"np.sum({name}[{test}] ** 2)")
        else:
            self.named(self.shapes[name], f"np.where({test}, {self.expression(self.shapes[name], 1)}, {name})")

    def recurred(self) -> None:
        """Elements made from those before them."""
        vectors = self.among(lambda shape: len(shape) == 1)
        if not vectors:
            return
        name = self.rng.choice(vectors)
        index = self.rng.choice([each for each in ("i", "j", "k") if each not in self.indices] or ["i"])
        factor = self.expression((), 1)
        self.line(f"for {index} in range(1, {self.shapes[name][0]}):")
        self.inside(lambda: self.line(
            f"{name}[{index}] {self.rng.choice(('=', '+=', '*='))} {self.rng.choice(('np.sin', 'np.tanh'))}"
            f"({name}[{index} - 1] * {factor})"
        ))

    def reduced_list(self) -> None:
        shape = self.rng.choice(((), (COLUMNS,)))
        items = [self.expression(shape, 1) for _ in range(3)]
        listed = f"[{', '.join(items)}]" if self.rng.random() < 0.5 else f"[{items[0]} * c for c in (0.5, 1.5, -1.0)]"
        name = self.rng.choice(("sum", "mean", "prod", "max"))
        axis = self.rng.choice(("", ", axis=0")) if shape else ""
        self.named(shape if axis else (), f"np.{name}({listed}{axis})")

    def iterated(self) -> None:
        shape = self.rng.choice(((COLUMNS,), (ROWS, COLUMNS)))
        if self.rng.random() < 0.5:
            names = self.among(lambda each: each == shape)
            first = self.rng.choice(names) if names else self.expression(shape, 1)
            self.named(shape, f"iterated({first}, {self.expression(shape, 1)})")
        else:
            vector = self.vector()
            self.named(self.shapes.get(vector, (COLUMNS,)), f"filled({vector})")

    def tupled(self) -> None:
        """Tuples in a list that a loop unpacks."""
        pairs, result = self.fresh(), self.fresh()
        made = [f"({self.expression((COLUMNS,), 1)}, {self.expression((), 1)})" for _ in range(2)]
        self.line(f"{pairs} = [{', '.join(made)}]")
        self.line(f"{result} = {self.expression((COLUMNS,), 1)} * 1.0")
        form = self.rng.randrange(3)
        if form == 0:
            self.line(f"for p, q in {pairs}:")
        elif form == 1:
            self.line(f"for n, (p, q) in enumerate({pairs}):")
        else:
            self.line(f"for (p, q), n in zip({pairs}, (1, 2)):")
        self.inside(lambda: self.line(f"{result} = {result} * p + {'n * ' if form else ''}q"))
        self.shapes[result] = (COLUMNS,)

    def largest(self) -> None:
        vector = self.vector()
        choices = (f"max({vector})", f"min(abs({vector}))", f"max([v * v for v in {vector}])", f"sum({vector}[1:])")
        self.named((), self.rng.choice(choices))

    def summed(self) -> None:
        vector = self.vector()
        self.named((), self.rng.choice((
            f"sum(cut(v) for v in {vector})", f"sum([cut(v) * c for v, c in zip({vector}, (1.0, 2.0, 0.5))])",
            f"sum(sum({vector}[: n + 1]) ** 2 for n in range(3))",
        )))

    def left_early(self) -> None:
        result = self.rng.choice(list(self.shapes))
        self.line(f"if np.sum({result}) > 1.7:")
        self.inside(lambda: self.line(f"return {result}"))

    def pairs(self) -> None:
        """Every pair of rows."""
        rows = self.among(lambda shape: len(shape) == 2)
        if not rows:
            return
        name, result = self.rng.choice(rows), self.fresh()
        self.line(f"{result} = 0.0")
        self.line(f"for n, p in enumerate({name}):")
        self.depth += 1
        self.line(f"for q in {name}[n + 1:]:")
        self.depth += 1
        self.line(f"{result} += np.sum((p - q) ** 2)")
        self.depth -= 2
        self.shapes[result] = ()
