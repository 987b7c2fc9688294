"""Loops that keep a few states and run their turns again: the schedule's counts, the gradients, and what is refused.

Never takes an expected number from gradgen: differences, a dynamic program, Griewank and Walther's closed form.
"""
from __future__ import annotations

import copy
import functools
import inspect
import itertools
import math
import random
import subprocess
import sys
import tracemalloc
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradgen
from gradgen import checkpoint
from samples.pendulum import final_angle
from tests.checkpointed import CASES, heat, nested, relaxed, sines
from tests.oracle.differences import derivative

Points = tuple[tuple[Any, ...], ...]
each_case = pytest.mark.parametrize(("function", "points"), CASES, ids=lambda value: getattr(value, "__name__", ""))


# --- the schedule ---


@functools.cache
def fewest_runs(turns: int, states: int) -> int:
    """The fewest turns to run forward so that `turns` turns can go backwards from `states` kept states, the first turn's among
    them: tried out over every place for the next state."""
    if turns <= 1:
        return 0
    if states == 1:
        return turns * (turns - 1) // 2
    return min(there + fewest_runs(turns - there, states - 1) + fewest_runs(there, states) for there in range(1, turns))


def closed_form(turns: int, states: int) -> int:
    """t(n, k) = r n - C(k + r, r - 1) with the smallest r for which n <= C(k + r, k) (Griewank and Walther 2000)."""
    r = next(r for r in range(turns + 1) if math.comb(states + r, states) >= turns)
    return r * turns - math.comb(states + r, r - 1) if r else 0


def test_the_closed_form_is_the_fewest_that_can_be() -> None:
    assert all(closed_form(n, k) == fewest_runs(n, k) for n in range(1, 61) for k in range(1, 11))


def relax(s: float, x: float) -> float:
    return 0.9 * math.sin(s) + x


