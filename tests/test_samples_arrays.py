"""The samples of arrays: their generated files are right against other formulas, differences and certified values.

Never takes an expected number from gradgen.
"""
from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal

from tests.test_samples import SAMPLES

RNG = np.random.default_rng(9)
MLP = (
    RNG.normal(size=(6, 3)), np.array([1, 0, 3, 2, 1, 1]), RNG.normal(size=(3, 5)), RNG.normal(size=5), RNG.normal(size=(5, 4)),
    RNG.normal(size=4),
)
GMM = (RNG.normal(size=3), RNG.normal(size=(3, 2)), 0.3 * RNG.normal(size=(3, 2)), RNG.normal(size=(8, 2)))
HEAT = (RNG.normal(size=(5, 6)), 0.2, RNG.normal(size=(5, 6)), 4)
PRESSURE, VOLUME = np.array([77.6, 239.9, 760.0]), np.array([10.07, 29.61, 81.78])
POINTS: dict[str, tuple[Any, ...]] = {
    "mlp.loss": MLP, "gmm.log_likelihood": GMM, "heat.misfit": HEAT, "fit.misfit": (np.array([240.0, 0.5]), PRESSURE, VOLUME),
}


@pytest.fixture(autouse=True)
def samples_are_importable() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SAMPLES))
        yield


def sample(name: str) -> Any:
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(module), function)


def committed(name: str) -> Any:
    """The function of the generated file, run from nothing but its text."""
    module, _, function = name.partition(".")
    namespace: dict[str, Any] = {"__name__": module}
    exec(compile((SAMPLES / f"{module}_grad.py").read_text(encoding="utf-8"), module, "exec"), namespace)
    return namespace[f"{function}_value_and_grad"]


@pytest.mark.parametrize("name", POINTS)
def test_the_value_is_that_of_the_plain_call_and_differences_along_a_direction_agree(name: str) -> None:
    function, point = sample(name), POINTS[name]
    value, gradient = committed(name)(*point)
    assert value == function(*point)
    parts = gradient if isinstance(gradient, tuple) else (gradient,)
    names = function.primal.__code__.co_varnames
    for wrt, part in zip((function.wrt,) if isinstance(function.wrt, str) else function.wrt, parts, strict=True):
        place = names.index(wrt)
        assert np.shape(part) == np.shape(point[place])
        direction = RNG.normal(size=np.shape(part))
        slopes = []
        for step in (1e-3, 5e-4):
            above, below = (function(*point[:place], point[place] + s * direction, *point[place + 1 :]) for s in (step, -step))
            slopes.append((above - below) / (2 * step))
        assert np.sum(part * direction) == pytest.approx((4 * slopes[1] - slopes[0]) / 3, rel=1e-7)


def test_the_network_has_the_gradient_of_softmax_minus_labels() -> None:
    X, labels, W1, b1, W2, b2 = MLP
    h = np.tanh(X @ W1 + b1)
    dscores = (softmax(h @ W2 + b2, axis=1) - np.eye(4)[labels]) / 6
    dz = dscores @ W2.T * (1 - h**2)
    _, gradient = committed("mlp.loss")(*MLP)
    for got, expected in zip(gradient, (X.T @ dz, dz.sum(axis=0), h.T @ dscores, dscores.sum(axis=0)), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)


def test_the_mixture_has_the_likelihood_of_scipy_and_the_gradient_of_its_responsibilities() -> None:
    alphas, means, log_scales, X = GMM
    parts = [multivariate_normal(means[k], np.diag(np.exp(-2 * log_scales[k]))) for k in range(3)]
    logs = [alphas[k] - logsumexp(alphas) + parts[k].logpdf(X) for k in range(3)]
    value, (dalphas, dmeans, _) = committed("gmm.log_likelihood")(*GMM)
    assert value == pytest.approx(np.sum(logsumexp(logs, axis=0)))
    shares = softmax(np.stack(logs), axis=0)
    np.testing.assert_allclose(dalphas, shares.sum(axis=1) - len(X) * softmax(alphas), rtol=1e-10)
    expected = [shares[k] @ (X - means[k]) * np.exp(2 * log_scales[k]) for k in range(3)]
    np.testing.assert_allclose(dmeans, expected, rtol=1e-10)


def test_heat_that_is_not_moved_has_the_gradient_of_a_plain_sum_of_squares() -> None:
    u0, _, measured, _ = HEAT
    _, (du0, _) = committed("heat.misfit")(u0, 0.2, measured, 0)
    np.testing.assert_allclose(du0, 2 * (u0 - measured), rtol=1e-14)


def test_the_fit_finds_the_certified_values_with_a_third_of_the_evaluations() -> None:
    without, with_gradient = importlib.import_module("fit").fits()
    np.testing.assert_allclose(with_gradient.x, [238.94212918, 0.55015643181], rtol=1e-6)
    assert with_gradient.fun == pytest.approx(0.12455138894, rel=1e-8)
    np.testing.assert_allclose(without.x, with_gradient.x, rtol=1e-4)
    assert with_gradient.nfev <= without.nfev / 3
