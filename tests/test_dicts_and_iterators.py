"""Dicts that are copied, joined and counted up, and what itertools goes through: both modes, judged by differences.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import collections
import itertools
import math
import operator
from collections.abc import Callable
from typing import Any

import pytest

from gradgen import UnsupportedError, grad, jvp, vjp
from tests.oracle.differences import derivative

X, Y = 1.7, 0.9


def copied(p):
    q = dict(p)
    q["a"] = q["a"] * 2
    r = p.copy()
    r["b"] = q["a"] * p["b"]
    return q["a"] * q["b"] + r["b"] ** 2


def joined(p):
    q = {**p, "c": p["a"] * 2}
    r = p | {"b": 3 * p["b"]}
    return q["a"] * q["b"] + q["c"] ** 2 * r["b"] * r["a"]


def added_up(p):
    first = sum(p.values())
    squares = sum(p[k] ** 2 for k in p)
    return first * squares + math.prod(p.values())


def asked_for(p):
    total = 0.0
    for k in ("a", "b", "c"):
        total += p.get(k, 2.0) ** 2 * len(k)
    return total * p.get("a", 1.0)


def of_two_lists(p):
    x, y = p["a"], p["b"]
    made = dict(zip("uvw", [x, y, x * y], strict=False))
    return made["u"] * made["v"] + made["w"] ** 2


def counted(p):
    x, y = p["a"], p["b"]
    found = collections.defaultdict(float)
    other = {}
    for name, value in [("u", x), ("v", y), ("u", x * y)]:
        found[name] += value
        other[name] = other.get(name, 0.0) + value**2
    return found["u"] * found["v"] + other["u"] * other["v"]


def on_one_line(p): return sum(p[k] ** 2 * len(k) for k in p)  # noqa: E704


def sharing_lines(p):
    q = p.copy(); q["a"] = 2 * p["b"]; total = math.prod(q.values())  # noqa: E702
    if total > 0: x = p["a"]; total += sum(p[k] * x for k in p)  # noqa: E701, E702
    return total


def made_and_summed(p):
    q = {"u": p["a"], "v": p["a"] * p["b"]}
    q["w"] = p["b"]
    return sum(v * v for v in q.values()) * sum(w for k, w in q.items() if k != "v") * sum(q[n] for n in q)


without_a_name = lambda p: max(p.values()) * sum(p[k] ** 2 for k in p)  # noqa: E731


OF_DICTS = [
    copied, joined, added_up, asked_for, of_two_lists, counted, on_one_line, sharing_lines, made_and_summed, without_a_name,
]


@pytest.mark.parametrize("fn", OF_DICTS, ids=lambda fn: fn.__name__)
def test_dicts_move_by_their_keys(fn: Callable[..., Any]) -> None:
    by_a = derivative(lambda a: fn({"a": a, "b": Y}), X).value
    by_b = derivative(lambda b: fn({"a": X, "b": b}), Y).value
    point = {"a": X, "b": Y}
    generated = vjp(fn)
    found = generated(point, **{generated.seeds[0]: 1.7})
    assert (found["a"], found["b"]) == pytest.approx((1.7 * by_a, 1.7 * by_b), rel=1e-7)
    moved = jvp(fn)(point, p_dot={"a": 0.3, "b": 0.7})[1]
    assert moved == pytest.approx(0.3 * by_a + 0.7 * by_b, rel=1e-7)


def test_a_seed_is_called_after_what_stands_in_the_text_as_it_was_written() -> None:
    assert vjp(on_one_line).seeds == ("don_one_line",)
    assert vjp(without_a_name).seeds == ("df",)


def chained(a):
    total = 1.0
    for v in itertools.chain(a, a[1:]):
        total *= v + 1
    return total * sum(itertools.chain(a, [1.0]))


def paired(a):
    total = sum((v - u) ** 2 for u, v in itertools.pairwise(a))
    for u, v in itertools.pairwise(a):
        total += (v - u) ** 3
    return total


def chosen(a):
    total = sum(u * v**2 for u, v in itertools.combinations(a, 2))
    for u, v in itertools.permutations(a, 2):
        total += u * math.sin(v)
    return total


def crossed(a):
    weights = [0.5, 0.25]
    total = sum(u * v**2 for u, v in itertools.product(a, a))
    for u, w, k in itertools.product(a, weights, range(1, 3)):
        total += w * u**k
    return total


def running(a):
    total = 0.0
    for v in itertools.accumulate(a):
        total += v * v
    products = list(itertools.accumulate(a, operator.mul))
    return total + products[1] * products[2] + sum(itertools.accumulate(a, lambda s, v: s * 0.5 + v))


def picked(a):
    total = sum(itertools.islice(a, 1, 3))
    large = sum(filter(lambda v: v > 1.0, a))
    one = a[0]
    first = sum(itertools.repeat(one, 3))
    return total * large + first * sum(itertools.starmap(lambda u, v: u * v * v, zip(a, a[1:], strict=False)))


def apart(a):
    other = [0.3, 0.4, 2.0]
    return math.dist(a, other) + sum(u * v for u, v in zip(a[::2], a, strict=False))


def nearest(a):
    return min(a, key=lambda v: (v - 1.1) ** 2) ** 2


def started_and_filled_up(a):
    b = [a[1], a[2] * a[0]]
    total = sum(t**2 for t in itertools.accumulate(a, initial=a[1] * 0.5))
    for u, v in itertools.zip_longest(a, b, fillvalue=a[0]):
        total += u * v**2
    last = list(itertools.accumulate(b, lambda s, v: s * v, initial=2.0))[-1]
    return total * last + sum([u * v for u, v in itertools.zip_longest(b, a, fillvalue=0.5)])


ITERATING = [started_and_filled_up, chained, paired, chosen, crossed, running, picked, apart, nearest]
POINT = [1.3, 0.7, 1.9]


@pytest.mark.parametrize("fn", ITERATING, ids=lambda fn: fn.__name__)
def test_iterators_hand_out_what_moves(fn: Callable[..., Any]) -> None:
    def along(k: int) -> float:
        return derivative(lambda v: fn([*POINT[:k], v, *POINT[k + 1 :]]), POINT[k]).value

    exact = [along(k) for k in range(3)]
    generated = vjp(fn)
    assert generated(POINT, **{generated.seeds[0]: 1.7}) == pytest.approx([1.7 * each for each in exact], rel=1e-7)
    value, moved = jvp(fn)(POINT, a_dot=[0.3, 0.7, -0.2])
    assert value == fn(POINT)
    assert moved == pytest.approx(0.3 * exact[0] + 0.7 * exact[1] - 0.2 * exact[2], rel=1e-7)


def chosen_iterator(x, weights):
    each = (w for w in weights) if len(weights) > 1 else map(abs, weights)
    total = 0.0
    for w in each:
        total += w * x**2
    return total


def renamed_iterator(x, weights):
    each = zip(weights, weights, strict=True)
    pairs = each
    total = 0.0
    for w, v in pairs:
        total += w * v * x**3
    return total


@pytest.mark.parametrize("fn", [chosen_iterator, renamed_iterator], ids=lambda fn: fn.__name__)
@pytest.mark.parametrize("weights", [[0.5], [0.5, 2.0, -1.0]], ids=len)
def test_an_iterator_under_a_name_is_kept_for_the_way_back(fn: Callable[..., Any], weights: list[float]) -> None:
    exact = derivative(lambda v: fn(v, weights), 1.3).value
    assert vjp(fn, "x")(1.3, weights, dtotal=1.7) == pytest.approx(1.7 * exact, rel=1e-7)
    assert jvp(fn, "x")(1.3, weights, x_dot=0.3)[1] == pytest.approx(0.3 * exact, rel=1e-7)


def united_under_another_name(x: float) -> float:
    parts = {"a": x, "b": 1.0}
    same = parts
    same |= {"b": x * x}
    return parts["b"] * parts["a"]


@pytest.mark.parametrize("transform", [grad, jvp])
def test_a_dict_that_is_united_in_place_under_another_name_is_refused(transform: Callable[..., Any]) -> None:
    with pytest.raises(UnsupportedError, match="GG109.*'same'"):
        transform(united_under_another_name)
