"""Random functions whose statements meddle with each other: several targets, aliases, containers handed about, ways left early.

Never runs anything. Unlike the programs of a profile these are made of short recipes, each a few lines that belong together.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .programs import Param, Program

HELPERS = """\
import math


class Pair:
    def __init__(self, a, b):
        self.a = a
        self.b = b

    def mean(self, w=0.5):
        return self.a * w + self.b * (1 - w)


def scaled(u, v=0.5, *, k=2.0):
    return u * v + k


def cut(u, v, low=-0.2):
    if u < low:
        return v * u
    if v > 0.9:
        return u - 0.3 * v, 1.0
    return u * u * v


def cut_plain(u, v=0.7):
    if u < 0.1:
        return math.sin(u) * v
    for i in range(3):
        u = u * 0.5 + v
        if u > 1.1:
            return u * v
    return v - u


def iterated(u, v):
    for _ in range(2):
        u = math.sin(u * v) + u * 0.3
    return u


def both(u, v):
    return u * v, math.cos(u)


def summed(values, w=1.0):
    total = 0.0
    for value in values:
        total += value * w
        w = w * 0.8
    return total


def first_large(values, bound=0.4):
    for value in values:
        if value > bound:
            return value * value
    return values[0]


def filled(u, v):
    made = [u, v]
    for i in range(2):
        made.append(made[-1] * u + i)
    return made


def swapped(values):
    return [values[1], values[0]]


def itself(values):
    return values


def put(values, u):
    values[0] = u * values[1]
    return values[0]


def put_only(values, u):
    values[-1] = u


def kept(table, u):
    table["u"] = table["u"] * u
    return table["v"] + u


def guarded(u):
    try:
        return math.sqrt(u)
    except ValueError:
        return u * 0.2


def recursive(u, n):
    if n == 0:
        return u
    return math.tanh(recursive(u * 0.7, n - 1) + u)


