"""Optimisation test functions with tables: attributes, class attributes, arrays of the module, data to be fitted."""
from __future__ import annotations

import numpy as np
from numpy import array, asarray, atleast_2d, cos, exp, log, pi, sqrt, sum, vstack

from .base import Landscape

SHEKEL_A = np.array([[4.0, 4, 4, 4], [1, 1, 1, 1], [8, 8, 8, 8], [6, 6, 6, 6], [3, 7, 3, 7]])
SHEKEL_C = np.array([0.1, 0.2, 0.2, 0.4, 0.4])
HARTMANN = {
    "A": np.array([[3.0, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]]),
    "P": 1e-4 * np.array([[3689.0, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]]),
    "alpha": [1.0, 1.2, 3.0, 3.2],
}
KOWALIK = (
    (4.0, 0.1957), (2.0, 0.1947), (1.0, 0.1735), (0.5, 0.1600), (0.25, 0.0844), (1 / 6, 0.0627), (0.125, 0.0456), (0.1, 0.0342),
    (1 / 12, 0.0323), (1 / 14, 0.0235), (0.0625, 0.0246),
)


class Shekel(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(0.0, 10.0)] * 4
        self.A = asarray([[4.0, 4.0, 4.0, 4.0], [1.0, 1.0, 1.0, 1.0], [8.0, 8.0, 8.0, 8.0], [6.0, 6.0, 6.0, 6.0], [3.0, 7.0, 3.0, 7.0]])
        self.C = asarray([0.1, 0.2, 0.2, 0.4, 0.4])

    def fun(self, x, *args):
        self.nfev += 1
        return -sum(1 / (sum((x - self.A) ** 2, axis=1) + self.C))


class ShekelLoop(Landscape):
    fixed = 4

    def fun(self, x, *args):
        self.nfev += 1
        total = 0.0
        for i in range(5):
            d = 0.0
            for j in range(4):
                d += (x[j] - SHEKEL_A[i, j]) ** 2
            total -= 1.0 / (d + SHEKEL_C[i])
        return total


class ShekelRows(Landscape):
    fixed = 4

    def fun(self, x, *args):
        self.nfev += 1
        return -sum([1.0 / (c + np.dot(x - a, x - a)) for a, c in zip(SHEKEL_A, SHEKEL_C)])


class ShekelColumns(Landscape):
    fixed = 4
    maxima = SHEKEL_A.T
    widths = SHEKEL_C

    def fun(self, x, *args):
        self.nfev += 1
        d = x[:, np.newaxis] - self.maxima
        return (-1.0 / ((d * d).sum(0) + self.widths)).sum()


class Hartmann(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.0, 1.0)] * 3
        self.a = asarray([[3.0, 10, 30], [0.1, 10, 35], [3.0, 10, 30], [0.1, 10, 35]])
        self.p = asarray([[0.3689, 0.117, 0.2673], [0.4699, 0.4387, 0.747], [0.1091, 0.8732, 0.5547], [0.03815, 0.5743, 0.8828]])
        self.c = asarray([1.0, 1.2, 3.0, 3.2])

    def fun(self, x, *args):
        self.nfev += 1
        XX = atleast_2d(x)
        d = sum(self.a * (XX - self.p) ** 2, axis=1)
        return -sum(self.c * exp(-d))


class HartmannTable(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.0, 1.0)] * 3

    def fun(self, x, *args):
        self.nfev += 1
        A, P, alpha = HARTMANN["A"], HARTMANN["P"], HARTMANN["alpha"]
        outer = 0
        for i in range(4):
            inner = 0
            for j in range(3):
                inner = inner + A[i, j] * (x[j] - P[i, j]) ** 2
            outer = outer + alpha[i] * exp(-inner)
        return -outer


