"""Rules that users add: what is accepted, what is refused and with which words.

Never differentiates a program.
"""
from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy
import pytest

import gradgen
from gradgen.errors import RuleError
from gradgen.ir import nodes as ir
from gradgen.rules import registry, spelling
from gradgen.rules.user import register, suggest_rule, suggested_for
from tests.forward.written import function


@pytest.fixture
def library() -> Iterator[Any]:
    """A module of a user's own; what it makes gradgen learn is forgotten."""
    module = ModuleType("mylib")
    exec(
        "import math\n"
        "def soft(x): return math.log1p(math.exp(x))\n"
        "def soft_slope(x): return 1 / (1 + math.exp(-x))\n"
        "def blend(x, y, k=2.0): return x**k * y\n"
        "def order(n, x): return x**n / math.factorial(n)\n"
        "def split(x): return x * x, math.sin(x)\n"
        "def narrow(x): return math.sqrt(x - 1e6)\n"
        "def level(x): return 3.0\n"
        "def positional(value, /): return value**3\n",
        module.__dict__,
    )
    before = set(registry.operations())
    sys.modules["mylib"] = module
    yield module
    del sys.modules["mylib"]
    for operation in registry.operations() - before:
        registry.forget(operation)


def refusal(code: str, *lines: str, **options: Any) -> str:
    with pytest.raises(RuleError) as caught:
        register(*lines, **options)
    assert caught.value.code == code, str(caught.value)
    return str(caught.value)


def test_a_right_rule_is_added_and_found_by_the_live_function(library: Any) -> None:
    rule = register("y = mylib.soft(x)", "dx += dy * (1 - exp(-y))")
    assert registry.rules_for("mylib.soft") == (rule,)
    assert spelling.operation_of(library.soft) == "mylib.soft"
    assert registry.bind("mylib.soft", (ir.Name("a"),)) is not None


def test_a_rule_may_be_written_with_ones_own_functions_and_an_alias(library: Any) -> None:
    import mylib as m  # type: ignore[import-not-found]

    assert m is library
    rule = register("y = m.soft(x)", "dx += dy * m.soft_slope(x)")
    assert rule.operation == "mylib.soft"
    (factor,) = rule.contributions[0].numerator
    assert isinstance(factor, ir.Op) and spelling.spell(factor.op, "math") == "mylib.soft_slope"
    assert spelling.operation_of(library.soft_slope) is None


def test_functions_in_a_rule_are_operations_however_they_are_spelled(library: Any) -> None:
    rule = register("y = mylib.soft(x)", "dx += dy * (1 - numpy.exp(-y))")
    assert [node.op for node in ir.walk(rule.contributions[0].numerator[0]) if isinstance(node, ir.Op)] == ["sub", "exp", "neg"]
    assert numpy.exp is not math.exp


def test_a_function_may_be_passed_instead_of_named() -> None:
    def cube(x: float) -> float:
        return x**3

    rule = register("y = cube(x)", "dx += dy * 3 * x**2")
    assert registry.rules_for(rule.operation) == (rule,)
    second = register("y = power_of_three(x)", "dx += dy * 3 * x**2", function=cube)
    assert registry.rules_for(second.operation) == (second,)
    for operation in (rule.operation, second.operation):
        registry.forget(operation)


def test_a_rule_written_again_takes_the_place_of_the_first(library: Any) -> None:
    register("y = mylib.soft(x)", "dx += dy * (1 - exp(-y))")
    second = register("y = mylib.soft(x)", "dx += dy / (1 + exp(-x))")
    assert registry.rules_for("mylib.soft") == (second,)


def test_an_operand_that_a_new_rule_names_otherwise_is_not_taken_for_level(library: Any) -> None:
    assert registry.carried_by("mylib.soft") is None
    register("y = mylib.soft(x)", "dx += dy * (1 - exp(-y))")
    assert registry.carried_by("mylib.soft") == frozenset("x")
    exec("def soft(t): return 3 * t", library.__dict__)
    register("y = mylib.soft(t)", "dt += 3 * dy")
    assert registry.carried_by("mylib.soft") == frozenset("t")


