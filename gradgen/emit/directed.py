"""The texts of values that move along many directions in one run, which stand on an axis in front, from those of one direction.

Never guesses: what has a place beside such an axis that is not known raises Unmoved.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gradgen.analyse.program import Analysed
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Holder, Kind
from gradgen.ir.queries import reads_any
from gradgen.read.positions import Edit

ATOM = re.compile(r"[\w.]+(\[[^\[\]]*\])?(\.T)?")
STRAIGHT = frozenset({"add", "sub", "mul", "div", "neg", "pos"})
THROUGH = frozenset({"zip", "enumerate", "reversed", "list"})


class Unmoved(Exception):
    """A part of a text whose place beside an axis of directions is not known."""


@dataclass(slots=True)
class Values:
    """The values of a function of which some move: `moving` are the variables that have the axis, `stored` those of them into
    which something is stored; `first` is the name of a tangent. `edits` of the text are collected."""

    analysed: Analysed
    first: str
    moving: frozenset[str] = frozenset()
    stored: frozenset[str] = frozenset()
    edits: list[Edit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.moving = frozenset(version.name for version in self.analysed.activity.varied)
        assigns = found_in(self.analysed.read.function, ir.Assign)
        bases = [each.target.base for each in assigns if isinstance(each.target, ir.ItemTarget)]
        self.stored = self.moving & {base.id for base in bases if isinstance(base, ir.Name)}

    # --- what does not move ---

    def carries(self, node: ir.Node) -> bool:
        """Whether anything that has directions is read."""
        return reads_any(node, self.moving)

    def still(self, node: ir.Node) -> None:
        """Nothing in a place may have directions, not even its size."""
        if self.carries(node):
            raise Unmoved

    def is_list(self, base: ir.Expr) -> bool:
        return isinstance(self.analysed.kinds.of(base), Holder)

    def rank(self, expr: ir.Expr) -> int:
        """How many axes a value has, without that of directions."""
        kind = self.analysed.kinds.of(expr)
        if not isinstance(kind, Kind) or kind.rank is None or kind.dtype not in ("float", "int", "bool"):
            raise Unmoved
        return kind.rank

    # --- texts ---

    def place(self, node: ir.Node) -> tuple[int, int]:
        if node.span is None or node.span.is_empty:
            raise Unmoved
        return node.span.start, node.span.end

    def text(self, node: ir.Node) -> str:
        start, end = self.place(node)
        return self.analysed.read.positions.text[start:end]

    def replace(self, expr: ir.Expr, text: str) -> None:
        if text != self.text(expr):
            self.edits.append(Edit(*self.place(expr), text))

    def spliced(self, expr: ir.Expr, parts: Mapping[ir.Expr, str]) -> str:
        """The text of an expression with other texts for some parts."""
        (start, end), found = self.place(expr), self.analysed.read.positions.text
        for part, text in sorted(parts.items(), key=lambda each: self.place(each[0]), reverse=True):
            low, high = self.place(part)
            if not start <= low <= high <= end:
                raise Unmoved
            found, end = found[:low] + text + found[high:], end + len(text) - (high - low)
        return found[start:end]

    def index(self, index: ir.Expr) -> None:
        """`x_dot[:, 1:]` for `x_dot[1:]`, where something is stored."""
        self.replace(index, self.index_text(index))

    def index_text(self, index: ir.Expr) -> str:
        self.still(index)
        items = index.items if isinstance(index, ir.Display) and index.kind == "tuple" else (index,)
        if items and isinstance(items[0], ir.Const) and items[0].value is ...:
            return self.text(index)
        for item in items:
            is_place = isinstance(item, ir.Slice) or isinstance(item, ir.Const) and type(item.value) in (int, type(None))
            is_list = isinstance(item, ir.Display) and item.kind == "list" and len(items) == 1
            if not is_place and not is_list and self.rank(item) and len(items) > 1:
                raise Unmoved  # NumPy puts the axes of several such indices in front
        if isinstance(index, ir.Display) and self.text(index).startswith("("):
            raise Unmoved
        return f":, {self.text(index)}"

    def count(self) -> str:
        return f"len({self.first})"

    # --- values ---

    def held(self, value: ir.Expr) -> str:
        """What a name or a list holds: with all directions, and its own where a later store would show."""
        if isinstance(value, ir.Display) and value.kind != "dict":
            return self.spliced(value, {item: self.held(item) for item in value.items})
        if not self.carries(value):
            return self.zeros(value)
        if is_popped(value) or isinstance(self.analysed.kinds.of(value), Holder):
            if isinstance(value, ir.Name) or is_popped(value):
                return self.text(value)
            raise Unmoved
        text, base = self.value(value, self.rank(value)), value
        while isinstance(base, ir.Item):
            base = base.base
        is_element = base is not value and self.rank(value) == 0 and isinstance(base, ir.Name) and not self.is_list(base)
        return f"{text}.copy()" if is_element and self.stored else text

    def zeros(self, value: ir.Expr) -> str:
        """Zeros for all directions in the place of those for one."""
        operation = self.analysed.kinds.operation(value)
        match value:
            case ir.Const(value=0 | 0.0):
                return f"np.zeros({self.count()})"
        if operation is None or operation.keywords or len(operation.args) != 1 or operation.op not in ("zeros", "zeros_like"):
            raise Unmoved
        shape, name = operation.args[0], self.text(value).partition("(")[0].removesuffix("_like")
        if operation.op == "zeros_like":
            if not isinstance(shape, ir.Name):
                raise Unmoved
            return f"{name}(({self.count()}, *{self.text(shape)}.shape))"
        return f"{name}(({self.count()}, {self.lengths(shape)}))"

    def value(self, expr: ir.Expr, rank: int) -> str:
        """The text of a moving value, broadcast to `rank` axes behind that of directions."""
        own, text = self.rank(expr), self.moved(expr)
        if own > rank:
            raise Unmoved
        return text if own == rank else f"{_atom(text)}[:{', None' * (rank - own)}]"

    def moved(self, expr: ir.Expr) -> str:
        """The text of a moving value of its own rank."""
        operation = self.analysed.kinds.operation(expr)
        match expr:
            case ir.Name():
                if self.is_list(expr):  # the array that NumPy makes of it has the axis of directions elsewhere
                    raise Unmoved
                return self.text(expr)
            case ir.Item(base=base, index=index):
                if self.is_list(base):
                    self.still(index)
                    return self.spliced(expr, {base: self.list_text(base)})
                return self.spliced(expr, {base: self.moved(base), index: self.index_text(index)})
            case ir.Attribute(base=base, name="T"):
                return self.turned(base)
            case ir.Op(op="ifexp", args=(test, then, orelse)):
                self.still(test)
                rank = self.rank(expr)
                arms = {arm: self.value(arm, rank) if self.carries(arm) else self.zeros(arm) for arm in (then, orelse)}
                return self.spliced(expr, arms)
            case ir.Op(op=op, args=args) if op in STRAIGHT and expr.spelling is None:
                return self.straight(expr, op, args)
        if operation is None:
            raise Unmoved
        match operation.op:
            case "matmul" | "dot":
                return self.product(expr, *operation.args)
            case "outer":
                return self.outer(*operation.args)
            case "array_sum" | "mean":
                return self.reduced(expr, operation)
            case "where" if len(operation.args) == 3:
                self.still(operation.args[0])
                rank = self.rank(expr)
                return self.spliced(expr, {arm: self.value(arm, rank) for arm in operation.args[1:] if self.carries(arm)})
            case "array_copy" | "asarray" if len(operation.args) == 1 and not operation.keywords:
                return self.spliced(expr, {operation.args[0]: self.moved(operation.args[0])})
            case "full" | "full_like" if len(operation.args) == 2 and not operation.keywords:
                return self.filled(expr, operation.op, *operation.args)
            case "transpose" if len(operation.args) == 1 and not operation.keywords:
                return self.turned(operation.args[0])
            case "reshape" | "ravel" | "flatten" if not operation.keywords:
                inner, *lengths = operation.args
                shape = ", ".join(map(self.lengths, lengths)) or "-1"
                return f"{_atom(self.moved(inner))}.reshape({self.count()}, {shape})"
        raise Unmoved

    def list_text(self, expr: ir.Expr) -> str:
        """A list of moving values, or one in a list of lists: of the function's own, not what NumPy makes."""
        if isinstance(expr, ir.Item) and self.is_list(expr.base):
            self.still(expr.index)
            return self.spliced(expr, {expr.base: self.list_text(expr.base)})
        if not isinstance(expr, ir.Name):
            raise Unmoved
        return self.text(expr)

    def straight(self, expr: ir.Expr, op: str, args: Sequence[ir.Expr]) -> str:
        """Sums, and products with what does not move."""
        rank, carrying = self.rank(expr), [arg for arg in args if self.carries(arg)]
        if op in ("add", "sub") and len(carrying) < 2 or op in ("mul", "div") and carrying != [args[0]] and op == "div":
            raise Unmoved
        if op == "mul" and len(carrying) != 1:
            raise Unmoved
        return self.spliced(expr, {arg: self.value(arg, rank) for arg in carrying})

    def product(self, expr: ir.Expr, left: ir.Expr, right: ir.Expr) -> str:
        """`x_dot @ a.T` for `a @ x_dot`; stacks of matrices go through as they are."""
        ranks = self.rank(left), self.rank(right)
        if not set(ranks) <= {1, 2} or self.carries(left) and self.carries(right):
            raise Unmoved
        if self.carries(left) or ranks[1] == 2:
            texts = [_atom(self.moved(each) if self.carries(each) else self.text(each)) for each in (left, right)]
            if isinstance(expr, ir.Op) and expr.spelling is None:
                carrying = left if self.carries(left) else right
                return self.spliced(expr, {carrying: self.moved(carrying)})
        else:
            turned = _atom(self.text(left))
            turned = turned if ranks[0] == 1 else turned.removesuffix(".T") if turned.endswith(".T") else f"{turned}.T"
            texts = [_atom(self.moved(right)), turned]
        return " @ ".join(texts) if isinstance(expr, ir.Op) and expr.spelling is None else f"({' @ '.join(texts)})"

    def outer(self, left: ir.Expr, right: ir.Expr) -> str:
        if self.rank(left) != 1 or self.rank(right) != 1 or self.carries(left) and self.carries(right):
            raise Unmoved
        if self.carries(left):
            return f"({_atom(self.moved(left))}[:, :, None] * {_atom(self.text(right))})"
        return f"({_atom(self.moved(right))}[:, None, :] * {_atom(self.text(left))}[:, None])"

    def reduced(self, expr: ir.Expr, operation: ir.Op) -> str:
        """`np.sum(x_dot, axis=1)` for `np.sum(x_dot)`."""
        (inner, *more), given = operation.args, dict(operation.keywords)
        if more or given.keys() - {"axis"}:
            raise Unmoved
        rank = self.rank(inner)
        axis = self.analysed.kinds.literal(given["axis"]) if "axis" in given else None
        if type(axis) is int:
            axes = str(axis if axis < 0 else axis + 1)
        elif axis is None and rank:
            axes = "1" if rank == 1 else f"({', '.join(map(str, range(1, rank + 1)))})"
        else:
            raise Unmoved
        called = self.text(expr).partition("(")[0]
        text = self.moved(inner)
        if called in ("np.sum", "np.mean", "numpy.sum", "numpy.mean"):
            return f"{called}({text}, axis={axes})"
        return f"{_atom(text)}.{'sum' if operation.op == 'array_sum' else 'mean'}(axis={axes})"

    def turned(self, inner: ir.Expr) -> str:
        rank, text = self.rank(inner), _atom(self.moved(inner))
        return text if rank < 2 else f"{text}.transpose(0, {', '.join(map(str, range(rank, 0, -1)))})"

    def filled(self, expr: ir.Expr, op: str, shape: ir.Expr, value: ir.Expr) -> str:
        self.still(shape)
        if not (isinstance(shape, ir.Name) if op == "full_like" else isinstance(shape, ir.Attribute) and shape.name == "shape"):
            raise Unmoved
        name, own = self.text(expr).partition("(")[0].removesuffix("_like"), ".shape" if op == "full_like" else ""
        return f"{name}(({self.count()}, *{self.text(shape)}{own}), {self.value(value, self.rank(expr))})"

    def lengths(self, shape: ir.Expr) -> str:
        """A shape, or one of its lengths, to go behind the number of directions."""
        self.still(shape)
        match shape:
            case ir.Display():
                return self.text(shape).removeprefix("(").removesuffix(")").removesuffix(",")
            case ir.Attribute(name="shape"):
                return f"*{self.text(shape)}"
        if self.analysed.kinds.of(shape) not in (Kind((), "int"), Kind((), "float")):
            raise Unmoved
        return self.text(shape)

    def gone_through(self, iterable: ir.Expr) -> str:
        """`zip(x, x_dot.T)`: what a loop goes through has its own axis in front."""
        match iterable:
            case ir.Name() if iterable.id in self.moving and not self.is_list(iterable):
                if self.stored:
                    raise Unmoved
                rank = self.rank(iterable)
                return f"{iterable.id}.T" if rank == 1 else f"{iterable.id}.swapaxes(0, 1)"
            case ir.Name():
                return self.text(iterable)
            case ir.Call(func=ir.Name(id=called, scope="global"), args=args, keywords=()) if called in THROUGH:
                return self.spliced(iterable, {arg: self.gone_through(arg) for arg in args if self.carries(arg)})
        raise Unmoved


def is_popped(value: ir.Expr) -> bool:
    return isinstance(value, ir.Call) and isinstance(value.func, ir.Attribute) and value.func.name == "pop"


def _atom(text: str) -> str:
    """A text that may be followed by an index, or stand in a product."""
    is_whole = text.startswith("(") and text.endswith(")") and _closes_last(text)
    return text if ATOM.fullmatch(text) or is_whole else f"({text})"


def _closes_last(text: str) -> bool:
    depths = list(_depths(text))
    return all(depth > 0 for depth in depths[:-1])


def _depths(text: str) -> Iterator[int]:
    depth = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        yield depth
