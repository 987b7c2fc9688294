"""Random functions of arrays: broadcasting, slices, stores in place, reductions, views, loops over rows, lists of arrays.

Never runs anything.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

Shape = tuple[int, ...]
ROWS, COLUMNS = 3, 4
SHAPES: tuple[Shape, ...] = ((), (COLUMNS,), (ROWS,), (ROWS, COLUMNS), (COLUMNS, COLUMNS))


@dataclass(frozen=True, slots=True)
class ArrayProgram:
    """A module's text, whose function is `f`, and the shapes of its parameters by name; `turns` is a whole number besides."""

    text: str
    shapes: dict[str, Shape]
    seed: int


def array_program(seed: int) -> ArrayProgram:
    """The program of a seed: the same one each time."""
    return ArrayWriter(random.Random(seed), seed).program()


@dataclass(slots=True)
class ArrayWriter:
    rng: random.Random
    seed: int
    shapes: dict[str, Shape] = field(default_factory=dict)
    lists: dict[str, Shape] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    indices: list[str] = field(default_factory=list)
    depth: int = 0
    made: int = 0
    has_helper: bool = False

    # --- the whole ---

    def program(self) -> ArrayProgram:
        rng = self.rng
        names = ("x", "y", "z")[: rng.choice((1, 2, 2, 3))]
        parameters = {name: rng.choice(SHAPES[1:] if name == "x" else SHAPES) for name in names}
        self.shapes.update(parameters)
        for _ in range(rng.choice((2, 3, 4, 5, 6))):
            self.statement()
        result = rng.choice(list(self.shapes))
        ends = rng.randrange(4)
        if ends == 0:
            self.line(f"return {result}")
        elif ends == 1:
            other = rng.choice(list(self.shapes))
            self.line(f"return {result}, {other}" if other != result else f"return {result}")
        else:
            self.line(f"return {self.expression(self.shapes[result], 2)}")
        body = "\n".join("    " + line for line in self.lines)
        helper = "def helper(u, v):\n    w = np.tanh(u) * v\n    return w, u + v\n\n\n" if self.has_helper else ""
        text = f"import numpy as np\n\n\n{helper}def f({', '.join(parameters)}, turns: int):\n{body}\n"
        return ArrayProgram(text, parameters, self.seed)

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def fresh(self) -> str:
        self.made += 1
        return f"v{self.made}"

    def among(self, fits: Callable[[Shape], bool]) -> list[str]:
        return [name for name, shape in self.shapes.items() if fits(shape)]

    # --- statements ---

    def statement(self) -> None:
        kinds = [
            self.bound, self.bound, self.rebound, self.augmented, self.stored, self.stored, self.viewed, self.copied, self.filled,
            self.helped, self.called,
        ]
        if self.depth < 2:
            kinds += [self.repeated, self.repeated, self.rows, self.branch, self.listed]
        self.rng.choice(kinds)()

    def bound(self) -> None:
        shape = self.rng.choice(SHAPES)
        text, name = self.expression(shape, 3), self.fresh()
        self.line(f"{name} = {text}")
        self.shapes[name] = shape

    def rebound(self) -> None:
        name = self.rng.choice(list(self.shapes))
        self.line(f"{name} = {self.expression(self.shapes[name], 3)}")

    def augmented(self) -> None:
        name = self.rng.choice(list(self.shapes))
        shape = self.shapes[name]
        narrow = self.rng.choice([other for other in SHAPES if _fits(other, shape)])
        text = self.expression(narrow, 2)
        self.line(f"{name} {self.rng.choice(('+=', '-=', '*='))} {text}")

    def copied(self) -> None:
        source = self.rng.choice(self.among(bool))
        name = self.fresh()
        self.line(f"{name} = {source}{self.rng.choice(('.copy()', ' * 1.0', '', '[...]'))}")
        self.shapes[name] = self.shapes[source]

    def filled(self) -> None:
        """A new array that stores fill."""
        shape, name = self.rng.choice(SHAPES[1:]), self.fresh()
        like = self.among(lambda other: other == shape)
        made = f"np.zeros_like({self.rng.choice(like)})" if like and self.rng.random() < 0.5 else f"np.zeros({shape})"
        self.line(f"{name} = {made}")
        self.shapes[name] = shape
        if self.rng.random() < 0.6:
            index = "i" if "i" not in self.indices else "j"
            self.line(f"for {index} in range({shape[0]}):")
            self.inside(lambda: self.line(f"{name}[{index}] = {self.expression(shape[1:], 2)}"), index)

    def stored(self) -> None:
        name = self.rng.choice(self.among(bool))
        index, shape = self.index(self.shapes[name])
        narrow = self.rng.choice([other for other in SHAPES if _fits(other, shape)])
        operator = self.rng.choice(("=", "=", "+=", "-=", "*="))
        self.line(f"{name}[{index}] {operator} {self.expression(narrow, 2)}")

    def viewed(self) -> None:
        source = self.rng.choice(self.among(bool))
        shape, name = self.shapes[source], self.fresh()
        index, part = self.index(shape, is_plain=True)
        choices = [(f"{source}[{index}]", part), (f"{source}.T", shape[::-1]), (f"{source}.ravel()", (_size(shape),))]
        text, found = self.rng.choice(choices)
        if found not in SHAPES:
            return
        self.line(f"{name} = {text}")
        self.shapes[name] = found

    def helped(self) -> None:
        shape = self.rng.choice(SHAPES)
        self.has_helper = True
        first, second = self.fresh(), self.fresh()
        self.line(f"{first}, {second} = helper({self.expression(shape, 1)}, {self.expression(shape, 1)})")
        self.shapes |= {first: shape, second: shape}

    def called(self) -> None:
        """A call that changes an array."""
        name = self.rng.choice(self.among(bool))
        shape = self.shapes[name]
        self.line(self.rng.choice((
            f"{name}.fill({self.expression((), 1)})", f"np.multiply({name}, {self.expression(shape, 1)}, out={name})",
            f"np.add.at({name}, {[0, 1, 1]}, {self.expression((), 1)})", f"np.copyto({name}, {self.expression(shape, 1)})",
            f"{name}.sort()",
        )))

    def inside(self, write: Callable[[], None], index: str | None = None) -> None:
        """A block: what is first named in it is forgotten after it."""
        known = dict(self.shapes)
        self.depth += 1
        if index is not None:
            self.indices.append(index)
        count = len(self.lines)
        write()
        if len(self.lines) == count:
            self.line("pass")
        if index is not None:
            self.indices.pop()
        self.depth -= 1
        self.shapes = {name: shape for name, shape in self.shapes.items() if name in known}

    def body(self) -> None:
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            self.statement()

    def repeated(self) -> None:
        index = self.rng.choice([name for name in ("i", "j", "k") if name not in self.indices])
        if self.rng.random() < 0.3:
            self.line("for _ in range(turns):")
            self.inside(self.body)
        else:
            self.line(f"for {index} in range({self.rng.choice((2, 3))}):")
            self.inside(self.body, index)

    def rows(self) -> None:
        source = self.rng.choice(self.among(bool))
        shape, row = self.shapes[source], self.fresh()
        index = self.rng.choice([name for name in ("i", "j", "k") if name not in self.indices])
        partners = [name for name in self.among(bool) if name != source and self.shapes[name][0] == shape[0]]
        known = dict(self.shapes)
        form = self.rng.randrange(3)
        index_of = None
        if form == 0 and partners:
            partner, other = self.rng.choice(partners), self.fresh()
            self.line(f"for {row}, {other} in zip({source}, {partner}):")
            self.shapes[other] = self.shapes[partner][1:]
        elif form == 1 and shape[0] == ROWS:
            self.line(f"for {index}, {row} in enumerate({source}):")
            index_of = index
        else:
            self.line(f"for {row} in {source}:")
        self.shapes[row] = shape[1:]
        self.inside(self.body, index_of)
        self.shapes = known

    def branch(self) -> None:
        name = self.rng.choice(list(self.shapes))
        test = name if not self.shapes[name] else f"np.sum({name})"
        self.line(f"if {test} > {self.rng.choice(('0.1', '-0.3'))}:")
        self.inside(self.body)
        if self.rng.random() < 0.5:
            self.line("else:")
            self.inside(self.body)

    def listed(self) -> None:
        """A list of arrays that a loop fills."""
        shape = self.rng.choice(((), (COLUMNS,)))
        name, result = self.fresh(), self.fresh()
        count = self.rng.choice((3, 4))
        if self.rng.random() < 0.4:
            index = self.rng.choice([each for each in ("i", "j", "k") if each not in self.indices])
            self.indices.append(index)
            element = self.expression(shape, 2)
            self.indices.pop()
            made = self.rng.choice(("np.array", "np.stack" if shape else "np.array"))
            self.line(f"{result} = {made}([{element} for {index} in range({ROWS})])")
            self.shapes[result] = (ROWS, *shape)
            return
        self.line(f"{name} = []")
        self.line(f"for _ in range({count}):")

        def write() -> None:
            self.body()
            same = self.among(lambda other: other == shape)
            chosen = self.rng.choice(same) if same and self.rng.random() < 0.5 else self.expression(shape, 2)
            self.line(f"{name}.append({chosen})")

        self.inside(write)
        if self.rng.random() < 0.5 or (count, *shape) not in SHAPES:
            self.line(f"{result} = {name}[{self.rng.choice((-1, 0, 1))}] * 0.5")
            self.shapes[result] = shape
        else:
            self.line(f"{result} = np.array({name})")
            self.shapes[result] = (count, *shape)

    # --- indices ---

    def index(self, shape: Shape, is_plain: bool = False) -> tuple[str, Shape]:
        """An index into an array, and the shape of what it takes."""
        rng = self.rng
        place = rng.choice((*self.indices, *self.indices, "0", "-1", "1"))
        choices: list[tuple[str, Shape]] = [
            (place, shape[1:]), ("1:", (shape[0] - 1, *shape[1:])), (":-1", (shape[0] - 1, *shape[1:])), ("...", shape),
            (":", shape), ("::-1", shape), ("::2", ((shape[0] + 1) // 2, *shape[1:])),
        ]
        if len(shape) == 2:
            choices += [
                (f":, {place}", shape[:1]), (f"{place}, 1:", (shape[1] - 1,)), ("1:, :-1", (shape[0] - 1, shape[1] - 1)),
                (f"{place}, {rng.choice(('0', '2', '-1'))}", ()), (f"..., {place}", shape[:1]),
            ]
        if not is_plain:
            choices += [("[0, 2]", (2, *shape[1:])), ("[2, 1]", (2, *shape[1:])), ("[0, 0, 1]", (3, *shape[1:]))]
        return rng.choice(choices)

    # --- expressions ---

    def expression(self, shape: Shape, depth: int) -> str:
        """The text of an expression of that shape."""
        rng = self.rng
        if depth == 0 or rng.random() < 0.2:
            return self.leaf(shape)
        form = rng.randrange(9)
        if form < 3:
            other = rng.choice([each for each in SHAPES if _fits(each, shape)])
            left, right = self.expression(shape, depth - 1), self.expression(other, depth - 1)
            if rng.random() < 0.4:
                left, right = right, left
            return f"({left} {rng.choice('+-**')} {right})"
        if form < 5:
            return f"np.{rng.choice(('sin', 'tanh', 'cos', 'square', 'arctan'))}({self.expression(shape, depth - 1)})"
        if form == 5:
            pairs = {(): "np.sum({})", (COLUMNS,): "np.sum({}, axis=0)", (ROWS,): "{}.sum(axis=1)"}
            if shape in pairs:
                inner = (ROWS, COLUMNS) if shape else rng.choice(SHAPES[1:])
                text = self.expression(inner, depth - 1)
                text = text if text.isidentifier() else f"({text})"
                return pairs[shape].format(text)
        if form == 6:
            inner = COLUMNS
            if shape == ():
                return f"({self.expression((inner,), depth - 1)} @ {self.expression((inner,), depth - 1)})"
            if len(shape) == 1:
                return f"({self.expression((shape[0], inner), depth - 1)} @ {self.expression((inner,), depth - 1)})"
            return f"({self.expression((shape[0], inner), depth - 1)} @ {self.expression((inner, shape[1]), depth - 1)})"
        if form == 7:
            return f"{rng.choice(('0.5', '2', '-1.5'))} * {self.expression(shape, depth - 1)}"
        if form == 8 and len(shape) == 2 and rng.random() < 0.6:
            chosen = f"{self.expression(shape, depth - 1)}, {self.expression(shape[1:], depth - 1)}"
            return f"np.where({self.leaf(shape)} > 0.1, {chosen})"
        return self.part(shape)

    def leaf(self, shape: Shape) -> str:
        names = self.among(lambda other: other == shape)
        if names and self.rng.random() < 0.85:
            return self.rng.choice(names)
        return self.part(shape)

    def part(self, shape: Shape) -> str:
        """A part of an array that has the shape, or a constant one."""
        rng = self.rng
        for name in rng.sample(list(self.shapes), len(self.shapes)):
            found = self.shapes[name]
            if not found:
                continue
            for _ in range(3):
                index, taken = self.index(found)
                if taken == shape:
                    return f"{name}[{index}]"
            if found[::-1] == shape and len(shape) == 2:
                return f"{name}.T"
            if found == shape[1:] and len(shape) == 2:
                return f"({name}[None, :] * np.ones({shape}))"
            if found == shape[:1] and len(shape) == 2:
                return f"({name}[:, None] + np.zeros({shape}))"
        return f"np.full({shape}, 0.7)" if shape else rng.choice(("0.6", "1.3", "-0.4"))


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def _fits(narrow: Shape, shape: Shape) -> bool:
    """Whether an array of one shape can be stored where there is the other."""
    return len(narrow) <= len(shape) and (not narrow or narrow == shape[len(shape) - len(narrow):])
