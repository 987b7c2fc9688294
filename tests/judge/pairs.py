"""Functions, each beside its gradient as a person wrote it: what the judges have to find right, and their mutants wrong.

Never generated: every gradient here was derived by hand. DOMAINS says where to look at a function, if not anywhere.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

G = 9.81
RATES = [(0.0, 0.1), (10.0, 0.25), (40.0, 0.4)]


def course(a, b, c):
    u = b * c
    v = a + u
    return 3 * v


def course_value_and_grad(a, b, c, dcourse=1.0):
    u = b * c
    v = a + u
    dv = 3 * dcourse
    da = dv
    du = dv
    return 3 * v, (da, du * c, du * b)


def cubic(x):
    return 2 * x**3 - 5 * x**2 + 4 * x - 7


def cubic_grad(x):
    return 6 * x**2 - 10 * x + 4


def quotient(x, y):
    return (x + 2 * y) / (x * y)


def quotient_grad(x, y):
    num = x + 2 * y
    den = x * y
    dnum = 1 / den
    dden = -num / den**2
    dx = dnum + dden * y
    dy = 2 * dnum + dden * x
    return dx, dy


def gauss(x, mu, sigma):
    z = (x - mu) / sigma
    return math.exp(-0.5 * z * z) / (sigma * math.sqrt(2 * math.pi))


def gauss_value_and_grad(x, mu, sigma, dgauss=1.0):
    z = (x - mu) / sigma
    e = math.exp(-0.5 * z * z)
    norm = sigma * math.sqrt(2 * math.pi)
    p = e / norm
    dz = -dgauss * p * z
    dx = dz / sigma
    dsigma = -dgauss * p / sigma - dz * z / sigma
    return p, (dx, -dx, dsigma)


def wave(t, w, phi):
    return math.sin(w * t + phi) * math.cos(w * t)


def wave_grad(t, w, phi):
    s = math.sin(w * t + phi)
    c = math.cos(w * t)
    ds = c
    dc = s
    dangle = ds * math.cos(w * t + phi)
    dwt = dangle - dc * math.sin(w * t)
    return dwt * w, dwt * t, dangle


def tangents(x, y):
    return math.tan(x) + math.tanh(x * y)


def tangents_grad(x, y):
    h = math.tanh(x * y)
    dh = 1 - h**2
    return 1 + math.tan(x) ** 2 + dh * y, dh * x


def logs(x, y):
    return math.log(x * x + y) * math.log2(x) + math.log10(y)


def logs_grad(x, y):
    s = x * x + y
    ds = math.log2(x) / s
    dx = ds * 2 * x + math.log(s) / (x * math.log(2))
    dy = ds + 1 / (y * math.log(10))
    return dx, dy


def power(x, y):
    return x**y + y**2.5


def power_grad(x, y):
    p = x**y
    return y * p / x, p * math.log(x) + 2.5 * y**1.5


def roots(a, b):
    return math.sqrt(a * a + b * b) + a ** (1 / 3) * math.cbrt(b)


def roots_grad(a, b):
    r = math.sqrt(a * a + b * b)
    third_a = a ** (1 / 3)
    third_b = math.cbrt(b)
    da = a / r + third_a * third_b / (3 * a)
    db = b / r + third_a * third_b / (3 * b)
    return da, db


def angle(x, y):
    return math.atan2(y, x) + math.hypot(x, y)


def angle_grad(x, y):
    r2 = x**2 + y**2
    r = math.hypot(x, y)
    return x / r - y / r2, y / r + x / r2


def arcs(x):
    return math.asin(x) * math.acos(x) - math.atan(3 * x)


def arcs_grad(x):
    root = math.sqrt(1 - x**2)
    return (math.acos(x) - math.asin(x)) / root - 3 / (1 + 9 * x**2)


def logit_loss(w, b, x, y):
    z = w * x + b
    p = 1 / (1 + math.exp(-z))
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


def logit_loss_value_and_grad(w, b, x, y, dloss=1.0):
    z = w * x + b
    e = math.exp(-z)
    p = 1 / (1 + e)
    loss = -(y * math.log(p) + (1 - y) * math.log(1 - p))
    dp = -dloss * (y / p - (1 - y) / (1 - p))
    dz = dp * p**2 * e
    return loss, (dz * x, dz)


def huber(r, delta):
    if abs(r) <= delta:
        return 0.5 * r * r
    return delta * (abs(r) - 0.5 * delta)


def huber_grad(r, delta):
    if abs(r) <= delta:
        return r, 0.0
    if r > 0:
        dr = delta
    else:
        dr = -delta
    return dr, abs(r) - delta


def tax(income):
    owed = 0.0
    for (low, rate), following in zip(RATES, [*RATES[1:], (math.inf, 0.0)], strict=True):
        if income > low:
            owed += rate * (min(income, following[0]) - low)
    return owed


def tax_value_and_grad(income, dowed=1.0):
    owed = 0.0
    dincome = 0.0
    for (low, rate), following in zip(RATES, [*RATES[1:], (math.inf, 0.0)], strict=True):
        if income > low:
            owed += rate * (min(income, following[0]) - low)
            if income < following[0]:
                dincome += dowed * rate
    return owed, dincome


def clipped(x, low, high):
    y = max(low, min(x, high))
    return y * y + 0.1 * x


def clipped_grad(x, low, high):
    y = max(low, min(x, high))
    dy = 2 * y
    dx = 0.1
    dlow = dhigh = 0.0
    if y == low:
        dlow = dy
    elif y == high:
        dhigh = dy
    else:
        dx += dy
    return dx, dlow, dhigh


def compound(r, n: int):
    total = 0.0
    growth = 1.0
    for _ in range(n):
        growth = growth * (1 + r)
        if growth > 2.0:
            total = total + math.log(growth)
        else:
            total += growth * growth
    return total


def compound_value_and_grad(r, n: int, dtotal=1.0):
    total = 0.0
    growth = 1.0
    tape = []
    for _ in range(n):
        tape.append(growth)
        growth = growth * (1 + r)
        if growth > 2.0:
            total = total + math.log(growth)
        else:
            total += growth * growth
    dr = 0.0
    dgrowth = 0.0
    for _ in range(n):
        if growth > 2.0:
            dgrowth += dtotal / growth
        else:
            dgrowth += dtotal * 2 * growth
        growth = tape.pop()
        dr += dgrowth * growth
        dgrowth = dgrowth * (1 + r)
    return total, dr


def horner(x, a, b, c, d):
    total = 0.0
    for k in (a, b, c, d):
        total = total * x + k
    return total


def horner_grad(x, a, b, c, d):
    dx = 3 * a * x**2 + 2 * b * x + c
    return dx, x**3, x**2, x, 1.0


def newton_root(a):
    x = a
    while abs(x * x - a) > 1e-3:
        x = 0.5 * (x + a / x)
    return x


def newton_root_value_and_grad(a, droot=1.0):
    x = a
    tape = []
    while abs(x * x - a) > 1e-3:
        tape.append(x)
        x = 0.5 * (x + a / x)
    root = x
    da = 0.0
    dx = droot
    while tape:
        x = tape.pop()
        da += 0.5 * dx / x
        dx = 0.5 * dx - 0.5 * dx * a / (x * x)
    return root, da + dx


def _speed(h):
    return math.sqrt(2 * G * h)


def fall(h, drag):
    v = _speed(h)
    return v - drag * v**2 / 2


def fall_grad(h, drag):
    v = _speed(h)
    dv = 1 - drag * v
    return dv * G / v, -(v**2) / 2


def softplus_sum(a, b, c):
    return sum(math.log1p(math.exp(x)) for x in (a, b, c))


def softplus_sum_grad(a, b, c):
    def sigmoid(x):
        return 1 / (1 + math.exp(-x))

    return sigmoid(a), sigmoid(b), sigmoid(c)


def dot(xs, ys):
    return sum(x * y for x, y in zip(xs, ys, strict=True))


def dot_grad(xs, ys):
    return list(ys), list(xs)


class Spring(NamedTuple):
    stiffness: float
    rest: float


def energy(spring: Spring, x):
    stretch = x - spring.rest
    return spring.stiffness * stretch**2 / 2


def energy_grad(spring: Spring, x):
    stretch = x - spring.rest
    dstretch = spring.stiffness * stretch
    return Spring(stretch**2 / 2, -dstretch), dstretch


def circle(area=None, radius=1.5):
    if area is not None:
        radius = math.sqrt(area / math.pi)
    return 2 * math.pi * radius


def circle_grad(area=None, radius=1.5):
    return 2 * math.pi


def modulus(x, y):
    return x % y + (x // y) * math.sin(x)


def modulus_grad(x, y):
    turns = x // y
    return 1 + turns * math.cos(x), -turns


def swapped(a, b):
    a, b = b * b, a + b
    if a > b:
        a = a - b
    return a * b


def swapped_grad(a, b):
    p, q = b * b, a + b
    if p > q:
        dp = q
        dq = p - 2 * q
    else:
        dp = q
        dq = p
    return dq, dp * 2 * b + dq



def hyperbolic(x, y):
    return math.sinh(x) * math.cosh(y) + math.asinh(x) - math.acosh(1 + y * y)


def hyperbolic_grad(x, y):
    dx = math.cosh(x) * math.cosh(y) + 1 / math.sqrt(1 + x * x)
    dy = math.sinh(x) * math.sinh(y) - 2 * y / math.sqrt((1 + y * y) ** 2 - 1)
    return dx, dy


def interest(principal, rate, years):
    if years < 1:
        return principal * (1 + rate * years)
    elif years < 5:
        return principal * (1 + rate) ** years
    return principal * math.exp(rate * years)


def interest_grad(principal, rate, years):
    if years < 1:
        dprincipal = 1 + rate * years
        drate = principal * years
        dyears = principal * rate
    elif years < 5:
        grown = (1 + rate) ** years
        dprincipal = grown
        drate = principal * years * grown / (1 + rate)
        dyears = principal * grown * math.log(1 + rate)
    else:
        dprincipal = math.exp(rate * years)
        drate = principal * dprincipal * years
        dyears = principal * dprincipal * rate
    return dprincipal, drate, dyears


def call_price(s, k, sigma, t):
    d1 = (math.log(s / k) + 0.5 * sigma**2 * t) / (sigma * math.sqrt(t))
    d2 = d1 - sigma * math.sqrt(t)
    return s * 0.5 * (1 + math.erf(d1 / math.sqrt(2))) - k * 0.5 * (1 + math.erf(d2 / math.sqrt(2)))


def call_price_grad(s, k, sigma, t):
    root = math.sqrt(t)
    d1 = (math.log(s / k) + 0.5 * sigma**2 * t) / (sigma * root)
    d2 = d1 - sigma * root
    density = math.exp(-0.5 * d1**2) / math.sqrt(2 * math.pi)
    delta = 0.5 * (1 + math.erf(d1 / math.sqrt(2)))
    dk = -0.5 * (1 + math.erf(d2 / math.sqrt(2)))
    vega = s * density * root
    theta = s * density * sigma / (2 * root)
    return delta, dk, vega, theta


def lorentz(v, c, m):
    gamma = 1 / math.sqrt(1 - v**2 / c**2)
    return m * gamma * c**2


def lorentz_grad(v, c, m):
    beta2 = v**2 / c**2
    gamma = 1 / math.sqrt(1 - beta2)
    dgamma = m * c**2
    dbeta2 = dgamma * 0.5 * gamma**3
    dv = dbeta2 * 2 * v / c**2
    dc = 2 * m * gamma * c - 2 * dbeta2 * beta2 / c
    return dv, dc, gamma * c**2


def product(x, y, z):
    p = 1.0
    for factor in [x, y, z, x]:
        p *= factor
    return p


def product_grad(x, y, z):
    return {"x": 2 * x * y * z, "y": x * x * z, "z": x * x * y}


DOMAINS: dict[str, dict[str, Any]] = {
    "arcs": {"x": (-0.9, 0.9)},
    "roots": {"a": (0.1, 5.0), "b": (0.1, 5.0)},
    "logit_loss": {"y": (0.0, 1.0)},
    "huber": {"r": (-4.0, 4.0), "delta": (0.5, 3.0)},
    "tax": {"income": (1.0, 90.0)},
    "clipped": {"x": (-3.0, 3.0), "low": (-1.5, -0.5), "high": (0.5, 1.5)},
    "compound": {"r": (0.05, 0.6), "n": (2, 5)},
    "newton_root": {"a": (0.2, 9.0)},
    "dot": {"xs": [(-2.0, 2.0)] * 3, "ys": [(-2.0, 2.0)] * 3},
    "modulus": {"x": (-9.0, 9.0), "y": (0.5, 3.0)},
    "interest": {"years": (0.1, 9.0), "rate": (0.01, 0.2)},
    "lorentz": {"v": (0.1, 2.0), "c": (3.0, 9.0)},
}
WRT: dict[str, Any] = {"logit_loss": ("w", "b"), "circle": "radius", "cubic": "x", "compound": ("r",)}
ALL: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    name: (function, globals()[f"{name}_{suffix}"])
    for name, function in list(globals().items())
    for suffix in ("grad", "value_and_grad")
    if callable(function) and f"{name}_{suffix}" in globals()
}
