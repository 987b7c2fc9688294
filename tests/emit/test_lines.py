"""gradgen's own statements as text: spaced and parenthesised as a person writes, wrapped late, and always the same tree again.

Never tests what the statements compute.
"""
from __future__ import annotations

import ast
import subprocess
import sys
import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradgen.emit import lines as module
from gradgen.emit.lines import print_expression, print_statements
from gradgen.errors import InternalError


def printed(text: str, **options: Any) -> str:
    """A text, parsed and printed."""
    return "\n".join(print_statements(ast.parse(text).body, **options))


CANONICAL = """\
dv = 3 * dJ
da = -dloss * (y / a - (1 - y) / (1 - a))
dz = da * a ** 2 * e
dgrowth += dtotal * 2 * growth
dx = dy * -y ** 2
x = (-a) ** 2
x = a ** -b
x = a ** -1.5
x = a ** b ** c
x = (a ** b) ** c
x = a - (b - c)
x = a / (b * c)
x = a * b / c
x = a * (b // c) % d
x = -(a + b)
x = not (a and b)
x = (a or b) and c
x = a if b > 0 else -c
x = (a if b else c) * d
x = a < b <= c
x = (a < b) == c
x = a is not None and b not in c
dh = dr @ W2.T
x = (a @ b).T
x = ~a & b | c ^ d << 2
dk += np.sum(du[1:-1] * (u[2:] - 2 * u[1:-1] + u[:-2]))
u[i, 1:, ::2, ..., None] = 0
x[a + 1:] = y[(a, b), c]
x = f(a, *b, k=1, **c)
x = np.sum(r ** 2, axis=0, keepdims=True)
r.append((a, b))
a, b = b, a
a, (b, c) = d
x = a, *b
x = y = z
x: float = 1.5
x = [a, b]
x = [a ** 2 for a in b if a > 0]
x = sum(a * b for a, b in zip(c, d))
x = {"a": 1, **b}
x = {a: b for a, b in c}
x = lambda a, b=1: a + b
x = (lambda: 1)()
x = (y := a + b)
x = a[0].b(c)["d"].e
x = 1e-12
x = 0.1 + 123456789.125
x = 2j
x = ()
x = a,
raise ValueError("it is 'so'")
raise NonDifferentiableError(f'{a} == {b}') from None
return loss, (dw1, dw2)
return
return (da,)
assert a > 0, "message"
del a, b[0]
import math
from math import log as ln
pass
break
continue
x = yield a
x = await a
while x_tape:
    x = x_tape.pop()
for k in reversed(range(n)):
    a += 1
    if a > b:
        break
    elif a:
        continue
    else:
        pass
for i, x in enumerate(xs):
    pass
else:
    a = 1
try:
    a = 1
except (A, B) as e:
    raise
else:
    b = 2
finally:
    c = 3
with np.errstate(all="ignore"), a as b:
    c = 1
def f(a, /, b: int, *c, d=1.5, **e) -> float:
    return a
class A(B):
    x = 1
match a:
    case [1, x] if x > 0:
        pass
    case {'k': 2.0}:
        b = 1
"""

SAMPLES = [f"{ast.get_source_segment(CANONICAL, node)}" for node in ast.parse(CANONICAL).body]


@pytest.mark.parametrize("text", [sample for sample in SAMPLES if sample != "x = a,"])
def test_what_a_person_writes_comes_out_as_written(text: str) -> None:
    assert printed(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x = (((a) * (b)) / (c))", "x = a * b / c"),
        ("x = a+b*  c", "x = a + b * c"),
        ("return (a, (b))", "return a, b"),
        ("x[(i), (j)] = ((a))", "x[i, j] = a"),
        ("x = a**2", "x = a ** 2"),
        ("for (i, x) in y: pass", "for i, x in y:\n    pass"),
        ("x = 1.50e0 + 1E22 + 0x10 + 1_000", "x = 1.5 + 1e+22 + 16 + 1000"),
        ("x = 'a' + 'say \"so\"' + 'it\\'s' + '\\n{}'", "x = \"a\" + 'say \"so\"' + \"it's\" + \"\\n{}\""),
        ("x = 1e999 - -1e999", "x = 1e309 - -1e309"),
        ("if a:\n  if b: c\nelse: d", "if a:\n    if b:\n        c\nelse:\n    d"),
        ("if a: b\nelse:\n  if c: d\n  e", "if a:\n    b\nelse:\n    if c:\n        d\n    e"),
    ],
)
def test_spacing_and_parentheses_are_no_more_than_it_takes(text: str, wanted: str) -> None:
    assert printed(text) == wanted


