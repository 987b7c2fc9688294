"""The harness on derivatives with known faults: it must see each of them, and shrink the program that shows it.

Never runs gradgen.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from . import dual_math, duals, judging
from .hunting import golden_text, hunt, judged, shrunk
from .judging import Loader, points_of
from .programs import Param, Program

Fault = Callable[[Program, Any, list[float]], tuple[Any, list[float]]]


def faulty(program: Program, fault: Fault) -> Callable[..., Any]:
    """A value_and_grad of the program out of the oracle, made wrong on purpose."""

    def value_and_grad(function: Callable[..., Any], wrt: tuple[str, ...], optimize: bool = True) -> Any:
        def derivative(*args: object, dout: float = 1.0, **kwargs: object) -> Any:
            given = dict(zip([p.name for p in program.parameters], args, strict=False)) | kwargs
            untouched = copy.deepcopy(given)
            value = judging.call_by_position(function, given, program.parameters)
            varied, _ = duals.seeded(untouched, wrt)
            result, _ = duals.run(
                dual_math.namespace_of(program.text)[program.function],
                varied,
                lambda f, a: judging.call_by_position(f, a, program.parameters),
            )
            flat = list(result.d) if isinstance(result, duals.Dual) else [0.0] * sum(len(duals.flat(untouched[n])) for n in wrt)
            value, flat = fault(program, value, [dout * d for d in flat])
            supply = iter(flat)
            return value, tuple(_rebuilt(untouched[name], supply) for name in wrt)

        derivative.seeds = ("dout",)  # type: ignore[attr-defined]
        derivative.source = "the same text"  # type: ignore[attr-defined]
        return derivative

    return value_and_grad


def _rebuilt(like: object, supply: Any) -> object:
    if isinstance(like, (list, tuple)):
        return type(like)(_rebuilt(item, supply) for item in like)
    return next(supply)


def wrong_sign_of_tan(program: Program, value: Any, flat: list[float]) -> tuple[Any, list[float]]:
    return value, [-d for d in flat] if "math.atan(" in program.text else flat


def wrong_value(program: Program, value: Any, flat: list[float]) -> tuple[Any, list[float]]:
    return value + 1e-12 * value, flat


def no_fault(program: Program, value: Any, flat: list[float]) -> tuple[Any, list[float]]:
    return value, flat


@pytest.fixture
def loader(tmp_path: Path) -> Loader:
    return Loader(tmp_path)


def install(monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Judge the faulty derivative in place of gradgen's."""
    current: list[Program] = []
    judge_point = judging._judge_point

    def remembering(program: Program, *rest: Any) -> Any:
        current[:] = [program]
        return judge_point(program, *rest)

    def transforms() -> tuple[Any, Any, Any]:
        made = faulty(current[0], fault)

        def grad(function: Any, wrt: tuple[str, ...]) -> Any:
            derivative = made(function, wrt)

            def gradient(*args: object, **kwargs: object) -> Any:
                return derivative(*args, **kwargs)[1]

            gradient.seeds = ("dout",)  # type: ignore[attr-defined]
            return gradient

        return made, grad, made

    monkeypatch.setattr(judging, "_judge_point", remembering)
    monkeypatch.setattr(judging, "transforms", transforms)
    monkeypatch.setattr(judging, "stand_alone", lambda derivative: derivative)


def test_a_right_derivative_passes(monkeypatch: pytest.MonkeyPatch, loader: Loader) -> None:
    install(monkeypatch, no_fault)
    tally = hunt("exits", range(40), loader)
    assert not tally.mismatches and tally.statuses["right"] > 30


def test_a_wrong_sign_is_found_and_shrunk_to_a_line(monkeypatch: pytest.MonkeyPatch, loader: Loader) -> None:
    install(monkeypatch, wrong_sign_of_tan)
    tally = hunt("exits", range(40), loader)
    assert tally.mismatches and all(verdict.what == "gradient" for _, verdict in tally.mismatches)
    small, _, verdict = shrunk(*tally.mismatches[0], loader, 20.0)
    assert verdict.what == "gradient"
    assert len(small.text.strip().split("\n")) <= 6 and "math.atan(" in small.text, small.text


