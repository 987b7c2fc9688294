"""A fit of measured data with scipy.optimize.minimize, once with differences and once with the generated gradient.

The data are dental research of D. Misra (1978), from the Statistical Reference Datasets of NIST (Misra1a), which certify
b = (238.94212918, 0.55015643181 / 1000) and a sum of squares of 0.12455138894.
"""
import numpy as np

from gradgen import differentiable

PRESSURE = np.array([77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0])
VOLUME = np.array([10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78])


@differentiable(wrt="b")
def misfit(b, x, y):
    """The sum of squared residuals of y = b[0] (1 - exp(-b[1] x / 1000))."""
    residuals = y - b[0] * (1 - np.exp(-b[1] * x / 1000))
    return np.sum(residuals ** 2)


def fits(start=(250.0, 0.5)):
    """The results of minimize without and with the gradient."""
    from scipy.optimize import minimize

    without = minimize(misfit, np.array(start), args=(PRESSURE, VOLUME))
    with_gradient = minimize(misfit.fun_and_grad, np.array(start), args=(PRESSURE, VOLUME), jac=True)
    return without, with_gradient


if __name__ == "__main__":
    for name, found in zip(("differences", "the gradient"), fits(), strict=True):
        b0, b1 = found.x
        print(f"with {name}: b = ({b0:.4f}, {b1:.6f}), sum of squares {found.fun:.8f}, {found.nfev} evaluations")