def test_each_statement_has_its_own_text() -> None:
    assert print_statements(ast.parse("a = 1\nif a: b = 2\nc = 3").body) == ["a = 1", "if a:\n    b = 2", "c = 3"]
    assert print_statements([]) == []


def test_nodes_need_neither_positions_nor_contexts() -> None:
    call = ast.Call(ast.Attribute(ast.Name("np"), "sum"), [ast.Name("y")], [ast.keyword("axis", ast.Constant(0))])
    node = ast.Assign([ast.Name("x")], call)
    loop = ast.For(ast.Name("k"), ast.Call(ast.Name("range"), [ast.Name("n")], []), [node], [])
    assert print_statements([loop]) == ["for k in range(n):\n    x = np.sum(y, axis=0)"]


def test_lists_that_were_left_out_are_empty() -> None:
    body: list[ast.stmt] = [ast.Expr(ast.Call(ast.Name("g")))]
    loop = ast.For(target=ast.Name("k"), iter=ast.Name("xs"), body=body)
    function = ast.FunctionDef(name="f", args=ast.arguments(args=[ast.arg("a")]), body=[loop])
    assert print_statements([function]) == ["def f(a):\n    for k in xs:\n        g()"]


def test_negative_constants_are_printed_as_what_they_parse_to() -> None:
    def power(base: float) -> ast.expr:
        return ast.BinOp(ast.Constant(base), ast.Pow(), ast.Constant(-2))

    assert print_expression(power(-1.5)) == "(-1.5) ** -2"
    assert print_expression(power(1.5)) == "1.5 ** -2"
    assert print_expression(ast.BinOp(ast.Constant(-0.0), ast.Mult(), ast.Name("x"))) == "-0.0 * x"
    assert print_expression(ast.Attribute(ast.Constant(1), "real")) in ("(1).real", "1 .real")


def test_an_expression_stands_as_inside_of_brackets() -> None:
    texts = ["(a, b)", "a + b", "(a,)", "()", "a if b else c", "[a, b]", "-a", "lambda: 1", "(a for a in b)", "{a: b}"]
    assert [print_expression(ast.parse(text).body[0].value) for text in texts] == texts  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["", "a b", "lambda", "1a", "True", "a-b", "x\n"])
def test_what_no_name_can_be_is_refused(name: str) -> None:
    with pytest.raises(InternalError, match="no name can be spelled"):
        print_expression(ast.Name(name))


def test_what_has_no_literal_is_refused() -> None:
    with pytest.raises(InternalError, match="nan"):
        print_expression(ast.Constant(float("nan")))
    with pytest.raises(InternalError, match="no text stands for"):
        print_expression(ast.Constant(object()))


def test_names_numbers_and_strings_of_one_shape_keep_apart() -> None:
    texts = ["a = b * 2 + f(c, 'd')", "b = a * 3.5 + g(a, '{0}')", "α = _ * 1e-12 + ŋ(ŋ0ŋ, 'ŋ0ŋ')", "z = x * -2 + f(c, 'd')"]
    assert printed("\n".join(texts)) == "\n".join(texts).replace("'", '"')


# --- the two printers ---


@pytest.fixture
def no_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TEMPLATES", {})


@pytest.mark.usefixtures("no_templates")
def test_a_shape_is_printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    count = []
    monkeypatch.setattr(module, "_by_astor", lambda node: count.append(node))
    print_statements(ast.parse("\n".join(f"dx{i} = dz{i} * {i}.5 + x[{i}]" for i in range(1000))).body)
    assert len(count) == 1


@pytest.mark.usefixtures("no_templates")
def test_templates_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_TEMPLATES", 5)
    texts = [f"x = f({', '.join('a' * n)})" for n in range(1, 12)]
    assert printed("\n".join(texts)) == "\n".join(texts)
    assert len(module._TEMPLATES) <= 5


