"""SymPy's verdict on functions and gradient texts of every kind: what is proved, what only agrees, what differs, what stays open.

Never asks gradgen for a derivative.
"""
from __future__ import annotations

import functools
import json
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize, special

from gradgen.errors import ArgumentError, SourceError
from gradgen.judge.symbolic import compare
from gradgen.judge.verdict import Comparison

RATE = 0.1
SLOPES = {"double": 2.0, "triple": 3.0}
REFUSAL = "class NonDifferentiableError(ArithmeticError):\n    pass\n"


def square(x):
    return x * x


def fourth(x):
    return square(square(x))


def test_each_shape_of_a_gradient_is_understood() -> None:
    def f(x, y):
        return x * y + y

    bodies = {
        "f_value_and_grad(x, y, df=1.0)": "x * y + y, (df * y, df * x + df)",
        "f_grad(x, y)": "y, x + 1",
        "f_vjp(x, y, *, df)": "df * y, df * (x + 1)",
        "slopes(x, y)": "x * y + y, (y, x + 1)",
        "slopes_of_f(p, q)": "[q, p + 1]",
        "by_name(x, y)": "{'y': x + 1, 'x': y}",
    }
    for head, body in bodies.items():
        verdict = compare(f, f"def {head}:\n    return {body}\n", ("x", "y"))
        assert verdict.status == "proved", f"{head}: {verdict}"
        assert [partial.name for partial in verdict.partials] == ["x", "y"]


def test_numbers_that_are_no_more_than_what_has_cancelled_refute_nothing() -> None:
    def tail(x):
        z = 1000 * (2 + x * x)
        return 1 + math.erf(-z) + math.exp(-z * z)  # where 1 + erf(-z) is exactly 0 in a hundred digits, and 1e-1700000 in truth

    head = "import math\ndef g(x):\n    z = 1000 * (2 + x * x)\n    return "
    right = "(-2 / math.sqrt(math.pi) - 2 * z) * math.exp(-z * z) * 2000 * x"
    assert compare(tail, f"{head}{right}\n", "x").status in ("proved", "undecided")
    assert compare(tail, f"{head}3 * {right}\n", "x").status == "undecided"
    assert compare(tail, f"{head}{right} + 1e-6\n", "x").status == "differs"


def test_one_name_gives_a_bare_gradient_or_a_tuple_of_one() -> None:
    for body in ("4 * x**3", "(4 * x**3,)", "x**4, 4 * x**3", "x**4, (4 * x**3,)"):
        assert compare(fourth, f"def g(x):\n    return {body}\n", "x").status == "proved", body
        assert compare(fourth, f"def g(x):\n    return {body.replace('4 *', '3 *')}\n", "x").status == "differs", body


def test_the_function_asked_for_is_found_among_others() -> None:
    text = """
def _helper(x):
    return 4 * x**3

def fourth(x):
    return 0.0

def square_grad(x):
    return 2 * x

def fourth_grad(x):
    return _helper(x)

def later(x):
    return 0.0
"""
    assert compare(fourth, text).status == "proved"
    assert compare(square, text).status == "proved"


def test_swapped_partials_differ_and_say_where() -> None:
    def f(x, y):
        return x * x * y

    verdict = compare(f, "def f_grad(x, y):\n    return x * x, 2 * x * y\n")
    assert verdict.status == "differs" and not verdict
    partial = verdict["x"]
    x, y = partial.point["x"], partial.point["y"]
    assert float(partial.expected) == pytest.approx(2 * x * y) and float(partial.got) == pytest.approx(x * x)


def test_a_forgotten_seed_differs() -> None:
    verdict = compare(fourth, "def fourth_grad(x, dfourth=1.0):\n    return 4 * x**3\n")
    assert verdict.status == "differs"
    assert verdict["x"].point["dfourth"] != 1


def test_a_wrong_value_beside_a_right_gradient_differs() -> None:
    verdict = compare(fourth, "def fourth_value_and_grad(x):\n    return x**3, 4 * x**3\n")
    assert verdict.status == "differs"
    assert verdict["x"].status == "proved" and verdict.values[0].status == "differs"


