"""Every row of the tables is held by <seed, jvp(t)> = <vjp(seed), t>, of first and second order: none is without such a case.

Tries no operation on numbers itself, and few on arrays: test_dot_product.py, test_second_order.py and test_array_cases.py do, and
here it is asked which rows these reach. The others have their cases here: rows that an operation has beside others, those for
arrays of operations on numbers, and those of the helpers that derivatives call.
"""
from __future__ import annotations

import math
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
import scipy
import scipy.interpolate
import scipy.linalg
import scipy.signal
import scipy.special
import scipy.stats

import gradgen
from gradgen.errors import GradgenError
from gradgen.rules import registry
from gradgen.rules.notation import Rule
from gradgen.rules.rows import Row
from tests.arrays.test_arrays import HEADER, TABLES, operations_in
from tests.forward.test_dot_product import UNTRIED
from tests.forward.written import function
from tests.rules.domains import SAMPLES
from tests.rules.evaluation import namespace, rule_for

OF_LATER_PYTHONS = frozenset() if hasattr(math, "fma") else frozenset({"fma"})
Key = tuple[str, object]
Given = tuple[str, Mapping[str, Any]]
A = np.array([[1.3, 0.4, -0.2], [0.3, 2.1, 0.7], [-0.5, 0.6, 3.2]])
S = A + A.T
V, W, P = np.array([0.7, -1.2, 0.4]), np.array([1.1, 0.3, -0.8]), np.array([0.6, 1.7, 2.2])
Z = V + 1j * W
Q, T = np.array([0.3, 0.8]), np.array([0.2, -0.5, 0.9, 1.4, -0.3, 0.6])
X = np.array([0.0, 0.5, 1.1, 1.9, 2.4, 3.0])
INTERPOLATE = scipy.interpolate
AT_HAND = {
    "CURVE": INTERPOLATE.CubicSpline(X, T), "PIECES": INTERPOLATE.Akima1DInterpolator(X, T),
    "KROGH": INTERPOLATE.KroghInterpolator(X, T), "SURFACE": INTERPOLATE.RectBivariateSpline(X, X, np.outer(T, T)),
    "POWERS": np.poly1d([1.0, -0.4, 2.0]),
}


ELSEWHERE = {
    ("copysign", "dx += where(signbit(x) == signbit(y), dz, -dz)"),  # where the function around it says so: slopes' own tests
    ("dense_grid", ""), ("open_grid", ""),  # of bounds that vary these are refused
    ("lfilter", "y, zf"),  # beside what is left of the filter, which nothing differentiates
}


def case(text: str, **arguments: Any) -> Given:
    """The expression or the lines of a function of these arguments; those that are arrays of floats vary."""
    return text, arguments