def test_several_operands_results_and_refused_orders_are_checked(library: Any) -> None:
    register("z = mylib.blend(x, y)", "dx += dz * 2 * x * y", "dy += dz * x**2", at=[(1.5, 2.0), (-0.3, 4.0)])
    register("a, b = mylib.split(x)", "dx += da * 2 * x", "dx += db * cos(x)")
    rule = register("y = mylib.order(n, x)", "dx += dy * y * n / x", refused="n", reason="the order is a whole number")
    assert rule.refused == {"n"} and rule.reason
    register("y = mylib.level(x)", "dx += 0")
    register("z = mylib.positional(x)", "dx += dz * 3 * x**2")


def test_a_wrong_slope_is_refused_with_the_point_and_both_numbers(library: Any) -> None:
    text = refusal("GG307", "y = mylib.soft(x)", "dx += dy * exp(-y)")
    assert "x=0.37" in text and "dx += dy * exp(-y)" in text
    assert spelling.operation_of(library.soft) is None and registry.rules_for("mylib.soft") == ()
    for wrong in ("dx -= da * 2 * x", "dx += da * 2 * x"):
        refusal("GG307", "a, b = mylib.split(x)", wrong)
    refusal("GG307", "y = mylib.soft(x)", "dx += 0")


@pytest.mark.parametrize("error", [1e-4, -1e-5])
def test_a_slope_that_is_off_a_little_is_refused(library: Any, error: float) -> None:
    refusal("GG307", "y = mylib.soft(x)", f"dx += dy * {1 + error} / (1 + exp(-x))")


def test_what_cannot_be_checked_is_refused_until_points_are_named(library: Any) -> None:
    assert "at=[(...,)]" in refusal("GG307", "y = mylib.narrow(x)", "dx += dy / (2 * y)")
    register("y = mylib.narrow(x)", "dx += dy / (2 * y)", at=[(1e6 + 7.0,)])


def test_a_rule_that_does_not_fit_the_signature_is_refused_with_the_one_to_write(library: Any) -> None:
    text = refusal("GG308", "z = mylib.blend(a, b)", "da += dz * 2 * a * b", "db += dz * a**2")
    assert 'Write gradgen.rule("z = mylib.blend(x, y)", "dx += dz * ...", "dy += dz * ...")' in text
    refusal("GG308", "z = mylib.blend(x)", "dx += dz")
    refusal("GG308", "z = mylib.soft(x, y)", "dx += dz", "dy += dz")


def test_a_rule_with_other_results_than_the_function_is_refused_with_what_to_write(library: Any) -> None:
    text = refusal("GG308", "y = mylib.split(x)", "dx += dy * 2 * x")
    assert "which hands out 2" in text and 'Write gradgen.rule("u, v = mylib.split(x)", "dx += du * ...", ...)' in text
    text = refusal("GG308", "u, v = mylib.soft(x)", "dx += du")
    assert "which hands out 1" in text and 'Write gradgen.rule("u = mylib.soft(x)"' in text


def test_an_operand_may_be_left_out_that_has_a_default(library: Any) -> None:
    wrong = "dk += dw * x**k * log(x)"  # times y
    right = f"{wrong} * y"
    rows = ("w = mylib.blend(x, y, k=2.0)", "dx += dw * k * x ** (k - 1) * y", "dy += dw * x**k")
    refusal("GG307", *rows, wrong)
    register(*rows, right)
    fn = function("import mylib\n\n\ndef f(x, y):\n    return mylib.blend(x, y) + mylib.blend(y, x, y)\n")
    x, y = 1.3, 0.7
    wanted = (2 * x * y + y**y, x * x + x * y**y * (math.log(y) + 1))
    assert gradgen.grad(fn)(x, y) == pytest.approx(wanted)


