"""What a `finally` assigns after the statement that leaves its try: followed where nothing leaves early, refused elsewhere."""
from __future__ import annotations

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
