"""Functions that numba compiles, by stand-ins of its objects, judged by differences.

Never needs numba.
"""
from __future__ import annotations

import functools
import importlib.util
import math
import sys

import pytest

from gradgen import value_and_grad
from gradgen.read.jitted import python_of
from tests.oracle.differences import derivative


class _Dispatcher:
    """As much of what `njit` makes as is looked at."""

    _can_compile = True
    nopython_signatures: tuple[str, ...] = ()

    def __init__(self, py_func):
        self.py_func = py_func
        self.__name__ = py_func.__name__

    def __call__(self, *args):
        return self.py_func(*args)


class _Universal:
    """As much of what `vectorize` makes."""

    _frozen = False
    types: tuple[str, ...] = ()

    def __init__(self, py_func):
        self._dispatcher = _Dispatcher(py_func)
        self.__name__ = py_func.__name__

    def __call__(self, *args):
        return self._dispatcher.py_func(*args)


_Dispatcher.__module__ = "numba.core.registry"
_Universal.__module__ = "numba.np.ufunc.dufunc"


@_Dispatcher
def friction(re):
    return 64 / re if re < 2000 else 0.3164 / re**0.25


@_Universal
def velocity(d, q):
    return q / (math.pi * d**2 / 4)


@_Dispatcher
def reynolds(d, q):
    total = 0.0
    for k in range(3):
        total += velocity(d, q) * d * (k + 1)
    return total


def loss(d, q):
    return friction(reynolds(d, q)) * velocity(d, q) ** 2 / d


@pytest.mark.parametrize("fn", [reynolds, velocity, loss], ids=lambda fn: fn.__name__)
def test_what_is_compiled_is_read_as_it_was_written(fn):
    made = value_and_grad(fn)
    for d, q in ((0.3, 0.7), (0.02, 40.0)):
        value, slopes = made(d, q)
        assert value == fn(d, q)
        assert derivative(lambda t, q=q: fn(t, q), d).agrees_with(slopes[0])
        assert derivative(lambda t, d=d: fn(d, t), q).agrees_with(slopes[1])
    saved: dict[str, object] = {}
    exec(made.source, saved)
    assert saved[made.__name__](0.3, 0.7) == made(0.3, 0.7)


MODULE = """
import functools

UNITS = None
LIMIT = 2.5


@made
def in_pounds():
    return UNITS == 1


@made
def bounded(x):
    return max(x, LIMIT) * (2 if in_pounds() else 3)


def force(x, y):
    bound = bounded(y)
    if in_pounds():
        return x * bound
    return bounded(x) * bound
"""


@pytest.mark.parametrize("made", [_Dispatcher, functools.lru_cache], ids=["compiled", "cached"])
def test_constants_of_another_module_are_found_there(made, tmp_path, monkeypatch):
    name = f"other_module_{made.__name__.strip('_').lower()}"
    (tmp_path / f"{name}.py").write_text(MODULE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, tmp_path / f"{name}.py")
    assert spec is not None and spec.loader is not None
    other = importlib.util.module_from_spec(spec)
    other.made = made
    monkeypatch.setitem(sys.modules, name, other)
    spec.loader.exec_module(other)

    def twice(x, y):
        return other.force(x, y) * x

    # (3 x) (3 y) x where both are above the limit
    assert value_and_grad(twice)(3.0, 4.0) == (324.0, (216.0, 81.0))


class _Whole(_Dispatcher):
    _can_compile = False
    nopython_signatures = ("(int64,) -> int64",)


class _WholeUniversal(_Universal):
    _frozen = True
    types = ("l->d",)


_Whole.__module__, _WholeUniversal.__module__ = _Dispatcher.__module__, _Universal.__module__


def doubled(x):
    return 2 * x


@pytest.mark.parametrize("made", [_Whole(doubled), _WholeUniversal(doubled), doubled, math.sin])
def test_a_signature_that_makes_whole_numbers_of_floats_is_not_looked_behind(made):
    assert python_of(made) is None