def test_a_function_that_is_not_there_or_has_a_rule_already_is_refused(library: Any) -> None:
    assert "mylib.nothing is no function here" in refusal("GG310", "y = mylib.nothing(x)", "dx += dy")
    assert "gradgen's operation sin" in refusal("GG310", "y = math.sin(x)", "dx += dy * cos(x)")
    assert math.pi


def test_an_error_names_the_file_and_line_where_the_rule_is_written(library: Any) -> None:
    text = refusal("GG303", "y = mylib.soft(x)", "dx += x")
    assert text.startswith(f"{__file__.rpartition('/')[0]}/test_user_rules.py:") or "test_user_rules.py:" in text.splitlines()[0]


# --- the notation ---


@pytest.mark.parametrize(("code", "lines", "at"), [
    ("GG301", ("mylib.soft(x)",), "mylib.soft(x)"),
    ("GG301", ("y = x + 1",), "1"),
    ("GG301", ("y = x * z",), None),
    ("GG301", ("y = mylib.soft(x + 1)",), "x + 1"),
    ("GG301", ("y = mylib.soft(y)",), None),
    ("GG301", ("y = mylib.soft(x, k=z)",), "z"),
    ("GG301", ("y = mylib.soft(x)", "dx += dy *"), None),
    ("GG301", ("y = mylib.soft(x)", "dx *= dy"), None),
    ("GG301", ("y = mylib.soft(x)", "x = 2 * x"), None),
    ("GG301", ("y = mylib.soft(x)", "dx += dy * x[0]"), "x[0]"),
    ("GG301", ("y = mylib.soft(x)", "dx += dy * x; dx += dy"), None),
    ("GG302", ("y = mylib.soft(x)", "dx += dy * u"), "u"),
    ("GG303", ("y = mylib.soft(x)", "dx += 3 * x"), "3 * x"),
    ("GG303", ("y = mylib.soft(x)", "dx += exp(dy)"), "exp(dy)"),
    ("GG303", ("y = mylib.soft(x)", "dx += x / dy"), "x / dy"),
    ("GG303", ("y = mylib.soft(x)", "dx += dy + x"), "dy + x"),
    ("GG303", ("y = mylib.soft(x)", "r = dy * x", "dx += r"), "dy"),
    ("GG303", ("y = mylib.soft(x)", "dx += dy if x > 0 else dy / 2"), "dy / 2"),
    ("GG304", ("y = mylib.soft(x)", "dx += dy * x + dy"), "dy * x + dy"),
    ("GG304", ("y = mylib.soft(x)", "dx += dy * dy"), "dy * dy"),
    ("GG305", ("y = mylib.soft(x)", "dx += dy * no_such_function(x)"), "no_such_function"),
    ("GG306", ("y = mylib.soft(x)", "du += dy"), None),
    ("GG306", ("y = mylib.soft(x)", "x += dy"), None),
    ("GG309", ("z = mylib.blend(x, y)", "dx += dz * 2 * x * y"), None),
    ("GG309", ("y = mylib.soft(x)",), None),
])
def test_a_malformed_row_is_refused_with_the_line_quoted_and_marked(
    library: Any, code: str, lines: tuple[str, ...], at: str | None
) -> None:
    text = refusal(code, *lines)
    _, _, after = text.partition(" | ")
    quoted, marks = after.split("\n")[:2]
    assert quoted in lines
    if at is not None:
        start = marks.partition(" | ")[2].index("^")
        assert quoted[start:start + marks.count("^")] == at


def test_a_line_that_is_no_text_is_refused(library: Any) -> None:
    assert 'gradgen.rule("y = mylib.soft(x)", "dx += dy * ...")' in refusal("GG301", "y = mylib.soft(x)", 3)  # type: ignore[arg-type]


# --- what to write ---