def test_results_of_several_numbers_are_weighed_with_their_seeds() -> None:
    def f(x, y):
        return x * y, {"sum": x + y}

    right = "def f_vjp(x, y, *, dp, ds):\n    return dp * y + ds, dp * x + ds\n"
    assert compare(f, right).status == "proved"
    assert compare(f, right.replace("dp * x + ds", "dp * x + dp")).status == "differs"
    whole = "def f_vjp(x, y, *, df):\n    return df[0] * y + df[1]['sum'], df[0] * x + df[1]['sum']\n"
    assert compare(f, whole).status == "proved"
    assert "takes no seeds" in str(compare(f, "def f_grad(x, y):\n    return y, x\n"))


def test_decimals_are_exact() -> None:
    def f(x):
        return 0.1 * x * 3 + x / 3 * RATE

    verdict = compare(f, "def f_grad(x):\n    return 0.3 + 0.1 / 3\n")
    assert verdict.status == "proved" and verdict["x"].expected == "1/3"


def test_pi_is_known_however_it_is_written() -> None:
    def f(x):
        return math.sin(2 * math.pi * x) / math.sqrt(2 * math.pi)

    text = "import math\ndef f_grad(x):\n    return 6.283185307179586 * math.cos(6.283185307179586 * x) / 2.5066282746310002\n"
    assert compare(f, text).status == "proved"


def test_constants_rounded_to_doubles_agree_to_their_digits() -> None:
    def f(x):
        return 0.12345678901234568 * x

    verdict = compare(f, "def f_grad(x):\n    return 0.12345678901234566\n")
    assert verdict.status == "agrees" and 14 <= verdict["x"].digits <= 17
    assert "rounded" in verdict["x"].how


def test_a_term_too_small_for_doubles_is_missed_by_nobody() -> None:
    def f(x):
        return x + 1e-25 * x * x

    assert compare(f, "def f_grad(x):\n    return 1 + 2e-25 * x\n").status == "proved"
    verdict = compare(f, "def f_grad(x):\n    return 1.0\n")
    assert verdict.status == "undecided" and not verdict
    assert "small term" in verdict["x"].how


def test_each_path_is_proved() -> None:
    def f(x):
        if x > 2:
            return x * x
        return -x if x < -1 else x**3

    right = "def f_grad(x):\n    if x > 2:\n        return 2 * x\n    return -1.0 if x < -1 else 3 * x * x\n"
    verdict = compare(f, right)
    assert verdict.status == "proved" and "each of 3 paths" in verdict["x"].how
    for wrong in (right.replace("2 * x", "3 * x"), right.replace("-1.0", "1.0"), right.replace("3 * x", "2 * x")):
        assert compare(f, wrong).status == "differs", wrong


def test_a_branch_far_from_where_one_would_look_is_found() -> None:
    def f(x):
        return x * x if x > 1000.5 else x

    assert compare(f, "def f_grad(x):\n    return 1.0\n").status == "differs"
    assert compare(f, "def f_grad(x):\n    return 2 * x if x > 1000.5 else 1.0\n").status == "proved"


def test_a_threshold_that_is_wrong_in_the_gradient_alone_is_found() -> None:
    def f(x):
        return x * x if x > 1000.5 else x

    assert compare(f, "def f_grad(x):\n    return 2 * x if x > 1100 else 1.0\n").status == "differs"


def test_what_only_the_gradient_asks_keeps_a_proof_from_standing_everywhere() -> None:
    verdict = compare(fourth, "def fourth_grad(x):\n    return 4 * x**3 if x * x * x < 1e30 else 0.0\n")
    assert verdict.status == "agrees"
    assert "the sign of x**3" in verdict["x"].how


def test_what_raises_in_the_primal_may_be_asked_in_the_gradient() -> None:
    def f(x):
        try:
            return math.log(x - 2)
        except ValueError:
            return x * x

    assert compare(f, "def f_grad(x):\n    return 1 / (x - 2) if x > 2 else 2 * x\n").status == "proved"


def test_without_a_valid_point_nothing_agrees() -> None:
    def f(x):
        return math.sqrt(-1 - x * x)

    verdict = compare(f, "def f_grad(x):\n    return 1.0\n")
    assert verdict.status == "undecided" and not verdict
    assert "no valid point" in verdict.why and "math domain error" in verdict.why


