"""Where a function is sampled: what its parameters may be, and points drawn from it, the same ones in every run.

Never calls the function.
"""
from __future__ import annotations

import ast
import dataclasses
import inspect
import random
import textwrap
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradgen.errors import ArgumentError

Hints = Mapping[str, set[Any]]

# Ranges that a real number is drawn from where nothing is known of it; the first suits most formulas.
RANGES = ((0.1, 3.0), (0.05, 0.95), (-3.0, 3.0), (1.0, 20.0), (0.1, 3.0), (20.0, 400.0), (-1.0, 1.0), (1e-3, 0.2), (250.0, 2e3))
SURE_TRIES = 6  # so many first points draw every parameter from the first range


@dataclass(frozen=True, slots=True)
class Real:
    """A real number: within given bounds, or near a default, or anywhere."""

    low: float | None = None
    high: float | None = None
    default: float | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """An int within bounds."""

    low: int = 1
    high: int = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """An object made by a call with keyword arguments drawn from templates."""

    make: Callable[..., Any]
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known of the parameter but that it is no number."""

    what: str


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The signature with its annotations as objects, where they can be evaluated."""
    try:
        return inspect.signature(function, eval_str=True)
    except Exception:  # whatever an annotation's evaluation raises
        return inspect.signature(function)


def wrt_of(signature: inspect.Signature, wrt: str | Sequence[str] | None) -> tuple[str, ...]:
    """The names asked for; by default of every parameter that may be a real number. Raises ArgumentError for unknown ones."""
    parameters = signature.parameters.values()
    if wrt is None:
        return tuple(
            parameter.name
            for parameter in parameters
            if parameter.annotation not in (int, bool, str, "int", "bool", "str")
            and not (isinstance(parameter.default, bool | str) or parameter.default is None)
            and parameter.kind is not parameter.VAR_KEYWORD
        )
    names = (wrt,) if isinstance(wrt, str) else tuple(wrt)
    for name in names:
        if name not in signature.parameters:
            raise ArgumentError(f"{name!r} is no parameter of the function; it has {', '.join(signature.parameters) or 'none'}")
    return names


def call(function: Callable[..., Any], signature: inspect.Signature, values: Mapping[str, Any]) -> Any:
    """Call the function with the values of its parameters by name (`*args` a sequence, `**kwargs` a mapping)."""
    bound = inspect.BoundArguments(signature, typing.cast(Any, dict(values)))
    return function(*bound.args, **bound.kwargs)


