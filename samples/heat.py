"""Heat that spreads over a plate, computed in place: which first temperatures lead to the ones that were measured?

The gradient with respect to the whole first plate costs about two runs of the simulation.
"""
import numpy as np

from gradgen import differentiable


@differentiable(wrt=("u0", "k"))
def misfit(u0, k, measured, steps: int):
    """The sum of squared differences to the measured plate, `steps` steps after the plate u0; k is the diffusion number."""
    u = u0.copy()
    for _ in range(steps):
        u[1:-1, 1:-1] += k * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1])
    return np.sum((u - measured) ** 2)


if __name__ == "__main__":
    measured = np.zeros((16, 16))
    measured[4:8, 9:13] = 1.0
    u0 = np.zeros_like(measured)
    for turn in range(101):
        value, (du0, dk) = misfit.value_and_grad(u0, 0.2, measured, 10)
        if turn % 25 == 0:
            print(f"turn {turn:3}: misfit {value:.5f}")
        u0 = u0 - 0.4 * du0