class HartmannLists(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.0, 1.0)] * 3
        self.A = [[3.0, 10, 30], [0.1, 10, 35], [3.0, 10, 30], [0.1, 10, 35]]
        self.P = [[0.3689, 0.117, 0.2673], [0.4699, 0.4387, 0.747], [0.1091, 0.8732, 0.5547], [0.03815, 0.5743, 0.8828]]
        self.C = [1.0, 1.2, 3.0, 3.2]

    def fun(self, x, *args):
        self.nfev += 1
        s = 0.0
        for c, row, place in zip(self.C, self.A, self.P):
            t = 0.0
            for j in range(len(row)):
                t += row[j] * (x[j] - place[j]) ** 2
            s -= c * exp(-t)
        return s


class Kowalik(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(0.1, 0.5)] * 4
        self.a = asarray([4.0, 2.0, 1.0, 1 / 2.0, 1 / 4.0, 1 / 6.0, 1 / 8.0, 1 / 10.0, 1 / 12.0, 1 / 14.0, 1 / 16.0])
        self.b = asarray([0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246])

    def fun(self, x, *args):
        self.nfev += 1
        vec = self.b - (x[0] * (self.a ** 2 + self.a * x[1]) / (self.a ** 2 + self.a * x[2] + x[3]))
        return sum(vec ** 2)


class KowalikPairs(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(0.1, 0.5)] * 4

    def fun(self, x, *args):
        self.nfev += 1
        x1, x2, x3, x4 = x
        return sum([(b - x1 * (a ** 2 + a * x2) / (a ** 2 + a * x3 + x4)) ** 2 for a, b in KOWALIK])


class Langermann(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(0.0, 10.0)] * 2

    def fun(self, x, *args):
        self.nfev += 1
        a = array([3, 5, 2, 1, 7])
        b = array([5, 2, 1, 4, 9])
        c = array([1, 2, 5, 2, 3])
        return -sum(c * exp(-(1 / pi) * ((x[0] - a) ** 2 + (x[1] - b) ** 2)) * cos(pi * ((x[0] - a) ** 2 + (x[1] - b) ** 2)))


class LangermannStacked(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(0.0, 10.0)] * 2
        self.m = np.stack([np.array([3.0, 5, 2, 1, 7]), np.array([5.0, 2, 1, 4, 9])], axis=1)
        self.c = (1, 2, 5, 2, 3)

    def fun(self, x, *args):
        self.nfev += 1
        d = sum((x - self.m) ** 2, axis=-1)
        return -np.dot(self.c, exp(-d / pi) * cos(pi * d))


class Foxholes(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(-65.536, 65.536)] * 2
        a = asarray([-32.0, -16.0, 0.0, 16.0, 32.0])
        self.A = vstack((np.tile(a, 5), np.repeat(a, 5)))

    def fun(self, x, *args):
        self.nfev += 1
        m = np.arange(1.0, 26.0)
        terms = m + (x[0] - self.A[0]) ** 6 + (x[1] - self.A[1]) ** 6
        return 1 / (0.002 + sum(1 / terms))


class FoxholesColumns(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(-65.536, 65.536)] * 2
        a = [-32.0, -16.0, 0.0, 16.0, 32.0]
        self.A = [[p for _ in a for p in a], [q for q in a for _ in a]]

    def fun(self, x, *args):
        self.nfev += 1
        s = 0.002
        for j in range(25):
            t = j + 1.0
            for i in range(2):
                t += (x[i] - self.A[i][j]) ** 6
            s += 1.0 / t
        return s ** -1


class Gulf(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(1.0, 50.0), (1.0, 20.0), (0.5, 2.0)]

    def fun(self, x, *args):
        self.nfev += 1
        m = 99.0
        i = np.arange(1.0, m + 1)
        u = 25 + (-50 * log(i / 100.0)) ** (2 / 3.0)
        vec = (exp(-((abs(u - x[1])) ** x[2] / x[0])) - i / 100.0)
        return sum(vec ** 2)


