"""The course example: J = 3 (a + b c) as a computation graph, and the nudge that says what a derivative is.

At a = 5, b = 3, c = 2 the forward pass gives u = 6, v = 11, J = 33 and the backward pass
dJ = 1, dv = 3, da = 3, du = 3, db = 6, dc = 9, where dx is the derivative of J with respect to x.
"""
from gradgen import differentiable


@differentiable
def J(a, b, c):
    """Three values from three inputs, each by one operation: the smallest graph with a path to follow back."""
    u = b * c
    v = a + u
    J = 3 * v
    return J


@differentiable
def triple(a):
    """The nudge: move a by 0.001 and triple(a) moves by 0.003, three times as far. The slope is 3 wherever a is."""
    return 3 * a


if __name__ == "__main__":
    print("triple(2) =", triple(2), "  triple(2.001) =", triple(2.001), "  slope:", triple.grad(2))
    print(J.trace(5, 3, 2))