"""


FORMS = (
    "math.tanh({a} + {c}) * {b}", "math.cos({a}) * {c}", "{a} / (1.5 + ({b}) ** 2)", "scaled({a}, {c})", "scaled({b}, k={c})",
    "iterated({a}, {b})", "cut({a}, 0.5)", "cut_plain({a}, {c})", "cut_plain({b})", "both({a}, {c})[{i}]", "guarded({b})",
    "recursive({a}, 2)", "({a} if {c} > 0.2 else {b})", "max({a}, {b}, 0.1)", "min({a}, {b})", "abs({b})",
    "({a} > 0.3 and {c} or {b})", "summed(filled({a}, {b}), {c})", "first_large(({a}, {b}))", "sum(t * {c} for t in ({a}, {b}))",
    "summed(both({a}, {b}), w={c})",
    "(lambda t: t * {a} + {b})({c})", "max(({a}, {b}))", "math.hypot({a}, {b} + 1.5)", "scaled(*({a}, {c}))",
)
OF_LISTS = (
    "sum(t * {a} for t in {p})", "sum({p})", "summed({p}, {a})", "summed({p})", "first_large({p})", "max({p})", "{p}[-1] * {a}",
    "sum(t for t in {p} if t > 0.1)", "len({p}) * {a}", "sum(s * t for s, t in zip({p}, {q}))", "summed([t * {c} for t in {p}])",
    "summed(swapped({p}))", "sum(map(lambda t: t * {a}, {p}))", "sorted({p})[0]", "put({p}, {a})",
    "sum(scaled(t, {a}) for t in {p}[1:])",
    "math.fsum({p})", "min({p}, key=abs)", "itself({p})[1]", "sum(t * {a} * i for i, t in enumerate({p}))", "{p}[0] * {q}[1]",
)
OF_DICTS = ("sum({d}.values())", "{d}.get('u', {a})", "{d}.get('w', {a})", "kept({d}, {a})", "{d}['u'] * {a}")
OF_PAIRS = ("{r}.mean({a})", "{r}.a * {b}", "{r}.mean()")
STORES = (
    "{p}[0] {how} {a}", "{p}[1] {how} {a}", "{p}[-1] {how} {a}", "{p}.append({a})", "{p}[0] = {a}", "{p} += [{a}]",
    "{p}[:1] = [{a}]", "{p}.insert(0, {a})", "{p}.extend([{a}])", "{p}[0], {p}[1] = {p}[1], {a}", "{p}.reverse()",
    "put_only({p}, {a})", "{p}.sort()", "del {p}[0]; {p}.append({a})", "{p}[0] = {p}[1] = {a}",
)


class _Writer:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.depth = 1
        self.loops = 0
        self.floats = ["x", "y"]
        self.lists: list[str] = []
        self.dicts: list[str] = []
        self.pairs: list[str] = []
        self.count = 0
        recipes: list[Callable[[], None]] = [
            self.chained, self.augmented, self.named_inside, self.listed, self.stored, self.after_a_call, self.tabled,
            self.recorded, self.closed, self.starred, self.swapped,
        ]
        rarely: list[Callable[[], None]] = [self.aliased, self.handed]
        blocks: list[Callable[[], None]] = [self.branched, self.looped, self.tried, self.whiled, self.left]
        self.simple = [self.assigned, self.several, *rng.sample(recipes, 4)] + (rng.sample(rarely, 1) if self.chance(0.2) else [])
        self.compound = rng.sample(blocks, 2)
        self.kinds = set(rng.sample(range(len(FORMS)), 9))
        self.stores = rng.sample(STORES, 3)
        self.of_lists = rng.sample(OF_LISTS, 5)
        self.is_bold = self.chance(0.25)

    # --- pieces ---

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def name(self) -> str:
        """A variable for a number: one that is bound already, or a new one."""
        if self.chance(0.55):
            return self.rng.choice(self.floats)
        return self.fresh()

    def fresh(self, stem: str = "v") -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def bind(self, name: str) -> None:
        if name not in self.floats:
            self.floats.append(name)

    def leaf(self) -> str:
        options = [self.rng.choice(self.floats), self.rng.choice(self.floats), self.rng.choice(self.floats)]
        if self.lists:
            options.append(f"{self.rng.choice(self.lists)}[{self.rng.choice(('0', '1', '-1'))}]")
        if self.dicts:
            options.append(self.rng.choice(self.dicts) + self.rng.choice(('["u"]', '["v"]')))
        if self.pairs:
            options.append(f"{self.rng.choice(self.pairs)}.{self.rng.choice('ab')}")
        if self.chance(0.08):
            options = ["0.7", "-1.3"]
        return self.rng.choice(options)

    def expr(self, depth: int = 2) -> str:
        a = self.leaf()
        if depth == 0 or self.chance(0.15):
            return a
        b, c = self.expr(depth - 1), self.leaf()
        made = ["{a} * {b}", "({a} + {b})", "math.sin({b})", "({a} - {b}) * {c}"]
        made += [form for at, form in enumerate(FORMS) if at in self.kinds]
        if self.lists:
            made += self.of_lists
        if self.dicts and self.chance(0.6):
            made += OF_DICTS
        if self.pairs and self.chance(0.6):
            made += OF_PAIRS
        names = {"a": a, "b": b, "c": c, "i": self.rng.choice("01")}
        names["p"] = self.rng.choice(self.lists or [""])
        names["q"] = self.rng.choice(self.lists or [""])
        names["d"] = self.rng.choice(self.dicts or [""])
        names["r"] = self.rng.choice(self.pairs or [""])
        return self.rng.choice(made).format(**names)

    def test(self) -> str:
        return f"{self.expr(1)} {self.rng.choice('<>')} {self.rng.choice(('0.2', '0.6', '-0.1', self.rng.choice(self.floats)))}"

    def suite(self, most: int = 2) -> None:
        self.depth += 1
        known = self.floats[:], self.lists[:], self.dicts[:], self.pairs[:]
        for _ in range(self.rng.randint(1, most)):
            self.statement()
        self.floats, self.lists, self.dicts, self.pairs = known
        self.depth -= 1

    # --- statements ---

    def statement(self) -> None:
        before = len(self.lines)
        self.rng.choice(self.simple + self.compound if self.depth < 3 else self.simple)()
        if len(self.lines) == before:
            self.assigned()

    def assigned(self) -> None:
        text, name = self.expr(3), self.name()
        self.line(f"{name} = {text}")
        self.bind(name)

    def several(self) -> None:
        """`a, b = ..., ...`, whose right sides read what the left sides bind; elements of lists among the targets."""
        count = self.rng.choice((2, 2, 3))
        values = [self.expr(2) for _ in range(count)]
        targets: list[str] = []
        for _ in range(count):
            if self.lists and self.chance(0.2):
                targets.append(f"{self.rng.choice(self.lists)}[{self.rng.choice('01')}]")
            else:
                targets.append(self.name())
        self.line(f"{', '.join(targets)} = {', '.join(values)}")
        for each in targets:
            if "[" not in each:
                self.bind(each)

    def chained(self) -> None:
        text, one, two = self.expr(2), self.name(), self.name()
        if self.lists and self.chance(0.3):
            two = f"{self.rng.choice(self.lists)}[{self.rng.choice('01')}]"
        self.line(f"{one} = {two} = {text}")
        for each in (one, two):
            if "[" not in each:
                self.bind(each)

    def augmented(self) -> None:
        self.line(f"{self.rng.choice(self.floats)} {self.rng.choice(('+=', '-=', '*='))} {self.expr(2)}")

    def named_inside(self) -> None:
        name, other = self.fresh(), self.name()
        value = self.expr(1)
        self.line(self.rng.choice((
            f"{other} = ({name} := {value}) * {name} + {self.leaf()}",
            f"{other} = scaled({name} := {value}, {self.leaf()}) - {name}",
            f"{other} = math.sin(({name} := {value})) * {self.leaf()} + {name} ** 2",
        )))
        self.bind(name)
        self.bind(other)

    def listed(self) -> None:
        name = self.rng.choice(self.lists) if self.lists and self.chance(0.3) else self.fresh("p")
        a, b, c = self.expr(1), self.expr(1), self.leaf()
        options = [f"[{a}, {b}]", f"[{a}, {b}, {c}]", f"filled({c}, {self.leaf()})", f"[{c}] * 3", f"[{a}] + [{b}, {c}]",
                   f"list(both({c}, {self.leaf()}))", f"[t * {c} for t in ({a}, {b})]", f"[scaled(t) for t in ({a}, {b})]"]
        if self.lists:
            one = self.rng.choice(self.lists)
            options += [f"{one}[:]", f"list({one})", f"{one} + [{a}]", f"[t * {c} for t in {one}]", f"swapped({one})",
                        f"sorted({one})", f"[*{one}, {a}]", f"{one}[::-1]", f"list(reversed({one}))", f"{one}.copy()"]
        self.line(f"{name} = {self.rng.choice(options)}")
        if name not in self.lists:
            self.lists.append(name)

    def stored(self) -> None:
        if not self.lists:
            self.listed()
        one, a = self.rng.choice(self.lists), self.expr(2)
        form = self.rng.choice(self.stores) if self.is_bold else self.rng.choice(STORES[:5])
        self.line(form.format(p=one, a=a, how=self.rng.choice(("+=", "*=", "="))))

    def after_a_call(self) -> None:
        """A helper is given a list, which is changed right after."""
        if not self.lists:
            self.listed()
        one, name = self.rng.choice(self.lists), self.name()
        self.line(f"{name} = {self.rng.choice(('summed', 'first_large', 'sum', 'max'))}({one}) * {self.leaf()}")
        self.bind(name)
        self.line(f"{one}[{self.rng.choice('01')}] {self.rng.choice(('=', '*=', '+='))} {self.expr(1)}")
        if self.chance(0.5):
            self.line(f"{name} = {name} * summed({one}, {name})")

    def aliased(self) -> None:
        """A second name for a list, a dict or an object, or a place in another; a store through one, a read through the other."""
        kind = self.rng.choice(("list", "list", "dict", "pair", "nested", "returned"))
        name, a = self.fresh("q"), self.expr(1)
        if kind == "list" and self.lists:
            one = self.rng.choice(self.lists)
            self.line(f"{name} = {one}")
            self.line(f"{self.rng.choice((name, one))}[0] {self.rng.choice(('=', '*='))} {a}")
            self.lists.append(name)
        elif kind == "dict" and self.dicts:
            one = self.rng.choice(self.dicts)
            self.line(f"{name} = {one}")
            self.line(f'{self.rng.choice((name, one))}["u"] = {a}')
            self.dicts.append(name)
        elif kind == "pair" and self.pairs:
            one = self.rng.choice(self.pairs)
            self.line(f"{name} = {one}")
            self.line(f"{self.rng.choice((name, one))}.a = {a}")
            self.pairs.append(name)
        elif kind == "nested" and self.lists:
            one = self.rng.choice(self.lists)
            self.line(f"{name} = [{one}, [{self.leaf()}, {self.leaf()}]]")
            self.line(self.rng.choice((f"{name}[0][1] = {a}", f"{one}[1] = {a}", f"{name}[1][0] = {a}")))
            target = self.name()
            self.line(f"{target} = {name}[0][1] * {name}[1][0] + {one}[1]")
            self.bind(target)
        elif kind == "returned" and self.lists:
            one = self.rng.choice(self.lists)
            self.line(f"{name} = {self.rng.choice((f'itself({one})', f'{one} if {self.test()} else [{a}, {a}]'))}")
            self.line(f"{name}[1] = {self.leaf()} * {one}[0]")
            self.lists.append(name)

    def tabled(self) -> None:
        if not self.dicts or self.chance(0.3):
            name = self.fresh("d")
            self.line(self.rng.choice((
                f'{name} = {{"u": {self.expr(1)}, "v": {self.leaf()}}}', f"{name} = dict(u={self.expr(1)}, v={self.leaf()})",
            )))
            self.dicts.append(name)
            return
        one, a, target = self.rng.choice(self.dicts), self.expr(1), self.name()
        choice = self.rng.randrange(5)
        if choice == 0:
            how = self.rng.choice(("=", "+=", "*="))
            self.line(f'{one}["v"] {how} {a}')
        elif choice == 1:
            self.line(f"{target} = 0.0")
            self.line(f"for key, value in {one}.items():")
            self.line(f"    {target} += value * {self.rng.choice([each for each in self.floats if each != target] or ['1.0'])}")
            self.bind(target)
        elif choice == 2:
            self.line(f"{one}.update(u={a})")
        elif choice == 3:
            self.line(f'{target} = {one}.pop("u") * {self.leaf()}')
            self.line(f'{one}["u"] = {target}')
            self.bind(target)
        else:
            self.line(f'{target} = {one}.setdefault("u", {a}) + {self.leaf()}')
            self.bind(target)

    def recorded(self) -> None:
        if not self.pairs or self.chance(0.4):
            name = self.fresh("r")
            self.line(f"{name} = Pair({self.expr(1)}, {self.leaf()})")
            self.pairs.append(name)
            return
        one = self.rng.choice(self.pairs)
        self.line(f"{one}.{self.rng.choice('ab')} {self.rng.choice(('=', '+='))} {self.expr(1)}")

    def closed(self) -> None:
        """A nested function that reads a variable which is bound anew before it is called."""
        name, captured, target = self.fresh("f"), self.rng.choice(self.floats), self.name()
        if self.chance(0.5):
            self.line(f"{name} = lambda t, k={self.leaf()}: t * {captured} + k")
        else:
            self.line(f"def {name}(t, k=0.5):")
            if self.chance(0.5):
                self.line(f"    if t > {captured}:")
                self.line("        return k * t")
            self.line(f"    return math.sin(t * {captured}) + k")
        if self.chance(0.5):
            self.line(f"{captured} = {self.expr(1)}")
        self.line(f"{target} = {name}({self.leaf()}) + {name}({self.leaf()}, k={self.leaf()})")
        self.bind(target)

    def starred(self) -> None:
        if not self.lists:
            return
        one, target = self.rng.choice(self.lists), self.name()
        choice = self.rng.randrange(4)
        if choice == 0:
            rest = self.fresh("p")
            self.line(f"{target}, *{rest} = {one}")
        elif choice == 1:
            self.line(f"{target} = scaled(*{one}[:2])")
        elif choice == 2:
            other = self.fresh()
            self.line(f"{target}, {other} = {one}[:2]")
            self.bind(other)
        else:
            self.line(f"{target} = math.hypot(*{one}) + {self.leaf()}")
        self.bind(target)

    def handed(self) -> None:
        """Containers handed to helpers that store into them, with the value read afterwards."""
        target = self.name()
        if self.lists and self.chance(0.6):
            one = self.rng.choice(self.lists)
            self.line(self.rng.choice((f"put_only({one}, {self.leaf()})", f"{target} = put({one}, {self.leaf()})")))
            self.line(f"{target} = {one}[0] * {one}[-1]")
        elif self.dicts:
            one = self.rng.choice(self.dicts)
            self.line(f"{target} = kept({one}, {self.leaf()}) * {one}['u']")
        else:
            self.line(f"{target} = summed(({self.expr(1)}, {self.leaf()}), w={self.leaf()})")
        self.bind(target)

    def swapped(self) -> None:
        one, two = self.rng.choice(self.floats), self.rng.choice(self.floats)
        self.line(f"{one}, {two} = {two}, {one}" if one != two else f"{one} = -{one}")

    def branched(self) -> None:
        """Arms that bind: numbers known before, lists, or what one arm alone has."""
        if self.chance(0.3):
            name = self.fresh()
            self.line(f"if ({name} := {self.expr(1)}) > 0.25:")
            self.bind(name)
        else:
            self.line(f"if {self.test()}:")
        self.suite()
        if self.chance(0.3):
            self.line(f"elif {self.test()}:")
            self.suite()
        if self.chance(0.5):
            self.line("else:")
            self.suite()

    def looped(self) -> None:
        if self.loops > 1:
            return
        self.loops += 1
        item = self.fresh("t")
        if self.lists and self.chance(0.5):
            one = self.rng.choice(self.lists)
            header = self.rng.choice((
                f"for {item} in {one}:", f"for i, {item} in enumerate({one}):", f"for {item} in {one}[1:]:",
                f"for {item}, w in zip({one}, {self.rng.choice(self.lists)}):", f"for {item} in reversed({one}):",
                f"for {item} in [*{one}]:", f"for {item} in list({one}):",
            ))
        else:
            header = self.rng.choice((f"for {item} in range(3):", f"for {item} in ({self.leaf()}, {self.leaf()}, 0.4):"))
        self.line(header)
        known = self.floats[:]
        self.floats.append(item)
        self.suite(3)
        self.depth += 1
        if self.chance(0.4):
            self.line(f"if {self.test()}:")
            if self.chance(0.4):
                self.line(f"    {self.rng.choice(known)} = {self.expr(1)}")
            self.line(f"    {self.rng.choice(('break', 'break', 'continue', f'return {self.expr(1)}'))}")
            if self.chance(0.6):
                self.line(f"{self.rng.choice(known)} += {self.expr(1)}")
        self.depth -= 1
        self.floats = known
        if self.chance(0.2):
            self.line("else:")
            self.suite(1)
        self.loops -= 1

    def whiled(self) -> None:
        if self.loops > 1:
            return
        self.loops += 1
        count, name = self.fresh("n"), self.rng.choice(self.floats)
        self.line(f"{count} = 0")
        self.line(f"while {count} < 3 and {name} < 2.5:")
        self.depth += 1
        self.line(f"{count} += 1")
        self.depth -= 1
        self.suite()
        if self.chance(0.3):
            self.line(f"    if {self.test()}:")
            self.line("        break")
        self.loops -= 1

    def tried(self) -> None:
        self.line("try:")
        self.suite()
        self.depth += 1
        name = self.name()
        self.line(self.rng.choice((
            f"{name} = math.sqrt({self.expr(1)})", f"{name} = math.log({self.expr(1)})",
            f"{name} = {self.leaf()} / ({self.leaf()} > 0.3)",
            f"{name} = [{self.leaf()}][{self.rng.choice('02')}]", f'{name} = {{"u": {self.leaf()}}}["{self.rng.choice("uv")}"]',
        )))
        self.depth -= 1
        self.line(self.rng.choice((
            "except (ValueError, ZeroDivisionError, LookupError):", "except Exception:", "except (ArithmeticError, KeyError):",
        )))
        self.depth += 1
        self.line(f"{name} = {self.expr(1)}")
        self.depth -= 1
        self.bind(name)
        if self.chance(0.2):
            self.line("finally:")
            self.suite(1)

    def left(self) -> None:
        self.line(f"if {self.test()}:")
        self.line(f"    return {self.expr(1)}")

    def program(self, label: str) -> Program:
        parameters = [Param("x", "float", "x"), Param("y", "float", "y")]
        if self.chance(0.25):
            parameters.append(Param("ps", "list", "ps", 3))
            self.lists.append("ps")
        for _ in range(self.rng.randint(2, 7)):
            self.statement()
        ends = [each for each in self.floats if self.chance(0.6)] or ["x"]
        if self.lists and self.chance(0.5):
            ends.append(f"{self.rng.choice(self.lists)}[{self.rng.choice('01')}]")
        self.line(f"return {' + '.join(ends)}")
        signature = ", ".join(each.text for each in parameters)
        text = f"{HELPERS}def f({signature}):\n" + "\n".join(self.lines) + "\n"
        return Program(text, "f", tuple(parameters), (), label)


def tangled_program(seed: int) -> Program:
    """The program of a seed: the same one each time."""
    return _Writer(random.Random(f"tangled {seed}")).program(f"tangled:{seed}")
