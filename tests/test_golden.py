"""The text that gradgen writes, language feature by language feature: it is what the case shows, and computes what it must.

Never takes an expected number from gradgen. `pytest --update-golden` rewrites the texts and then fails, listing what changed.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.goldens import (
    CUT,
    DIRECTORY,
    Arguments,
    Golden,
    arguments_of,
    emitted_function,
    expectations,
    flat,
    generated_text,
    is_number,
    primal_of,
    raising,
    read_golden,
    rebuilt,
    wrt_of,
)
from tests.oracle.differences import derivative

CASES = [read_golden(path) for path in sorted(DIRECTORY.glob("*.py"))]
FEATURES = """
course logistic compound kepler nested_expressions reassignment swap branch loop nested_loops while_loop break_out
continue_early early_return return_in_loop helper helper_with_loop nested_function closure recursion try_except walrus
conditional_expression maximum list_built list_argument dict_built tuple_result comprehension keywords comments
collisions unicode_names grad_only constants
""".split()
by_case = pytest.mark.parametrize("golden", CASES, ids=lambda golden: golden.name)


@by_case
def test_the_text_is_the_one_that_was_reviewed(golden: Golden, request: pytest.FixtureRequest) -> None:
    text = generated_text(golden)
    if request.config.getoption("--update-golden"):
        if text != golden.emitted:
            golden.path.write_text(golden.primal.rstrip("\n") + "\n\n\n" + CUT + text, encoding="utf-8")
            pytest.fail(f"{golden.path.name} is written anew: read its diff", pytrace=False)
        return
    assert golden.emitted == text


@by_case
def test_the_text_writes_itself_again_byte_for_byte(golden: Golden) -> None:
    assert generated_text(golden) == generated_text(golden)


def split(golden: Golden, result: Any) -> tuple[tuple[float, ...] | None, tuple[float, ...]]:
    """Value, where the generated function gives it, and gradient."""
    if golden.one("mode", "value_and_grad") != "value_and_grad":
        return None, flat(result)
    value, gradient = result
    return flat(value), flat(gradient)


def seeds_of(golden: Golden) -> dict[str, float]:
    return arguments_of(golden.one("seeds"))[1]


@by_case
def test_value_and_gradient_are_those_of_the_closed_form(golden: Golden) -> None:
    run = emitted_function(golden)
    with primal_of(golden) as primal:
        points = list(expectations(golden, primal))
        assert points, "the case names no point"
        for point in points:
            args, keywords = point.arguments
            plain = flat(primal(*args, **keywords))
            assert plain == pytest.approx(point.value, rel=1e-9, abs=1e-12)
            value, gradient = split(golden, run(*args, **keywords, **seeds_of(golden)))
            assert value is None or value == plain
            assert gradient == pytest.approx(point.gradient, rel=1e-9, abs=1e-12)
            assert all(type(number) is float for number in gradient)


@by_case
def test_the_seed_scales_the_gradient(golden: Golden) -> None:
    run = emitted_function(golden)
    with primal_of(golden) as primal:
        seeds = [name for name in inspect.signature(run).parameters if name not in inspect.signature(primal).parameters]
        for point in expectations(golden, primal):
            args, keywords = point.arguments
            scaled = {name: -2.5 * seeds_of(golden).get(name, 1.0) for name in seeds}
            _, gradient = split(golden, run(*args, **keywords, **scaled))
            assert gradient == pytest.approx([-2.5 * number for number in point.gradient], rel=1e-9, abs=1e-12)


@by_case
def test_differences_confirm_the_closed_form(golden: Golden) -> None:
    seeds = list(seeds_of(golden).values()) or [1.0]
    with primal_of(golden) as primal:
        for point in expectations(golden, primal):
            lines = list(lines_through(golden, primal, point.arguments, seeds))
            assert len(lines) == len(point.gradient)
            for (line, x), expected in zip(lines, point.gradient, strict=True):
                slope = derivative(line, x)
                assert slope.verdict == "smooth" and slope.agrees_with(expected)


def lines_through(
    golden: Golden, primal: Callable[..., Any], arguments: Arguments, seeds: Sequence[float]
) -> Iterator[tuple[Callable[[float], float], float]]:
    """For each number that the gradient is with respect to: the weighed results as a function of it, and the number itself."""
    bound = inspect.signature(primal).bind(*arguments[0], **arguments[1])
    bound.apply_defaults()
    for name in wrt_of(golden):
        numbers = flat(bound.arguments[name])
        for index, x in enumerate(numbers):
            def line(moved: float, name: str = name, numbers: tuple[float, ...] = numbers, index: int = index) -> float:
                fresh = {key: rebuilt(value, iter(flat(value))) for key, value in bound.arguments.items() if is_number(value)}
                fresh[name] = rebuilt(bound.arguments[name], iter((*numbers[:index], moved, *numbers[index + 1 :])))
                call = inspect.BoundArguments(bound.signature, bound.arguments | fresh)
                results = flat(primal(*call.args, **call.kwargs))
                return sum(seed * result for seed, result in zip(seeds, results, strict=True))

            yield line, x


@by_case
def test_what_the_plain_call_raises_comes_through(golden: Golden) -> None:
    run = emitted_function(golden)
    for name, (args, keywords) in raising(golden):
        with pytest.raises(Exception) as caught:
            run(*args, **keywords, **seeds_of(golden))
        assert type(caught.value).__name__ == name


def test_every_feature_has_its_case() -> None:
    assert set(FEATURES) <= {golden.name for golden in CASES}


def test_an_unknown_field_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_text('"""A case.\n\npoint: x=1.0\n"""\ndef f(x):\n    return x\n')
    with pytest.raises(AssertionError, match="no field"):
        read_golden(path)
