"""The rows of products of series of polynomials in any basis, of their zeros, and of their values in several variables.

Never holds what is linear in the coefficients of one series (polynomials.py, series.py).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of
from gradgen.rules.whole.polynomials import OF_C, SERIES, multiplied
from gradgen.rules.whole.reductions import Lines
from gradgen.rules.whole.roots import APART, WHOLE, coefficients, places_of_zero
from gradgen.rules.whole.topic import Topic

BASES = {"poly": "polynomial", **SERIES}
VARIABLES = ("x", "y", "z")
NOT_CUT = "assert y.size == {0}, 'coefficients that are 0 at the end are cut off'"


def product_rows(name: str) -> Callable[[Facts], Lines]:
    """A product's coefficients are linear in those of each factor."""
    return lambda facts: (
        NOT_CUT.format("a.size + v.size - 1"),
        f"da += {name}_products(v, a.size) @ dy", f"dv += {name}_products(a, v.size) @ dy",
    ) if facts.rank("a") == facts.rank("v") == 1 else None


def product_moved(name: str) -> Callable[[Facts], Lines]:
    return lambda facts: (
        NOT_CUT.format("a.size + v.size - 1"),
        f"y_dot = a_dot @ {name}_products(v, a.size) + v_dot @ {name}_products(a, v.size)",
    ) if facts.rank("a") == facts.rank("v") == 1 else None


def of_power(name: str, facts: Facts) -> tuple[str, str, str] | None:
    """What is asked of the result, the power, and the table of what each coefficient does."""
    power = facts.constants.get("power", UNKNOWN)
    if facts.rank("p") != 1 or type(power) is not int or power < 1:
        return None
    others = f"{name}pow(p, {power - 1})" if power > 2 else "p"
    scale = f"{power} * " if power > 1 else ""
    table = f"{name}_products({others}, p.size)" if power > 1 else "eye(p.size)"
    return NOT_CUT.format(f"{power} * (p.size - 1) + 1"), scale, table


def power_rows(name: str) -> Callable[[Facts], Lines]:
    def rows(facts: Facts) -> Lines:
        found = of_power(name, facts)
        return None if found is None else (found[0], f"dp += {found[1]}({found[2]} @ dy)")

    return rows


