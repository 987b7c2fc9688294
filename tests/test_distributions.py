"""Distributions of scipy.stats in whole functions: likelihoods beside hand-computed slopes, texts that stand alone, refusals."""
from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
import scipy.stats
from scipy import stats
from scipy.stats import gamma as waiting
from scipy.stats import norm

from gradgen import NonDifferentiableError, UnsupportedError, grad, jvp, value_and_grad
from gradgen.emit.load import load_standalone

SEED = 1.7


def log_likelihood(mu: float, s: float) -> float:
    return norm.logpdf(1.3, mu, s) + stats.norm.logpdf(0.2, loc=mu, scale=s)


def test_a_normal_likelihood_however_the_distribution_is_spelled() -> None:
    """By hand: the scores are sum(x - mu) / s^2 and sum((x - mu)^2 / s^3 - 1 / s)."""
    mu, s = 0.4, 0.9
    _, gradient = value_and_grad(log_likelihood)(mu, s, dlog_likelihood=SEED)
    rests = (1.3 - mu, 0.2 - mu)
    by_hand = (sum(rests) / s**2, sum(r * r / s**3 - 1 / s for r in rests))
    np.testing.assert_allclose(gradient, np.multiply(by_hand, SEED))


def test_a_distribution_under_another_name_and_its_inverse() -> None:
    def median(scale: float) -> float:
        return waiting.ppf(0.5, 1.0, scale=scale) * scipy.stats.norm.cdf(scale)

    scale, density = 1.4, math.exp(-1.4**2 / 2) / math.sqrt(2 * math.pi)
    share = (1 + math.erf(1.4 / math.sqrt(2))) / 2
    np.testing.assert_allclose(grad(median)(scale), math.log(2) * (share + scale * density))


STANDARD = NormalDist()


def test_a_distribution_of_the_standard_library_is_one_of_numbers() -> None:
    """By hand: the quantile of 0.3 is q, and the slopes of q s + F(s) are s / density(q) and q + density(s)."""
    def quantile(p: float, s: float) -> float:
        return STANDARD.inv_cdf(p) * s + STANDARD.cdf(s)

    generated = value_and_grad(quantile)
    q = -0.5244005127080407
    by_hand = (1.4 * math.sqrt(2 * math.pi) * math.exp(q * q / 2), q + math.exp(-1.4**2 / 2) / math.sqrt(2 * math.pi))
    for each in (generated, load_standalone(generated.source, generated.__name__)):
        np.testing.assert_allclose(each(0.3, 1.4, dquantile=SEED)[1], np.multiply(by_hand, SEED), rtol=1e-12)
    assert "numpy" not in generated.source
    assert "STANDARD = NormalDist(mu=0.0, sigma=1.0)" in generated.source


def test_a_likelihood_of_counts() -> None:
    def counted(mu: float, p: float) -> float:
        return stats.poisson.logpmf(3, mu) + stats.binom.logpmf(2, 5, p) + stats.poisson.cdf(1, mu)

    np.testing.assert_allclose(grad(counted)(1.5, 0.3), (3 / 1.5 - 1 - 1.5 * math.exp(-1.5), 2 / 0.3 - 3 / 0.7))


def test_outside_of_the_support_nothing_moves() -> None:
    def density(x: float, a: float) -> float:
        return waiting.pdf(x, a)

    def share(x: float, c: float) -> float:
        return stats.weibull_min.cdf(x, c)

    assert grad(density)(-0.5, 2.5) == (0.0, 0.0)
    assert grad(share)(-0.5, 2.5) == (0.0, 0.0)


def test_the_text_stands_alone_and_leaves_out_what_the_user_left_out() -> None:
    def tail(z: float) -> float:
        return norm.sf(z)

    made = grad(tail)
    names: dict[str, Any] = {}
    exec(made.source, names)
    assert names["tail_grad"](0.3) == made(0.3) == pytest.approx(-math.exp(-0.045) / math.sqrt(2 * math.pi))
    assert "from scipy.stats import norm" in made.source and "norm.pdf(z)" in made.source


def shape_of_a_sum(a: float) -> float:
    return stats.vonmises.cdf(1.2, a)


def count_that_varies(k: float) -> float:
    return stats.poisson.pmf(k, 2.0)


@pytest.mark.parametrize("function", [shape_of_a_sum, count_that_varies])
def test_what_has_no_formula_is_refused(function: Any) -> None:
    with pytest.raises(UnsupportedError, match="GG110"):
        grad(function, 0)


def test_what_scipy_computes_in_python_is_refused_where_no_rule_says_what_it_does() -> None:
    """It fills arrays through calls, also for numbers: read as code of numbers, its derivative would come out as 0."""
    def density(x: float) -> float:
        return stats.rel_breitwigner.pdf(x, 2.0)

    with pytest.raises(UnsupportedError, match="GG107"):
        grad(density)(0.4)


def test_slopes_by_shapes_that_have_no_closed_formula() -> None:
    """By mpmath: slopes of P(a, 2), of Student's share below 1.3 by df, of a beta distribution's share above 0.3 by a."""
    def shares(a: float, df: float) -> float:
        return stats.gamma.cdf(2.0, a) + stats.t.cdf(1.3, df) + stats.beta.sf(0.3, a, 2.5)

    np.testing.assert_allclose(grad(shares)(1.5, 4.0), (0.0301234309218158, 0.00809153813854118), rtol=1e-12)


def test_a_truncated_normal_far_in_a_tail() -> None:
    """By the tail's expansion, log of the density at x moves by a as the density at a does: about a + 1 / a - 2 / a^3."""
    def tail(a: float) -> float:
        return stats.truncnorm.logpdf(20.1, a, 40.0)

    a = 20.0
    np.testing.assert_allclose(grad(tail)(a), a + 1 / a - 2 / a**3 + 10 / a**5, rtol=1e-6)


def test_a_point_of_a_simplex_without_its_last_component_is_refused_in_both_modes() -> None:
    def density(x: Any, a: Any) -> Any:
        return stats.dirichlet.logpdf(x, a)

    x, a = np.array([0.2, 0.3]), np.array([1.0, 2.0, 3.0])
    with pytest.raises(NonDifferentiableError, match="the last component is left out"):
        grad(density)(x, a)
    with pytest.raises(NonDifferentiableError, match="the last component is left out"):
        jvp(density)(x, a, x_dot=x, a_dot=a)