def relaxing(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        s = relax(s, x)
    return s


def waiting(x: float, n: int) -> float:
    s = x
    i = 0
    while i < n:
        s = relax(s, x)
        i += 1
    return s


def runs_and_states(function: Callable[..., Any], turns: int, states: int) -> tuple[int, int]:
    """How often the generated gradient runs a turn, and how many states it holds at most in its backward part."""
    generated = gradgen.grad(function, "x", checkpoint=states)
    runs, held = 0, 0

    def watch(frame: Any, event: str, _: Any) -> Any:
        nonlocal runs, held
        if event == "call" and frame.f_code.co_name == "relax":
            runs += 1
            caller = frame.f_back.f_locals
            held = max(held, len(caller["kept"])) if "last" in caller else held
        return None

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        generated(0.3, turns)
    finally:
        sys.settrace(before)
    return runs, held


@pytest.mark.parametrize("states", range(1, 11))
def test_no_turn_is_run_more_often_than_the_schedule_needs(states: int) -> None:
    """All n turns as the function runs them; in the backward part each once, and what the closed form has beyond n - 1."""
    for turns in (1, 2, 3, 5, 8, 13, 21, 22, 37, 60):
        runs, held = runs_and_states(relaxing, turns, states)
        assert runs == turns + (closed_form(turns, states) - (turns - 1)) + turns, turns
        assert held <= states


def leaving(x: float, n: int) -> float:
    s = x
    for k in range(1000):
        s = relax(s, x)
        if k + 1 == n:
            break
    return s


def handing_out(x: float, n: int) -> float:
    s = x
    for k in range(1000):
        s = relax(s, x)
        if k + 1 == n:
            return s * x
    return s


@pytest.mark.parametrize("states", (1, 2, 3, 7))
@pytest.mark.parametrize("function", (waiting, leaving, handing_out))
def test_a_loop_whose_end_nobody_knows_keeps_no_more_states_either(function: Callable[..., Any], states: int) -> None:
    for turns in (*range(1, 23), 60):
        runs, held = runs_and_states(function, turns, states)
        assert held <= states
        best = 2 * turns + closed_form(turns, states) - (turns - 1)
        assert best <= runs <= (1.5 * best + states if states > 1 else best + turns), turns


# --- the gradients ---


def partials(function: Callable[..., Any], point: tuple[Any, ...], wrt: tuple[str, ...]) -> dict[str, Any]:
    """Central differences by each parameter, element by element."""
    names = list(inspect.signature(function).parameters)

    def moved(place: int, at: tuple[int, ...], value: float) -> float:
        arguments = [copy.deepcopy(argument) for argument in point]
        flat = np.array(arguments[place], dtype=float)
        flat[at] = value
        is_list = isinstance(point[place], list | tuple)
        arguments[place] = type(point[place])(flat.tolist()) if is_list else flat if flat.ndim else float(flat)
        return float(function(*arguments))

    found = {}
    for name in wrt:
        place = names.index(name)
        whole = np.array(point[place], dtype=float)
        result = np.empty_like(whole)
        for at in np.ndindex(whole.shape):
            result[at] = derivative(functools.partial(moved, place, at), float(whole[at])).value
        found[name] = result
    return found


@each_case
def test_the_gradient_is_what_differences_say(function: Callable[..., Any], points: Points) -> None:
    generated = gradgen.vjp(function, checkpoint=2, like=points[0])
    for point in points:
        gradient = generated(*copy.deepcopy(point), **dict.fromkeys(generated.seeds, -1.7))
        gradient = gradient if len(generated.wrt) > 1 else (gradient,)
        wanted = partials(function, point, generated.wrt)
        for name, got in zip(generated.wrt, gradient, strict=True):
            np.testing.assert_allclose(np.array(got), -1.7 * wanted[name], rtol=2e-6, atol=1e-8, err_msg=name)


@each_case
@pytest.mark.parametrize("optimize", (True, False))
def test_kept_states_change_no_bit(function: Callable[..., Any], points: Points, optimize: bool) -> None:
    """What is computed is the same, in the same order: only what is kept differs."""
    plain = gradgen.value_and_grad(function, optimize=optimize)
    for states in (1, 3):
        few = gradgen.value_and_grad(function, checkpoint=states, optimize=optimize)
        for point in points:
            assert repr(few(*copy.deepcopy(point))) == repr(plain(*copy.deepcopy(point)))


def test_the_text_stands_alone() -> None:
    for function, arguments in ((nested, (0.7, 5, 7)), (relaxed, (1.2, 0.4)), (heat, (np.arange(6.0), 0.2, 9))):
        like = arguments if function is heat else None
        generated = gradgen.value_and_grad(function, checkpoint=3, like=like)
        assert "gradgen" not in generated.source.replace("Generated by gradgen", "")
        namespace: dict[str, Any] = {"__name__": "alone"}
        exec(compile(generated.source, "alone.py", "exec"), namespace)
        assert repr(namespace[generated.__name__](*arguments)) == repr(generated(*arguments))


def test_the_callers_arrays_are_left_alone() -> None:
    u = np.arange(6.0)
    gradgen.value_and_grad(heat, checkpoint=2)(u, 0.2, 9)
    assert np.array_equal(u, np.arange(6.0))


def test_a_loop_in_a_callee_keeps_no_more() -> None:
    def twice(x: float, n: int) -> float:
        return sines(sines(x, n) * 0.1, n)

    text = gradgen.grad(twice, checkpoint=4).source
    assert "kept_turns(0, n - 1, 4)" in text and "tape" not in text
    plain, few = gradgen.grad(twice)(0.7, 23), gradgen.grad(twice, checkpoint=4)(0.7, 23)
    assert few == plain


def test_memory_is_bounded_by_the_states() -> None:
    few = gradgen.value_and_grad(final_angle, checkpoint=20)
    few(0.5, 0.0, 1.0, 0.1, 1e-3, 5)
    peaks = []
    for _ in range(3):  # other threads of the test run allocate too
        tracemalloc.start()
        few(0.5, 0.0, 1.0, 0.1, 1e-3, 3_000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert min(peaks) < 20_000  # the tape of all turns takes 1 MB


def test_what_is_printed_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    def talking(x: float, n: int) -> float:
        s = x
        for k in range(n):
            print(k)
            s = math.sin(s)
        return s

    assert gradgen.grad(talking, checkpoint=1)(0.5, 4) == gradgen.grad(sines_of, "x")(0.5, 4)
    assert capsys.readouterr().out == "0\n1\n2\n3\n"


def sines_of(x: float, n: int) -> float:
    s = x
    for _ in range(n):
        s = math.sin(s)
    return s


def test_the_decorator_takes_it_too() -> None:
    decorated = gradgen.differentiable(checkpoint=2)(sines)
    assert "kept_turns(0, n - 1, 2)" in decorated.source
    assert decorated.grad(0.7, 9) == gradgen.grad(sines)(0.7, 9)
    assert decorated.check(0.7, 9).status == "agrees"


@pytest.mark.parametrize("states", (0, -1, 2.5, True, "3"))
def test_states_are_counted_from_one(states: Any) -> None:
    with pytest.raises(ValueError, match="checkpoint="):
        gradgen.grad(sines, checkpoint=states)


# --- what is refused ---


def broken(x: float, n: int) -> float:
    s = x
    for k in range(n):
        if k > 2:
            if s > 3:
                break  # "a break in it, deep in branches,"
            s = s * x
        s = math.sin(s)
    return s


def left(x: float, n: int) -> float:
    s = x
    for k in range(n):
        for _ in range(k):
            s = math.sin(s)
            if s < 0.1:
                return s  # "a return in it, from inside of a loop or a try,"
    return s


def endless(x: float) -> float:
    s = x
    for k in itertools.count():  # "what it goes through, which may be endless,"
        s = math.sin(s) + k
        if s > 3:
            break
    return s


def shaken(x: float, drawn: random.Random, n: int) -> float:
    s = x
    for _ in range(n):
        s = math.sin(s) + drawn.random()  # "random()"
    return s


def collected(x: float, n: int) -> float:
    s = x
    path = []
    for _ in range(n):
        s = math.sin(s)
        for _ in range(2):
            path.append(s)  # "path.append()"
    return sum(path)


def fed_back(x: float, n: int) -> float:
    path = [x]
    for _ in range(n):
        path.append(math.sin(path[-1]))  # "path.append()"
    return sum(path)


def consumed(x: float, factors: list[float], n: int) -> float:
    given = iter(factors)
    s = x
    for _ in range(n):
        s = math.sin(s) * next(given)  # "next()"
    return s


def run_out(x: float, n: int) -> float:
    numbers = map(float, range(3))
    s = x
    for _ in range(n):
        for number in numbers:  # "a loop over numbers, which may be an iterator,"
            s = s + 0.1 * number
        s = math.sin(s)
    return s


def stored(x: float, n: int) -> float:
    state = [x, x]
    for _ in range(n):
        state[0] = math.sin(state[1])  # "a store into state, which is no array"
    return state[0]


def named(x: float) -> float:
    s = x
    n = 10
    while (n := n - 1) > 0:  # "a := in its test"
        s = 0.9 * math.sin(s)
    return s


def renewed(x: float, n: int) -> float:
    table = [0.3]
    s = x
    for _ in range(n):
        s = math.sin(s * table[0])  # "a change of table elsewhere"
    table[0] = 5.0
    return s


def handed_in(x: float, table: list[float], n: int) -> float:
    s = x
    for _ in range(n):
        s = math.sin(s * table[0])  # "a change of table elsewhere"
    table[0] = 5.0
    return s


def of_an_object(x: float, spring: types.SimpleNamespace, n: int) -> float:
    s = x
    for _ in range(n):
        s = math.sin(s * spring.k)  # "a change of what may be .k"
    spring.k = 3.0
    return s


REFUSED = (
    broken, left, endless, shaken, collected, fed_back, consumed, run_out, stored, named, renewed, handed_in, of_an_object,
)


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
def test_what_cannot_be_run_again_is_refused_there(function: Callable[..., Any]) -> None:
    lines, first = inspect.getsourcelines(function)
    place, words = next((number, line.split('# "')[1].rstrip('"\n')) for number, line in enumerate(lines, first) if '# "' in line)
    with pytest.raises(gradgen.UnsupportedError) as caught:
        gradgen.grad(function, "x", checkpoint=3)
    assert [(finding.code, finding.line) for finding in caught.value.findings] == [("GG114", place)]
    assert f": {words} forbids it" in str(caught.value)


def test_a_loop_that_varies_with_nothing_may_do_what_it_likes() -> None:
    def counted(x: float, n: int) -> float:
        places = []
        for k in range(n):
            places.append(k)
            if k == 5:
                break
        s = x
        for _ in range(len(places)):
            s = math.sin(s)
        return s

    assert gradgen.grad(counted, checkpoint=2)(0.7, 4) == gradgen.grad(sines_of)(0.7, 4)


# --- functions under the mark ---


@gradgen.checkpoint
def kicked(u: float, v: float, n: int) -> tuple[float, float]:
    for _ in range(n):
        u, v = u + 0.1 * v, v - 0.1 * math.sin(u)
    return u, v


def turned(x: float, n: int) -> float:
    for k in range(n):
        x = x + 0.1 * math.sin(x * k)
    return x


marked = gradgen.checkpoint(turned)


def of_marked(u: float, v: float, n: int) -> float:
    for _ in range(n):
        u, v = kicked(u, v, 5)
    return u * v + marked(u, 7)


def test_a_marked_function_is_the_same_function() -> None:
    assert marked is not turned
    assert marked(0.3, 9) == turned(0.3, 9)
    assert (marked.__name__, inspect.signature(marked)) == ("turned", inspect.signature(turned))


def test_nothing_is_kept_of_a_marked_functions_call() -> None:
    generated = gradgen.value_and_grad(of_marked)
    *_, own = generated.source.partition("def of_marked_value_and_grad")
    assert "_forward" not in generated.source
    assert "kicked_grad(u, v, 5, dkicked=" in own and "kept_turns" not in own
    wanted = partials(of_marked, (0.5, 0.2, 4), ("u", "v"))
    value, gradient = generated(0.5, 0.2, 4)
    assert value == of_marked(0.5, 0.2, 4)
    assert gradient == pytest.approx((float(wanted["u"]), float(wanted["v"])), rel=1e-8)
    namespace: dict[str, Any] = {"__name__": "alone"}
    exec(compile(generated.source, "alone.py", "exec"), namespace)
    assert namespace[generated.__name__](0.5, 0.2, 4) == (value, gradient)


def said(x: float) -> float:
    print(x)
    return x * x


said_again = gradgen.checkpoint(said)


def loud(x: float) -> float:
    return said_again(x) * 2


def test_a_marked_function_that_acts_is_refused() -> None:
    with pytest.raises(gradgen.UnsupportedError, match=r"GG114: gradgen cannot run this call again, .* what said\(\) does"):
        gradgen.grad(loud)


@pytest.mark.parametrize("thing", (math.sin, len, 3))
def test_only_python_functions_are_marked(thing: Any) -> None:
    with pytest.raises(TypeError, match="checkpoint takes a function"):
        gradgen.checkpoint(thing)


class Layers:
    def __init__(self, weight: float) -> None:
        self.weight = weight

    def layer(self, x: float, k: float) -> float:
        for _ in range(3):
            x = math.sin(x * self.weight) * k
        return x

    def through_a_method(self, x: float, k: float) -> float:
        return gradgen.checkpoint(self.layer)(x, k) ** 2


def where_it_stands(x: float, k: float) -> float:
    return gradgen.checkpoint(turned)(x, 4) * k + checkpoint(turned)(x * k, n=3)


def in_a_variable(x: float, k: float) -> float:
    again = checkpoint(turned)
    x += k
    return again(x, 3) * again(k, 5)


def of_a_lambda(x: float, k: float) -> float:
    return checkpoint(lambda t: math.sin(t) * k)(x) * k


def of_an_inner_function(x: float, k: float) -> float:
    def inner(t: float, n: int = 3) -> float:
        for _ in range(n):
            t = math.sin(t) * k
        return t

    for _ in range(2):
        x = checkpoint(inner)(x) + k
    return x


def held_in_a_variable(x: float, k: float) -> float:
    def inner(t: float, n: int = 3) -> float:
        for _ in range(n):
            t = math.sin(t) * k
        return t

    again = gradgen.checkpoint(inner)
    return again(x) * again(x * k, 2)


def a_lambda_in_a_variable(x: float, k: float) -> float:
    again = gradgen.checkpoint(lambda t: math.sin(t) * k)  # late binding
    k = 2 * k
    for _ in range(3):
        x = again(x)
    return x


def with_a_decorator(x: float, k: float) -> float:
    @gradgen.checkpoint
    def inner(t: float, n: int = 3) -> float:
        for _ in range(n):
            t = math.sin(t) * k
        return t

    for _ in range(2):
        x = inner(x) + k
    return x


@pytest.mark.parametrize(
    "function", (
        where_it_stands, in_a_variable, of_a_lambda, of_an_inner_function, held_in_a_variable, a_lambda_in_a_variable,
        with_a_decorator, Layers(0.9).through_a_method,
    ), ids=lambda function: function.__name__,
)
def test_functions_are_marked_where_they_are_called(function: Callable[..., float]) -> None:
    generated, tangent, second = gradgen.value_and_grad(function), gradgen.jvp(function), gradgen.hessian(function)
    wanted = partials(function, (1.2, 0.7), ("x", "k"))
    value, gradient = generated(1.2, 0.7)
    assert value == function(1.2, 0.7)
    assert gradient == pytest.approx((float(wanted["x"]), float(wanted["k"])), rel=1e-8)
    assert tangent(1.2, 0.7, x_dot=0.4, k_dot=-1.1)[1] == pytest.approx(0.4 * gradient[0] - 1.1 * gradient[1], rel=1e-12)
    first, curvature = gradgen.grad(function), second(1.2, 0.7)
    for place, name in enumerate(("x", "k")):
        moved = partials(lambda x, k, place=place: first(x, k)[place], (1.2, 0.7), ("x", "k"))
        assert curvature[place] == pytest.approx((float(moved["x"]), float(moved["k"])), rel=1e-7), name
    assert "_forward(" not in generated.source
    namespace: dict[str, Any] = {"__name__": "alone"}
    exec(compile(generated.source, "alone.py", "exec"), namespace)
    alone = namespace[generated.__name__]
    bound = {name: namespace[name] for name in ("self",) if name in inspect.signature(alone).parameters}
    assert alone(**bound, x=1.2, k=0.7) == (value, gradient)


def of_what_has_a_rule(x: float) -> float:
    return gradgen.checkpoint(math.sin)(x) * x  # type: ignore[type-var]


def test_a_checkpoint_of_a_library_is_refused() -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG106: .* a checkpoint of what is no function of yours"):
        gradgen.grad(of_what_has_a_rule)


# --- the command line ---


def test_a_written_file_says_how_many_states_it_keeps(tmp_path: Path) -> None:
    (tmp_path / "pendulum.py").write_text(Path(inspect.getsourcefile(final_angle.primal) or "").read_text("utf-8"), "utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "gradgen", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run("write", "pendulum.py::final_angle", "--checkpoint", "30", "-o", "out.py").returncode == 0
    text = (tmp_path / "out.py").read_text("utf-8")
    assert "# gradgen: value_and_grad pendulum.py::final_angle checkpoint=30\n" in text and "kept_turns(0, steps - 1, 30)" in text
    assert run("check", "out.py").stdout == "out.py: up to date\n"
    (tmp_path / "out.py").write_text(text.replace("checkpoint=30", "checkpoint=31", 1), "utf-8")
    assert run("check", "out.py").returncode == 1
    assert run("show", "pendulum.py::final_angle", "--checkpoint", "3", "--mode", "jvp").returncode == 2