def test_the_points_asked_for_are_the_ones_looked_at() -> None:
    verdict = compare(fourth, "def fourth_grad(x):\n    return 108.0\n", points=[(3.0,), {"x": 3.0}])
    assert verdict.status == "agrees" and verdict["x"].points == 2  # right at this point, and no proof for others
    assert compare(fourth, "def fourth_grad(x):\n    return 108.0\n").status == "differs"


def test_the_domain_is_kept_to() -> None:
    def f(x):
        return math.sqrt(x - 50) if x > 10 else x

    text = "import math\ndef f_grad(x):\n    return 1 / (2 * math.sqrt(x - 50))\n"
    assert compare(f, text, domain={"x": (51.0, 60.0)}).status == "proved"
    assert compare(f, text, domain={"x": (1.0, 60.0)}).status == "differs"


def test_the_verdict_is_the_same_every_time() -> None:
    text = "import math\ndef f_grad(x, y):\n    return math.cos(x), 1.0\n"

    def f(x, y):
        return math.sin(x) + y * y

    assert str(compare(f, text)) == str(compare(f, text))


def test_ints_and_words_are_found_out() -> None:
    def f(x, n, kind):
        total = 0.0
        for k in range(n):
            total += SLOPES[kind] * x**k if kind == "double" else x
        return total

    def power_sum(x, n):
        return sum(x**k for k in range(n))

    text = "def g(x, n):\n    return sum(k * x ** (k - 1) for k in range(1, n)) + 0.0\n"
    assert compare(power_sum, text, "x").status == "proved"
    text = "def g(x, n, kind):\n    return 2.0 * sum(k * x ** (k - 1) for k in range(1, n)) if kind == 'double' else 1.0 * n\n"
    assert compare(f, text, "x").status == "proved"


def test_a_string_that_nothing_is_known_of_is_asked_for() -> None:
    def f(x, kind: str):
        return SLOPES[kind] * x

    text = "def f_grad(x, kind):\n    return {'double': 2.0, 'triple': 3.0}[kind]\n"
    assert "give one in domain=" in compare(f, text, "x").why
    assert compare(f, text, "x", domain={"kind": "triple"}).status == "proved"


class Well:
    depth = 2.5

    def __init__(self, a: float) -> None:
        self.a = a

    def decay(self, x: float) -> float:
        return math.exp(-self.a * x)

    def at(self, x: float) -> float:
        return self.decay(x) * self.depth


