"""Random Python modules with one function to differentiate: text, parameters, the features used, points to call it at.

Never runs anything.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

from .idioms import Idioms
from .layout import Clause, Compound, Node, Style, render
from .naming import COLLIDING, ORDINARY, SHADOWS, UNICODE
from .profiles import PROFILES, Profile
from .scope import Callable_, Scope

ParamKind = Literal["float", "int", "bool", "str", "list", "tuple", "dict", "none", "star"]
Point = dict[str, object]


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: `text` is how the signature writes it; `size` of lists, tuples and star parameters, `keys` of dicts."""

    name: str
    kind: ParamKind
    text: str
    size: int = 0
    keys: tuple[str, ...] = ()
    keyword_only: bool = False

    @property
    def varies(self) -> bool:
        """Whether it has a gradient."""
        return self.kind in ("float", "list", "tuple", "dict", "star", "none")


@dataclass(frozen=True, slots=True)
class Program:
    """A module's text, the name and the parameters of its function, and which features went into it."""

    text: str
    function: str
    parameters: tuple[Param, ...]
    tags: tuple[str, ...]
    label: str
    results: int = 1

    @property
    def wrt(self) -> tuple[str, ...]:
        """The names with respect to which it is differentiated."""
        return tuple(p.name for p in self.parameters if p.varies)


