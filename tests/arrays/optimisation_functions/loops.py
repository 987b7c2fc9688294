"""Optimisation test functions written with loops, generators, comprehensions and helper functions."""
from __future__ import annotations

import math
from functools import reduce
from math import exp, fabs

import numpy as np

from .base import Landscape


class RosenbrockLoop(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        total = 0.0
        for i in range(self.N - 1):
            total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
        return total


class RosenbrockPairs(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(100.0 * (b - a ** 2) ** 2 + (1 - a) ** 2 for a, b in zip(x[:-1], x[1:]))


class SphereBuiltin(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum([xi ** 2 for xi in x])


class RastriginGenerator(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return 10 * len(x) + sum(xi ** 2 - 10 * math.cos(2 * math.pi * xi) for xi in x)


class SchwefelNested(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        s1 = 0
        for i in range(len(x)):
            s2 = 0
            for j in range(i + 1):
                s2 += x[j]
            s1 += s2 ** 2
        return s1


class SchwefelSlices(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(sum(x[: i + 1]) ** 2 for i in range(len(x)))


class GriewankLoop(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        part1, part2 = 0.0, 1.0
        for i, c in enumerate(x):
            part1 += c ** 2
            part2 *= math.cos(float(c) / math.sqrt(i + 1))
        return 1 + float(part1) / 4000.0 - float(part2)


class PermFirst(Landscape):
    def prepare(self):
        self.beta = 0.5

    def fun(self, x, *args):
        self.nfev += 1
        b = 0.5
        outer = 0.0
        for k in range(1, self.N + 1):
            inner = 0.0
            for j in range(1, self.N + 1):
                inner += (j ** k + b) * ((x[j - 1] / j) ** k - 1)
            outer += inner ** 2
        return outer


class PermMatrix(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        b = 10.0
        k = np.atleast_2d(np.arange(self.N) + 1).T
        j = np.atleast_2d(np.arange(self.N) + 1)
        s = (j + b) * (x ** k - (1.0 / j) ** k)
        return np.sum(np.sum(s, axis=1) ** 2)


class PowerSum(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(0.0, 4.0)] * 4

    def fun(self, x, *args):
        self.nfev += 1
        b = [8.0, 18.0, 44.0, 114.0]
        k = np.atleast_2d(np.arange(4) + 1).T
        return np.sum((np.sum(x ** k, axis=1) - b) ** 2)


class PowerSumLoop(Landscape):
    fixed = 4

    def prepare(self):
        self.b = [8.0, 18.0, 44.0, 114.0]

    def fun(self, x, *args):
        self.nfev += 1
        outer = 0
        for i in range(1, self.N + 1):
            inner = 0
            for xj in x:
                inner = inner + xj ** i
            outer = outer + (inner - self.b[i - 1]) ** 2
        return outer


def penalty(x, a, k, m):
    y = k * (x - a) ** m * (x > a)
    y += k * (-x - a) ** m * (x < -a)
    return y


def penalty_where(x, a, k, m):
    return np.where(x > a, k * (x - a) ** m, np.where(x < -a, k * (-x - a) ** m, 0.0))


def penalty_branch(x, a, k, m):
    if x > a:
        return k * (x - a) ** m
    elif -a <= x <= a:
        return 0
    else:
        return k * (-x - a) ** m


class PenaltyFirst(Landscape):
    def prepare(self):
        self.bounds = [(-15.0, 15.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        a, b, c = 10.0, 100.0, 4.0
        xx = abs(x)
        u = np.where(xx > a, b * (xx - a) ** c, 0.0)
        y = 1.0 + (x + 1.0) / 4.0
        return (np.sum(u) + (np.pi / 30.0) * (10.0 * np.sin(np.pi * y[0]) ** 2.0
                + np.sum((y[:-1] - 1.0) ** 2.0 * (1.0 + 10.0 * np.sin(np.pi * y[1:]) ** 2.0)) + (y[-1] - 1) ** 2.0))


class PenaltySecond(Landscape):
    def prepare(self):
        self.bounds = [(-15.0, 15.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        s = np.sin(3 * np.pi * x[0]) ** 2
        for i in range(self.N - 1):
            s += (x[i] - 1) ** 2 * (1 + np.sin(3 * np.pi * x[i + 1]) ** 2)
        s += (x[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * x[-1]) ** 2)
        return 0.1 * s + np.sum(penalty(x, 5, 100, 4))


class PenaltyWhere(Landscape):
    def prepare(self):
        self.bounds = [(-15.0, 15.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        return penalty_where(x, 10, 100, 4).sum() + np.sum(x ** 2)


class PenaltyBranch(Landscape):
    def prepare(self):
        self.bounds = [(-15.0, 15.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        return sum([penalty_branch(xi, 10, 100, 4) for xi in x]) + sum(x * x)


class PenaltyMethod(Landscape):
    def prepare(self):
        self.bounds = [(-15.0, 15.0)] * self.N

    def u(self, xi, a, k, m):
        if xi > a:
            return k * (xi - a) ** m
        if xi < -a:
            return k * (-xi - a) ** m
        return 0.0

    def fun(self, x, *args):
        self.nfev += 1
        return sum(self.u(x[i], 5.0, 100.0, 4) for i in range(self.N)) + np.sum((x - 1) ** 2)


class LevyInner(Landscape):
    def fun(self, x, *args):
        self.nfev += 1

        def w(t):
            return 1 + (t - 1) / 4

        s = math.sin(math.pi * w(x[0])) ** 2
        for i in range(self.N - 1):
            wi = w(x[i])
            s += (wi - 1) ** 2 * (1 + 10 * math.sin(math.pi * wi + 1) ** 2)
        wd = w(x[-1])
        return s + (wd - 1) ** 2 * (1 + math.sin(2 * math.pi * wd) ** 2)


class Weighted(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        y = []
        for i in range(self.N):
            y.append((i + 1) * x[i] ** 4)
        return np.sum(y) + sum(y)


class Katsuura(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        d = 3
        k = np.atleast_2d(np.arange(1, d + 1)).T
        idx = np.arange(0.0, self.N * 1.0)
        inner = np.round(2.0 ** k * x) * (2.0 ** (-k))
        return np.prod(np.sum(inner, axis=0) * (idx + 1) + 1)


class KatsuuraLoop(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        product = 1.0
        for i in range(self.N):
            inner = 0.0
            for k in range(1, 8):
                inner += abs(2 ** k * x[i] - round(2 ** k * x[i])) / 2 ** k
            product *= (1 + (i + 1) * inner) ** (10.0 / self.N ** 1.2)
        return 10.0 / self.N ** 2 * product - 10.0 / self.N ** 2


class LennardJones(Landscape):
    fixed = 9

    def prepare(self):
        self.bounds = [(-1.5, 1.5)] * 9

    def fun(self, x, *args):
        self.nfev += 1
        k = int(self.N / 3)
        s = 0.0
        for i in range(k - 1):
            for j in range(i + 1, k):
                a = 3 * i
                b = 3 * j
                xd = x[a] - x[b]
                yd = x[a + 1] - x[b + 1]
                zd = x[a + 2] - x[b + 2]
                ed = xd * xd + yd * yd + zd * zd
                ud = ed * ed * ed
                if ed > 0.0:
                    s += (1.0 / ud - 2.0) / ud
        return s


class LennardJonesRows(Landscape):
    fixed = 12

    def prepare(self):
        self.bounds = [(-1.5, 1.5)] * 12

    def fun(self, x, *args):
        self.nfev += 1
        points = x.reshape(-1, 3)
        energy = 0.0
        for i, p in enumerate(points):
            for q in points[i + 1:]:
                r2 = np.sum((p - q) ** 2)
                energy += r2 ** -6 - 2 * r2 ** -3
        return energy


class LennardJonesPairs(Landscape):
    fixed = 12

    def fun(self, x, *args):
        self.nfev += 1
        points = np.reshape(x, (4, 3))
        i, j = np.triu_indices(4, 1)
        r = np.linalg.norm(points[i] - points[j], axis=1)
        return np.sum(r ** -12 - 2 * r ** -6)


class Cola(Landscape):
    fixed = 7

    def prepare(self):
        self.d = np.asarray([[0, 0, 0, 0], [1.27, 0, 0, 0], [1.69, 1.43, 0, 0], [2.04, 2.35, 2.43, 0], [3.09, 3.18, 3.26, 2.85]])

    def fun(self, x, *args):
        self.nfev += 1
        xs = np.zeros(5)
        ys = np.zeros(5)
        xs[1] = x[0]
        xs[2:] = x[1:4]
        ys[2:] = x[4:7]
        f = 0.0
        for i in range(1, 5):
            for j in range(i):
                r = np.sqrt((xs[i] - xs[j]) ** 2 + (ys[i] - ys[j]) ** 2)
                f += (r - self.d[i, j]) ** 2
        return f


class ColaMatrix(Landscape):
    fixed = 7

    def prepare(self):
        self.d = np.asarray([[0, 0, 0, 0], [1.27, 0, 0, 0], [1.69, 1.43, 0, 0], [2.04, 2.35, 2.43, 0], [3.09, 3.18, 3.26, 2.85]])

    def fun(self, x, *args):
        self.nfev += 1
        xi = np.atleast_2d(np.asarray([0.0, x[0]] + list(x[1::2])))
        xj = np.repeat(xi, np.size(xi, 1), axis=0)
        xi = xi.T
        yi = np.atleast_2d(np.asarray([0.0, 0.0] + list(x[2::2])))
        yj = np.repeat(yi, np.size(yi, 1), axis=0)
        yi = yi.T
        inner = (np.sqrt((xi - xj) ** 2 + (yi - yj) ** 2) - np.zeros((5, 5))) ** 2
        inner = np.tril(inner, -1)
        return np.sum(np.sum(inner, axis=1))


class ElAttar(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        x1, x2 = x
        return (x1 ** 2 + x2 - 10) ** 2 + (x1 + x2 ** 2 - 7) ** 2 + (x1 ** 2 + x2 ** 3 - 1) ** 2


class Biggs(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.0, 5.0)] * 3

    def fun(self, x, *args):
        self.nfev += 1
        t = np.arange(1.0, 11.0) * 0.1
        y = np.exp(-t) - 5 * np.exp(-10 * t)
        vec = (np.exp(-t * x[0]) - x[2] * np.exp(-t * x[1]) - y) ** 2
        return np.sum(vec)


class BiggsLoop(Landscape):
    fixed = 5

    def fun(self, x, *args):
        self.nfev += 1
        s = 0.0
        for i in range(11):
            z = i / 10.0
            y = exp(-z) - 5 * exp(-10 * z) + 3 * exp(-4 * z)
            s += (x[2] * exp(-z * x[0]) - x[3] * exp(-z * x[1]) + 3 * exp(-z * x[4]) - y) ** 2
        return s


class BoxBetts(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.9, 1.2), (9.0, 11.2), (0.9, 1.2)]

    def fun(self, x, *args):
        self.nfev += 1
        i = np.arange(1, 11)
        g = (np.exp(-0.1 * i * x[0]) - np.exp(-0.1 * i * x[1]) - (np.exp(-0.1 * i) - np.exp(-i)) * x[2])
        return np.sum(g ** 2)


class Hansen(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        i = np.arange(5.0)
        a = (i + 1) * np.cos(i * x[0] + i + 1)
        b = (i + 1) * np.cos((i + 2) * x[1] + i + 1)
        return np.sum(a) * np.sum(b)


class Shubert(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        j = np.atleast_2d(np.arange(1, 6)).T
        y = j * np.cos((j + 1) * x + j)
        return np.prod(np.sum(y, axis=0))


class ShubertLoops(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        s = 0.0
        for i in range(self.N):
            for j in range(1, 6):
                s -= j * math.sin((j + 1) * x[i] + j)
        return s


class Watson(Landscape):
    fixed = 6

    def prepare(self):
        self.bounds = [(-1.0, 1.0)] * 6

    def fun(self, x, *args):
        self.nfev += 1
        i = np.atleast_2d(np.arange(30.0)).T
        a = i / 29.0
        j = np.arange(5.0)
        k = np.arange(6.0)
        t1 = np.sum((j + 1) * a ** j * x[1:], axis=1)
        t2 = np.sum(a ** k * x, axis=1)
        inner = (t1 - t2 ** 2 - 1) ** 2
        return np.sum(inner) + x[0] ** 2


class VectorLoop(Landscape):
    fixed = 4

    def fun(self, x, *args):
        self.nfev += 1
        s = 0.0
        for a, b in zip(np.atleast_2d(x).T, np.arange(4.0)):
            s += math.sin(a[0]) * b + fabs(a[0])
        return s


class StretchedPairs(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        s = 0
        for i in range(0, self.N - 1):
            t = x[i + 1] * x[i + 1] + x[i] * x[i]
            s = s + t ** 0.25 * (np.sin(50 * t ** 0.1 + 1)) ** 2
        return s


class ProductBuiltin(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return math.prod(math.cos(xi) for xi in x) + reduce(lambda a, b: a + b, [xi ** 2 for xi in x])


class MaxOfList(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return max([abs(xi) for xi in x]) - min(x) + max(x[0], x[1], 0.5)


class WhileLoop(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i, s = 0, 0.0
        while i < len(x):
            s = s + x[i] ** 2 * (i + 1)
            i += 1
        return s


class Converted(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        x = np.asarray_chkfinite(x)
        n = len(x)
        j = np.arange(1, n + 1)
        return float(np.sum(x ** 2 / j) + sum(x ** 2) * np.exp(-0.1 * n))


class Squeezed(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        x = np.atleast_2d(x)
        scores = np.sum(x ** 2, axis=1) + np.prod(np.cos(x), 1)
        return scores.squeeze()[()]


class Counted(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        x = np.copy(x)
        x = x - np.array(self.global_optimum[0])
        n = x.shape[0]
        z = np.empty(n)
        for i in range(n):
            z[i] = x[i] * 2.0 ** (i / (n - 1))
        return z.dot(z) + z.T @ z


class Rotated(Landscape):
    fixed = 2

    def prepare(self):
        angle = 0.7
        self.rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        self.shift = np.array([0.3, -0.4])

    def fun(self, x, *args):
        self.nfev += 1
        z = self.rotation @ (x - self.shift)
        w = np.dot(self.rotation.T, z) + np.matmul(z, self.rotation)
        return np.sum(z ** 2 * np.array([1.0, 1e3])) + w[0] * w[1]