def doubled(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return 2 * function(*args)

    return wrapper


def test_methods_decorators_lambdas_partials_and_closures_are_followed() -> None:
    assert compare(Well(0.3).at, "import math\ndef at_grad(x):\n    return -0.75 * math.exp(-0.3 * x)\n").status == "proved"
    assert compare(doubled(fourth), "def fourth_grad(x):\n    return 8 * x**3\n").status == "proved"
    lambdas = [lambda x: x**2, lambda x: x**3]
    assert compare(lambdas[1], "def g(x):\n    return 3 * x**2\n").status == "proved"
    partial = functools.partial(lambda a, x: a * math.log(x), 0.7)
    assert compare(partial, "def g(x):\n    return 0.7 / x\n").status == "proved"
    exponent = 2.5

    def closure(x, scale=1.5):
        return scale * x**exponent

    assert compare(closure, "def closure_grad(x, scale=1.5):\n    return 2.5 * scale * x**1.5\n", "x").status == "proved"
    assert compare(closure, "def closure_grad(x):\n    return 3.75 * x**1.5\n", "x").status == "proved"


def test_numpy_and_scipy_on_scalars_are_known() -> None:
    def f(x, a):
        return np.sin(x) * np.exp(-x) + special.gammaln(a) * special.expit(x) + np.where(x > a, x, a) + special.erf(x)

    text = """
import math
import numpy as np
from scipy.special import digamma, expit, gammaln
def f_grad(x, a):
    s = expit(x)
    wave = np.exp(-x) * (np.cos(x) - np.sin(x))
    bell = 2 / math.sqrt(math.pi) * np.exp(-x * x)
    if x > a:
        return wave + gammaln(a) * s * (1 - s) + 1 + bell, s * digamma(a)
    return wave + gammaln(a) * s * (1 - s) + bell, s * digamma(a) + 1
"""
    assert compare(f, text).status == "proved"
    assert compare(f, text.replace("digamma(a) + 1", "digamma(a)")).status == "differs"


def mlp_loss(X, y, W, b):
    h = np.tanh(X @ W + b)
    return np.mean((h - y) ** 2)


MLP = """
import numpy as np
def mlp_loss_value_and_grad(X, y, W, b, dloss=1.0):
    h = np.tanh(X @ W + b)
    r = h - y
    dr = dloss * 2 * r / r.size
    dz = dr * (1 - h ** 2)
    return np.mean(r ** 2), (X.T @ dz, dz.sum(axis=0))
"""


def test_arrays_are_followed_element_by_element() -> None:
    chance = np.random.default_rng(3)
    point = tuple(np.round(chance.normal(size=shape), 2) for shape in ((3, 2), (3, 2), (2, 2), (2,)))
    verdict = compare(mlp_loss, MLP, ("W", "b"), points=[point])
    assert verdict.status == "proved", str(verdict)
    assert [partial.name for partial in verdict.partials] == ["W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "b[0]", "b[1]"]
    for right, wrong in (("axis=0", "axis=1"), ("X.T", "X[:2]"), ("h ** 2", "h"), ("/ r.size", "/ 3")):
        assert compare(mlp_loss, MLP.replace(right, wrong), ("W", "b"), points=[point]).status == "differs", wrong


def test_roots_and_integrals_agree_to_many_digits() -> None:
    def root(a):
        return optimize.brentq(lambda x: x**3 + a * x - 1, 0, 2)

    def bell(a, b):
        return integrate.quad(lambda t: math.exp(-a * t * t), 0, b)[0]

    text = """
from scipy.optimize import brentq
def root_grad(a):
    x = brentq(lambda x: x**3 + a * x - 1, 0, 2)
    return -x / (3 * x * x + a)
"""
    verdict = compare(root, text)
    assert verdict.status == "agrees" and verdict["a"].digits >= 40
    assert compare(root, text.replace("+ a)", "- a)")).status == "differs"
    moving = "import math\ndef bell_grad(a, b):\n    return math.exp(-a * b * b)\n"
    assert compare(bell, moving, "b", points=2).status == "agrees"


@dataclass(frozen=True)
class Spring:
    stiffness: float
    rest: float
    coils: int = 3


def test_gradients_of_structures_have_their_structure() -> None:
    def energy(spring: Spring, x, weights: list[float]):
        return spring.stiffness * (x - spring.rest) ** 2 / spring.coils + sum(w * x for w in weights)

    text = """
def energy_grad(spring, x, weights):
    stretch = x - spring.rest
    dstretch = 2 * spring.stiffness * stretch / spring.coils
    return {"stiffness": stretch**2 / spring.coils, "rest": -dstretch}, dstretch + sum(weights), [x for _ in weights]
"""
    verdict = compare(energy, text)
    assert verdict.status == "proved", str(verdict)
    names = ["spring.stiffness", "spring.rest", "x", "weights[0]", "weights[1]", "weights[2]"]
    assert [partial.name for partial in verdict.partials] == names
    wrong = compare(energy, text.replace("-dstretch}", "dstretch}"))
    assert [partial.name for partial in wrong.partials if partial.status == "differs"] == ["spring.rest"]
    assert "no gradient of spring.rest" in str(compare(energy, text.replace('"rest"', '"rust"')))


def test_the_guards_of_generated_code_let_exact_numbers_through() -> None:
    text = """
def fourth_grad(x, dfourth=1.0):
    if type(x) is not float or not isinstance(x, (int, float)):
        raise TypeError("generated for scalars")
    return dfourth * 4 * float(x) ** 3
"""
    assert compare(fourth, text).status == "proved"


def test_what_the_judge_cannot_follow_stays_undecided() -> None:
    import statistics

    def lost(x, y):
        return statistics.fmean([x, y])

    def spectrum(x):
        return float(np.fft.fft([x, x]).real.sum())

    def printed(x):
        return float("%.12f".__mod__(x))

    assert compare(printed, "def printed_grad(x):\n    return 1.0\n").status == "undecided"
    verdict = compare(lost, "def lost_grad(x, y):\n    return 0.5, 0.5\n")
    assert verdict.status == "undecided" and "no SymPy counterpart" in verdict.why
    assert compare(spectrum, "def spectrum_grad(x):\n    return 2.0\n").status == "undecided"
    followed = compare(fourth, "import statistics\ndef fourth_grad(x):\n    return 4 * statistics.fmean([x]) ** 3\n")
    assert followed.status == "undecided"


def test_a_gradient_that_fails_where_the_function_does_not_is_wrong() -> None:
    assert "NameError" in compare(fourth, "def fourth_grad(x):\n    return 4 * y**3\n")["x"].how
    assert compare(fourth, "def fourth_grad(x):\n    return 4 * y**3\n").status == "differs"
    assert compare(fourth, "import no_such_module\ndef fourth_grad(x):\n    return 4 * x**3\n").status == "differs"
    assert compare(fourth, "def fourth_grad(x):\n    return 1.0, 2.0, 3.0\n").status == "differs"


def test_a_gradient_that_does_not_end_is_no_right_one() -> None:
    verdict = compare(fourth, "def fourth_grad(x):\n    while x * x > -1:\n        x = x + 1\n", time_limit=0.1)
    assert verdict.status == "undecided" and "no result" in verdict["x"].how


def test_a_refusal_at_some_points_is_counted_and_at_all_points_decides_nothing() -> None:
    refusing = "def fourth_grad(x):\n    if x > 1:\n        raise NonDifferentiableError('x > 1')\n    return 4 * x**3\n"
    some = compare(fourth, REFUSAL + refusing)
    assert some.status == "agrees" and "refuses" in some.why
    every = compare(fourth, REFUSAL + "def fourth_grad(x):\n    raise NonDifferentiableError('never')\n")
    assert every.status == "undecided"


def test_wrong_questions_are_refused() -> None:
    right = "def fourth_grad(x):\n    return 4 * x**3\n"
    with pytest.raises(SourceError, match="not Python"):
        compare(fourth, "def (x)")
    with pytest.raises(SourceError, match="no function"):
        compare(fourth, "x = 1")
    with pytest.raises(ArgumentError, match="'z' is no parameter"):
        compare(fourth, right, "z")
    with pytest.raises(ArgumentError, match="'z'"):
        compare(fourth, right, domain={"z": (0, 1)})


def test_the_users_own_objects_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[float] = []

    def f(x):
        print("called", x)
        seen.append(1.0)
        return x * SLOPES["double"]

    assert compare(f, "def f_grad(x):\n    print('hi')\n    return 2.0\n").status == "proved"
    assert capsys.readouterr().out == ""
    assert all(type(one) is float for one in seen)
    assert SLOPES == {"double": 2.0, "triple": 3.0} and type(SLOPES["double"]) is float


def test_another_thread_gets_the_same_verdict() -> None:
    def f(x, y):
        return math.exp(-x * y) / (1 + math.exp(x))

    text = """
import math
def f_grad(x, y):
    e = math.exp(x)
    value = math.exp(-x * y) / (1 + e)
    return -value * y - value * e / (1 + e), -value * x
"""
    found: list[Comparison] = []
    thread = threading.Thread(target=lambda: found.append(compare(f, text)))
    thread.start()
    thread.join()
    assert found[0].status == "proved"
    assert str(found[0]) == str(compare(f, text))


def test_a_verdict_is_text_json_and_a_table() -> None:
    from rich.console import Console

    verdict = compare(fourth, "def fourth_value_and_grad(x):\n    return x**4, 4 * x**3\n")
    assert str(verdict).splitlines() == [
        "SymPy on the gradient of fourth: proved",
        "  x      proved  structurally equal",
        "  value  proved  structurally equal",
    ]
    told = json.loads(verdict.to_json())
    assert told["status"] == "proved" and told["partials"][0]["expected"] == "4*x**3" and told["values"][0]["name"] == "value"
    console = Console(width=80, record=True, file=None, quiet=False, force_terminal=False, color_system=None)
    with console.capture() as captured:
        console.print(verdict)
    assert "structurally equal" in captured.get()