ONE_OF_SEVERAL = [
    *(case(f"{''.join(f'{name}, ' for name in 'abcd'[:n])} = np.{name}({', '.join('xyzu'[:n])})\nreturn {' * '.join('abcd'[:n])}",
           **dict(zip("xyzu", (V, W, P, 2 * W)[:n], strict=False)))
      for name in ("meshgrid", "broadcast_arrays") for n in (2, 3, 4)),
    case("u, s, v = np.linalg.svd(x, full_matrices=False)\nreturn u * s + v", x=A),
    case("np.linalg.svd(x, compute_uv=False)", x=A),
    case("p, l, u = scipy.linalg.lu(x)\nreturn l + u", x=A),
    case("l, u = scipy.linalg.lu(x, permute_l=True)\nreturn l + u", x=A),
    case("q, r = np.linalg.qr(x)\nreturn q + r", x=A),
    case("np.linalg.qr(x, mode='r')", x=A),
    case("w, v = scipy.linalg.eigh(x)\nreturn v * w", x=S),
    case("scipy.linalg.eigh(x, eigvals_only=True)", x=S),
    case("scipy.linalg.expm_frechet(x, y, compute_expm=False)", x=A / 3, y=S / 3),
    case("e, f = scipy.linalg.expm_frechet(x, y)\nreturn e * f", x=A / 3, y=S / 3),
    case("scipy.special.logsumexp(x, axis=0)", x=A),
    case("y, s = scipy.special.logsumexp(x, axis=0, return_sign=True)\nreturn y * y", x=A),
    case("np.bincount(k, weights=x)", x=V, k=np.array([0, 2, 2])),
    case("scipy.signal.lfilter(y, [1.0, 0.4], x)", x=V, y=W),
    case("y, zf = scipy.signal.lfilter([1.0, 0.3], [1.0, 0.4], x, zi=np.array([0.2]))\nreturn y", x=V),
]
"""Of rows that an operation has beside others."""
OF_ARRAYS = [
    case("x ** y", x=P, y=W), case("x ** y", x=P, y=1.3), case("x ** y", x=1.3, y=W),
    case("x ** k", x=V, k=3), case("x ** k", x=V, k=np.array([3, 2, 1])),
    case("k ** x", x=V, k=P.tolist()), case("np.hypot(x, y)", x=V, y=W), case("np.copysign(x, y)", x=V, y=W),
    case("np.copysign(x, -1.0)", x=V), case("np.copysign(2.0, x) * x", x=V),
    *(case(f"np.{name}(x, y)", x=V, y=W) for name in ("maximum", "minimum", "fmax", "fmin")),
    case("scipy.special.xlogy(x, y)", x=V, y=P), case("scipy.special.xlog1py(x, y)", x=V, y=P),
    case("scipy.special.xlogy(x, y) + scipy.special.xlog1py(x, y)", x=V, y=0.7),
    case("np.abs(z)", z=Z), case("np.arcsinh(z)", z=Z), case("np.real(z) * np.imag(z)", z=Z), case("z * np.conj(z) * z", z=Z),
    case("np.angle(z)", z=Z), case("np.angle(z, deg=True)", z=Z), case("z ** 3", z=Z), case("z ** x", z=Z, x=V),
]
"""Of rows of operations on numbers that arrays or complex numbers have."""