def test_a_suggestion_is_a_call_with_the_signature_filled_in() -> None:
    assert suggest_rule("mylib.soft", 1) == 'gradgen.rule("y = mylib.soft(x)", "dx += dy * ...")'
    assert suggest_rule("f", 3).startswith('gradgen.rule("y = f(x1, x2, x3)", "dx1 += dy * ..."')
    assert suggest_rule("f", 2, ("y", "z")) == 'gradgen.rule("w = f(y, z)", "dy += dw * ...", "dz += dw * ...")'


def test_a_completed_suggestion_is_accepted(library: Any) -> None:
    text = suggest_rule("mylib.soft", 1).replace("...", "soft_slope(x)")
    gradgen = type("gradgen", (), {"rule": staticmethod(register)})
    eval(text, {"gradgen": gradgen, "mylib": library, "soft_slope": library.soft_slope})
    assert registry.rules_for("mylib.soft")


def test_a_rule_may_be_a_decorator_on_the_function_itself(tmp_path: Any) -> None:
    path = tmp_path / "decorated.py"
    path.write_text(
        "import math\nimport gradgen\n\n\n"
        "@gradgen.rule('y = steep(x)', 'dx += dy * 3 * x**2')\ndef steep(x):\n    return x**3\n\n\n"
        "def f(x):\n    return 2 * steep(x)\n"
    )
    before = set(registry.operations())
    spec = importlib.util.spec_from_file_location("decorated", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        assert registry.operations() - before == {"decorated.steep"}
        made = gradgen.grad(module.f)
        assert made(1.5) == pytest.approx(6 * 1.5**2)
        assert "gradgen.rule" not in made.source and "def steep_grad" not in made.source
        assert made.source.count("import gradgen") == 0
    finally:
        registry.forget("decorated.steep")


def test_a_decorators_rule_is_held_against_the_function_below_it_and_not_one_of_its_name_before() -> None:
    names: dict[str, Any] = {"rule": gradgen.rule}
    exec("def steep(x): return x", names)
    with pytest.raises(RuleError, match="GG307"):
        exec("@rule('y = steep(x)', 'dx += dy * 3 * x**3')\ndef steep(x): return x**3", names)
    with pytest.raises(RuleError, match="GG308.*\n.*\n.*\nWrite gradgen.rule"):
        exec("@rule('y = steep(x, k)', 'dx += dy', 'dk += 0')\ndef steep(x): return x**3", names)


def test_a_decorator_without_lines_says_what_to_write() -> None:
    names: dict[str, Any] = {"rule": gradgen.rule}
    with pytest.raises(RuleError, match=r'GG301.*\n(.*\n)*.*@gradgen\.rule\("y = steep\(x, k\)", "dx \+= dy \* \.\.\.", "dk'):
        exec("@rule\ndef steep(x, k): return k * x**3", names)


def test_a_rule_beside_other_functions_on_its_line_is_added_at_once(library: Any) -> None:
    """What is made further on in the same expression is no definition below a decorator."""
    names: dict[str, Any] = {"rule": gradgen.rule, "math": math, "mylib": library}
    with pytest.raises(RuleError, match="GG310"):
        exec("a = (rule('y = math.erf(x)', 'dx += dy * 2'), (lambda x: math.erf(x)), [i for i in 'ab'])", names)
    exec("a = (rule('y = mylib.soft(x)', 'dx += dy * (1 - exp(-y))'), (lambda x: x))", names)
    assert registry.rules_for("mylib.soft")
    exec("@rule('y = steep(x)', 'dx += dy * 3 * x**2')\n@(lambda f: f)\ndef steep(x, unread=[]): return x**3", names)
    assert spelling.operation_of(names["steep"]) is not None


def test_operands_that_are_given_by_name_alone(library: Any) -> None:
    """log(1 + exp(k x)) / k, its hessian by hand; a default may be left out."""
    exec("def sharp(x, *, k): return math.log1p(math.exp(k * x)) / k\ndef wide(x, *, k=2.0): return k * x**2\n", vars(library))
    assert '"y = mylib.sharp(x, k=k)", "dx += dy * ...", "dk += dy * ..."' in refusal("GG308", "y = mylib.sharp(x)", "dx += dy")
    assert "GG307" in refusal("GG307", "y = mylib.sharp(x, k=k)", "dx += dy / (1 + exp(-k * x))", "dk += dy")
    register("y = mylib.sharp(x, k=k)", "dx += dy / (1 + exp(-k * x))", "dk += dy * (x / (1 + exp(-k * x)) - y) / k")
    register("y = mylib.wide(x, k=2.0)", "dx += dy * 2 * k * x", "dk += dy * x**2", at=[(0.3, 0.7), (1.2, -0.4)])
    text = "def f(x, k):\n    return mylib.sharp(x, k=k) + mylib.wide(x) * mylib.wide(x, k=k)\n"
    (xx, xk), (kx, kk) = gradgen.hessian(function(text, {"mylib": library}))(0.3, 0.7)
    x, k = 0.3, 0.7
    p = 1 / (1 + math.exp(-k * x))
    assert xx == pytest.approx(k * p * (1 - p) + 24 * k * x**2, rel=1e-13)
    assert xk == pytest.approx(x * p * (1 - p) + 8 * x**3, rel=1e-13) and kx == pytest.approx(xk, rel=1e-13)
    log = math.log1p(math.exp(k * x))
    assert kk == pytest.approx(x**2 * p * (1 - p) / k - 2 * x * p / k**2 + 2 * log / k**3, rel=1e-12)


def test_a_function_that_takes_the_name_of_another_takes_its_rule_away(library: Any) -> None:
    register("y = mylib.soft(x)", "dx += dy * (1 - exp(-y))")
    old = library.soft
    exec("def soft(x): return 3 * x", library.__dict__)
    register("y = mylib.soft(x)", "dx += 3 * dy")
    assert spelling.operation_of(library.soft) == "mylib.soft" and spelling.operation_of(old) is None


def test_the_rule_to_write_has_the_functions_own_parameters() -> None:
    assert suggested_for(math.ldexp, "math.ldexp", 2) == (
        'gradgen.rule("y = math.ldexp(x, i)", "dx += dy * ...", "di += dy * ...")'
    )
    assert suggested_for(numpy.trapezoid if hasattr(numpy, "trapezoid") else numpy.trapz, "np.trapezoid", 1) == (
        'gradgen.rule("z = np.trapezoid(y)", "dy += dz * ...")'
    )


ARRAY_LIBRARY = "def bump(x): return numpy.exp(-x**2)\ndef total(x): return numpy.sum(x**2)\n"


def test_a_rule_is_for_arrays_where_the_function_works_number_by_number(library: Any) -> None:
    exec(ARRAY_LIBRARY, vars(library) | {"numpy": numpy, "__name__": "mylib"}, found := {})
    vars(library).update(found)
    register("y = mylib.bump(x)", "dx -= dy * 2 * x * y")
    register("y = mylib.total(x)", "dx += dy * 2 * x")
    x, c = numpy.array([0.5, -1.0, 2.0]), numpy.array([1.0, 3.0])
    namespace = {"mylib": library, "numpy": numpy}

    def derived(text: str, *like: Any, **options: Any) -> Any:
        return gradgen.grad(function(f"def f(x, c):\n    return {text}\n", namespace), "x", like=like, **options)

    bumps = derived("numpy.sum(mylib.bump(x) * x)", x, c)
    numpy.testing.assert_allclose(bumps(x, c), numpy.exp(-x**2) * (1 - 2 * x**2))
    assert derived("mylib.total(x)", 0.5, c)(0.5, c) == 1.0
    numpy.testing.assert_allclose(derived("numpy.sum(mylib.total(c) * x)", x, c)(x, c), [10.0, 10.0, 10.0])
    with pytest.raises(gradgen.UnsupportedError, match="mylib.total with these arguments"):
        derived("numpy.sum(mylib.total(x) * x)", x, c)
