"""Calls of curves and surfaces that live outside of a function (splines, interpolators, polynomials), and of distributions that
were frozen there.

Never looks at those that the function makes (objects.py), and never at what a curve is made of but for its form.
"""
from __future__ import annotations

import sys
from collections.abc import Callable
from types import MethodType
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.rules.spelling import family_of, operation_of

PIECEWISE = frozenset({"CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "CubicHermiteSpline", "PPoly", "BPoly"})
SPLINES = frozenset({"UnivariateSpline", "InterpolatedUnivariateSpline", "LSQUnivariateSpline"})
SURFACES = frozenset({"RectBivariateSpline", "SmoothBivariateSpline", "LSQBivariateSpline"})
SERIES = frozenset({"Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre", "poly1d"})
INTERPOLANTS = frozenset({"KroghInterpolator", "BarycentricInterpolator"})
FROZEN = frozenset({"rv_continuous_frozen", "rv_discrete_frozen"})
MODULES = ("scipy.interpolate", "numpy", "scipy.stats")
"""Where the classes of these come from."""


def value_of_curve(call: ir.Call, live: Callable[[ir.Expr], object]) -> ir.Op | None:
    """The operation that a call of a curve from outside is; None for all other calls."""
    func = call.func
    if isinstance(func, ir.Name) and isinstance(call.target, MethodType):  # of an object of a module, named whole
        owner, _, name = func.id.rpartition(".")
        held = call.target.__self__
        return _of_distribution(call, ir.Name(owner, func.scope), held, name) if owner and _is_frozen(held) else None
    if isinstance(func, ir.Name | ir.Attribute) and is_curve(curve := live(func)):
        return _value(call, func, curve, None)
    match func:
        case ir.Attribute(base=ir.Name() | ir.Attribute() as base, name=name) if is_curve(curve := live(base)):
            return _by_method(call, base, curve, name)
        case ir.Attribute(base=ir.Name() | ir.Attribute() as base, name=name) if _is_frozen(held := live(base)):
            return _of_distribution(call, base, held, name)
        case ir.Call(func=ir.Attribute(base=ir.Name() | ir.Attribute() as base, name=name), args=args, keywords=()) if (
            name in ("derivative", "deriv", "antiderivative") and len(args) < 2 and is_curve(curve := live(base))
        ):
            order = args[0] if args else ir.Const(1)
            is_known = isinstance(order, ir.Const) and type(order.value) is int
            if is_known and isinstance(order, ir.Const) and (name != "antiderivative" or order.value == 1):
                return _value(call, base, curve, ir.Const(-1) if name == "antiderivative" else order)
    return None


def meets_curves(function: ir.Function, live: Callable[[ir.Expr], object]) -> bool:
    """Whether a function calls a method of a curve from outside, or what one gives."""
    calls = (node for node in found_in(function, ir.Call) if node.target is None or isinstance(node.target, MethodType))
    return any(value_of_curve(call, live) is not None for call in calls)


def is_curve(value: object) -> bool:
    """Whether an object is a curve or a surface of these libraries."""
    module = type(value).__module__
    return module.startswith(MODULES) and callable(value) and not isinstance(value, type | MethodType)


def _is_frozen(value: object) -> bool:
    """Whether an object is one of scipy's distributions at certain parameters."""
    return type(value).__name__ in FROZEN and type(value).__module__.startswith("scipy.stats")


def _value(call: ir.Call, base: ir.Expr, curve: Any, order: ir.Const | None) -> ir.Op | None:
    """A curve at places; `order` is that of its derivative, where it is asked for by another call."""
    name, keywords = type(curve).__name__, dict(call.keywords)
    given = list(call.args)
    if not given or any(isinstance(arg, ir.Starred) for arg in given):
        return None
    place, *more = given
    if name in SERIES:
        return None if more or keywords else _op("polynomial_value", call, base, place, order)
    if name in INTERPOLANTS:
        is_row = getattr(curve, "_y_extra_shape", None) == () and order is None
        return _op("interpolant_value", call, base, place, None) if is_row and not more and not keywords else None
    if name == "interp1d" or name == "RegularGridInterpolator":
        return None if more or keywords or order is not None else _made(base, curve)
    columns = _columns_of(curve, name)
    asked = more[0] if more else keywords.pop("nu", order or ir.Const(0))
    if columns is None or len(more) > 1 or keywords or order is not None and more:
        return None
    return _op("curve_value", call, base, place, asked, columns=columns)


def _columns_of(curve: Any, name: str) -> bool | None:
    """Whether a spline has several columns; None where it is no spline, or one of another form."""
    if name in SPLINES:
        return None if getattr(curve, "ext", 0) == 3 else False
    if name not in PIECEWISE and name != "BSpline":
        return None
    extra = curve.c.ndim - (1 if name == "BSpline" else 2)
    is_real = curve.c.dtype.kind == "f" and getattr(curve, "axis", 0) == 0
    return extra == 1 if extra in (0, 1) and is_real else None


def _by_method(call: ir.Call, base: ir.Expr, curve: Any, name: str) -> ir.Op | None:
    kind, args, keywords = type(curve).__name__, call.args, dict(call.keywords)
    if any(isinstance(arg, ir.Starred) for arg in args):
        return None
    if name == "ev" and kind in SURFACES and len(args) in (2, 4) and keywords.keys() <= {"dx", "dy"}:
        orders = dict(zip(("nx", "ny"), args[2:], strict=False))
        orders |= {"nx" if key == "dx" else "ny": value for key, value in keywords.items()}
        return ir.Op("surface_value", (base, *args[:2]), tuple(orders.items()), None, "scipy.interpolate", span=call.span)
    if name == "derivative" and kind in INTERPOLANTS and args and not keywords:
        is_row = getattr(curve, "_y_extra_shape", None) == ()
        order = args[1] if len(args) > 1 else ir.Const(1)
        return _op("interpolant_value", call, base, args[0], order) if is_row and len(args) < 3 else None
    if name == "integrate" and (kind in PIECEWISE or kind == "BSpline") and len(args) == 2 and not keywords:
        if _columns_of(curve, kind) is not False:
            return None
        upper, lower = (_op("curve_value", call, base, end, ir.Const(-1)) for end in (args[1], args[0]))
        return ir.Op("sub", (upper, lower), family="numpy", span=call.span)
    return None


def _of_distribution(call: ir.Call, base: ir.Expr, held: Any, method: str) -> ir.Op | None:
    """A method of a frozen distribution as one of the distribution's own, at what it was frozen at."""
    own = getattr(sys.modules.get("scipy.stats"), getattr(held.dist, "name", ""), None)
    found = getattr(own, method, None)
    operation = None if found is None else operation_of(found)
    if operation is None or len(call.args) != 1 or call.keywords or isinstance(call.args[0], ir.Starred):
        return None
    args = tuple(ir.Item(ir.Attribute(base, "args"), ir.Const(place)) for place in range(len(held.args)))
    keywords = tuple((key, ir.Item(ir.Attribute(base, "kwds"), ir.Const(key))) for key in held.kwds)
    return ir.Op(operation, (call.args[0], *args), keywords, None, family_of(found), span=call.span)


def _made(base: ir.Expr, curve: Any) -> ir.Op | None:
    """How what interpolates between values would be made of its parts."""
    name = type(curve).__name__
    if name == "RegularGridInterpolator":
        if curve.values.ndim != len(curve.grid) or curve.values.dtype.kind != "f":
            return None
        parts, options = ("grid", "values"), {"method": curve.method, "bounds_error": curve.bounds_error}
    else:
        if curve.y.ndim != 1 or curve.y.dtype.kind != "f" or not isinstance(curve._kind, str):
            return None
        parts, options = ("x", "y"), {"kind": curve._kind, "bounds_error": curve.bounds_error}
    filling = curve.fill_value
    if filling is None or isinstance(filling, str):
        options["fill_value"] = filling
    elif not curve.bounds_error:
        is_pair = isinstance(filling, tuple) and all(isinstance(each, int | float) for each in filling)
        if not is_pair and getattr(filling, "shape", ()) != ():
            return None
        options["fill_value"] = filling if is_pair else float(filling)
    given = tuple((key, ir.Const(value)) for key, value in options.items())
    return ir.Op(name, tuple(ir.Attribute(base, part) for part in parts), given, None, "scipy.interpolate")


def _op(name: str, call: ir.Call, base: ir.Expr, place: ir.Expr, order: ir.Expr | None, columns: bool = False) -> ir.Op:
    keywords = (("order", order or ir.Const(0)), ("columns", ir.Const(columns)))
    return ir.Op(name, (base, place), keywords, None, "numpy", span=call.span)