class _Writer(Idioms):
    """Writes one module."""

    def __init__(self, rng: random.Random, profile: Profile) -> None:
        blocked = tuple(rng.sample(SHADOWS, rng.randint(1, 3))) if "shadow" in profile.allowed and rng.random() < 0.4 else ()
        super().__init__(rng, profile, blocked)
        self.profile = profile
        if blocked:
            self.tag("shadow")
        self.names = self._pool()
        self.preamble = {}
        self.imports = "import math"
        if self.may("import_style", 0.5):
            self.tag("import_style")
            choice = rng.randrange(3)
            self.math_style = ("m.", "", "mathlib.")[choice]
            self.imports = ("import math as m", "", "import math as mathlib")[choice]
            self.names = tuple(n for n in self.names if n != "m" and not (choice == 1 and hasattr(math, n)))
            if choice == 2 and "names" in profile.allowed:
                self.names = ("math", *self.names)
        self.label = ""

    def _pool(self) -> tuple[str, ...]:
        names = list(ORDINARY)
        if self.may("names", 0.8):
            self.tag("names")
            names = [*self.rng.sample(COLLIDING, 12), *names[:4]]
        if self.may("unicode", 0.4):
            self.tag("unicode")
            names += self.rng.sample(UNICODE, 3)
        names += [*self.blocked, *self.blocked]
        if "names" in self.allowed or "unicode" in self.allowed:
            self.rng.shuffle(names)
        return tuple(dict.fromkeys(names))

    # --- parameters -------------------------------------------------------------------------------------------------------

    def parameters(self, function: str, scope: Scope) -> list[Param]:
        rng = self.rng
        pool = ["a", "b", "c", "x", "p", "k0"]
        if self.may("names", 0.6):
            pool = [
                *rng.sample([n for n in COLLIDING if n != "_" and (self.math_style or not hasattr(math, n))], 4),
                "x",
                function,
                *pool,
            ]
        pool += [n for n in self.blocked if rng.random() < 0.5]
        if self.may("names", 0.5):
            rng.shuffle(pool)
        pool = list(dict.fromkeys(pool))
        annotated = self.may("annotations", 0.4)
        made: list[Param] = []
        for _ in range(rng.choice((1, 2, 2, 3, 3))):
            name = pool.pop(0)
            scope.bind_float(name)
            made.append(Param(name, "float", f"{name}: float" if annotated and self.has_builtin("float") else name))
        if self.may("list_param", 0.5):
            self._container(made, "list", scope)
        if self.may("tuple_param", 0.25):
            self._container(made, "tuple", scope)
        if self.may("dict_param", 0.2):
            made.append(Param("cfg", "dict", "cfg", 2, ("a", "rho")))
            scope.dicts["cfg"] = ("a", "rho")
            self.tag("dict_param")
        if self.may("intparam", 0.6):
            made.append(Param("n", "int", "n: int" if self.has_builtin("int") else "n"))
            scope.bind_int("n")
            self.tag("intparam")
        if self.may("boolparam", 0.3):
            made.append(Param("flag", "bool", rng.choice(("flag: bool", "flag"))))
            scope.bools.append("flag")
            self.tag("boolparam")
        if self.may("strparam", 0.3):
            made.append(Param("mode", "str", "mode: str"))
            scope.strings.append("mode")
        if self.may("unused", 0.2):
            made.append(Param("spare", "float", "spare"))
            self.tag("unused")
        if self.may("default", 0.25):
            made.append(Param("gain", "float", f"gain={rng.choice(('0.5', '2', '1.0'))}"))
            scope.bind_float("gain")
            self.tag("default")
        if self.may("nonedefault", 0.25):
            made.append(Param("opt", "none", "opt=None"))
            self.tag("nonedefault")
        if self.may("star_args", 0.15) and not any("=" in p.text for p in made):
            made.append(Param("rest_", "star", "*rest_", 2))
            scope.tuples["rest_"] = 2
            self.tag("star_args")
        if self.may("keyword_only", 0.2):
            star = "" if any(p.kind == "star" for p in made) else "*, "
            made.append(Param("kw", "float", f"{star}kw{rng.choice(('', '=0.5'))}", keyword_only=True))
            scope.bind_float("kw")
            self.tag("keyword_only")
        return made

    def _container(self, made: list[Param], kind: Literal["list", "tuple"], scope: Scope) -> None:
        size = self.rng.choice((2, 3))
        if kind == "list":
            scope.lists["ps"] = size
            made.append(Param("ps", "list", "ps", size))
        else:
            scope.tuples["pt"] = size
            made.append(Param("pt", "tuple", "pt", size))
        self.tag(f"{kind}_param")

    # --- module level -----------------------------------------------------------------------------------------------------

    def helpers(self) -> list[Node]:
        """Functions of the module that the main one may call; they are left in `self.module`."""
        rng, nodes = self.rng, list[Node]()
        for number in range(rng.choice((1, 1, 2))):
            name = f"helper{number}" if rng.random() < 0.7 else ("soft", "blend")[number]
            parameters = ("x", "y", "k")[: rng.choice((1, 2, 2, 3))]
            scope = Scope(callables=[c for c in self.module.callables if c.results == 1 and not c.takes_list])
            scope.returns = "helper_branch" in self.allowed
            defaults = 1 if len(parameters) > 1 and self.may("default", 0.5) else 0
            signature = list(parameters)
            for parameter in parameters:
                scope.bind_float(parameter)
            if defaults:
                signature[-1] += f"={rng.choice(('0.5', '2.0', '1'))}"
            if self.may("star_helper", 0.1) and not defaults:
                self.tag("star_helper")
                signature[-1] = f"*{parameters[-1]}"
                nodes.append(
                    Compound(
                        [
                            Clause(
                                f"def {name}({', '.join(signature)})",
                                [f"return {' + '.join(parameters[:-1] or ['1.0'])} + sum({parameters[-1]})"],
                            )
                        ]
                    )
                )
                self.module.callables.append(Callable_(name, parameters, keywords=False))
                continue
            self.budget, self.depth = 3, 2
            body = self.suite(scope, rng.choice((0, 1, 2)), 2 if "helper_branch" in self.allowed and rng.random() < 0.4 else 0)
            body = [] if body == ["pass"] else body
            results = 2 if self.may("multi_helper", 0.3) else 1
            ends = ", ".join(self.float(scope, 2).text for _ in range(results))
            nodes.append(Compound([Clause(f"def {name}({', '.join(signature)})", [*body, f"return {ends}"])]))
            self.module.callables.append(Callable_(name, parameters, defaults, results))
        if self.may("recursion", 0.4):
            self.tag("recursion")
            nodes += self._recursive()
        if self.may("list_helper", 0.5):
            self.tag("list_helper")
            body_choices: tuple[list[Node], ...] = (
                ["q[0] += x", "return q[1] * x"],
                ["return q[0] * q[-1] + x"],
                ["q[1] = q[0] * x", "return q[1]"],
                ["s = 0.0", Compound([Clause("for w in q", ["s += w * x"])]), "return s"],
                [Compound([Clause("for i in range(2)", ["q[i] = 0.5 * q[i] + x"])]), "return q[0]"],
                ["q.append(x)", "return q[-2] * 0.5"],
            )
            nodes.append(Compound([Clause("def walk(q, x)", list(rng.choice(body_choices)))]))
            self.module.callables.append(Callable_("walk", ("q", "x"), takes_list=True))
        return nodes

    def _recursive(self) -> list[Node]:
        sin = self.math("sin") if "math" in self.allowed else "abs"
        form = self.rng.randrange(3)
        if form == 0:
            body: list[Node] = [Compound([Clause("if n <= 0", ["return x"])]), f"return 0.5 * {sin}(deep(x, n - 1)) + x"]
        elif form == 1:
            body = [Compound([Clause("if n <= 0", ["return 1.0"])]), "return 0.7 * x * deep(x, n - 1) + deep(0.5 * x, n - 2)"]
        else:
            body = [Compound([Clause("if n == 0 or abs(x) < 0.1", ["return x * x"])]), "return deep(x * 0.5, n - 1) + x"]
        self.module.callables.append(Callable_("deep3", ("x",)))
        return [Compound([Clause("def deep(x, n=2)", body)]), Compound([Clause("def deep3(x)", ["return deep(x, n=3)"])])]

    def module_text(self) -> tuple[str, str, tuple[Param, ...]]:
        """The text, the function's name and its parameters."""
        rng, profile = self.rng, self.profile
        self.module = Scope()
        constants: list[Node] = []
        if self.may("global_constant", 0.5):
            constants += ["K = 0.7", "LIMIT = 1.5  # by the book"]
            self.module.constants += ["K", "LIMIT"]
        helpers = self.helpers() if "helper" in self.allowed and self.may("helper", 0.6) else []
        if helpers:
            self.tag("helper")
        function = rng.choice(("f", "g", "model", "J"))
        if self.may("names", 0.3):
            function = rng.choice(("df", "grad", "dv", "value_and_grad", "sum_", "f_value_and_grad"))
        scope = Scope(constants=list(self.module.constants), callables=list(self.module.callables))
        if "tuple_result" in self.allowed:
            self.tag("tuple_result")
            scope.results = rng.choice((2, 2, 3))
        self.results = scope.results
        parameters = self.parameters(function, scope)
        body: list[Node] = []
        if any(p.kind == "none" for p in parameters):
            body.append(
                rng.choice((Compound([Clause("if opt is None", ["opt = 0.5"])]), "opt = 1.5 if opt is None else opt * 2"))
            )
            scope.bind_float("opt")
        self.budget, self.depth = profile.size + 4, 3
        body += self.suite(scope, rng.randint(max(1, profile.size - 4), profile.size), 3)
        parts = [self.float(scope, rng.choice((1, 2))), *(self.variable(scope) for _ in range(rng.choice((0, 1, 2))))]
        if scope.results > 1:
            body.append(f"return {self.result(scope)}")
        elif scope.lists and rng.random() < 0.5 and "list_read" in self.allowed and self.has_builtin("sum"):
            chosen = [n for n in scope.lists if scope.lists[n]]
            if chosen:
                from_list = rng.choice(chosen)
                text = f"{' + '.join(p.at(5) for p in parts)} + sum({from_list})"
                body.append(f"return {text}")
        if not (body and isinstance(body[-1], str) and body[-1].startswith("return")):
            sign = rng.choice((" + ", " * ", " - "))
            body.append(f"return {sign.join(p.at(7) for p in parts)}")
        docs = []
        if self.may("docstring", 0.5):
            self.tag("docstring")
            docs = [
                rng.choice(
                    ('"""The thing itself. # not a comment"""', "'one line'", '"""Two lines.\n\n    dv = 0 is not code.\n    """')
                )
            ]
        signature = ", ".join(p.text for p in parameters)
        returns = " -> float" if scope.results == 1 and self.may("annotations", 0.4) and self.has_builtin("float") else ""
        main = Compound([Clause(f"def {function}({signature}){returns}", [*docs, *body])])
        return self._assemble(constants, helpers, main), function, tuple(parameters)

    def _assemble(self, constants: list[Node], helpers: list[Node], main: Compound) -> str:
        style, rng = self._style(), self.rng
        text = render(helpers, style, rng) + ("\n\n" if helpers else "") + render([main], style, rng)
        top: list[Node] = []
        if "contextlib." in text:
            top.append("import contextlib")
        imports = self.imports or f"from math import {', '.join(self.math_names or ['sin'])}"
        tables: list[Node] = ["TABLE = [0.5, 1.5, -0.3, 2.0]", "RATES = (0.1, 0.7)"] if "TABLE" in text or "RATES" in text else []
        part: list[Node] = []
        if "Part(" in text:
            part = [
                Compound(
                    [
                        Clause(
                            "class Part",
                            [
                                Compound([Clause("def __init__(self, k, c=0.5)", ["self.k = k", "self.c = c"])]),
                                Compound([Clause("def at(self, t)", ["return self.k * t + self.c"])]),
                            ],
                        )
                    ]
                )
            ]
        preamble = "".join(text.rstrip() + "\n" for text in self.preamble.values())
        return render([*top, imports, *constants, *tables, *part], Style(), rng) + preamble + "\n\n" + text

    def _style(self) -> Style:
        unit = "    "
        if self.may("indent", 0.4):
            unit = self.rng.choice(("  ", "\t", " ", "        "))
            self.tag("indent")

        def chance(feature: str, probability: float) -> float:
            if not self.may(feature, 0.5):
                return 0.0
            self.tag(feature)
            return probability

        return Style(
            unit, chance("comments", 0.25), chance("oneline", 0.5), chance("semicolon", 0.4), chance("continuation", 0.2)
        )