def bind(signature: inspect.Signature, point: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    """The parameters' values by name, of a point given as a mapping or as a sequence; defaults filled in."""
    bound = signature.bind(**point) if isinstance(point, Mapping) else signature.bind(*point)
    bound.apply_defaults()
    return dict(bound.arguments)


def templates(signature: inspect.Signature, domain: Mapping[str, Any], wrt: Sequence[str]) -> dict[str, Any]:
    """For each parameter what it may be: by the domain, else its annotation, else its default, else a real number."""
    unknown = [name for name in domain if name not in signature.parameters]
    if unknown:
        raise ArgumentError(f"the domain names {unknown[0]!r}, which is no parameter")
    return {
        name: _given(domain[name], parameter.annotation) if name in domain else _guessed(parameter, name in wrt)
        for name, parameter in signature.parameters.items()
    }


def _given(entry: Any, annotation: Any) -> Any:
    if isinstance(entry, Choice):
        return entry
    fields = getattr(entry, "_fields", None)
    if isinstance(entry, tuple) and len(entry) == 2 and fields is None:
        low, high = entry
        if isinstance(low, int | float) and isinstance(high, int | float):
            return Whole(int(low), int(high)) if _named(annotation) == "int" else Real(float(low), float(high))
    if isinstance(entry, list):
        return [_given(item, None) for item in entry]
    if type(entry) is dict:
        return {key: _given(item, None) for key, item in entry.items()}
    if isinstance(entry, tuple) and fields is not None:
        return Made(type(entry), {name: _given(getattr(entry, name), None) for name in fields})
    if dataclasses.is_dataclass(entry) and not isinstance(entry, type):
        return Made(type(entry), {field.name: _given(getattr(entry, field.name), None) for field in dataclasses.fields(entry)})
    return Choice((entry,))


def _named(annotation: Any) -> str:
    if annotation is None or annotation is inspect.Parameter.empty:
        return ""
    return str(getattr(annotation, "__name__", annotation)).strip("'\"")


def _guessed(parameter: inspect.Parameter, is_wrt: bool) -> Any:
    if parameter.kind is parameter.VAR_POSITIONAL:
        return (Real(), Real(), Real())
    if parameter.kind is parameter.VAR_KEYWORD:
        return {}
    default = parameter.default
    if default is inspect.Parameter.empty:
        return _annotated(parameter.annotation)
    if isinstance(default, bool) or _named(parameter.annotation) == "bool":
        return Choice((default, not default) if isinstance(default, bool) else (default,))
    if isinstance(default, int) and not is_wrt:
        return Choice((default,))
    if isinstance(default, int | float):
        return Real(default=float(default))
    return Choice((default,))


def _annotated(annotation: Any) -> Any:
    plain = {"int": Whole(), "bool": Choice((True, False)), "str": Unknown("a string"), "float": Real(), "": Real()}
    if (name := _named(annotation)) in plain and typing.get_origin(annotation) is None:
        return plain[name]
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return Choice(inner)
    if origin is tuple and inner and inner[-1] is not Ellipsis:
        return tuple(_annotated(item) for item in inner)
    if origin in (list, tuple) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        items = [_annotated(inner[0])] * 3
        return tuple(items) if origin is tuple else items
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return Made(annotation, {field.name: _field(annotation, field) for field in dataclasses.fields(annotation) if field.init})
    if isinstance(annotation, type) and hasattr(annotation, "_fields"):
        hints = getattr(annotation, "__annotations__", {})
        return Made(annotation, {name: _annotated(hints.get(name, "")) for name in annotation._fields})
    return Real() if not isinstance(annotation, type) else Unknown(f"a {annotation.__name__}")


def _field(cls: type, field: dataclasses.Field[Any]) -> Any:
    return _annotated(typing.get_type_hints(cls).get(field.name, field.type))


def compared_constants(function: Callable[..., Any]) -> dict[str, set[Any]]:
    """For each parameter the numbers and strings that the function's text compares it with; nothing where there is no text."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return {}
    known = getattr(function, "__globals__", {})
    found: dict[str, set[Any]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            values = [part.value if isinstance(part, ast.Constant) else known.get(getattr(part, "id", "")) for part in parts]
            constants = {value for value in values if isinstance(value, float | int | str) and not isinstance(value, bool)}
            for part in parts:
                if isinstance(part, ast.Name):
                    found.setdefault(part.id, set()).update(constants)
    return found


def points(
    found: Mapping[str, Any], seed: str, hints: Hints, whole: set[str]
) -> Iterator[dict[str, Any]]:
    """Endless values of the parameters. `hints` (constants that a number was compared with) and `whole` (names that turned out
    to be ints) may grow while this runs.
    """
    chance = random.Random(f"gradgen {seed}")
    turn = 0
    while True:
        common = RANGES[0] if turn < SURE_TRIES else RANGES[turn % len(RANGES)]
        draw = _Draw(chance, turn, common, hints, whole)
        yield {name: draw.of(template, name) for name, template in found.items()}
        turn += 1


@dataclass(frozen=True, slots=True)
class _Draw:
    """One point being drawn."""

    chance: random.Random
    turn: int
    common: tuple[float, float]
    hints: Hints
    whole: set[str]

    def of(self, template: Any, name: str) -> Any:
        if isinstance(template, Real):
            return self._real(template, name)
        if isinstance(template, Whole):
            return self.chance.randint(template.low, template.high)
        if isinstance(template, Choice):
            return template.values[self.turn % len(template.values)]
        if isinstance(template, Made):
            return template.make(**{field: self.of(part, f"{name}.{field}") for field, part in template.fields.items()})
        if isinstance(template, dict):
            return {key: self.of(part, f"{name}[{key!r}]") for key, part in template.items()}
        if isinstance(template, list | tuple):
            return type(template)(self.of(part, f"{name}[{index}]") for index, part in enumerate(template))
        return template

    def _real(self, template: Real, name: str) -> Any:
        if name in self.whole:
            return self.chance.randint(1, 5)
        hints = self.hints.get(name, set())
        words = sorted(hint for hint in hints if isinstance(hint, str))
        if words and template.low is None:
            return words[self.turn % len(words)]
        low, high = self._range(template, sorted(hint for hint in hints if not isinstance(hint, str)))
        return rounded(self.chance.uniform(low, high), low, high)

    def _range(self, template: Real, hints: list[float]) -> tuple[float, float]:
        if template.low is not None and template.high is not None:
            inner = [hint for hint in hints if template.low < hint < template.high]
            if inner and self.chance.random() < 0.7:
                edges = [template.low, *inner, template.high]
                piece = self.chance.randrange(len(edges) - 1)
                return edges[piece], edges[piece + 1]
            return template.low, template.high
        if hints and self.chance.random() < 0.6:
            hint = self.chance.choice(hints)
            width = 0.5 * max(abs(hint), 1.0) if abs(hint) < 1e300 else 1.0
            return hint - width, hint + width
        if template.default is not None and (self.turn < SURE_TRIES or self.chance.random() < 0.6):
            if self.turn == 0 and template.default != 0:
                return template.default, template.default
            around = sorted((0.6 * template.default, 1.5 * template.default))
            return (around[0], around[1]) if template.default else (-1.0, 1.0)
        own = self.turn >= SURE_TRIES and self.chance.random() < 0.5
        return self.chance.choice(RANGES) if own else self.common


def rounded(x: float, low: float, high: float) -> float:
    """x to six significant digits, if that stays within the bounds: a point one can type."""
    short = float(f"{x:.6g}")
    return short if low <= short <= high else x
