"""Calls of objects that a library made of numbers: `CubicSpline(x, y)(t)`, `gaussian_kde(x)(t)` are operations on all of them.

Never looks at what an object holds: it is what its constructor was given; polynomials are in series.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gradgen.analyse.surroundings.series import Polynomials
from gradgen.analyse.versions import Versions
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import NUMBER, AnyKind
from gradgen.rules.whole.interpolation import EVALUATED

SPELLED = {"points": "x", "values": "y"}
"""How RegularGridInterpolator names its knots and values."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is asked for calls of objects: `live` tells the value of a name, `of` the kinds of values, `source` the expression
    that a name is bound to."""

    live: Callable[[ir.Expr], object]
    versions: Versions
    of: Callable[[ir.Expr], AnyKind]
    source: Callable[[ir.Name], ir.Expr | None]

    def of_call(self, call: ir.Call) -> ir.Op | None:
        """The operation that a call of an object is; None for all others."""
        if isinstance(call.func, ir.Attribute):
            return self._of_method(call, call.func)
        made = self.source(call.func) if isinstance(call.func, ir.Name) else call.func
        if not 1 <= len(call.args) <= 2 or made is None:
            return None
        order = _order_of(made)
        if order is not None and isinstance(made, ir.Call) and isinstance(made.func, ir.Attribute):
            if len(call.args) == 1 and not call.keywords and (made is call.func or self.stands(made)):
                return self.of_call(replace(call, func=made.func.base, args=(call.args[0], order)))
        polynomial = Polynomials(self.live, self.source, self.stands).value(call)
        if polynomial is not None or not isinstance(made, ir.Op) or any(isinstance(arg, ir.Starred) for arg in made.args):
            return polynomial
        if made is not call.func and not self.stands(made):
            return None
        if made.op == "gaussian_kde" and len(call.args) == 1 and made.args and not call.keywords:
            more = tuple(zip(("bw_method", "weights"), made.args[1:], strict=False))
            return ir.Op(
                "estimated_density", (made.args[0], call.args[0]), (*more, *made.keywords), None, "scipy.stats", span=call.span,
            )
        return self._interpolated(call, made) if made.op in EVALUATED else None

    def of_attribute(self, attribute: ir.Attribute) -> ir.Op | None:
        """The coefficients of a polynomial."""
        return Polynomials(self.live, self.source, self.stands).coefficients(attribute)

    def _of_method(self, call: ir.Call, func: ir.Attribute) -> ir.Op | None:
        """`spline.integrate(a, b)`, `density.pdf(t)`."""
        made = self.source(func.base) if isinstance(func.base, ir.Name) else func.base
        if not isinstance(made, ir.Op) or call.keywords:
            return None
        match func.name, call.args:
            case "integrate", (lower, upper) if made.op in EVALUATED and made.op not in ("interp1d", "RegularGridInterpolator"):
                ends = [self.of_call(replace(call, func=func.base, args=(end, ir.Const(-1)))) for end in (upper, lower)]
                return None if None in ends else ir.Op("sub", tuple(end for end in ends if end is not None), family="numpy")
            case "evaluate" | "pdf", (_,) if made.op == "gaussian_kde":
                return self.of_call(replace(call, func=func.base))
            case "logpdf", (_,) if made.op == "gaussian_kde":
                density = self.of_call(replace(call, func=func.base))
                return None if density is None else replace(density, op="estimated_log_density")
        return None

    def of_made(self, call: ir.Call, found: ir.Op) -> ir.Op | None:
        """The operation of a call of an object from outside, of which `found` may be how it would be made here."""
        return self._interpolated(call, found) if found.op in EVALUATED else found

    def _interpolated(self, call: ir.Call, made: ir.Op) -> ir.Op | None:
        operation, names = EVALUATED[made.op]
        given = dict(zip(("x", "y", *names), made.args, strict=False))
        given |= {SPELLED.get(key, key) if operation == "grid_value" else key: value for key, value in made.keywords}
        order = call.args[1:] or tuple(value for key, value in call.keywords if key == "nu")
        if not {"x", "y"} <= given.keys() or len(made.args) > 2 + len(names):
            return None
        if len(order) < len(call.args) - 1 + len(call.keywords):
            return None
        values = given["y"]
        if isinstance(values, ir.Display):
            values = ir.Op("array", (values,), family="numpy")
        keywords = [(key, value) for key, value in given.items() if key not in ("x", "y")] + [("nu", value) for value in order]
        found = partial(ir.Op, operation, keywords=tuple(keywords), family="scipy.interpolate", span=call.span)
        place = call.args[0]
        if operation != "grid_value" or not isinstance(place, ir.Display):
            return found((given["x"], values, place))
        if place.kind == "list":
            return found((given["x"], values, ir.Op("array", (place,), family="numpy")))
        if all(self.of(item) == NUMBER for item in place.items):  # the coordinates of one point, whose value is a number
            keywords.append(("is_one", ir.Const(True)))
            return found((given["x"], values, ir.Op("array", (place,), family="numpy")), keywords=tuple(keywords))
        return found((given["x"], values, ir.Op("stack", (place,), (("axis", ir.Const(-1)),), family="numpy")))

    def stands(self, made: ir.Expr) -> bool:
        """Whether all variables that an object was made of are bound once and never stored into."""
        names = {name.id for name in ir.names_read(made) if name.scope == "local"}
        return all(sum(version.name == name for version in self.versions.all) == 1 for name in names)


def _order_of(made: ir.Expr) -> ir.Expr | None:
    """Which derivative of an object `spline.derivative()` is, or its integral: a number; None for all others."""
    match made:
        case ir.Call(func=ir.Attribute(base=ir.Op() | ir.Name(), name=name), target=None, args=args, keywords=()) if (
            name in ("derivative", "antiderivative") and len(args) < 2 and all(isinstance(arg, ir.Const) for arg in args)
        ):
            order = args[0] if args else ir.Const(1)
            return order if name == "derivative" else ir.Const(-1) if isinstance(order, ir.Const) and order.value == 1 else None
    return None
