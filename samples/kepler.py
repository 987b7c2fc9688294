"""Kepler's equation M = E - e sin(E), solved for E by Newton's method; the derivative goes through the iteration.

The implicit function theorem gives what must come out: dE/dM = 1 / (1 - e cos E), dE/de = sin(E) / (1 - e cos E)
(D. A. Vallado, Fundamentals of Astrodynamics and Applications, chapter 2).
"""
import math

from gradgen import differentiable


@differentiable
def eccentric_anomaly(M, e):
    """The eccentric anomaly E in radians at mean anomaly M in radians, on an orbit of eccentricity 0 <= e < 1."""
    if not 0 <= e < 1:
        raise ValueError(f"an ellipse has an eccentricity from 0 to below 1, not {e}")
    E = M + e * math.sin(M)
    step = 1.0
    while abs(step) > 1e-12:  # asked after a step: E moves with M and e even where it starts at the solution
        step = (E - e * math.sin(E) - M) / (1 - e * math.cos(E))
        E = E - step
    return E


if __name__ == "__main__":
    E, (dM, de) = eccentric_anomaly.value_and_grad(0.3, 0.1)
    print(f"E = {E:.9f} rad, dE/dM = {dM:.9f}, dE/de = {de:.9f}")
    print(f"by the implicit function theorem  {1 / (1 - 0.1 * math.cos(E)):.9f}, {math.sin(E) / (1 - 0.1 * math.cos(E)):.9f}")
