"""What `:=` names beside reads of what the name held before is refused in forward mode: lines after a statement see one value."""
from __future__ import annotations

import numpy as np
import pytest

from gradgen import UnsupportedError, jvp
from tests.forward.written import function

HEAD = "def sq(x):\n    return x * x\n\n\ndef f(x, y):\n"
BOTH = [
    "    return x + (x := x * y) + x\n",
    "    d = {'a': (x := x * y), 'b': x}\n    return d['a'] + d['b'] * x\n",
    "    return sq(x := x * y) + x * y\n",
    "    s = 0.0\n    for k in range(3):\n        s += (x := x * y + 0.2) * x\n    return s\n",
    "    return np.sum(x * (x := x**2).sum() + x) * y\n",
    "    return (t := sq(x) * y) + sq(t) * t\n",
]


@pytest.mark.parametrize("body", BOTH)
def test_a_value_that_is_named_beside_the_old_one_is_refused(body: str) -> None:
    with pytest.raises(UnsupportedError, match="GG106: .*`:=` in"):
        jvp(function(HEAD + body, {"np": np}))(1.3, 0.7, x_dot=0.4, y_dot=-0.2)


def test_a_value_that_is_named_for_the_first_time_has_its_tangent() -> None:
    value, moved = jvp(function(HEAD + "    return (t := x * y) * t + x\n"))(1.3, 0.7, x_dot=0.4, y_dot=-0.2)
    product, its = 1.3 * 0.7, 0.4 * 0.7 - 1.3 * 0.2
    assert (value, moved) == pytest.approx((product**2 + 1.3, 2 * product * its + 0.4))