NAMED_OTHERWISE = [
    case("np.maximum.accumulate(x) * np.minimum.accumulate(y)", x=V, y=W), case("np.r_[x, 1.0, y]", x=V, y=W),
    case("np.c_[x, y]", x=V, y=W),
    case("np.block([x, y])", x=A, y=S), case("z = np.block([[x], [y]])\nreturn z * z", x=A, y=S),
    case("np.subtract.outer(x, y)", x=V, y=W),
    case("i, j = np.mgrid[0:2, 0:3]\nreturn x * i + y * j", x=V, y=W),
    case("i, j = np.ogrid[0:2, 0:3]\nreturn x * i + y * j", x=V, y=W),
    *(case(f"z = x.copy()\n{store}\nreturn z * z", x=A, y=V, k=np.array([[1], [0], [2]])) for store in (
        "np.put(z, [4, 1, 2], y)", "np.putmask(z, z > 1, y)", "np.place(z, z > 1, y)", "np.fill_diagonal(z, y)",
        "np.put_along_axis(z, k, y[:, None], axis=1)", "z.flat[1:4] = y",
    )),
    case("scipy.linalg.lu_solve(scipy.linalg.lu_factor(x), y)", x=A, y=V), case("scipy.linalg.cho_solve((x, True), y)", x=A, y=V),
    case("scipy.linalg.cho_solve(scipy.linalg.cho_factor(x @ x.T), y)", x=A, y=V),
    *(case(f"scipy.interpolate.{made}(y)", x=X, y=np.sin(X), t=T) for made in (
        "CubicSpline(x, t)", "BarycentricInterpolator(x, t)", "interp1d(x, t)", "make_interp_spline(x, t)",
    )),
    *(case(f"scipy.interpolate.{made}(y)", x=X.tolist(), y=np.sin(X), t=T) for made in (
        "PchipInterpolator(x, t)", "Akima1DInterpolator(x, t)", "CubicHermiteSpline(x, t, t)",
    )),
    case("scipy.interpolate.UnivariateSpline(x, y, s=0)(t)", x=X.tolist(), y=np.sin(X), t=Q),
    case("scipy.interpolate.BSpline(k, x, 2)(t)", x=np.sin(X)[:5], k=np.array([0, 0, 0, 1, 2, 3, 3, 3]), t=Q),
    case("scipy.interpolate.RegularGridInterpolator((k, k), x)(t)", x=A, k=np.arange(3), t=np.array([[0.3, 1.2]])),
    case("np.poly1d(x)(y) * CURVE(x) * PIECES(y) * KROGH(x) * POWERS(x)", x=V, y=Q[:1]), case("SURFACE.ev(x, y)", x=P, y=P),
    case("scipy.stats.gaussian_kde(x).logpdf(t) * scipy.stats.gaussian_kde(x)(t)", x=X, t=Q),
]
"""Operations that are called otherwise than by their names: `np.r_[...]`, what an interpolator makes."""
HELPERS = [
    case("unbroadcast(x, y)", x=A, y=V), case("unreduce(x, y, 0)", x=V, y=A), case("product(x, y)", x=V, y=W),
    case("quotient(x, y)", x=V, y=W), case("one_slope(x, y, '')", x=V, y=P), case("own_slopes(x, y, '')", x=A, y=P),
    case("matmul_left(x, y, u)", x=A, y=A, u=S), case("matmul_right(x, y, u)", x=A, y=A, u=S), case("product_of_others(x)", x=V),
    case("quantiles_adjoint(x, y, k, None, False, 'linear', False)", x=Q, y=V, k=[0.3, 0.6]),
    case("running_adjoint(x, y, np.maximum.accumulate(y), 0)", x=V, y=W), case("sums_between(x, k, 0)", x=V, k=np.array([0, 2])),
    case("spread_between(x, y, k, 0)", x=Q, y=V, k=np.array([0, 2])), case("gathered(x, k, y)", x=Q, y=V, k=np.array([2, 0])),
    case("placed(x, k, (3,))", x=Q, k=np.array([2, 0])), case("scattered(x, k, (3,))", x=V, k=np.array([2, 0, 2])),
    case("scattered_along(x, k, y, 1)", x=A, y=S, k=np.array([[0, 1, 1], [2, 2, 0], [1, 0, 2]])),
    case("diagonal_adjoint(x, y, 0)", x=V, y=A), case("on_diagonal(x, (3, 3))", x=V), case("gradient_adjoint(x)", x=V),
    *(case(f"{name}(x)", x=A) for name in ("lower_part", "lower_hermitian", "upper_hermitian", "upper_part", "pair_gaps")),
    case("resized(x, (5,))", x=V), case("ends_scaled(x, 2, 0, (0,))", x=A),
    case("irfft_adjoint(x, (3,), -1)", x=np.array([0.3, 1.0, -0.4, 0.7])),
    case("in_full(x, y, u, 'same')", x=V, y=V, u=Q), case("inside(x, (3,), 1)", x=np.array([0.3, 1.0, -0.4, 0.7, 2.0])),
    case("pairs_back(x, (3, 3))", x=A), case("collected(x, k, y)", x=V, y=Q, k=np.array([0, -1, 1])),
    case("checked_tangent(x, y)", x=V, y=W), case("checked_seed(x, (3,))", x=V), case("complex_tangent(z, u)", z=Z, u=Z),
    case("complex_seed(z, (3,))", z=Z), case("phases(u, z, '')", u=np.outer(Z, Z), z=P + 0j),
]
"""What derivatives call, and are differentiated through in their turn."""


def judge(given: Given, rng: np.random.Generator) -> None:
    """The dot-product test of the function and, where second derivatives are not refused, of the gradient of half its square."""
    text, arguments = given
    names = ", ".join(arguments)
    *first, last = text.split("\n")
    lines = [*first, f"value = {last.removeprefix('return ')}"]
    body = "".join(f"    {line}\n" for line in lines)
    known = {**namespace(), **AT_HAND, "np": np, "scipy": scipy}
    varying = [name for name, value in arguments.items() if np.asarray(value).dtype.kind in "fc" and not isinstance(value, list)]
    at = tuple(arguments.values())
    along, other = ({name: drawn(arguments[name], rng) for name in varying} for _ in range(2))
    primal = function(f"def f({names}):\n{body}    return value\n", known)
    backwards = gradgen.vjp(primal, varying, like=at)
    _, moved = gradgen.jvp(primal, varying, like=at)(*at, **{f"{name}_dot": by for name, by in along.items()})
    seed = drawn(moved, rng)
    adjoints = backwards(*at, **{backwards.seeds[0]: seed})
    assert dot(seed, moved) == pytest.approx(dot(adjoints, along.values()), rel=1e-9, abs=1e-10), text
    squared = function(f"def g({names}):\n{body}    return 0.5 * np.sum(np.real(value * np.conj(value)))\n", known)
    try:
        product = gradgen.hvp(squared, varying, like=at)
    except GradgenError as error:
        assert error.code in ("GG106", "GG107", "GG109"), error
        return
    one, two = (product(*at, **{f"{name}_dot": by for name, by in each.items()}) for each in (along, other))
    assert dot(one, other.values()) == pytest.approx(dot(two, along.values()), rel=1e-9, abs=1e-9), text


