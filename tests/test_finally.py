"""What a `finally` assigns after the statement that leaves its try: followed where nothing leaves early, refused elsewhere."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradgen import UnsupportedError, jvp, value_and_grad
from tests.forward.written import function

LOOP = "    y = x\n    for k in range(3):\n        try:\n            y = y * x\n"
DOUBLED = "        finally:\n            y = y * 2 * x\n    return y\n"
LEFT = {
    "continue": LOOP + "            continue\n" + DOUBLED,
    "break": LOOP + "            if y > 9: break\n            else: continue\n" + DOUBLED,
    "return": "    try:\n        return x * x\n    finally:\n        return 3 * x\n",
    "store": "    xs = [x, 2 * x]\n    try:\n        return xs\n    finally:\n        xs[0] = x * x\n",
}
FOLLOWED = LOOP + DOUBLED
COUNTED = "    n = 0\n" + LOOP + "            continue\n        finally:\n            n += 1\n    return y\n"


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_what_a_finally_assigns_on_the_way_out_is_refused(body: str) -> None:
    for transform in (value_and_grad, jvp):
        with pytest.raises(UnsupportedError, match="GG1"):
            transform(function(f"def f(x):\n{body}"))


@pytest.mark.parametrize(("body", "value", "slope"), [
    (FOLLOWED, 8 * 1.2**7, 56 * 1.2**6), (COUNTED, 1.2**4, 4 * 1.2**3),  # 8 x**7 and x**4
])
def test_what_a_finally_does_otherwise_is_followed(body: str, value: float, slope: float) -> None:
    assert value_and_grad(function(f"def f(x):\n{body}"))(1.2) == pytest.approx((value, slope))
    assert jvp(function(f"def f(x):\n{body}"))(1.2, x_dot=0.5) == pytest.approx((value, 0.5 * slope))


CAUGHT = "    a = x * y\n    try:\n        try:\n            a = a * x\n"
CAUGHT_OUTSIDE = [
    (  # 2 (x**2 y + y)
        "            raise KeyError\n        except ValueError:\n            a = 0.0\n        finally:\n            a = a + y\n"
        "    except KeyError:\n        a = a * 2\n    return a\n",
        lambda x, y: (4 * x * y, 2 * x**2 + 2),
    ),
    (  # 6 x**2 (y + y**2)
        "            raise KeyError\n        except KeyError:\n            a = a * 3\n            raise ValueError\n"
        "        finally:\n            a = a + y * a\n    except ValueError:\n        a = a * 2\n    return a\n",
        lambda x, y: (12 * x * (y + y**2), 6 * x**2 * (1 + 2 * y)),
    ),
    (  # 2 x**2 (y + y**2)
        "            b = [1][int(x)]\n            a = 0.0 * b\n        finally:\n            a = a + y * a\n"
        "    except IndexError:\n        a = a * 2\n    return a\n",
        lambda x, y: (4 * x * (y + y**2), 2 * x**2 * (1 + 2 * y)),
    ),
]


@pytest.mark.parametrize(("body", "slopes"), CAUGHT_OUTSIDE)
def test_a_finally_on_the_way_of_an_exception_caught_further_out_is_followed(body: str, slopes: Callable[..., Any]) -> None:
    x, y = 1.23, 0.71
    wanted = slopes(x, y)
    fn = function(f"def f(x, y):\n{CAUGHT}{body}")
    assert value_and_grad(fn)(x, y)[1] == pytest.approx(wanted)
    assert jvp(fn)(x, y, x_dot=0.5, y_dot=2.0)[1] == pytest.approx(0.5 * wanted[0] + 2 * wanted[1])