def generate(profile: str, seed: int) -> Program:
    """The program of that profile and number; always the same one."""
    rng = random.Random(f"{profile}:{seed}")
    writer = _Writer(rng, PROFILES[profile])
    text, function, parameters = writer.module_text()
    return Program(text, function, parameters, tuple(sorted(writer.tags)), f"{profile}:{seed}", writer.results)


def draw_point(program: Program, rng: random.Random) -> Point:
    """Arguments by name; mostly ordinary numbers, now and then zeros, ones, equal ones and ints."""
    special = rng.random() < 0.15
    whole = rng.random() < 0.08

    def number() -> float | int:
        if special and rng.random() < 0.6:
            return rng.choice((0.0, 1.0, -1.0, 0.5, 2.0))
        if whole and rng.random() < 0.6:
            return rng.randint(-2, 3)
        return rng.uniform(-2.0, 2.0) if rng.random() < 0.6 else rng.uniform(0.1, 1.5)

    point: Point = {}
    for p in program.parameters:
        match p.kind:
            case "float":
                if "=" in p.text and rng.random() < 0.4:
                    continue
                point[p.name] = number()
            case "int":
                point[p.name] = rng.choice((0, 1, 2, 3, 3, 4))
            case "bool":
                point[p.name] = rng.random() < 0.5
            case "str":
                point[p.name] = rng.choice("abcz")
            case "list":
                point[p.name] = [number() for _ in range(p.size + rng.choice((0, 0, 1)))]
            case "tuple" | "star":
                point[p.name] = tuple(number() for _ in range(p.size))
            case "dict":
                point[p.name] = {key: number() for key in p.keys}
            case "none":
                if rng.random() < 0.5:
                    point[p.name] = number()
    return point