@pytest.mark.usefixtures("no_templates")
@pytest.mark.parametrize("wrong", ["x = a * b - c", "x = (", "x = a * (b + c)", None])
@pytest.mark.parametrize("printer", ["_by_astor", "_by_unparse"])
def test_where_one_printer_errs_the_other_takes_over(monkeypatch: pytest.MonkeyPatch, printer: str, wrong: str | None) -> None:
    monkeypatch.setattr(module, printer, lambda node: wrong)
    assert printed("x = a * b + c") == "x = a * b + c"


@pytest.mark.usefixtures("no_templates")
def test_where_both_err_it_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for printer in ("_by_astor", "_by_unparse"):
        monkeypatch.setattr(module, printer, lambda node: "x = b * a")
    with pytest.raises(InternalError, match="no text stands for"):
        printed("x = a / b")


@pytest.mark.usefixtures("no_templates")
def test_astor_prints_and_its_lines_are_not_wrapped_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_by_unparse", lambda node: None)
    text = "x = f(" + ", ".join(["aaaaaaaa"] * 40) + ")"
    assert printed(text, width=1000) == text
    assert printed("x = a ** -b * f'{c}'") == "x = a ** -b * f'{c}'" or sys.version_info >= (3, 14)


def test_astors_warnings_are_silent_and_no_others() -> None:
    code = (
        "import ast, warnings\n"
        "from gradgen.emit.lines import print_statements\n"
        "before = list(warnings.filters)\n"
        "print(print_statements(ast.parse('x = a ** -b').body)[0])\n"
        "assert warnings.filters == before\n"
        "import astor\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "x = a ** -b\n"), done.stderr
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        printed("x = a % b % c % d")
        warnings.warn("heard", UserWarning, stacklevel=1)
    assert [str(each.message) for each in caught] == ["heard"]


# --- long lines ---

WRAPPED = """\
dw = (
    dz0 * x0 + dz1 * x1 - dz2 * x2
    + dz3 * (x3 + x4) + dz4
)
dw += (
    dz0 * x0 * dz1 * x1 / dz2 * x2
    * dz3 * (x3 + x4)
)
return (
    loss_of_it_all,
    (dw0, dw1, dw2, dw3, dw4)
)
x = np.where(
    a > b,
    (
        aaaaaaaaaaaaa * bbbbbbbbbbb
        + ccccccccccccc
    ),
    keep=True
)
x = (
    (aaaaaaaaaaaa + bbbbbbbbbbbb)
    * ccccccccccc
)
x = (
    aaaaaaaaaaaaaaaaaaaaaaa
    ** bbbbbbbbbbbbbbb
)
x = -(
    aaaaaaaaaaaaaaaaaa
    + bbbbbbbbbbbbbbbbbbb
)
if (
    aaaaaaaaaaaaa > 0
    and bbbbbbbbbbbbbb < 0
):
    x = 1
while (
    aaaaaaaaaaaaaaaaaaaaa
    >= bbbbbbbbbbbbbbbbbbb
):
    x = 1
for aaaaaaaaaaaaaaa in range(
    bbbbbbbbbbbbb, ccccccccccccccc
):
    x = 1
x = (
    aaaaaaaaaaaaaaa
    if bbbbbbbbbbbbbbbb
    else ccccccccccccc
)
x = (
    aaaaaaaaaaaaaa < bbbbbbbbbbbbbb
    not in ccccccccc
)
x = [
    aaaaaaaaaaaaaaaa, bbbbbbbbbbb,
    ccccccccccc
]
"""


@pytest.mark.parametrize("text", [ast.get_source_segment(WRAPPED, node) for node in ast.parse(WRAPPED).body])
def test_a_line_too_long_is_broken_inside_of_brackets(text: str) -> None:
    assert printed(text, width=36 if "np.where" not in text else 35) == text


def test_a_line_that_fits_stays_whole() -> None:
    text = "x = " + " + ".join(["aaa"] * 19)
    assert len(text) == 115
    assert printed(text) == text and "\n" in printed(text + "+ a")
    assert printed(text, width=115) == text and "\n" in printed(text, width=114)


def test_each_statement_can_have_its_own_width_and_inner_ones_have_less() -> None:
    body = ast.parse("x = aaaaaa + b\nx = aaaaaa + b\nif a:\n    x = aaaaaa + b").body
    long, short, inner = print_statements(body, width=[14, 13, 17])
    assert (long, short) == ("x = aaaaaa + b", "x = (\n    aaaaaa\n    + b\n)")
    assert inner == "if a:\n    x = (\n        aaaaaa\n        + b\n    )"
    assert print_statements(body[2:], width=18) == ["if a:\n    x = aaaaaa + b"]


def test_what_cannot_be_broken_stays_on_its_line() -> None:
    for text in ("x = a" + "a" * 50, "x = aaa.bbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccc", 'x = "' + "s" * 60 + '"'):
        assert printed(text, width=30) == text


@pytest.mark.parametrize("count", [300, 800])
def test_a_sum_of_very_many_terms_is_printed(count: int) -> None:
    text = "x = " + " + ".join(f"a{i} * {i}" for i in range(count))
    assert printed(text, width=10**6) == text
    wrapped = printed(text)
    assert max(map(len, wrapped.split("\n"))) <= 116
    assert ast.dump(ast.parse(wrapped)) == ast.dump(ast.parse(text))


# --- any tree ---

NAMES = st.sampled_from(["a", "b", "x1", "dz", "α"])
ATOMS = st.one_of(
    NAMES.map(ast.Name),
    # Numbers without a sign: ast.unparse, the judge, takes no care of signs in constants.
    st.one_of(st.integers(0, 5), st.floats(min_value=0.0), st.booleans(), st.none()).map(ast.Constant),
    st.text("a'\"{}\\\n", max_size=3).map(ast.Constant),
)
BINARY = st.sampled_from([ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.BitAnd])
UNARY = st.sampled_from([ast.USub, ast.UAdd, ast.Invert, ast.Not])
COMPARE = st.sampled_from([ast.Lt, ast.Eq, ast.Is, ast.NotIn])


def larger(inner: st.SearchStrategy[ast.expr]) -> st.SearchStrategy[ast.expr]:
    some = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda a, op, b: ast.BinOp(a, op(), b), inner, BINARY, inner),
        st.builds(lambda op, a: ast.UnaryOp(op(), a), UNARY, inner),
        st.builds(lambda op, xs: ast.BoolOp(op(), xs * 2), st.sampled_from([ast.And, ast.Or]), some),
        st.builds(lambda a, op, b: ast.Compare(a, [op()], [b]), inner, COMPARE, inner),
        st.builds(ast.IfExp, inner, inner, inner),
        st.builds(lambda f, xs, y: ast.Call(f, xs, [ast.keyword("k", y)]), inner, some, inner),
        st.builds(lambda a, i: ast.Subscript(a, i), inner, inner),
        st.builds(lambda a, i, j: ast.Subscript(a, ast.Tuple([ast.Slice(i, j), i])), inner, inner, inner),
        st.builds(ast.Attribute, inner, NAMES),
        st.builds(ast.Tuple, some),
        st.builds(ast.List, some),
    )


