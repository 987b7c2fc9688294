"""What published code gradgen has to differentiate correctly, and that it is never silently wrong there.

Never runs packages outside the test extra.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gradgen import value_and_grad
from tests.real_code.catalogue import CATALOGUES
from tests.real_code.catalogue.floors import FLOORS
from tests.real_code.harness import Outcome, run
from tests.real_code.report import failures, not_alone, refusals, share_correct, table

# Each so many-th entry is judged in the test run; `python -m tests.real_code` judges all.
EVERY = {"psychrolib": 3, "iapws": 3, "pymap3d": 4, "pyXSteam": 5, "astral": 1}


@pytest.mark.parametrize("package", CATALOGUES)
def test_every_public_scalar_function_has_an_example_or_a_reason(package: str) -> None:
    assert CATALOGUES[package].uncovered() == []
    assert CATALOGUES[package].stale() == []


@pytest.mark.parametrize("package", CATALOGUES)
def test_no_gradient_is_silently_wrong_and_enough_are_correct(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [run(entry, value_and_grad) for entry in CATALOGUES[package].entries()[:: EVERY[package]]]
    with capsys.disabled():
        print(f"\n{table({package: outcomes})}")
    bad = [outcome for outcome in outcomes if outcome.status in ("wrong", "internal", "no point")]
    assert not bad, failures(bad, verbose=True)
    assert not any(outcome.alone for outcome in outcomes), not_alone(outcomes, verbose=True)
    placeless = [outcome.details for outcome in outcomes if not all(refusal.has_place for refusal in outcome.refusals)]
    assert not placeless
    assert share_correct(outcomes) >= FLOORS[package], refusals(outcomes, verbose=False)


class _StandIn:
    """As much of a generated function as the harness asks for."""

    def __init__(self, fn: Callable[..., Any]) -> None:
        self.fn = fn
        self.__name__ = "stand_in"
        self.source = "def stand_in(*args, **kwargs):\n    return given(*args, **kwargs)\n"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.fn(*args, **kwargs)


def _differentiated_wrongly(error: float) -> Callable[..., Any]:
    """A stand-in for value_and_grad: differences of the function itself, one partial off by a factor."""
    from tests.oracle.differences import derivative

    def transform(fn: Callable[..., Any], wrt: tuple[str, ...]) -> Callable[..., Any]:
        import inspect

        def generated(*args: Any, **kwargs: Any) -> tuple[float, tuple[float, ...]]:
            bound = inspect.signature(fn).bind(*args, **kwargs)

            def along(name: str, x: float) -> float:
                return float(fn(**{**bound.arguments, name: x}))

            partials = [derivative(lambda x, n=name: along(n, x), bound.arguments[name]).value for name in wrt]  # type: ignore[misc]
            partials[-1] *= 1 + error
            return fn(*args, **kwargs), tuple(partials)

        return _StandIn(generated)

    return transform


@pytest.mark.parametrize(("error", "expected"), [(0.0, "correct"), (1e-5, "wrong"), (-2.0, "wrong"), (-1.0, "wrong")])
def test_the_harness_sees_a_gradient_that_is_off(error: float, expected: str) -> None:
    entries = [entry for entry in CATALOGUES["psychrolib"].entries() if "GetMoistAirVolume" in entry.name]
    outcomes: list[Outcome] = [run(entry, _differentiated_wrongly(error)) for entry in entries]
    assert {outcome.status for outcome in outcomes} == {expected}
    assert all("name 'given' is not defined" in outcome.alone for outcome in outcomes), "the stand-in does not stand alone"


def test_the_harness_sees_that_a_bisection_was_differentiated_through_its_end_points() -> None:
    found = [entry for entry in CATALOGUES["psychrolib"].entries() if "GetTWetBulbFromHumRatio" in entry.name]
    own_tolerance = [entry.group.setup.splitlines()[0] for entry in found]
    entries = [replace(entry, group=replace(entry.group, setup=setup)) for entry, setup in zip(found, own_tolerance, strict=True)]

    def within_a_step(fn: Callable[..., Any], wrt: tuple[str, ...]) -> Callable[..., Any]:
        def generated(*args: Any) -> tuple[float, tuple[float, ...]]:
            def moved(i: int, step: float) -> float:
                return float(fn(*args[:i], args[i] + step * abs(args[i]), *args[i + 1 :]))

            partials = ((moved(i, 1e-9) - moved(i, -1e-9)) / (2e-9 * abs(args[i])) for i in range(len(args)))
            return fn(*args), tuple(partials)

        return _StandIn(generated)

    assert {run(entry, within_a_step).status for entry in entries} == {"wrong"}


def test_an_exception_of_any_other_kind_is_an_internal_error() -> None:
    def broken(fn: Callable[..., Any], wrt: tuple[str, ...]) -> Callable[..., Any]:
        raise KeyError("oops")

    entry = CATALOGUES["psychrolib"].entries()[0]
    assert run(entry, broken).status == "internal"