def test_a_value_that_is_off_by_rounding_is_found(monkeypatch: pytest.MonkeyPatch, loader: Loader) -> None:
    install(monkeypatch, wrong_value)
    tally = hunt("straight", range(10), loader)
    assert {verdict.what for _, verdict in tally.mismatches} == {"value"}


def program_of(text: str, *parameters: Param) -> Program:
    return Program(text, "f", parameters, (), "by hand:0")


A = Param("a", "float", "a")
Q = Param("q", "list", "q", 2)


@pytest.mark.parametrize(
    "derivative, what",
    [
        (lambda a, dout=1.0: (2 * a, (2.0 * dout,)), "value"),
        (lambda a, dout=1.0: (a * a, 2 * a * dout), "structure"),
        (lambda a, dout=1.0: (a * a, (2 * a,)), "gradient"),
        (lambda a, dout=1.0: (a * a, (2,)), "gradient is no float"),
        (lambda a, dout=1.0: 1 / 0, "raises ZeroDivisionError"),
    ],
)
def test_each_kind_of_mismatch_is_told(monkeypatch: pytest.MonkeyPatch, loader: Loader, derivative: Any, what: str) -> None:
    derivative.seeds = ("dout",)
    monkeypatch.setattr(judging, "transforms", lambda: (lambda f, wrt, optimize=True: derivative, None, None))
    program = program_of("def f(a):\n    return a * a\n", A)
    verdicts = {judged(Program(program.text, "f", (A,), (), f"by hand:{i}"), loader, [{"a": 3.0}]).what for i in range(12)}
    assert what in verdicts


def test_an_exception_that_is_lost_is_found(monkeypatch: pytest.MonkeyPatch, loader: Loader) -> None:
    def derivative(a: float, dout: float = 1.0) -> Any:
        return a, (dout,)

    derivative.seeds = ("dout",)  # type: ignore[attr-defined]
    monkeypatch.setattr(judging, "transforms", lambda: (lambda f, wrt, optimize=True: derivative, None, None))
    program = program_of("def f(a):\n    if a > 1:\n        raise ValueError('no')\n    return a\n", A)
    assert judged(program, loader, [{"a": 3.0}]).what == "exception lost"


def test_arguments_left_changed_are_found(monkeypatch: pytest.MonkeyPatch, loader: Loader) -> None:
    def derivative(q: list[float], dout: float = 1.0) -> Any:
        return q.pop(), ([0.0, dout],)

    derivative.seeds = ("dout",)  # type: ignore[attr-defined]
    monkeypatch.setattr(judging, "transforms", lambda: (lambda f, wrt, optimize=True: derivative, None, None))
    assert judged(program_of("def f(q):\n    return q[1]\n", Q), loader, [{"q": [1.0, 2.0]}]).what == "arguments"


def test_an_endless_derivative_is_stopped(monkeypatch: pytest.MonkeyPatch, loader: Loader) -> None:
    def derivative(a: float, dout: float = 1.0) -> Any:
        while True:
            pass

    derivative.seeds = ("dout",)  # type: ignore[attr-defined]
    monkeypatch.setattr(judging, "transforms", lambda: (lambda f, wrt, optimize=True: derivative, None, None))
    monkeypatch.setattr(judging, "SECONDS", 0.2)
    assert judged(program_of("def f(a):\n    return a\n", A), loader, [{"a": 1.0}]).what == "too slow"


def test_stand_alone_code_cannot_import_gradgen() -> None:
    made = SimpleNamespace(source="import gradgen\ndef f_grad(a): return a", seeds=())
    made.__name__ = "f_grad"
    with pytest.raises(ImportError):
        judging.stand_alone(made)


def test_a_golden_file_says_where_and_what(loader: Loader) -> None:
    program = program_of("def f(a):\n    return a * a\n", A)
    first = golden_text(program, {"a": 3.0}, loader).split("\n")[0]
    assert re.fullmatch(
        r'# fuzz: \{"function": "f", "point": \{"a": 3.0\}, "wrt": \["a"\], "value": 9.0, "gradient": \[6.0\]\}', first
    )
    assert points_of(program) == points_of(program)
