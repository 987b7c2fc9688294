"""Calls of objects that a library made of numbers: `CubicSpline(x, y)(t)`, `np.poly1d(p)(x)` are operations on all of them.

Never looks at what an object holds: it is what its constructor was given.
"""
from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable

from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import NUMBER, AnyKind
from gradgen.rules.whole.interpolation import EVALUATED

POLYNOMIALS = {
    "poly1d": ("polyval", True), "Polynomial": ("power_series", False), "Chebyshev": ("chebval", False),
    "Legendre": ("legval", False), "Hermite": ("hermval", False), "HermiteE": ("hermeval", False), "Laguerre": ("lagval", False),
}
"""By class: the operation that a value of it is, and whether the coefficients come first."""
FAMILIES = {
    "polyval": "numpy", "power_series": "numpy.polynomial.polynomial", "chebval": "numpy.polynomial.chebyshev",
    "legval": "numpy.polynomial.legendre", "hermval": "numpy.polynomial.hermite", "hermeval": "numpy.polynomial.hermite_e",
    "lagval": "numpy.polynomial.laguerre",
}


def evaluation(
    call: ir.Call, made: ir.Expr | None, live: Callable[[ir.Expr], object], versions: Versions, of: Callable[[ir.Expr], AnyKind],
    source: Callable[[ir.Name], ir.Expr | None],
) -> ir.Op | None:
    """The operation that a call of an object is, `made` being the expression that made it; None for all others. `of` tells the
    kinds of values, `source` the expression that a name is bound to."""
    if not isinstance(made, ir.Call | ir.Op) or not 1 <= len(call.args) <= 2:
        return None
    if isinstance(made, ir.Call) and _is_derivative(made) and isinstance(made.func, ir.Attribute) and made is call.func:
        base, nu = made.func.base, made.args[0] if made.args else ir.Const(1)
        if len(call.args) != 1 or call.keywords:
            return None
        made = source(base) if isinstance(base, ir.Name) else base
        return evaluation(dataclasses.replace(call, func=base, args=(call.args[0], nu)), made, live, versions, of, source)
    if any(isinstance(arg, ir.Starred) for arg in made.args):
        return None
    if made is not call.func and not _stands(made, versions):
        return None
    if isinstance(made, ir.Call):
        polynomial = _coefficients(made, live)
        return None if polynomial is None else _polynomial(call, *polynomial)
    if made.op not in EVALUATED:
        return None
    operation, names = EVALUATED[made.op]
    given = dict(zip(("x", "y", *names), made.args, strict=False)) | {key or "": value for key, value in made.keywords}
    order = call.args[1:] or tuple(value for key, value in call.keywords if key == "nu")
    if not {"x", "y"} <= given.keys() or len(made.args) > 2 + len(names) or len(order) < len(call.args) - 1 + len(call.keywords):
        return None
    keywords = [(key, value) for key, value in given.items() if key not in ("x", "y")] + [("nu", value) for value in order]
    found = functools.partial(ir.Op, operation, keywords=tuple(keywords), family="scipy.interpolate", span=call.span)
    place = call.args[0]
    if operation != "grid_value" or not isinstance(place, ir.Display):
        return found((given["x"], given["y"], place))
    if place.kind == "list":
        return found((given["x"], given["y"], ir.Op("array", (place,), family="numpy")))
    if all(of(item) == NUMBER for item in place.items):  # the coordinates of one point, whose value is a number
        keywords.append(("is_one", ir.Const(True)))
        return found((given["x"], given["y"], ir.Op("array", (place,), family="numpy")), keywords=tuple(keywords))
    return found((given["x"], given["y"], ir.Op("stack", (place,), (("axis", ir.Const(-1)),), family="numpy")))


def _is_derivative(made: ir.Call) -> bool:
    """Whether a call is `CubicSpline(x, y).derivative()`: its values are slopes of the spline."""
    is_plain = len(made.args) < 2 and not made.keywords and all(isinstance(arg, ir.Const) for arg in made.args)
    is_method = made.target is None and isinstance(made.func, ir.Attribute) and made.func.name == "derivative"
    return is_plain and is_method and isinstance(made.func, ir.Attribute) and isinstance(made.func.base, ir.Op | ir.Name)


def _coefficients(made: ir.Expr, live: Callable[[ir.Expr], object]) -> tuple[str, ir.Expr] | None:
    """The class of a polynomial and its coefficients: `np.poly1d(c)`, or `np.poly1d(c).deriv()`."""
    match made:
        case ir.Call(func=ir.Attribute(base=base, name="deriv" | "integ" as change), target=None, args=args, keywords=()):
            found = _coefficients(base, live)
            if found is None or found[0] not in CHANGED or len(args) > 1:
                return None
            operation = f"{CHANGED[found[0]]}{'polyder' if change == 'deriv' else 'polyint'}"
            return found[0], ir.Op(operation, (found[1], *args), (), None, FAMILIES[POLYNOMIALS[found[0]][0]])
        case ir.Call(args=(coefficients,), keywords=()):
            target = made.target if made.target is not None else live(made.func)
            name = getattr(target, "__name__", "")
            is_polynomial = name in POLYNOMIALS and (getattr(target, "__module__", "") or "").startswith("numpy")
            return (name, coefficients) if is_polynomial else None
    return None


CHANGED = {"poly1d": "", "Polynomial": "low_"}
"""By class: what the operations are called that give the coefficients of derivatives and integrals."""


def _polynomial(call: ir.Call, name: str, coefficients: ir.Expr) -> ir.Op | None:
    if len(call.args) != 1 or call.keywords:
        return None
    operation, coefficients_first = POLYNOMIALS[name]
    operands = (coefficients, call.args[0]) if coefficients_first else (call.args[0], coefficients)
    return ir.Op(operation, operands, (), None, FAMILIES[operation], span=call.span)


def _stands(made: ir.Call | ir.Op, versions: Versions) -> bool:
    """Whether all variables that an object was made of are bound once and never stored into."""
    names = {name.id for name in ir.names_read(made) if name.scope == "local"}
    return all(sum(version.name == name for version in versions.all) == 1 for name in names)
