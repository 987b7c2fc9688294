"""A refused call is named by what stands in the text, and it is the call that is not read, not what is done with its result.

Never judges numbers but those of built-in functions, whose slopes are known.
"""
from __future__ import annotations

import builtins
import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

import gradgen
from gradgen.errors import Finding
from tests.forward.written import function

FORMULAS = {"+": lambda a, b: a + b}
X = np.array([1.0, 2.0, 3.0])


def by_a_table(x: Any, y: Any, op: str = "+") -> Any:
    return FORMULAS[op](x, y)


def by_a_method_of_the_unread(x: Any) -> Any:
    return gaussian_filter1d(x, 2.0).max()


def by_a_part_of_the_unread(x: Any) -> Any:
    return gaussian_filter1d(x, 2.0).T[0].sum()


def by_a_form_that_is_not_read(x: Any, y: Any) -> Any:
    return max([t * y for t in (x, y) if t > 0], default=0.0)


@pytest.mark.parametrize(("fn", "args", "said"), [
    (by_a_table, (1.0, 2.0), r"GG108: gradgen cannot differentiate a call of FORMULAS\[op\]\(\)"),
    (by_a_method_of_the_unread, (X,), r"GG107: gradgen cannot differentiate a call of gaussian_filter1d\(\)"),
    (by_a_part_of_the_unread, (X,), r"GG107: gradgen cannot differentiate a call of gaussian_filter1d\(\)"),
    (by_a_form_that_is_not_read, (1.0, 2.0), r"GG106: gradgen cannot differentiate through max\(\) with these arguments"),
])
def test_a_refused_call_is_named(fn: Callable[..., Any], args: tuple[Any, ...], said: str) -> None:
    with pytest.raises(gradgen.UnsupportedError, match=said):
        gradgen.grad(fn)(*args)


@pytest.mark.parametrize(("fn", "args", "slopes"), [
    (abs, (-2.0,), -1.0), (pow, (2.0, 3.0), (12.0, 8.0 * np.log(2.0))), (max, (2.0, 3.0), (0.0, 1.0)), (float, (2.0,), 1.0),
])
def test_functions_that_python_has_are_differentiated(fn: Callable[..., Any], args: tuple[float, ...], slopes: Any) -> None:
    made = gradgen.grad(fn)
    assert made(*args) == pytest.approx(slopes, rel=1e-14)
    namespace: dict[str, Any] = {}
    exec(made.source, namespace)
    assert namespace[made.__name__](*args) == pytest.approx(slopes, rel=1e-14)


spelled = function("import json\n\n\ndef spelled(x):\n    return float(json.dumps(x))\n")


def through_a_module(x: float) -> float:
    return spelled(x) * x


def test_a_refusal_in_another_file_says_how_it_was_reached() -> None:
    with pytest.raises(gradgen.UnsupportedError, match=r"Reached by .*spelled\(x\) at test_refused_calls\.py:\d+:12") as refused:
        gradgen.grad(through_a_module)(2.0)
    assert all(found.file == __file__ or "spelled(x)" in found.reached for found in refused.value.findings)


def test_a_message_holds_the_first_findings_and_says_how_many_there_are() -> None:
    findings = [Finding("GG106", f"number {line}", line=line) for line in range(1, 10)]
    error = gradgen.UnsupportedError(findings)
    assert "number 6" in str(error) and "number 7" not in str(error) and "3 more" in str(error)
    assert len(error.findings) == 9


def first_gone(xs: Any) -> Any:
    del xs[0]
    return xs[0] ** 2


def second_gone(xs: Any) -> Any:
    ys = list(xs)
    del ys[1]
    return ys[1] ** 2


def own_class(x: Any) -> Any:
    class Held:
        value = x

    return Held.value**2


def evaluated(t: Any) -> Any:
    return eval("t * t")


def some_variables(t: Any) -> Any:
    if t > 1:
        square = t * t
    return locals()


@pytest.mark.parametrize("fn", [lambda x: evaluated(x) + x, lambda x: some_variables(x)["square"] + x])
@pytest.mark.parametrize("transform", [gradgen.grad, gradgen.jvp])
def test_what_is_read_behind_the_text_of_a_function_that_is_called_may_be_anything(fn: Any, transform: Any) -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG105.* (eval|locals)"):
        transform(fn)


EVALUATED, OF_ITS_OWN = eval, functools.partial(eval, "x * x")


class Held:
    evaluated = eval


def another_name(x: Any) -> Any:
    run = eval
    return run("x * x")


def name_of_the_module(x: Any) -> Any:
    return EVALUATED("x * x")


def imported_again(x: Any) -> Any:
    import builtins as other
    return other.eval("x * x")


def chosen_by_name(x: Any) -> Any:
    return getattr(builtins, "ev" + "al")("x * x")


def in_a_partial(x: Any) -> Any:
    return OF_ITS_OWN({"x": x})


def in_a_class(x: Any) -> Any:
    return Held.evaluated("x * x")


def out_of_the_frame(x: Any) -> Any:
    square = x * x
    return inspect.currentframe().f_locals["square"] * x if square else x  # type: ignore[union-attr]


UNDER_OTHER_NAMES = [another_name, name_of_the_module, imported_again, chosen_by_name, in_a_partial, in_a_class, out_of_the_frame]


@pytest.mark.parametrize("fn", UNDER_OTHER_NAMES)
def test_what_reads_variables_behind_the_text_is_refused_whatever_it_is_called(fn: Any) -> None:
    for transform in (gradgen.grad, gradgen.jvp):
        with pytest.raises(gradgen.UnsupportedError, match="GG10[56]"):
            transform(fn)


def test_other_functions_of_that_module_are_read() -> None:
    assert gradgen.grad(lambda x: builtins.abs(x) * builtins.sum([x, 1.0]))(1.5) == 4.0


@pytest.mark.parametrize(("fn", "given"), [(first_gone, [1.5, 2.0, 3.0]), (own_class, 1.5)])
def test_a_statement_that_is_not_read_is_refused_in_every_mode(fn: Any, given: Any) -> None:
    for transform in (gradgen.grad, gradgen.vjp, gradgen.jvp, gradgen.hvp):
        with pytest.raises(gradgen.UnsupportedError, match=r"test_refused_calls\.py:\d+:\d+: GG1"):
            made = transform(fn)
            made(given, **dict.fromkeys(made.tangents, given), **dict.fromkeys(made.seeds, 1.0))


def test_an_element_of_a_copy_that_is_deleted_is_the_next_one_from_then_on() -> None:
    given, along = [1.5, 2.0, 3.0], [1.0, 2.0, 0.5]
    assert gradgen.grad(second_gone)(given) == [0.0, 0.0, 6.0]
    assert gradgen.jvp(second_gone)(given, xs_dot=along) == (9.0, 3.0)
    assert gradgen.hvp(second_gone)(given, xs_dot=along) == [0.0, 0.0, 1.0]
