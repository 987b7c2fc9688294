"""Jacobians and Hessians by lists and tuples of numbers, alone and beside other arguments: against matrices in closed form."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from gradgen import hessian, jacobian


def wave(x, c):
    return x * c[0] ** 2 + math.sin(x * c[1])


def cubes(x, c):
    return np.sum((x * c[0] + c[1]) ** 3)


def three(q):
    return q[0] * q[1], q[0] ** 2, math.sin(q[1])


def listed(q):
    return [q[0] * q[1], q[0] ** 2, math.sin(q[1])]


def by_two(x, q):
    return x * q[0], q[1] ** 2 * x


def keyed(q):
    return q["a"] * q["b"], q["a"] ** 2


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_hessian_by_a_number_and_a_list_has_blocks_of_their_structures(kind):
    x, a, b = 0.4, 0.3, 0.7
    s, c = math.sin(x * b), math.cos(x * b)
    (xx, xc), (cx, cc) = hessian(wave)(x, kind([a, b]))
    assert xx == pytest.approx(-b * b * s, rel=1e-13)
    assert xc == pytest.approx(kind([2 * a, c - x * b * s]), rel=1e-13)
    assert cx == pytest.approx([2 * a, c - x * b * s], rel=1e-13)
    assert [list(row) for row in cc] == [pytest.approx([2 * x, 0.0]), pytest.approx([0.0, -x * x * s])]
    (_, by_key), _ = hessian(wave)(x, {0: a, 1: b})
    assert by_key == {0: pytest.approx(2 * a, rel=1e-13), 1: pytest.approx(c - x * b * s, rel=1e-13)}


def test_a_hessian_by_an_array_and_a_list():
    x, (a, b) = np.array([0.5, 0.2, -0.4]), (0.3, 0.7)
    inner = x * a + b
    (xx, xc), (cx, cc) = hessian(cubes)(x, [a, b])
    mixed = np.stack([3 * inner**2 + 6 * inner * a * x, 6 * inner * a])
    np.testing.assert_allclose(xx, np.diag(6 * inner * a**2), rtol=1e-12)
    np.testing.assert_allclose(xc, mixed.T, rtol=1e-12)
    np.testing.assert_allclose(cx, mixed, rtol=1e-12)
    sums = [float(np.sum(6 * inner * x**power)) for power in range(3)]
    np.testing.assert_allclose(cc, [[sums[2], sums[1]], [sums[1], sums[0]]], rtol=1e-12)


@pytest.mark.parametrize(("fn", "mode"), [(three, "auto"), (three, "reverse"), (listed, "auto"), (listed, "forward")])
def test_a_jacobian_by_a_list_has_a_row_for_each_result(fn, mode):
    a, b = 0.3, 0.7
    found = jacobian(fn, mode=mode)([a, b])
    expected = [[b, a], [2 * a, 0.0], [0.0, math.cos(b)]]
    assert [list(row) for row in found] == [pytest.approx(row, rel=1e-13) for row in expected]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_jacobian_by_a_number_and_a_list(mode):
    (first, second) = jacobian(by_two, mode=mode)(0.5, (0.3, 0.7))
    assert first[0] == 0.3 and list(first[1]) == [0.5, 0.0]
    assert second[0] == pytest.approx(0.49) and list(second[1]) == [0.0, pytest.approx(0.7)]


def test_a_jacobian_by_a_dict_has_its_keys():
    assert jacobian(keyed)({"a": 0.3, "b": 0.7}) == ({"a": 0.7, "b": 0.3}, {"a": 0.6, "b": 0.0})
    assert jacobian(keyed, mode="forward")({"a": 0.3, "b": 0.7}) == ({"a": 0.7, "b": 0.3}, {"a": 0.6, "b": 0.0})


@dataclass
class Reading:
    t: float
    w: float


class Pair(NamedTuple):
    t: float
    w: float


def by_key(q):
    return q["t"] ** 2 * q["w"] + math.sin(q["w"])


def by_field(q):
    return q.t**2 * q.w + math.sin(q.w)


def test_a_hessian_by_a_dict_has_its_keys_twice():
    found = hessian(by_key)({"t": 1.2, "w": 0.4})
    assert found == {
        "t": {"t": pytest.approx(0.8, rel=1e-14), "w": pytest.approx(2.4, rel=1e-14)},
        "w": {"t": pytest.approx(2.4, rel=1e-14), "w": pytest.approx(-math.sin(0.4), rel=1e-14)},
    }


@pytest.mark.parametrize("kind", [Reading, Pair])
def test_a_hessian_by_a_record_has_its_fields_twice(kind):
    found = hessian(by_field)(kind(1.2, 0.4))
    assert type(found) is type(found.t) is kind
    assert (found.t.t, found.t.w) == pytest.approx((0.8, 2.4), rel=1e-14)
    assert (found.w.t, found.w.w) == pytest.approx((2.4, -math.sin(0.4)), rel=1e-14)
