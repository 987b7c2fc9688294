"""A damped pendulum, stepped by the classical Runge-Kutta method: how does the final angle depend on how it began?

theta'' = -(g / length) sin(theta) - damping theta'. For small angles and no damping theta(t) = theta0 cos(t sqrt(g / length)),
which the tests compare with.
"""
import math

from gradgen import differentiable

G = 9.80665         # standard gravity, m/s^2


def acceleration(theta, omega, length, damping):
    """theta'' in rad/s^2 at angle theta (rad) and angular velocity omega (rad/s); length in m, damping in 1/s."""
    return -G / length * math.sin(theta) - damping * omega


@differentiable
def final_angle(theta, omega, length, damping, h=0.01, steps: int = 100):
    """The angle in rad after `steps` steps of h seconds, from angle theta (rad) and angular velocity omega (rad/s)."""
    for _ in range(steps):
        k1 = omega
        a1 = acceleration(theta, k1, length, damping)
        k2 = omega + h / 2 * a1
        a2 = acceleration(theta + h / 2 * k1, k2, length, damping)
        k3 = omega + h / 2 * a2
        a3 = acceleration(theta + h / 2 * k2, k3, length, damping)
        k4 = omega + h * a3
        a4 = acceleration(theta + h * k3, k4, length, damping)
        theta += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        omega += h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
    return theta


if __name__ == "__main__":
    angle, (dtheta, domega, dlength, ddamping, dh) = final_angle.value_and_grad(0.5, 0.0, 1.0, 0.1)
    print(f"angle after 1 s: {angle:.6f} rad")
    print(f"it moves by {dtheta:.6f} per rad of the first angle, {domega:.6f} per rad/s of the first velocity,")
    print(f"{dlength:.6f} per m of length and {ddamping:.6f} per 1/s of damping")