EXPRESSIONS = st.recursive(ATOMS, larger, max_leaves=12)


def tree_of(node: ast.AST) -> str:
    """The tree as ast.unparse's text parses, which is the judge here."""
    return ast.dump(ast.parse(ast.unparse(ast.fix_missing_locations(node))))


@settings(deadline=None)
@given(EXPRESSIONS, st.sampled_from([10, 30, 1000]))
def test_any_statement_is_the_same_tree_again(node: ast.expr, width: int) -> None:
    for stmt in (ast.Assign([ast.Name("x")], node), ast.Return(node), ast.AugAssign(ast.Name("x"), ast.Add(), node)):
        text = print_statements([stmt], width=width)[0]
        assert ast.dump(ast.parse(text)) == tree_of(stmt)
        assert width < 1000 or "\n" not in text


@settings(deadline=None)
@given(EXPRESSIONS)
def test_any_expression_is_the_same_tree_again_inside_of_brackets(node: ast.expr) -> None:
    assert ast.dump(ast.parse(f"f({print_expression(node)})")) == tree_of(ast.Expr(ast.Call(ast.Name("f"), [node], [])))


@settings(deadline=None)
@given(EXPRESSIONS)
def test_any_header_is_the_same_tree_again(node: ast.expr) -> None:
    body: list[ast.stmt] = [ast.Pass()]
    headers = (ast.If(node, body, [ast.If(node, body, [])]), ast.While(node, body, []), ast.For(ast.Name("i"), node, body, []))
    for stmt in headers:
        assert ast.dump(ast.parse(print_statements([stmt], width=30)[0])) == tree_of(stmt)
