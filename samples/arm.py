"""A robot arm of two links: where its tip is, and how far from a target. The gradient moves the joints there.

M. W. Spong, S. Hutchinson and M. Vidyasagar, Robot Modeling and Control, chapter 1. The rows of the Jacobian of `tip` are
(-l1 sin q1 - l2 sin(q1 + q2), -l2 sin(q1 + q2)) and (l1 cos q1 + l2 cos(q1 + q2), l2 cos(q1 + q2)).
"""
import math

from gradgen import differentiable


def tip(q1, q2, l1, l2):
    """Where the tip is, x and y in m: q1 is the first joint's angle, q2 the second's from the first link (rad); l1, l2 in m."""
    x = l1 * math.cos(q1) + l2 * math.cos(q1 + q2)
    y = l1 * math.sin(q1) + l2 * math.sin(q1 + q2)
    return x, y


@differentiable(wrt=("q1", "q2"))
def miss(q1, q2, x_target, y_target, l1=1.0, l2=0.8):
    """Half the squared distance in m^2 between the tip and the target (m)."""
    x, y = tip(q1, q2, l1, l2)
    return 0.5 * ((x - x_target) ** 2 + (y - y_target) ** 2)


if __name__ == "__main__":
    q1, q2 = 0.3, 0.5
    for _ in range(200):                     # steepest descent
        dq1, dq2 = miss.grad(q1, q2, 0.6, 1.2)
        q1, q2 = q1 - 0.3 * dq1, q2 - 0.3 * dq2
    x, y = tip(q1, q2, 1.0, 0.8)
    print(f"after 200 steps the tip is at ({x:.6f}, {y:.6f})")