class Eckerle(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(1.0, 5.0), (1.0, 10.0), (430.0, 460.0)]
        self.a = asarray([1.575e-4, 0.0017, 0.0178, 0.1245, 0.4066, 0.1254, 0.0177, 0.0011])
        self.b = asarray([400.0, 415.0, 430.0, 440.0, 450.0, 462.0, 475.0, 490.0])

    def fun(self, x, *args):
        self.nfev += 1
        vec = x[0] / x[1] * exp(-((self.b - x[2]) ** 2) / (2 * x[1] ** 2))
        return sum((self.a - vec) ** 2)


class Ratkowsky(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(500.0, 800.0), (1.0, 7.0), (0.1, 1.0), (0.5, 3.0)]
        self.a = asarray([16.08, 33.83, 65.80, 97.20, 191.55, 326.20, 386.87, 520.53])
        self.b = np.arange(1, 9)

    def fun(self, x, *args):
        self.nfev += 1
        vec = x[0] / ((1 + exp(x[1] - x[2] * self.b)) ** (1 / x[3]))
        return sum((self.a - vec) ** 2)


class Thurber(Landscape):
    fixed = 7

    def prepare(self):
        self.bounds = [(500.0, 2000.0), (500.0, 2000.0), (100.0, 1000.0), (40.0, 150.0), (0.0, 2.0), (0.0, 1.0), (0.0, 0.2)]
        self.a = asarray([80.574, 84.248, 87.264, 87.195, 89.076, 89.608, 1201.5, 1351.9])
        self.b = asarray([-3.067, -2.981, -2.921, -2.912, -2.840, -2.797, 0.936, 1.411])

    def fun(self, x, *args):
        self.nfev += 1
        vec = x[0] + x[1] * self.b + x[2] * self.b ** 2 + x[3] * self.b ** 3
        vec /= 1 + x[4] * self.b + x[5] * self.b ** 2 + x[6] * self.b ** 3
        return sum((self.a - vec) ** 2)


class DeVilliersGlasser(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(1.0, 3.0)] * 4
        t = 0.1 * np.arange(24)
        self._y = 60.137 * (1.371 ** t) * np.sin(3.112 * t + 1.761)

    def fun(self, x, *args):
        self.nfev += 1
        t = 0.1 * np.arange(24)
        y = self._y
        return sum((x[0] * (x[1] ** t) * np.sin(x[2] * t + x[3]) - y) ** 2.0)


class Judge(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        Y = asarray([4.284, 4.149, 3.877, 0.533, 2.211])
        X2 = asarray([0.286, 0.973, 0.384, 0.276, 0.973])
        X3 = asarray([0.645, 0.585, 0.310, 0.058, 0.455])
        return sum(((x[0] + x[1] * X2 + (x[1] ** 2.0) * X3) - Y) ** 2.0)


class Meyer(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.001, 0.1), (3000.0, 7000.0), (200.0, 400.0)]
        self.a = asarray([3.478e4, 2.861e4, 2.365e4, 1.963e4, 1.637e4, 1.372e4])
        self.b = asarray([50.0, 55.0, 60.0, 65.0, 70.0, 75.0])

    def fun(self, x, *args):
        self.nfev += 1
        vec = x[0] * exp(x[1] / (self.b + x[2]))
        return sum((self.a - vec) ** 2) / 1e8


class Bard(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.2, 2.0)] * 3

    def fun(self, x, *args):
        self.nfev += 1
        y = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
        f = 0
        for i in range(1, 16):
            v = 16 - i
            w = min(i, v)
            f += (y[i - 1] - (x[0] + i / (v * x[1] + w * x[2]))) ** 2
        return f


class Osborne(Landscape):
    fixed = 5

    def prepare(self):
        self.bounds = [(0.1, 1.0), (1.0, 2.0), (-2.0, -1.0), (0.005, 0.02), (0.01, 0.04)]
        self.t = [10.0 * i for i in range(7)]
        self.y = [0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881]

    def fun(self, x, *args):
        self.nfev += 1
        r = [yi - (x[0] + x[1] * exp(-ti * x[3]) + x[2] * exp(-ti * x[4])) for ti, yi in zip(self.t, self.y)]
        return sum(asarray(r) ** 2)