def power_moved(name: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        found = of_power(name, facts)
        return None if found is None else (found[0], f"y_dot = {found[1]}(p_dot @ {found[2]})")

    return lines


def some_coefficients(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("p"))
    return Kind((operands.fresh(),)) if kind is not None and kind.shape is not None and len(kind.shape) == 1 else Kind(None)


def times_x(name: str) -> str:
    """The table of what times x each polynomial of the basis is."""
    return f"{name}_products({name}mulx(ones(1)), p.size)"


def times_x_rows(name: str) -> Callable[[Facts], Lines]:
    return lambda facts: (f"dp += {times_x(name)} @ dy",) if facts.rank("p") == 1 else None


def roots_rows(name: str) -> Callable[[Facts], Lines]:
    """Each root takes part in all coefficients."""
    return lambda facts: (f"droots -= {name}_of_others(roots) @ dy",) if facts.rank("roots") == 1 else None


def zeros_rows(name: str) -> Callable[[Facts], Lines]:
    """The series stays 0 where a root moves with the coefficients. Real ones come as complex numbers, since NumPy 2.5."""
    return lambda facts: (
        APART, WHOLE, f"dp -= real(droots / {name}val(roots, {name}der(p)) @ {name}vander(roots, p.size - 1))",
    ) if facts.rank("p") == 1 else None


def zeros_moved(name: str) -> Callable[[Facts], Lines]:
    return lambda facts: (
        APART, WHOLE, f"roots_dot = -({name}vander(roots, p.size - 1) @ p_dot) / {name}val(roots, {name}der(p))",
    ) if facts.rank("p") == 1 else None


# --- several variables ---


def alike(facts: Facts, count: int) -> bool:
    """Whether the places have one shape, and one set of coefficients belongs to them all."""
    ranks = {facts.rank(each) for each in VARIABLES[:count]}
    return ranks in ({0}, {1}) and facts.rank("p") == count


def several(name: str, count: int) -> Callable[[Facts], Lines]:
    """Linear in the coefficients; by each variable a derivative along its axis."""

    def rows(facts: Facts) -> Lines:
        if not alike(facts, count):
            return None
        flat = "{0}" if facts.rank("x") else "atleast_1d({0})"
        tables = [f"{name}vander({flat.format(each)}, p.shape[{axis}] - 1)" for axis, each in enumerate(VARIABLES[:count])]
        if count == 3:
            own = f"einsum('n,ni,nj,nk->ijk', {flat.format('du')}, {', '.join(tables)})"
        else:
            own = f"(du[:, None] * {tables[0]}).T @ {tables[1]}" if facts.rank("x") else f"du * outer({tables[0]}, {tables[1]})"
        return f"dp += {own}", *(f"d{each} += du * {sloped(name, count, axis)}" for axis, each in enumerate(VARIABLES[:count]))

    return rows


def several_moved(name: str, count: int) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        if not alike(facts, count):
            return None
        parts = [f"{name}val{count}d({', '.join(VARIABLES[:count])}, p_dot)"] if "p" in facts.active else []
        places = [(axis, each) for axis, each in enumerate(VARIABLES[:count]) if each in facts.active]
        parts += [f"{sloped(name, count, axis)} * {each}_dot" for axis, each in places]
        return (f"u_dot = {' + '.join(parts)}",)

    return lines


def sloped(name: str, count: int, axis: int) -> str:
    derivative = f"{'low_poly' if name == 'poly' else name}der(p{f', axis={axis}' if axis else ''})"
    return f"{name}val{count}d({', '.join(VARIABLES[:count])}, {derivative})"


def as_places(operands: Operands) -> AnyKind:
    x, p = array_of(operands.kind("x")), array_of(operands.kind("p"))
    is_one = x is not None and p is not None and p.shape is not None and len(p.shape) == (3 if operands.kind("z") else 2)
    return Kind(x.shape) if x is not None and is_one else Kind(None)


def tables_of(name: str, module: str) -> Mapping[str, str]:
    """The helpers of a basis."""
    spelled = f"np.polynomial.{module}.{name}"
    return {
        f"{name}_products": f'''\
def {name}_products(v, n):
    """The coefficients of the products of v and each of the first n polynomials of its basis, one a row."""
    products = np.zeros((n, n + len(v) - 1))
    for k in range(n):
        product = {spelled}mul(np.eye(k + 1)[k], v)
        products[k, :product.size] = product
    return products
''',
        f"{name}_of_others": f'''\
def {name}_of_others(roots):
    """The coefficients of the polynomials that all roots but one make, one a row."""
    return np.array([np.append({spelled}fromroots(np.delete(roots, k)), 0.0) for k in range(len(roots))])
''',
    }


def rows_of(name: str) -> tuple[Row, ...]:
    """The rows of a basis; of powers of x those that polynomials.py and roots.py have not."""
    of_series = () if name == "poly" else (
        made(f"y = {name}mul(a, v)", product_rows(name), shape=multiplied),
        made(f"y = {name}fromroots(roots)", roots_rows(name), shape=coefficients, carries="roots"),
        made(f"roots = {name}roots(p)", zeros_rows(name), shape=places_of_zero, carries="p", cost=100),
    )
    return (
        *of_series,
        *(made(f"u = {name}val{count}d({', '.join(VARIABLES[:count])}, p)", several(name, count), shape=as_places)
          for count in (2, 3)),
        made(f"y = {name}pow(p, power, maxpower=16)", power_rows(name), shape=some_coefficients, carries="p"),
        made(f"y = {name}mulx(p)", times_x_rows(name), shape=some_coefficients, carries="p"),
    )


def moving_of(name: str) -> Mapping[str, Callable[[Facts], Lines]]:
    return {
        f"{name}mul": product_moved(name), f"{name}fromroots": lambda facts: (f"y_dot = -roots_dot @ {name}_of_others(roots)",),
        f"{name}roots": zeros_moved(name), f"{name}val2d": several_moved(name, 2), f"{name}val3d": several_moved(name, 3),
        f"{name}pow": power_moved(name), f"{name}mulx": lambda facts: (f"y_dot = p_dot @ {times_x(name)}",),
    }


PARTS = ("mul", "fromroots", "roots", "val2d", "val3d", "pow", "mulx")
ROWS: tuple[Row, ...] = tuple(row for name in BASES for row in rows_of(name))
TOPIC = Topic(
    "Products and zeros of series, and series of several variables", ROWS,
    names={
        f"numpy.polynomial.{module}": {
            f"{name}{part}": f"{name}{part}" for part in (PARTS if name != "poly" else PARTS[3:])
        } for name, module in BASES.items()
    },
    helpers={helper: text for name, module in BASES.items() for helper, text in tables_of(name, module).items()},
    keywords={
        **{f"{name}{part}": OF_C for name in BASES for part in ("val2d", "val3d", "mulx")},
        **{f"{name}pow": {**OF_C, "pow": "power"} for name in BASES},
        **{f"{name}mul": {"c1": "a", "c2": "v"} for name in SERIES}, **{f"{name}roots": OF_C for name in SERIES},
    },
)
MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    operation: lines for name in BASES for operation, lines in moving_of(name).items()
    if name != "poly" or operation.removeprefix(name) in PARTS[3:]
}
"""The lines of their tangents."""
