"""The judges find hand-written gradients right and every mutant of them wrong.

Never asks gradgen for a derivative.
"""
from __future__ import annotations

import ast
import inspect
import itertools
import math
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gradgen.judge.leaves import leaves
from gradgen.judge.limits import quietly
from gradgen.judge.numeric import check
from gradgen.judge.symbolic import compare
from tests.judge import pairs
from tests.judge.mutants import mutants

TEXT = Path(pairs.__file__).read_text()
MODULE = ast.parse(TEXT)
MOST_MUTANTS = 12  # of one gradient; spread evenly over all its mutants


@pytest.mark.parametrize("name", pairs.ALL)
def test_sympy_proves_the_right_gradient(name: str) -> None:
    primal, _ = pairs.ALL[name]
    verdict = compare(primal, TEXT, pairs.WRT.get(name), domain=pairs.DOMAINS.get(name))
    assert verdict.status == "proved", str(verdict)
    assert all(partial.digits >= 40 and partial.points == 8 for partial in verdict.partials)


@pytest.mark.parametrize("name", pairs.ALL)
def test_differences_agree_with_the_right_gradient(name: str) -> None:
    primal, gradient = pairs.ALL[name]
    verdict = check(primal, gradient, pairs.WRT.get(name), domain=pairs.DOMAINS.get(name))
    assert verdict.status == "agrees", str(verdict)


def text_with(function: ast.FunctionDef) -> str:
    """The pairs' module with one function replaced, and no other gradient in it."""
    body = [node for node in MODULE.body if not (isinstance(node, ast.FunctionDef) and node.name.endswith("_grad"))]
    return ast.unparse(ast.Module([*body, function], []))


def loaded(text: str, name: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__name__": "mutant"}
    exec(compile(text, "<mutant>", "exec"), namespace)
    return namespace[name]


def numbers_at(function: Callable[..., Any], values: Mapping[str, Any]) -> list[float] | str:
    """The numbers that a gradient function gives, or what it raises."""
    try:
        result = quietly(0.3, lambda: function(**values))
        # A mapping as a gradient is read by its keys.
        return [float(number) for _, number in leaves(result, "")]
    except Exception as problem:
        return type(problem).__name__


def some_points(primal: Callable[..., Any], domain: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """Points of the domain where the function has a value, drawn for this test alone."""
    chance = random.Random(primal.__name__)

    def drawn(name: str, bounds: Any) -> Any:
        if isinstance(bounds, list):
            return [chance.uniform(*each) for each in bounds]
        if primal.__name__ == "energy" and name == "spring":
            return pairs.Spring(chance.uniform(0.5, 3), chance.uniform(0.5, 3))
        return chance.randint(*bounds) if isinstance(bounds[0], int) else chance.uniform(*bounds)

    found: list[dict[str, Any]] = []
    names = [name for name in inspect.signature(primal).parameters if name != "area"]
    while len(found) < count:
        values = {name: drawn(name, domain.get(name, (0.2, 2.5))) for name in names}
        try:
            primal(**values)
        except ValueError:
            continue
        found.append(values)
    return found


def is_far(right: list[float] | str, wrong: list[float] | str) -> bool:
    if isinstance(right, str) or isinstance(wrong, str):
        return right != wrong
    if len(right) != len(wrong):
        return True
    return not all(math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-6) for a, b in zip(right, wrong, strict=True))


def chosen(name: str, gradient: Callable[..., Any]) -> list[tuple[str, str, Callable[..., Any]]]:
    """(what was changed, the module's text, the function) of the mutants to be judged."""
    node = next(node for node in MODULE.body if isinstance(node, ast.FunctionDef) and node.name == gradient.__name__)
    every = list(mutants(node))
    stride = max(1, -(-len(every) // MOST_MUTANTS))
    picked = itertools.islice(every, random.Random(name).randrange(stride), None, stride)
    texts = [(what, text_with(function)) for what, function in picked]
    return [(what, text, loaded(text, gradient.__name__)) for what, text in texts]


@pytest.mark.parametrize("name", pairs.ALL)
def test_every_mutant_that_gives_other_numbers_is_caught_by_both_judges(name: str) -> None:
    primal, right = pairs.ALL[name]
    domain, wrt = pairs.DOMAINS.get(name, {}), pairs.WRT.get(name)
    points = some_points(primal, domain, 12)
    answers = [numbers_at(right, values) for values in points]
    caught = 0
    for what, text, wrong in chosen(name, right):
        if numbers_at(wrong, points[0]) == "TimeoutError":
            assert not compare(primal, text, wrt, domain=domain, points=2, time_limit=0.1), f"{what}\n{text}"
            continue  # a loop without end
        if sum(is_far(answer, numbers_at(wrong, values)) for answer, values in zip(answers, points, strict=True)) < 3:
            continue  # the same function, or another only in a corner that few points are in
        for verdict in (compare(primal, text, wrt, domain=domain, points=6), check(primal, wrong, wrt, domain=domain, points=6)):
            assert verdict.status == "differs", f"{what}\n{text}\n{verdict}"
        caught += 1
    assert caught >= 1
