"""Random uses of idioms that a grammar would rarely hit: splats, partials, maps, factories, slices, named tuples, bisection.

Never nests anything; each idiom is a few lines that leave one more float.
"""

from __future__ import annotations

from collections.abc import Callable

from .compound import Compounds
from .layout import Clause, Compound, Node
from .scope import Scope


class Idioms(Compounds):
    """Draws idioms; what they need of the module is left in `preamble`, once each."""

    preamble: dict[str, str]

    def simple_makers(self) -> list[tuple[float, str | None, Callable[[Scope], list[Node] | None]]]:
        """The simple statements with the idioms among them."""
        return [*super().simple_makers(), (2.0, "idiom", self.idiom)]

    def idiom(self, scope: Scope) -> list[Node] | None:
        """One idiom, or None where the scope does not hold what it needs."""
        makers: list[Callable[[Scope, str, str, str], list[Node] | None]] = [
            self.splat_call,
            self.keyword_splat,
            self.partial,
            self.mapped,
            self.sorted_items,
            self.dict_loop,
            self.factory,
            self.captured_default,
            self.slice_write,
            self.nested_loop_target,
            self.local_import,
            self.named_tuple,
            self.data_class,
            self.bisection,
            self.polynomial,
            self.accumulate,
            self.list_of_functions,
            self.multiple_results,
            self.string_choice,
            self.none_result,
            self.delete_item,
            self.newton,
            self.nested_lists,
            self.dict_get_or_set,
            self.any_all,
            self.index_search,
            self.triple_swap,
            self.star_in_list,
            self.conditional_function,
            self.method_chain,
            self.trapezoid,
            self.while_list,
            self.nested_try,
            self.tuple_growth,
        ]
        one, two = self.leaf(scope).at(7), self.leaf(scope).at(7)
        name = self.target(scope)
        made = self.rng.choice(makers)(scope, name, one, two)
        if made is not None:
            scope.bind_float(name)
        return made

    def either(self, options: tuple[list[str], ...]) -> list[Node]:
        """One of these."""
        return list(self.rng.choice(options))

    def need(self, key: str, text: str) -> None:
        """The module needs this text above its functions."""
        self.preamble[key] = text

    def splat_call(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need("blend2", "def blend2(x, y, w=0.25):\n    return w * x * y + (1 - w) * y\n")
        if scope.tuples and self.rng.random() < 0.5:
            source = next((n for n, k in scope.tuples.items() if k == 2), None)
            if source:
                return [f"{name} = blend2(*{source})"]
        return self.either(
            (
                [f"both_ = ({a}, {b})", f"{name} = blend2(*both_, w=0.5)"],
                [f"{name} = blend2(*[{a}, {b}])"],
                [f"more_ = [{a}]", f"{name} = blend2({b}, *more_)"],
            )
        )

    def keyword_splat(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need("spread", "def spread(x, **more):\n    return x * more.get('scale', 2.0) + more['shift']\n")
        self.need("blend2", "def blend2(x, y, w=0.25):\n    return w * x * y + (1 - w) * y\n")
        return self.either(
            (
                [f"{name} = spread({a}, scale={b}, shift=0.5)"],
                [f"{name} = spread({a}, shift={b})"],
                [f"kws_ = {{'y': {a}, 'w': {b}}}", f"{name} = blend2(0.5, **kws_)"],
            )
        )

    def partial(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need("functools", "import functools")
        self.need("blend2", "def blend2(x, y, w=0.25):\n    return w * x * y + (1 - w) * y\n")
        if self.rng.random() < 0.5:
            return [f"part_ = functools.partial(blend2, y={a}, w=0.75)", f"{name} = part_({b})"]
        return [f"part_ = functools.partial(blend2, {a})", f"{name} = part_({b})"]

    def mapped(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not (self.has_builtin("sum") and self.has_builtin("map") and scope.lists):
            return None
        source = self.rng.choice(list(scope.lists))
        return [f"{name} = {a} + sum(map(lambda w: w * {b}, {source}))"]

    def sorted_items(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not self.has_builtin("sorted"):
            return None
        return self.either(
            (
                [f"{name} = sorted([{a}, {b}, 0.5])[1]"],
                [f"low_, high_ = sorted(({a}, {b}))", f"{name} = low_ * 2 - high_"],
                [f"order_ = [{a}, {b}]", "order_.sort()", f"{name} = order_[0] * 0.5 - order_[-1]"],
            )
        )

    def dict_loop(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not scope.dicts or scope.loops > 1:
            return None
        source = self.rng.choice(list(scope.dicts))
        header = self.rng.choice((f"for key_, w_ in {source}.items()", f"for w_ in {source}.values()", f"for key_ in {source}"))
        item = "w_" if "w_" in header else f"{source}[key_]"
        return [
            f"{name} = 0.0",
            Compound([Clause(header, [f"{name} += {item} * {a}" if name not in a else f"{name} += {item}"])]),
        ]

    def factory(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need(
            "make_line", "def make_line(slope, at=0.5):\n    def line(t):\n        return slope * t + at\n    return line\n"
        )
        return [f"line_ = make_line({a})", f"{name} = line_({b}) * line_(0.5)"]

    def captured_default(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if scope.loops or scope.inner or not scope.floats:
            return None
        held = scope.floats[-1]
        return [f"late_ = lambda t, k={a}: t * k + {held}", f"{name} = late_({b}) + late_(0.5, k=2.0)"]

    def slice_write(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        lists = [n for n, k in scope.lists.items() if k >= 2 and n not in scope.frozen]
        if not lists:
            return None
        source = self.rng.choice(lists)
        return [
            self.rng.choice((f"{source}[:2] = [{a}, {b}]", f"{source}[0:2] = {source}[1::-1]", f"{source}[:1] = [{a}]")),
            f"{name} = {source}[0] * {source}[1]",
        ]

    def nested_loop_target(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        lists = [n for n, k in scope.lists.items() if k > 0]
        if not (lists and self.has_builtin("enumerate") and self.has_builtin("zip")) or scope.loops > 1:
            return None
        one, two = self.rng.choice(lists), self.rng.choice(lists)
        loop = Clause(f"for at_, (l_, r_) in enumerate(zip({one}, {two}))", [f"{name} = {name} * 0.5 + l_ * r_ * at_"])
        return [f"{name} = {a}", Compound([loop])]

    def local_import(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return self.either(
            (["from math import cos as cosine", f"{name} = cosine({a})"], ["import math as mm", f"{name} = mm.exp(-{a} ** 2)"])
        )

    def named_tuple(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need("Pair", "import collections\nPair = collections.namedtuple('Pair', 'left right')\n")
        return [f"pair_ = Pair({a}, right={b})", f"{name} = pair_.left * pair_[1] + pair_.right"]

    def data_class(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        text = "import dataclasses\n@dataclasses.dataclass\nclass Spring:\n    k: float\n    x0: float = 0.5\n"
        self.need("Spring", text + "    def energy(self, x):\n        return 0.5 * self.k * (x - self.x0) ** 2\n")
        return [f"spring_ = Spring({a})", f"{name} = spring_.energy({b}) + spring_.k"]

    def bisection(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need("bisect", "import bisect\nXS = [-3.0, -1.0, 0.0, 0.7, 2.0, 9.0]\nYS = [0.1, 0.5, 0.2, 0.9, 1.1, 1.0]\n")
        return [
            f"x_at = 2 * math_tanh({a})".replace("math_tanh", self.math("tanh")),
            "at_ = bisect.bisect(XS, x_at) - 1",
            f"{name} = YS[at_] + (YS[at_ + 1] - YS[at_]) * (x_at - XS[at_]) / (XS[at_ + 1] - XS[at_])",
        ]

    def polynomial(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not self.has_builtin("reversed"):
            return None
        loop = Compound([Clause("for c_ in reversed((0.5, -0.2, 0.1))", ["horner = horner * x_ + c_"])])
        return [f"x_ = {self.math('sin')}({a})", "horner = 0.0", loop, f"{name} = horner + {b}"]

    def accumulate(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not self.has_builtin("range") or scope.loops > 1:
            return None
        loop = Compound([Clause("for turn_ in range(3)", [f"trail.append(trail[-1] * 0.5 + {b})"])])
        return [f"trail = [{a}]", loop, f"{name} = trail[-1] - trail[1]"]

    def list_of_functions(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if scope.loops > 1:
            return None
        sin, cos = self.math("sin"), self.math("cos")
        return (
            [f"{name} = {a}", Compound([Clause(f"for fun_ in ({sin}, {cos})", [f"{name} = fun_({name}) + {b}"])])]
            if (name not in b)
            else None
        )

    def multiple_results(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        self.need("polar", f"def polar(x, y):\n    r = {self.math('hypot')}(x, y + 1)\n    return r, x / (1 + r)\n")
        return self.either(
            (
                [f"{name} = polar({a}, {b})[{self.rng.choice('01')}]"],
                [f"r_, _ = polar({a}, {b})", f"{name} = r_ * 0.5"],
                [f"both_ = polar({a}, {b})", f"{name} = both_[0] * both_[1]"],
            )
        )

    def string_choice(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [
            f'how_ = "up" if {a} > 0 else "down"',
            Compound([Clause('if how_ == "up"', [f"{name} = {a} * {b}"]), Clause("else", [f"{name} = {b} - {a}"])]),
        ]

    def none_result(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [
            "kept_ = None",
            Compound([Clause(f"if {a} > 0.2", [f"kept_ = {b} * 2"])]),
            f"{name} = {a} if kept_ is None else kept_",
        ]

    def delete_item(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [f"some_ = [{a}, {b}, 0.5]", f"del some_[{self.rng.choice('01')}]", f"{name} = some_[0] * some_[1]"]

    def newton(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not (self.has_builtin("range") and self.has_builtin("abs")) or scope.loops:
            return None
        body: list[Node] = [
            "step_ = (root * root * root - goal) / (3 * root * root)",
            "root -= step_",
            Compound([Clause("if abs(step_) < 1e-13", ["break"])]),
        ]
        return [f"goal = 1.5 + {a} ** 2", "root = goal", Compound([Clause("for _ in range(40)", body)]), f"{name} = root * {b}"]

    def nested_lists(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [
            f"grid = [[{a}, 0.5], [{b}, 1.0]]",
            "row_ = grid[1]",
            f"row_[0] *= {a}",
            f"{name} = sum(grid[1]) + grid[0][0]" if self.has_builtin("sum") else f"{name} = grid[1][0]",
        ]

    def dict_get_or_set(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [
            "book = {}",
            f'book["k"] = {a}',
            f'book["k"] = book.get("k", 0.0) * {b} + book.setdefault("n", {b})',
            f'{name} = book["k"]',
        ]

    def any_all(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not self.has_builtin("any"):
            return None
        return [f"{name} = {a} if any(w_ > 1 for w_ in ({a}, {b})) else {b} * 0.5"]

    def index_search(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        body: list[Node] = [Compound([Clause("if w_ > 0.3", [f"{name} = w_ * {a}", "break"])])]
        if scope.loops > 1 or name in a or name in b:
            return None
        return [Compound([Clause(f"for w_ in ({b}, {a}, 0.5)", body), Clause("else", [f"{name} = {b}"])])]

    def triple_swap(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        step = "f0_, f1_ = f1_, f0_ * 0.5 + f1_"
        return [f"f0_, f1_ = {a}, {b}", step, step, f"{name} = f1_"]

    def star_in_list(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [f"front = [{a}, {b}]", "whole = [*front, 0.5, *front]", f"{name} = whole[3] * whole[1]"]

    def conditional_function(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [f"act_ = {self.math('sin')} if {a} > 0 else {self.math('tanh')}", f"{name} = act_({b})"]

    def method_chain(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return ['kind_ = "  Gauss ".strip().lower()', f'{name} = {a} * {b} if kind_.startswith("gau") else {a}']

    def trapezoid(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if not (self.has_builtin("sum") and self.has_builtin("zip")):
            return None
        return [f"ts_ = [0.0, {a}, {b}]", f"{name} = sum((u_ - l_) * 0.5 * (u_ + l_) for l_, u_ in zip(ts_, ts_[1:]))"]

    def while_list(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if name in a or name in b:
            return None
        return [f"todo = [{a}, {b}]", f"{name} = 0.5", Compound([Clause("while todo", [f"{name} = {name} * 0.5 + todo.pop()"])])]

    def nested_try(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        if name in a or name in b:
            return None
        handler: list[Node] = [f"{name} = {b} * 0.5"]
        body: list[Node] = [f"{name} = {self.math('sqrt')}({a})"]
        return [Compound([Clause("try", body), Clause("except ValueError", handler)])]

    def tuple_growth(self, scope: Scope, name: str, a: str, b: str) -> list[Node] | None:
        return [f"row_ = ({a},)", f"row_ += ({b}, 0.5)", f"{name} = row_[0] * row_[1] + row_[-1]"]
