"""What two modules call by the same name stays apart where functions of both come together in one text.

Never looks at which names the text chooses, but that both are told where they come from.
"""
from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gradgen import value_and_grad

INNER = '''
from math import log10 as log

P0 = 29.9213  # in inches
SAME = 2.5
NAMES = {"a": 1.5}


def _check(n):
    return n + P0 if n > 0 else 0.0


def inner(x, scale=P0):
    if x < 0:
        raise ValueError(f"{x} {P0!r:>8} is below {P0:.1f}, {NAMES['a']}")
    twice = max([2.0], key=lambda P0: P0)
    return twice * x**2 / P0 * SAME + _check(3) * x * log(x) + NAMES["a"] * scale * x
'''
OUTER = '''
from math import log
from homonyms_inner import inner

P0 = 101325.0  # in pascals
SAME = 2.5
NAMES = {"a": 0.25}


def _check(n):
    return n * P0


def outer(x, y):
    return inner(x * y) * P0 + _check(2) * y**2 + log(y) * SAME + NAMES["a"] * x**3
'''


@pytest.fixture
def outer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "homonyms_inner.py").write_text(INNER)
    (tmp_path / "homonyms_outer.py").write_text(OUTER)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("homonyms_outer")
    for name in ("homonyms_inner", "homonyms_outer"):
        del sys.modules[name]


def by_hand(x: float, y: float) -> tuple[float, float]:
    """The partial derivatives of `outer`, with the constants of each module written out."""
    p = x * y
    at_p = (4.0 * p / 29.9213 * 2.5 + (3 + 29.9213) * (math.log(p) + 1) / math.log(10) + 1.5 * 29.9213) * 101325.0
    return at_p * y + 0.75 * x**2, at_p * x + 4 * 101325.0 * y + 2.5 / y


def test_each_function_reads_what_its_own_module_calls_so(outer: ModuleType) -> None:
    value, gradient = value_and_grad(outer.outer)(1.3, 0.7)
    assert value == outer.outer(1.3, 0.7)
    assert gradient == pytest.approx(by_hand(1.3, 0.7), rel=1e-12)


def test_the_saved_text_does_so_too(outer: ModuleType) -> None:
    generated = value_and_grad(outer.outer)
    alone: dict[str, object] = {}
    exec(compile(generated.source, "<alone>", "exec"), alone)
    fn = alone[generated.__name__]
    assert callable(fn)
    assert fn(1.3, 0.7) == generated(1.3, 0.7)
    with pytest.raises(ValueError, match=r"-0.65 +29.9213 is below 29.9, 1.5"):
        fn(-1.3, 0.5)
    for origin in ("homonyms_inner.P0", "homonyms_outer.P0", "homonyms_inner.NAMES", "homonyms_outer.NAMES"):
        assert origin in generated.source
    assert generated.source.count("\nSAME = 2.5") == 1


def test_a_constant_is_still_read_where_it_lives(outer: ModuleType) -> None:
    generated = value_and_grad(outer.outer)
    before = generated(1.3, 0.7)[1][0]
    outer.P0 *= 2
    after = generated(1.3, 0.7)
    assert after[0] == outer.outer(1.3, 0.7)
    assert after[1][0] == pytest.approx(2 * before - 0.75 * 1.3**2, rel=1e-9)
