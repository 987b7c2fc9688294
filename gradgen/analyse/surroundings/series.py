"""Polynomials that NumPy's classes hold, by their coefficients: `np.poly1d(c)(x)`, `Polynomial(c).deriv()`, sums and products.

Never looks at what an object holds: it is what its constructor was given.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import SupportsFloat

from gradgen.analyse.kinds.literals import literal_of
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace

POLYNOMIALS = {
    "poly1d": ("polyval", True, "poly"), "Polynomial": ("power_series", False, "low_poly"),
    "Chebyshev": ("chebval", False, "cheb"), "Legendre": ("legval", False, "leg"), "Hermite": ("hermval", False, "herm"),
    "HermiteE": ("hermeval", False, "herme"), "Laguerre": ("lagval", False, "lag"),
}
"""By class: the operation that a value of it is, whether the coefficients come first, and how those on coefficients begin."""
FAMILIES = {
    "polyval": "numpy", "power_series": "numpy.polynomial.polynomial", "chebval": "numpy.polynomial.chebyshev",
    "legval": "numpy.polynomial.legendre", "hermval": "numpy.polynomial.hermite", "hermeval": "numpy.polynomial.hermite_e",
    "lagval": "numpy.polynomial.laguerre",
}
BETWEEN = frozenset({"add", "sub", "mul"})
OWN_COEFFICIENTS = {"poly1d": ("coeffs", "coef", "c", "coefficients")}
COEFFICIENTS = frozenset({"coef", "coeffs", "c", "coefficients"})


def is_polynomial(known: type) -> bool:
    """Whether a class is one of NumPy's polynomials, whose sums and products are read."""
    return known.__name__ in POLYNOMIALS and known.__module__.startswith("numpy")


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A class of polynomials and the coefficients of one, of `offset + scale * x`; `is_own` says whether they are those that the
    object has."""

    name: str
    coefficients: ir.Expr
    offset: float = 0.0
    scale: float = 1.0
    is_own: bool = True

    @property
    def family(self) -> str:
        return FAMILIES[POLYNOMIALS[self.name][0]]

    def at(self, place: ir.Expr, span: ir.Span | None) -> ir.Op:
        """Its value at a place."""
        operation, coefficients_first, _ = POLYNOMIALS[self.name]
        if self.scale != 1:
            place = ir.Op("mul", (ir.Const(self.scale), place))
        if self.offset:
            place = ir.Op("add", (ir.Const(self.offset), place))
        operands = (self.coefficients, place) if coefficients_first else (place, self.coefficients)
        return ir.Op(operation, operands, (), None, self.family, span=span)


@dataclass(frozen=True, slots=True)
class Polynomials:
    """Asks of expressions whether they are polynomials: `live` tells the value of a name, `source` the expression that a name is
    bound to, `stands` whether what that reads is still what it was."""

    live: Callable[[ir.Expr], object]
    source: Callable[[ir.Name], ir.Expr | None]
    stands: Callable[[ir.Expr], bool]

    def value(self, call: ir.Call) -> ir.Op | None:
        """The value of a polynomial at a place, as an operation; of sums and products the sum and the product of the values."""
        if len(call.args) != 1 or call.keywords or isinstance(call.args[0], ir.Starred):
            return None
        return self._at(call.func, call.args[0], call.span)

    def coefficients(self, attribute: ir.Attribute) -> ir.Op | None:
        """`np.poly1d(c).coeffs`: the coefficients of a polynomial, as an array."""
        found = self.of(attribute.base)
        if found is None or not found.is_own or attribute.name not in OWN_COEFFICIENTS.get(found.name, ("coef",)):
            return None
        return ir.Op("asarray", (found.coefficients,), family="numpy", span=attribute.span)

    def _at(self, made: ir.Expr, place: ir.Expr, span: ir.Span | None = None) -> ir.Op | None:
        made = self._behind(made)
        found = self.of(made)
        if found is not None:
            return found.at(place, span)
        match made:
            case ir.Op(op="neg", args=(inner,)):
                value = self._at(inner, place)
                return None if value is None else replace(made, args=(value,), span=None)
            case ir.Op(op="div" | "pow" as op, args=(inner, number)) if self._is_number(number):
                value = self._at(inner, place) if op == "div" or _is_power(number) else None
                return None if value is None else replace(made, args=(value, number), span=None)
            case ir.Op(op=op, args=(left, right)) if op in BETWEEN:
                values = [self._at(each, place) for each in (left, right)]
                if values == [None, None]:
                    return None
                parts = tuple(each if value is None else value for each, value in zip((left, right), values, strict=True))
                numbers = [each for each, value in zip((left, right), values, strict=True) if value is None]
                return replace(made, args=parts, span=None) if all(map(self._is_number, numbers)) else None
        return None

    def _is_number(self, expr: ir.Expr) -> bool:
        return isinstance(expr, ir.Const | ir.Name) and self.of(expr) is None

    def _behind(self, made: ir.Expr) -> ir.Expr:
        """What a variable was bound to, where that still stands."""
        source = self.source(made) if isinstance(made, ir.Name) else None
        return source if source is not None and self.stands(source) else made

    def of(self, made: ir.Expr) -> Polynomial | None:
        """The polynomial that an expression makes."""
        made = self._behind(made)
        match made:
            case ir.Call(func=ir.Attribute(base=base, name="deriv" | "integ" as change), target=None):
                found = self.of(base)
                return None if found is None else _changed(found, change, made)
            case ir.Call(func=ir.Attribute(base=base, name="convert"), target=None, args=(), keywords=()):
                found = self.of(base)
                return replace(found, is_own=True) if found is not None and found.name == "Polynomial" else None
            case ir.Call(args=(_, *_)) if not any(isinstance(arg, ir.Starred) for arg in made.args):
                return self._made(made)
        return None

    def _made(self, made: ir.Call) -> Polynomial | None:
        target = made.target if made.target is not None else self.live(made.func)
        owner = getattr(target, "__self__", None)
        name = getattr(owner if isinstance(owner, type) else target, "__name__", "")
        module = getattr(owner if isinstance(owner, type) else target, "__module__", "") or ""
        if name not in POLYNOMIALS or not module.startswith("numpy"):
            return None
        if isinstance(owner, type):
            return _by_method(name, getattr(target, "__name__", ""), made)
        (coefficients, *rest), keywords = made.args, dict(made.keywords)
        inner = self.of(coefficients)
        if inner is not None:
            return inner if inner.name == name and not rest and not keywords else None
        if name == "poly1d" and (rest or keywords):
            flags = [literal_of(each) for each in (*rest, *keywords.values())]
            is_by_roots = flags == [True] and keywords.keys() <= {"r"}
            return Polynomial(name, ir.Op("poly", (coefficients,), (), None, "numpy")) if is_by_roots else None
        keywords |= dict(zip(("domain", "window"), rest, strict=False))
        if not keywords:
            return Polynomial(name, coefficients)
        bounds = [literal_of(keywords[key]) if key in keywords else tuple(getattr(target, key)) for key in ("domain", "window")]
        return _mapped(name, coefficients, bounds) if keywords.keys() <= {"domain", "window"} else None


def _mapped(name: str, coefficients: ir.Expr, bounds: Sequence[object]) -> Polynomial | None:
    """A polynomial of what its domain is mapped to."""
    ends = [float(end) for pair in bounds if isinstance(pair, tuple) for end in pair if isinstance(end, SupportsFloat)]
    if len(ends) != 4 or ends[0] == ends[1]:
        return None
    a, b, low, high = ends
    return Polynomial(name, coefficients, (b * low - a * high) / (b - a), (high - low) / (b - a))


def _by_method(name: str, method: str, made: ir.Call) -> Polynomial | None:
    """`Polynomial.fit(x, y, deg)`, a least-squares fit in any of the bases; `Polynomial.fromroots(r)`."""
    if method == "fromroots" and name == "Polynomial" and len(made.args) == 1 and not made.keywords:
        return Polynomial(name, ir.Op("polyfromroots", made.args, (), None, FAMILIES["power_series"]))
    given = dict(zip(("x", "y", "deg"), made.args, strict=False)) | {key or "": value for key, value in made.keywords}
    if method != "fit" or not {"x", "y", "deg"} <= given.keys() <= {"x", "y", "deg", "w"} or len(made.args) > 3:
        return None
    weights = (("w", given["w"]),) if "w" in given else ()
    fitted = ir.Op("low_polyfit", (given["x"], given["y"], given["deg"]), weights, None, FAMILIES["power_series"])
    return Polynomial("Polynomial", fitted, is_own=False)


def _changed(found: Polynomial, change: str, made: ir.Call) -> Polynomial | None:
    """The derivative or the integral of a polynomial."""
    allowed = ("m",) if change == "deriv" else ("m", "k") if found.name == "poly1d" else ("m", "k", "lbnd")
    given = dict(zip(("m", "k", "lbnd"), made.args, strict=False)) | {key or "": value for key, value in made.keywords}
    order = literal_of(given["m"]) if "m" in given else 1
    if len(made.args) > len(allowed) or not given.keys() <= set(allowed) or type(order) is not int:
        return None
    if change == "integ" and (found.scale, found.offset) != (1, 0):
        return None
    keywords = tuple((key, value) for key, value in given.items() if key != "m")
    orders = (given["m"],) if "m" in given else ()
    operation = f"{POLYNOMIALS[found.name][2]}{'der' if change == 'deriv' else 'int'}"
    coefficients: ir.Expr = ir.Op(operation, (found.coefficients, *orders), keywords, None, found.family)
    if found.scale != 1:
        coefficients = ir.Op("mul", (ir.Const(found.scale**order), coefficients))
    return replace(found, coefficients=coefficients)


def _is_power(number: ir.Expr) -> bool:
    return isinstance(number, ir.Const) and type(number.value) is int and number.value >= 0
