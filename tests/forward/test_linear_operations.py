"""Every operation that forward mode applies to a tangent as it is: it is linear in that operand, as differences along a line say.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
import scipy.integrate
import scipy.linalg
import scipy.signal

import gradgen
from gradgen.rules.registry import rules_for
from gradgen.rules.whole.carried import CARRIED
from gradgen.rules.whole.replacing import REPLACED
from gradgen.rules.whole.tangents import LINEAR, NUMBERS_LEFT_OUT
from tests.forward.written import function

A, B, V = (np.random.default_rng(3).normal(size=size) for size in ((3, 4), (4, 3), 4))
EXPRESSIONS = {
    "matmul": "a @ b", "dot": "np.dot(a, b)", "outer": "np.outer(a[0], v)", "inner": "np.inner(a, v)", "vdot": "np.vdot(a[0], v)",
    "kron": "np.kron(a, b)",
    "tensordot": "np.tensordot(a, b, axes=1)", "cross": "np.cross(a[:, :3], b.T[:, 1:])",
    "vecdot": "np.vecdot(a, v)", "khatri_rao": "scipy.linalg.khatri_rao(a, b.T)",
    "einsum": "np.einsum('ij,jk,j->ik', a, b, v)", "array_sum": "np.sum(a, axis=0)",
    "mean": "a.mean(axis=1, keepdims=True)", "cumsum": "np.cumsum(a, axis=1)", "trace": "np.trace(a @ b)",
    "diff": "np.diff(a, axis=0)",
    "ediff1d": "np.ediff1d(v)", "gradient": "np.gradient(v, 0.5)", "trapezoid": "np.trapezoid(v, dx=0.5)",
    "matrix_transpose": "np.matrix_transpose(a)", "flatten": "a.flatten()", "rollaxis": "np.rollaxis(a, 1)",
    "diagflat": "np.diagflat(v)", "delete": "np.delete(a, 1, axis=0)", "pad": "np.pad(a, 1)",
    "transpose": "np.transpose(a, (1, 0))",
    "reshape": "a.reshape(6, 2)", "ravel": "np.ravel(b)", "swapaxes": "np.swapaxes(a, 0, 1)", "moveaxis": "np.moveaxis(a, 0, 1)",
    "squeeze": "np.squeeze(a[:1])", "expand_dims": "np.expand_dims(a, 1)", "broadcast_to": "np.broadcast_to(v, (3, 4))",
    "flip": "np.flip(a, axis=1)", "fliplr": "np.fliplr(a)", "flipud": "np.flipud(a)", "roll": "np.roll(a, 2, axis=1)",
    "rot90": "np.rot90(a)", "repeat": "np.repeat(v, 3)", "tile": "np.tile(a, (2, 1))", "diag": "np.diag(v)",
    "diagonal": "np.diagonal(a)", "tril": "np.tril(a)", "triu": "np.triu(a, 1)", "atleast_1d": "np.atleast_1d(v)",
    "atleast_2d": "np.atleast_2d(v)", "concatenate": "np.concatenate([a, b.T, a * 2], axis=1)", "stack": "np.stack([v, a[0]])",
    "vstack": "np.vstack([a, v])", "hstack": "np.hstack([a, b.T])", "array_copy": "a.copy()", "asarray": "np.asarray(a)",
    "contiguous": "np.ascontiguousarray(a)",
    "array": "np.array([v[0], 1.0, a[0, 1]])", "astype": "a.astype(float)", "full": "np.full((2, 3), v[0])",
    "full_like": "np.full_like(a, v[0])", "dstack": "np.dstack([a, 2 * a])", "column_stack": "np.column_stack([v, b])",
    "atleast_3d": "np.atleast_3d(a)", "split": "np.split(v, 2)[1]", "array_split": "np.array_split(v, 3)[0]",
    "vsplit": "np.vsplit(b, 2)[0]", "hsplit": "np.hsplit(a, 2)[1]", "take": "np.take(a, [0, 2, 2], axis=1)",
    "take_along_axis": "np.take_along_axis(a, np.array([[1], [0], [3]]), axis=1)",
    "joined_row": "np.r_[v, 1.0, a[0]]", "joined_columns": "np.c_[a, b.T]", "block_row": "np.block([a, b.T])",
    "block_column": "np.block([[a, np.ones((3, 1))], [np.zeros((1, 4)), 1.0]])", "outer_left": "np.subtract.outer(v, a[0])",
    "recycled": "np.resize(a, (3, 5))", "sliding_window_view": "np.lib.stride_tricks.sliding_window_view(a, 2, axis=1)",
    "dsplit": "np.dsplit(np.stack([a, 2 * a]), 2)[1]", "unstack": "np.unstack(a, axis=1)[2]", "viewed": "a.view()",
    "require": "np.require(a, requirements='C')", "tolist": "a[0].tolist()[1]",
    "choose": "np.choose([0, 1, 1, 0], [v, a[0]])",
    "item": "a.item(1, 2)",
    "stacked_trace": "np.linalg.trace(a @ b)", "stacked_diagonal": "np.linalg.diagonal(a)",
    "compress": "np.compress([True, False, True], a, axis=0)", "extract": "np.extract(np.eye(3, 4) > 0, a)",
    "real": "np.real(v * (2 - 1j))", "imag": "(v * 2j).imag", "conjugate": "np.conj(v * 2j)",
    **{name: f"np.fft.{name}(a)" for name in ("fft", "ifft", "rfft", "fft2", "ifft2", "fftn", "ifftn", "rfft2", "ihfft")},
    "rfftn": "np.fft.rfftn(a)",
    **{name: f"np.fft.{name}(a * (1 + 2j))" for name in ("irfft", "hfft", "irfft2", "irfftn")},
    **{name: f"np.fft.{name}(a, axes=1)" for name in ("fftshift", "ifftshift")},
    "detrend": "scipy.signal.detrend(a)",
    "simpson": "scipy.integrate.simpson(a)", "cumulative_trapezoid": "scipy.integrate.cumulative_trapezoid(a)",
    "circulant": "scipy.linalg.circulant(v)", "bincount": "np.bincount([0, 1, 1, 3], weights=v)",
    **{name: f"scipy.fft.{name}(a)" for name in ("dct", "idct", "dst", "idst", "dctn", "idctn", "dstn", "idstn")},
}
# only generated code has these
PLACES = {each.partition("(")[0] for each in REPLACED}
INSIDE = CARRIED - {"product", "quotient", "product_of_others", "quantile_weights"} - PLACES


def test_every_linear_operation_is_tried() -> None:
    assert set(LINEAR) == EXPRESSIONS.keys() | INSIDE


@pytest.mark.parametrize("operation", [operation for operation in EXPRESSIONS if rules_for(operation)])
def test_an_operation_applied_to_the_tangent_is_the_slope_along_a_line(operation: str) -> None:
    fn = function(f"def f(a, b, v):\n    y = {EXPRESSIONS[operation]}\n    return y * 1.0\n", {"np": np, "scipy": scipy})
    along = [np.random.default_rng(5).normal(size=each.shape) for each in (A, B, V)]
    ends = [fn(*(x + step * d for x, d in zip((A, B, V), along, strict=True))) for step in (1e-4, -1e-4)]
    expected = (ends[0] - ends[1]) / 2e-4
    value, dot = gradgen.jvp(fn, wrt=("a", "b", "v"), like=(A, B, V))(A, B, V, a_dot=along[0], b_dot=along[1], v_dot=along[2])
    assert np.shape(value) == np.shape(dot)
    np.testing.assert_allclose(dot, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("expression", "moved"), [
    ("np.diff(v, prepend=1.0)", "np.diff(v, prepend=0.0)"), ("np.ediff1d(v, to_end=1.0)", "np.ediff1d(v, to_end=0.0)"),
])
def test_what_makes_an_operation_affine_does_not_move(expression: str, moved: str) -> None:
    assert NUMBERS_LEFT_OUT
    fn = function(f"def f(v):\n    return {expression} * 1.0\n", {"np": np})
    dot = np.linspace(0.3, -1.1, V.size).reshape(V.shape)
    _, found = gradgen.jvp(fn, like=(V,))(V, v_dot=dot)
    np.testing.assert_allclose(found, eval(moved, {"np": np, "v": dot}))
