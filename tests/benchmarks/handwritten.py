"""Functions and the gradient code that a person would write for them: what generated code is measured against.

Written by hand by the authors of gradgen as the text to aim at, before gradgen could write anything. Never made by gradgen.
"""
# ruff: noqa: B007
# The text is what is measured: no annotations but those that gradgen reads.
import math


def J(a, b, c):
    u = b * c
    v = a + u
    J = 3 * v
    return J


def J_value_and_grad(a, b, c, dJ=1.0):
    # forward
    u = b * c
    v = a + u
    J = 3 * v

    # backward
    # J = 3 * v
    dv = 3 * dJ
    # v = a + u
    da = dv
    du = dv
    # u = b * c
    db = du * c
    dc = du * b
    return J, (da, db, dc)


def loss(w1, w2, b, x1, x2, y):
    z = w1 * x1 + w2 * x2 + b          # the logit
    a = 1 / (1 + math.exp(-z))
    return -(y * math.log(a) + (1 - y) * math.log(1 - a))


def loss_value_and_grad(w1, w2, b, x1, x2, y, dloss=1.0):
    # forward
    z = w1 * x1 + w2 * x2 + b          # the logit
    e = math.exp(-z)
    a = 1 / (1 + e)
    loss = -(y * math.log(a) + (1 - y) * math.log(1 - a))

    # backward
    # loss = -(y * math.log(a) + (1 - y) * math.log(1 - a))
    da = -dloss * (y / a - (1 - y) / (1 - a))
    # a = 1 / (1 + math.exp(-z))
    dz = da * a ** 2 * e
    # z = w1 * x1 + w2 * x2 + b
    dw1 = dz * x1
    dw2 = dz * x2
    db = dz
    return loss, (dw1, dw2, db)


def compound(r, n: int):
    total = 0.0
    growth = 1.0
    for k in range(n):
        growth = growth * (1 + r)
        if growth > 2.0:
            total = total + math.log(growth)
        else:
            total += growth * growth
    return total


def compound_value_and_grad(r, n: int, dtotal=1.0):
    # forward
    total = 0.0
    growth = 1.0
    growth_tape = []
    for k in range(n):
        growth_tape.append(growth)
        growth = growth * (1 + r)
        if growth > 2.0:
            total = total + math.log(growth)
        else:
            total += growth * growth

    # backward
    dr = 0.0
    dgrowth = 0.0
    for k in reversed(range(n)):
        if growth > 2.0:
            # total = total + math.log(growth)
            dgrowth += dtotal / growth
        else:
            # total += growth * growth
            dgrowth += dtotal * 2 * growth
        # growth = growth * (1 + r)
        growth = growth_tape.pop()
        dr += dgrowth * growth
        dgrowth = dgrowth * (1 + r)
    return total, dr


def kepler(M, e):
    E = M
    while abs(E - e * math.sin(E) - M) > 1e-12:
        E = E - (E - e * math.sin(E) - M) / (1 - e * math.cos(E))
    return E


def kepler_value_and_grad(M, e, dE=1.0):
    # forward
    E = M
    E_tape = []
    while abs(E - e * math.sin(E) - M) > 1e-12:
        E_tape.append(E)
        E = E - (E - e * math.sin(E) - M) / (1 - e * math.cos(E))
    value = E

    # backward
    dM = 0.0
    de = 0.0
    while E_tape:
        # E = E - (E - e * math.sin(E) - M) / (1 - e * math.cos(E))
        E = E_tape.pop()
        sin_E = math.sin(E)
        cos_E = math.cos(E)
        num = E - e * sin_E - M
        den = 1 - e * cos_E
        dnum = -dE / den
        dden = dE * (num / den) / den
        dM -= dnum
        de -= dnum * sin_E + dden * cos_E
        dE = dE + dnum * den + dden * e * sin_E
    # E = M
    dM += dE
    return value, (dM, de)