class Gear(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(12.0, 60.0)] * 4

    def fun(self, x, *args):
        self.nfev += 1
        return (1.0 / 6.931 - x[0] * x[1] / (x[2] * x[3])) ** 2


class Fletcher(Landscape):
    fixed = 3

    def prepare(self):
        rng = np.random.default_rng(4)
        self.bounds = [(-pi, pi)] * 3
        self.a, self.b = rng.integers(-100, 101, (3, 3)), rng.integers(-100, 101, (3, 3))
        self.alpha = rng.uniform(-pi, pi, 3)

    def fun(self, x, *args):
        self.nfev += 1
        A = self.a @ np.sin(self.alpha) + self.b @ np.cos(self.alpha)
        B = self.a @ np.sin(x) + self.b @ np.cos(x)
        return np.sum((A - B) ** 2)


class FletcherLoops(Landscape):
    fixed = 3

    def prepare(self):
        rng = np.random.default_rng(4)
        self.a, self.b = rng.integers(-100, 101, (3, 3)), rng.integers(-100, 101, (3, 3))
        self.alpha = rng.uniform(-pi, pi, 3)

    def fun(self, x, *args):
        self.nfev += 1
        A, B = np.zeros(3), np.zeros(3)
        for i in range(3):
            for j in range(3):
                A[i] += self.a[i, j] * np.sin(self.alpha[j]) + self.b[i, j] * np.cos(self.alpha[j])
                B[i] += self.a[i, j] * np.sin(x[j]) + self.b[i, j] * np.cos(x[j])
        return sum((A - B) ** 2)


class Gallagher(Landscape):
    def prepare(self):
        rng = np.random.default_rng(9)
        self.centres = rng.uniform(-4, 4, (5, self.N))
        self.heights = [10.0, 8.0, 6.5, 5.0, 3.0]

    def fun(self, x, *args):
        self.nfev += 1
        best = 0.0
        for h, c in zip(self.heights, self.centres):
            v = h * exp(-0.5 / self.N * sum((x - c) ** 2))
            if v > best:
                best = v
        return (10 - best) ** 2


class MaxOfPeaks(Landscape):
    def prepare(self):
        self.peaks = np.random.default_rng(2).uniform(-4, 4, (6, self.N))

    def fun(self, x, *args):
        self.nfev += 1
        d = np.linalg.norm(self.peaks - x, axis=1)
        return np.min(d) + min(d) + np.max([1.0 / (1.0 + t) for t in d]) + sqrt(d[np.argmin(d)])


class Lunacek(Landscape):
    def prepare(self):
        self.mu0, self.d = 2.5, 1.0
        self.s = 1 - 1 / (2 * np.sqrt(self.N + 20) - 8.2)
        self.mu1 = -np.sqrt((self.mu0 ** 2 - self.d) / self.s)

    def fun(self, x, *args):
        self.nfev += 1
        first = np.sum((x - self.mu0) ** 2)
        second = self.d * self.N + self.s * np.sum((x - self.mu1) ** 2)
        return min(first, second) + 10 * np.sum(1 - np.cos(2 * pi * (x - self.mu0)))


class Fitted(Landscape):
    fixed = 4

    def prepare(self):
        self.t = np.linspace(0, 1, 9)
        self.y = 1 + self.t * (2 - self.t)
        self.weights = {"data": 2.0, "size": 0.1}

    def model(self, x, t):
        a, b, c, d = x
        return a + b * t + c * np.exp(-d * t)

    def fun(self, x, *args):
        self.nfev += 1
        r = self.model(x, self.t) - self.y
        return self.weights["data"] * r @ r + self.weights["size"] * np.sum(np.abs(x))


class WithArgs(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        scale = args[0] if args else 2.0
        return sum(scale * x ** 2)