def drawn(like: Any, rng: np.random.Generator) -> Any:
    shape = np.shape(like)
    value = rng.uniform(-1, 1, size=shape) + (1j * rng.uniform(-1, 1, size=shape) if np.iscomplexobj(like) else 0)
    return value if shape else float(value)


def dot(left: Any, right: Any) -> float:
    if isinstance(left, tuple):
        return sum(dot(one, other) for one, other in zip(left, right, strict=True))
    return float(np.sum(np.real(np.conj(left) * right)))


@pytest.fixture(scope="module")
def reached() -> set[Key]:
    """The rows that the cases of this file are made of, once they have been judged."""
    found: set[Key] = set()
    modules = [each for name, each in sys.modules.items() if name.startswith("gradgen.") and hasattr(each, "find_rule")]
    original, rng = registry.find_rule, np.random.default_rng(7)

    def find_rule(operation: str, facts: Any) -> Rule | None:
        rule = original(operation, facts)
        if rule is not None:
            found.update(((operation, rule.text), (operation, rule.text[0])))
        return rule

    with pytest.MonkeyPatch.context() as patch:
        for module in modules:
            patch.setattr(module, "find_rule", find_rule)
        for given in (*ONE_OF_SEVERAL, *OF_ARRAYS, *NAMED_OTHERWISE, *HELPERS):
            judge(given, rng)
    return found


def rows() -> Iterator[tuple[str, Row, int]]:
    """Every row that passes something on, its operation, and how many rows this has."""
    for operation, found in registry._index().items():
        for _, row in found:
            if not row.is_zero and not row.refuses_all and (row.maker is not None or len(row.text) > 1):
                yield operation, row, len(found)


def of_numbers() -> set[Key]:
    """The rows that the points of tests/rules/domains.py are tried with, something varying."""
    found: set[Key] = set()
    for sample in SAMPLES:
        for point in {tuple(map(type, point)): point for point in sample.points}.values():
            rule = rule_for(sample.operation, len(point), sample.constants, sample.passive)
            names = [name.removeprefix("*") for name in rule.parameters]
            names += [names[-1]] * (len(point) - len(names))
            held = {*sample.constants, *sample.passive, *rule.refused}
            if any(isinstance(value, float) and name not in held for name, value in zip(names, point, strict=False)):
                found.add((sample.operation, rule.text))
    return found


def of_cases() -> set[str]:
    """The operations that the cases of tests/arrays call, and the judged ones of helpers."""
    found: set[str] = set()
    for table in TABLES.values():
        names = vars(types.ModuleType("header"))
        exec(getattr(table, "HEADER", HEADER), names)
        found |= {each for given in table.CASES if given.refused is None for each in operations_in(given, names)}
    return found


def test_no_row_is_without_a_case(reached: set[Key]) -> None:
    numbers, cases = of_numbers(), of_cases()
    missing = []
    for operation, row, count in rows():
        key: Key = (operation, row.text[0] if row.maker is not None else row.text)
        is_tried = key in reached or count == 1 and operation in cases
        is_tried |= key in numbers and operation not in UNTRIED - OF_LATER_PYTHONS
        is_tried |= any(operation == own and mark in " ".join(row.text) for own, mark in ELSEWHERE)
        missing += [] if is_tried else [(operation, *row.text)]
    assert not missing, "\n".join(map(str, missing))
