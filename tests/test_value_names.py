"""Inner values are named after what they are, where a short name says it without doubt."""
from __future__ import annotations

import re
from math import cos, sin

import pytest

from gradgen import jvp, value_and_grad
from tests.forward.written import function

NAMED = {
    "math.log(S / K) ** 3": {"S_over_K", "log_S_over_K"},
    "y * math.exp(-r * T)": {"exp_minus_r_T"},
    "math.sin(x - y) / (x - y)": {"x_minus_y"},
    "z * math.sin(1 - x) / (1 - x)": {"one_minus_x"},
    "y * math.log(1 + x**2)": {"one_plus_x_squared"},
    "math.tanh(x * y) ** 3": {"tanh_x_y"},
}
DONE = {  # no short name says what the operands are
    "z * math.exp(x / (y + z))": {"exp"}, "z * math.exp((x + y) * z)": {"exp"},
    "z * math.exp(distance_to_wall - height_of_wall)": {"exp"}, "z * math.exp(0.5 * x)": {"exp"},
    "z * (x - 0.5 * y) ** 3": {"difference"}, "z * (x * y + 0.5 * z) ** 3": {"total"},
}


def names_of(expression: str) -> set[str]:
    names = sorted(set(re.findall(r"(?<![\w.])[A-Za-z]\w*(?![\w.(])", expression)) - {"math"})
    text = f"import math\n\n\ndef f({', '.join(names)}):\n    return {expression}\n"
    source = value_and_grad(function(text)).source
    forward = source[source.index("# forward") : source.index("# backward")]
    return set(re.findall(r"^ +(\w+) = ", forward, re.MULTILINE)) - {"f"}


@pytest.mark.parametrize("expression", NAMED)
def test_a_name_says_what_the_value_is(expression: str) -> None:
    assert names_of(expression) & NAMED[expression]


@pytest.mark.parametrize("expression", DONE)
def test_a_value_that_no_short_name_describes_is_named_after_what_was_done(expression: str) -> None:
    assert names_of(expression) & DONE[expression]


def test_functions_that_the_user_calls_by_bare_names_keep_them() -> None:
    text = "from math import cos, exp\n\n\ndef f(x, y):\n    return cos(x * 0.5 + y) * exp(x * y * 0.3 + 1)\n"
    value, (dx, dy) = value_and_grad(function(text))(1.2, 0.2)  # cos(0.8) * exp(1.072), and by the product rule
    assert (value, dx, dy) == pytest.approx((2.0352308518815020, -0.92566222768493629, -1.3628690509183121))
    assert jvp(function(text))(1.2, 0.2, x_dot=1.0, y_dot=0.0)[1] == pytest.approx(-0.92566222768493629)


def test_a_name_of_the_user_is_never_taken() -> None:
    text = "import math\n\n\ndef f(x, y):\n    x_minus_y = 3 * y\n    return math.sin(x - y) / (x - y) * x_minus_y\n"
    derivative = value_and_grad(function(text))
    assert "x_minus_y_1 = x - y" in derivative.source
    value, (dx, dy) = derivative(1.2, 0.2)  # sin(1) * 0.6; d/dx = 0.6 * (cos(1) - sin(1)); d/dy = 3 * sin(1) - d/dx
    assert (value, dx, dy) == pytest.approx((0.5048825908847379, -0.18070120736385403, 2.7051141617875434))


def test_a_product_that_is_the_adjoint_of_a_named_value_is_named_after_it() -> None:
    text = "def f(K, T, r, s, w):\n    d = (2 * K + (0.5 * r + 0.5 * s**2) * T) / w\n    return d\n"
    derivative = value_and_grad(function(text))
    assert "dtotal = dnum * T" in derivative.source
    value, adjoints = derivative(2.0, 3.0, 0.4, 0.5, 2.0)  # (2K + (r + s**2) * T / 2) / w and its partials by hand
    assert (value, *adjoints) == pytest.approx((2.4875, 1.0, 0.1625, 0.75, 0.75, -1.24375))

SPIRAL = "import math\n\n\ndef f(r, t, p):\n    x = r * math.cos(t)\n    y = p * math.sin(t)\n    return x * y\n"
WAVES = "import math\n\n\ndef f(a, b, t):\n    p = a * math.sin(t)\n    q = b * math.sin(t)\n    return p * q + p\n"
ARCS = "import math\n\n\ndef f(x, a):\n    s = math.sqrt(1 - x * x)\n    return s * a\n"


@pytest.mark.parametrize(("text", "once", "point", "slopes"), [
    (SPIRAL, "math.sin(t)", (1.3, 0.4, 0.7), (0.35 * sin(0.8), 0.91 * cos(0.8), 0.65 * sin(0.8))),  # r p sin(2 t) / 2
    (WAVES, "math.cos(t)", (1.3, 0.7, 0.4), (  # a b sin(t)**2 + a sin(t)
        0.7 * sin(0.4) ** 2 + sin(0.4), 1.3 * sin(0.4) ** 2, 0.91 * sin(0.8) + 1.3 * cos(0.4),
    )),
])
def test_what_backward_lines_of_several_statements_call_is_called_once(
    text: str, once: str, point: tuple[float, ...], slopes: tuple[float, ...]
) -> None:
    derivative = value_and_grad(function(text))
    lines = [line for line in derivative.source.splitlines() if once in line and not line.lstrip().startswith("#")]
    assert len(lines) == 1
    assert derivative(*point)[1] == pytest.approx(slopes)


def test_like_terms_that_are_added_up_cancel_what_they_are_divided_by() -> None:
    derivative = value_and_grad(function(ARCS))
    assert "dx = -ds * x / s\n" in derivative.source
    assert derivative(0.6, 2.5)[1] == pytest.approx((-1.875, 0.8))  # -a x / sqrt(1 - x**2), sqrt(1 - x**2)


def test_a_factor_that_backward_lines_share_is_not_called_like_an_adjoint() -> None:
    text = "def f(L, D, rho, v, fd):\n    dP = fd*L/D*(0.5*rho*v*v)\n    return dP\n"
    derivative = value_and_grad(function(text))
    assert not re.findall(r"^ +dP_\d", derivative.source, re.MULTILINE)
    assert "factor = 0.5 * " in derivative.source
    value, slopes = derivative(4.0, 0.5, 1000.0, 3.0, 0.02)  # 36000 / 25; each slope by hand
    assert (value, *slopes) == pytest.approx((720.0, 180.0, -1440.0, 0.72, 480.0, 36000.0))
