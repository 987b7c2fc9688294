"""The three texts of `check_shapes`: whatever a shorter one is given for, it says the same as the longest."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gradgen import grad, hvp, value_and_grad
from gradgen.cli.merge import merged
from gradgen.rules.helpers import HELPERS
from gradgen.rules.whole.helpers import CHECK_OF_ARRAYS, CHECK_OF_FLOATS, check_for

Check = Callable[[tuple[object, str]], None]
KINDS = ("", "i", "ij", "i1", "1", "11", "i#", "1#", "ij#", "i1#")
NUMBERS: tuple[object, ...] = (
    2.0, 3, True, 2j, None, "2", [1.0, 2.0], (1.0, 2.0), {"a": 1.0}, np.float64(2.0), np.float32(2.0), np.int64(2),
    np.bool_(True),
)
ARRAYS: tuple[object, ...] = (
    np.array(2.0), np.array(2), np.array(2j), np.ones(3), np.ones(1), np.ones(0), np.ones((3, 2)), np.ones((3, 1)),
    np.ones((1, 2)), np.ones((1, 1)), np.ones((3, 2, 2)), np.ones(3, int), np.ones(1, int), np.ones(3, bool),
    np.ones((3, 2), int), np.ones((3, 1), int), np.ones(3, complex), np.ones(3, object),
)
VALUES = NUMBERS + ARRAYS


def _check(label: str) -> Check:
    namespace: dict[str, Check] = {}
    exec("import numpy as np\n" + HELPERS[label], {}, namespace)
    return namespace["check_shapes"]


def _passes(check: Check, value: object, kind: str) -> bool:
    try:
        check((value, kind))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize("label", [CHECK_OF_FLOATS, CHECK_OF_ARRAYS])
def test_a_shorter_check_lets_pass_what_the_longest_does(label: str) -> None:
    short, long = _check(label), _check("check_shapes")
    kinds = [kind for kind in KINDS if check_for([kind]) == CHECK_OF_FLOATS or label == CHECK_OF_ARRAYS]
    passed = [(value, kind) for kind in kinds for value in VALUES if _passes(long, value, kind)]
    assert len(passed) > 2 * len(kinds)
    for kind in kinds:
        for value in VALUES:
            assert _passes(short, value, kind) == _passes(long, value, kind), (value, kind)


def _squares(x, w):
    return np.sum(w * x ** 2)


def _longest(xs, w):
    return w * np.sum(np.stack(xs) ** 2)


def test_a_text_carries_the_shortest_that_serves_it() -> None:
    floats = grad(_squares, "x", like=(np.ones(3), 2.0)).source
    ints = grad(_squares, "w", like=(np.ones(3, int), 2.0)).source
    held = grad(_longest, "w", like=([np.ones(3), np.ones(3)], 2.0)).source
    for text, label in ((floats, CHECK_OF_FLOATS), (ints, CHECK_OF_ARRAYS), (held, "check_shapes")):
        assert text.count("def check_shapes(") == 1 and HELPERS[label] in text


def test_a_file_of_several_functions_has_the_one_check_that_serves_all() -> None:
    floats = value_and_grad(_squares, "x", like=(np.ones(3), 2.0)).source
    texts = [floats, grad(_squares, "w", like=(np.ones(3, int), 2.0)).source]
    for order in (texts, texts[::-1]):
        whole = merged(order)
        assert whole.count("def check_shapes") == 1 and HELPERS[CHECK_OF_ARRAYS] in whole and "check_shapes_2" not in whole


def _picked(x, v, place):
    return np.sum((x[place] * v) ** 3)


def test_a_derivative_of_a_derivative_asks_by_its_own_check() -> None:
    x, v, direction = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([2.0, -1.0, 0.5]), np.ones((3, 2))
    place = (slice(None), 1)
    product = hvp(_picked, "x", like=(x, v, place))(x, v, place, x_dot=direction)
    np.testing.assert_allclose(product, np.stack([np.zeros(3), 6 * v ** 3 * x[:, 1]], axis=1))  # by hand
