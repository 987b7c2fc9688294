"""A network of two layers that tells two interleaved spirals apart, trained by plain gradient descent.

Its gradient is in mlp_grad.py, for any number of points, inputs, hidden units and classes.
"""
import numpy as np

from gradgen import differentiable


@differentiable(wrt=("W1", "b1", "W2", "b2"))
def loss(X, labels, W1, b1, W2, b2):
    """Mean cross-entropy of the labels (whole numbers, one for each row of X) under a softmax of the network's scores."""
    h = np.tanh(X @ W1 + b1)
    scores = h @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)     # safe for large scores
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def spirals(count, rng):
    """Points on two spirals, `count` on each, and which of the two each is on."""
    turn = np.sqrt(rng.random(count)) * 3 * np.pi
    arm = np.stack([turn * np.cos(turn), turn * np.sin(turn)], axis=1) / (3 * np.pi)
    return np.concatenate([arm, -arm]), np.repeat([0, 1], count)


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    X, labels = spirals(100, rng)
    weights = [rng.normal(size=(2, 20)), np.zeros(20), 0.1 * rng.normal(size=(20, 2)), np.zeros(2)]
    for step in range(1001):
        value, gradient = loss.value_and_grad(X, labels, *weights)
        if step % 250 == 0:
            print(f"step {step:4}: loss {value:.4f}")
        weights = [w - 0.5 * dw for w, dw in zip(weights, gradient, strict=True)]
