"""The log-likelihood of points under a mixture of Gaussians, and how it moves with every parameter.

Each part has a weight (a softmax of `alphas`), a mean, and its own scale along every axis.
"""
import numpy as np

from gradgen import differentiable


@differentiable(wrt=("alphas", "means", "log_scales"))
def log_likelihood(alphas, means, log_scales, X):
    """The logarithm of the density of all rows of X; `log_scales` are logarithms of inverse standard deviations."""
    n, d = X.shape
    z = (X[:, None, :] - means) * np.exp(log_scales)
    terms = alphas + np.sum(log_scales, axis=1) - 0.5 * np.sum(z ** 2, axis=2)
    top = terms.max(axis=1)
    inner = top + np.log(np.sum(np.exp(terms - top[:, None]), axis=1))
    return np.sum(inner) - n * (np.log(np.sum(np.exp(alphas))) + 0.5 * d * np.log(2 * np.pi))


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    X = np.concatenate([rng.normal(-2.0, 0.5, size=(50, 2)), rng.normal(1.0, 1.0, size=(150, 2))])
    alphas, means, log_scales = np.zeros(2), np.array([[-1.0, 0.0], [1.0, 0.0]]), np.zeros((2, 2))
    for step in range(301):
        value, (dalphas, dmeans, dlog_scales) = log_likelihood.value_and_grad(alphas, means, log_scales, X)
        if step % 100 == 0:
            print(f"step {step:3}: log-likelihood {value:.3f}")
        rate = 0.5 / len(X)
        alphas, means, log_scales = alphas + rate * dalphas, means + rate * dmeans, log_scales + rate * dlog_scales
    print(f"weights {np.exp(alphas) / np.sum(np.exp(alphas))}")
    print(f"means {means.tolist()}")
