"""Operations of NumPy that cut what varies off to whole numbers are refused; with a dtype of floats they have their slopes."""
from __future__ import annotations

import numpy as np
import pytest

from gradgen import UnsupportedError, grad, jvp
from tests.forward.written import function

CUTTING = [
    "np.sum(np.insert(np.array([1, 2]), 0, x))", "np.sum(np.insert([1, 2], 0, x))",
    "np.sum(np.pad([1, 2], 1, constant_values=x))",
    "np.sum([x, y], dtype=int)", "np.prod([x, y], dtype=np.int64)", "np.sum(np.cumsum([x, y], dtype='i8'))",
    "np.mean([x, y], None, int)", "np.sum(np.linspace(x, y, 3, dtype=int))", "np.sum(np.geomspace(x, y, 3, dtype='<i4'))",
    "np.array([x, y]).sum(dtype=bool)", "np.trace(np.array([[x, 1.0], [1.0, y]]), dtype=np.dtype(int))",
    "np.sum(np.array([1, 2]), initial=x)",
]


@pytest.mark.parametrize("cut", CUTTING)
def test_what_cuts_off_is_refused(cut: str) -> None:
    fn = function(f"import numpy as np\n\n\ndef f(x, y):\n    return 1.0 * {cut} + x * y\n")
    assert fn(1.25, 2.75) == fn(1.375, 2.75) - 0.125 * 2.75  # it moves in steps
    for transform in (grad, jvp):
        with pytest.raises(UnsupportedError, match="GG106: .* off to whole numbers"):
            transform(fn)(1.25, 2.75, **({"x_dot": 1.0, "y_dot": 0.0} if transform is jvp else {}))


def test_a_dtype_of_floats_cuts_nothing_off() -> None:
    result = "np.sum([x, y], dtype=float) + np.sum(np.insert(np.array([1.0, 2.0]), 0, x * y))"
    fn = function(f"import numpy as np\n\n\ndef f(x, y):\n    return {result}\n")
    np.testing.assert_allclose(grad(fn)(1.25, 2.75), (3.75, 2.25))
