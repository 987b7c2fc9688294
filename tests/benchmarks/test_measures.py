"""What the benchmarks stand on: hand-written code that is right, generated code that is no longer, growth without a clock.

Never depends on how long anything takes.
"""
from __future__ import annotations

import ast
import functools
import gc
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradgen
from tests.benchmarks import array_examples, handwritten, measures
from tests.benchmarks.programs import function_in, many_parameters, module_of, straight_line
from tests.benchmarks.timing import interleaved
from tests.oracle.differences import derivative

by_example = pytest.mark.parametrize("name, wrt, args", measures.EXAMPLES, ids=[example[0] for example in measures.EXAMPLES])


def primal_and_hand(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    return getattr(handwritten, name), getattr(handwritten, f"{name}_value_and_grad")


@by_example
def test_the_hand_written_gradient_is_right(name: str, wrt: Any, args: tuple[Any, ...]) -> None:
    primal, hand = primal_and_hand(name)
    value, gradient = hand(*args)
    numbers = gradient if isinstance(gradient, tuple) else (gradient,)
    assert value == primal(*args)
    for index, slope in enumerate(numbers):
        def line(x: float, index: int = index) -> float:
            return float(primal(*args[:index], x, *args[index + 1 :]))

        assert derivative(line, args[index]).agrees_with(slope)


@by_example
def test_generated_and_hand_written_code_give_the_same_numbers(name: str, wrt: Any, args: tuple[Any, ...]) -> None:
    primal, hand = primal_and_hand(name)
    value, gradient = gradgen.value_and_grad(primal, wrt)(*args)
    expected_value, expected = hand(*args)
    assert value == expected_value
    assert gradient == pytest.approx(expected, rel=1e-12)


def without_guard(text: str) -> str:
    """The last function of a generated module, without its docstring and the guards: against what is no scalar, and against an
    iteration that ends where it starts."""
    lines = text.splitlines()
    function = ast.parse(text).body[-1]
    assert isinstance(function, ast.FunctionDef) and isinstance(docstring := function.body[0], ast.Expr)
    guards = [node for node in function.body if isinstance(node, ast.If) and "check_number(" in ast.unparse(node)]
    assert len(guards) <= 1
    guards += [node for node in function.body if isinstance(node, ast.If) and "at the end of the loop held" in ast.unparse(node)]
    left_out = {number for node in (docstring, *guards) for number in range(node.lineno, (node.end_lineno or 0) + 1)}
    kept = [line for number, line in enumerate(lines, 1) if function.lineno <= number and number not in left_out]
    return "".join(f"{line}\n" for line in kept)


def code_lines(text: str) -> list[str]:
    """The lines that are neither blank nor comments."""
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def operations(text: str) -> int:
    """Arithmetic operations, comparisons and calls in a text."""
    counted = ast.BinOp | ast.UnaryOp | ast.AugAssign | ast.Compare | ast.Call
    return sum(isinstance(node, counted) for node in ast.walk(ast.parse(text)))


@by_example
def test_generated_code_is_no_longer_than_hand_written(name: str, wrt: Any, args: tuple[Any, ...]) -> None:
    primal, hand = primal_and_hand(name)
    text = without_guard(gradgen.value_and_grad(primal, wrt).source)
    model = inspect.getsource(hand)
    assert len(code_lines(text)) <= len(code_lines(model))
    assert operations(text) <= operations(model) + 2  # a ** 2 may be spelled a * a


def test_the_course_example_is_the_hand_written_text() -> None:
    text = gradgen.value_and_grad(handwritten.J).source
    assert without_guard(text) == inspect.getsource(handwritten.J_value_and_grad)
    assert "J and its gradient with respect to a, b and c: J, (da, db, dc)" in text


def test_the_gradient_of_a_product_grows_no_faster_than_the_product(tmp_path: Path) -> None:
    assert [row for row in measures.product_text(tmp_path) if row.is_over] == []


def test_what_differentiating_leaves_behind_is_freed_without_the_cycle_collector(tmp_path: Path) -> None:
    """It is off meanwhile: what holds itself would stay until the end. Two objects for each assignment do."""
    left = []
    for count in (20, 20, 60):
        with module_of(straight_line(count), tmp_path, f"line_{count}") as module:
            gc.collect()
            gradgen.value_and_grad(function_in(module))
            left.append(gc.collect())
    assert left[2] - left[1] < 3 * 40


def test_the_gradient_costs_a_small_multiple_of_the_function_whatever_the_number_of_parameters(tmp_path: Path) -> None:
    costs = []
    for count in (2, 8, 32, 64):
        text = many_parameters(count)
        with module_of(text, tmp_path, f"cost_{count}") as module:
            costs.append(operations(gradgen.value_and_grad(function_in(module)).source) / operations(text))
    assert max(costs) < 4
    assert costs[-1] < 1.1 * costs[1]


def last_function(text: str) -> str:
    """The function that was asked for, without the helpers before it."""
    return ast.unparse(ast.parse(text).body[-1])


def test_a_hessian_product_costs_a_small_multiple_of_the_gradient_whatever_the_number_of_parameters(tmp_path: Path) -> None:
    costs = []
    for count in (2, 8, 32, 64):
        with module_of(many_parameters(count), tmp_path, f"product_{count}") as module:
            texts = [transform(function_in(module)).source for transform in (gradgen.hvp, gradgen.grad)]
            costs.append(operations(last_function(texts[0])) / operations(last_function(texts[1])))
    assert max(costs) < measures.PRODUCT_LIMIT
    assert costs[-1] < 1.1 * costs[1]


def test_a_hessian_product_computes_nothing_that_it_does_not_read(tmp_path: Path) -> None:
    with module_of(many_parameters(8), tmp_path, "unread") as module:
        tree = ast.parse(last_function(gradgen.hvp(function_in(module)).source))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    assert {node.id for node in names} == read


def chain(x: Any) -> Any:
    return np.sum((x[1:] - x[:-1] ** 2) ** 2)


def product_of_chain(x: Any, v: Any) -> Any:
    """The Hessian of `chain` times v, by hand."""
    gap, moved = x[1:] - x[:-1] ** 2, v[1:] - 2 * x[:-1] * v[:-1]
    product = np.zeros_like(x)
    product[1:] += 2 * moved
    product[:-1] -= 4 * (moved * x[:-1] + gap * v[:-1])
    return product


def squares(x: Any, a: Any) -> Any:
    r = a @ x - 1.0
    return r @ r


def product_of_squares(x: Any, v: Any, a: Any) -> Any:
    return 2 * a.T @ (a @ v)


@pytest.mark.parametrize("function, by_hand, others", [
    (chain, product_of_chain, ()),
    (squares, product_of_squares, (np.arange(12.0).reshape(4, 3) / 5 - 1,)),
], ids=["chain", "squares"])
def test_a_hessian_product_of_arrays_computes_no_gradient_that_it_does_not_read(function: Any, by_hand: Any, others: Any) -> None:
    x, v = np.array([0.3, -0.7, 1.1]), np.array([1.0, 0.4, -0.6])
    product = gradgen.hvp(function, "x", like=(x, *others))
    tree = ast.parse(last_function(product.source))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert "dx" not in {node.id for node in names}
    seed = {f"d{function.__name__}": 1.7}
    assert product(x, *others, **seed, x_dot=v) == pytest.approx(1.7 * by_hand(x, v, *others), rel=1e-12)


of_arrays = pytest.mark.parametrize("example", array_examples.SMALL, ids=lambda example: example.name)


@of_arrays
def test_the_hand_written_gradient_of_arrays_is_right(example: array_examples.Example) -> None:
    point = example.point()
    value, gradient = example.by_hand(*point)
    assert value == pytest.approx(example.primal(*point), rel=1e-12)
    rng = np.random.default_rng(4)
    names = list(inspect.signature(example.primal).parameters)
    for name, part in zip([example.wrt] if isinstance(example.wrt, str) else example.wrt, parts_of(gradient), strict=True):
        place, direction = names.index(name), rng.normal(size=np.shape(part))

        def line(x: float, place: int = place, direction: Any = direction) -> float:
            return float(example.primal(*point[:place], point[place] + x * direction, *point[place + 1 :]))

        assert derivative(line, 0.0).agrees_with(float(np.sum(part * direction)))


@of_arrays
def test_generated_and_hand_written_code_of_arrays_give_the_same_numbers(example: array_examples.Example) -> None:
    point = example.point()
    value, gradient = gradgen.value_and_grad(example.primal, example.wrt, like=point)(*point)
    expected_value, expected = example.by_hand(*point)
    assert value == pytest.approx(expected_value, rel=1e-13)
    for part, wanted in zip(parts_of(gradient), parts_of(expected), strict=True):
        np.testing.assert_allclose(part, wanted, rtol=1e-9, atol=1e-12)


def parts_of(gradient: Any) -> tuple[Any, ...]:
    return gradient if isinstance(gradient, tuple) else (gradient,)


@pytest.mark.parametrize("example", [array_examples.clusters(5000), array_examples.matrix(100)], ids=lambda each: str(each.name))
def test_generated_code_of_arrays_takes_little_more_memory_than_hand_written(example: array_examples.Example) -> None:
    point = example.point()
    generated = gradgen.value_and_grad(example.primal, example.wrt, like=point)
    ours, theirs = (measures.peak(functools.partial(each, *point)) for each in (generated, example.by_hand))
    assert ours < measures.MEMORY_LIMIT * theirs


def test_both_functions_are_called_in_every_round() -> None:
    calls = {"first": 0, "second": 0}

    def counted(name: str) -> int:
        calls[name] += 1
        return sum(range(1000))

    pair = interleaved(lambda: counted("first"), lambda: counted("second"), rounds=3)
    assert pair.first > 0 and pair.second > 0
    assert min(calls.values()) >= 3
