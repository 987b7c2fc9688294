"""The Darcy friction factor of pipe flow: laminar by Poiseuille, turbulent by Colebrook's implicit equation.

C. F. Colebrook, Turbulent Flow in Pipes, Journal of the Institution of Civil Engineers 11 (1939), 133-156:
1 / sqrt(f) = -2 log10(k / 3.7 + 2.51 / (Re sqrt(f))), here solved for x = 1 / sqrt(f) by Newton's method.
"""
import math

from gradgen import differentiable

RE_LAMINAR = 2300.0


@differentiable
def friction_factor(Re, k):
    """The Darcy friction factor f, dimensionless, at Reynolds number Re and relative roughness k (roughness / diameter)."""
    if Re < RE_LAMINAR:
        return 64 / Re

    x = -1.8 * math.log10((k / 3.7) ** 1.11 + 6.9 / Re)        # Haaland's explicit formula, to begin with
    for _ in range(20):
        inner = k / 3.7 + 2.51 * x / Re
        residual = x + 2 * math.log10(inner)
        if abs(residual) < 1e-10:
            break
        x -= residual / (1 + 2 * 2.51 / (Re * inner * math.log(10)))
    return 1 / x**2


if __name__ == "__main__":
    for Re in (1500.0, 1e5):
        f, (dRe, dk) = friction_factor.value_and_grad(Re, 1e-4)
        print(f"Re = {Re:8.0f}: f = {f:.6f}, df/dRe = {dRe:.3e}, df/dk = {dk:.3e}")
