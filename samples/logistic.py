"""Logistic regression, one training example with two features: the loss whose gradient trains the model.

The model says that the label y is 1 with probability a = sigmoid(w1 x1 + w2 x2 + b). Its loss is the cross-entropy; its
gradient has the closed form dz = a - y, dw1 = x1 dz, dw2 = x2 dz, db = dz (Hastie, Tibshirani and Friedman, The Elements of
Statistical Learning, 2nd edition, section 4.4.1).
"""
import math

from gradgen import differentiable


@differentiable(wrt=("w1", "w2", "b"))
def loss(w1, w2, b, x1, x2, y):
    """Cross-entropy of the label y (0 or 1) under weights w1, w2 and bias b, for features x1, x2."""
    z = w1 * x1 + w2 * x2 + b          # the logit
    a = 1 / (1 + math.exp(-z))         # the probability of y = 1
    return -(y * math.log(a) + (1 - y) * math.log(1 - a))


if __name__ == "__main__":
    w1, w2, b = 0.0, 0.0, 0.0
    for step in range(5):
        value, (dw1, dw2, db) = loss.value_and_grad(w1, w2, b, x1=1.0, x2=2.0, y=1.0)
        print(f"step {step}: loss {value:.4f}, gradient ({dw1:.4f}, {dw2:.4f}, {db:.4f})")
        w1, w2, b = w1 - 0.5 * dw1, w2 - 0.5 * dw2, b - 0.5 * db
