"""Optimisation test functions of any number of variables, written with vectors."""
from __future__ import annotations

import numpy as np
from numpy import (
    abs, all, any, arange, asarray, atleast_2d, cos, cumsum, diff, dot, exp, floor, log, maximum, mean, minimum, ones, pi, prod, roll,
    round, sin, sqrt, sum, where, zeros,
)
from numpy.linalg import norm

from .base import Landscape


class Ackley(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        u = sum(x ** 2)
        v = sum(cos(2 * pi * x))
        return -20.0 * exp(-0.2 * sqrt(u / self.N)) - exp(v / self.N) + 20.0 + exp(1.0)


class AckleyNeighbours(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        c = 3 * (cos(2 * x[:-1]) + sin(2 * x[1:]))
        return sum(exp(-0.2) * sqrt(x[:-1] ** 2 + x[1:] ** 2) + c)


class Alpine(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(abs(x * sin(x) + 0.1 * x))


class AlpineProduct(Landscape):
    def prepare(self):
        self.bounds = [(0.5, 10.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        return prod(sqrt(x) * sin(x))


class ArithmeticGeometric(Landscape):
    def prepare(self):
        self.bounds = [(0.1, 10.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        f1 = sum(x)
        f2 = prod(x)
        f1 = f1 / self.N
        f2 = f2 ** (1.0 / self.N)
        return (f1 - f2) ** 2


class Brown(Landscape):
    def prepare(self):
        self.bounds = [(-1.0, 4.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        x0 = x[:-1]
        x1 = x[1:]
        return sum((x0 ** 2.0) ** (x1 ** 2.0 + 1.0) + (x1 ** 2.0) ** (x0 ** 2.0 + 1.0))


class Cigar(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return x[0] ** 2 + 1e6 * sum(x[1:] ** 2)


class CosineMixture(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return -0.1 * sum(cos(5.0 * pi * x)) - sum(x ** 2.0)


class Csendes(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        if any(x == 0):
            return 1.0
        return sum((x ** 6.0) * (2.0 + sin(1.0 / x)))


class DeflectedSpring(Landscape):
    def prepare(self):
        self.alpha = 5.0

    def fun(self, x, *args):
        self.nfev += 1
        K, alpha = 5.0, 5.0
        return -cos(K * sqrt(sum((x - alpha) ** 2))) + 0.1 * sum((x - alpha) ** 2)


class DixonPrice(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(2, self.N + 1)
        s = i * (2.0 * x[1:] ** 2.0 - x[:-1]) ** 2.0
        return sum(s) + (x[0] - 1.0) ** 2.0


class Exponential(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return -exp(-0.5 * sum(x ** 2.0))


class Griewank(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(1.0, np.size(x) + 1.0)
        return sum(x ** 2 / 4000) - prod(cos(x / sqrt(i))) + 1


class HyperEllipsoid(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(arange(1, self.N + 1) * x ** 2)


class HyperEllipsoidAxes(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return np.dot(np.arange(1.0, len(x) + 1) ** 2, np.square(x))


class Levy(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        n = len(x)
        z = 1 + (x - 1) / 4
        return (sin(pi * z[0]) ** 2 + sum((z[:-1] - 1) ** 2 * (1 + 10 * sin(pi * z[:-1] + 1) ** 2))
                + (z[n - 1] - 1) ** 2 * (1 + sin(2 * pi * z[n - 1]) ** 2))


class Michalewicz(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        m = 10.0
        i = arange(1, self.N + 1)
        return -sum(sin(x) * sin(i * x ** 2 / pi) ** (2 * m))


class MishraFirst(Landscape):
    def prepare(self):
        self.bounds = [(0.0, 1.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        xn = self.N - sum(x[0:-1])
        return (1 + xn) ** xn


class MishraSecond(Landscape):
    def prepare(self):
        self.bounds = [(0.0, 1.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        xn = self.N - sum((x[:-1] + x[1:]) / 2.0)
        return (1 + xn) ** xn


class MishraEleventh(Landscape):
    def prepare(self):
        self.bounds = [(0.1, 10.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        N = self.N
        return ((1.0 / N) * sum(abs(x)) - (prod(abs(x))) ** 1.0 / N) ** 2.0


class MultiModal(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(abs(x)) * prod(abs(x))


class NeedleEye(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        f = fp = 0.0
        eye = 0.0001
        for val in x:
            if abs(val) >= eye:
                fp = 1.0
                f += 100.0 + abs(val)
            else:
                f += 1.0
        if fp < 1e-6:
            f = f / self.N
        return f


class OddSquare(Landscape):
    def prepare(self):
        self.a = asarray([1, 1.3, 0.8, -0.4, -1.3, 1.6, -0.2, -0.6, 0.5, 1.4] * 2)

    def fun(self, x, *args):
        self.nfev += 1
        b = self.a[0: self.N]
        d = self.N * max((x - b) ** 2.0)
        h = sum((x - b) ** 2.0)
        return -exp(-d / (2.0 * pi)) * cos(pi * d) * (1.0 + 0.02 * h / (d + 0.01))


class Pathological(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        vec = (0.5 + (sin(sqrt(100 * x[:-1] ** 2 + x[1:] ** 2)) ** 2 - 0.5)
               / (1.0 + 0.001 * (x[:-1] ** 2 - 2 * x[:-1] * x[1:] + x[1:] ** 2) ** 2))
        return sum(vec)


class Paviani(Landscape):
    fixed = 10

    def prepare(self):
        self.bounds = [(2.001, 9.999)] * 10

    def fun(self, x, *args):
        self.nfev += 1
        return sum(log(x - 2) ** 2.0 + log(10.0 - x) ** 2.0) - prod(x) ** 0.2


class Pinter(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(self.N) + 1
        xx = zeros(self.N + 2)
        xx[1: -1] = x
        xx[0] = x[-1]
        xx[-1] = x[0]
        A = xx[0: -2] * sin(xx[1: -1]) + sin(xx[2:])
        B = xx[0: -2] ** 2 - 2 * xx[1: -1] + 3 * xx[2:] - cos(xx[1: -1]) + 1
        return (sum(i * x ** 2) + sum(20 * i * sin(A) ** 2) + sum(i * np.log10(1 + i * B ** 2)))


class PinterRolled(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(1, self.N + 1)
        before, after = roll(x, 1), roll(x, -1)
        A = before * sin(x) + sin(after)
        B = before ** 2 - 2 * x + 3 * after - cos(x) + 1
        return sum(i * x ** 2 + 20 * i * sin(A) ** 2 + i * np.log10(1 + i * B ** 2))


class Plateau(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return 30.0 + sum(floor(abs(x))) + 0.0 * x[0]


class Powell(Landscape):
    fixed = 4

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] + 10 * x[1]) ** 2 + 5 * (x[2] - x[3]) ** 2 + (x[1] - 2 * x[2]) ** 4 + 10 * (x[0] - x[3]) ** 4


class PowellStrided(Landscape):
    fixed = 8

    def fun(self, x, *args):
        self.nfev += 1
        a, b, c, d = x[::4], x[1::4], x[2::4], x[3::4]
        return np.sum((a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4)


class PowellSum(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(abs(x) ** (arange(self.N) + 2.0))


class Qing(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(1, self.N + 1)
        return sum((x ** 2.0 - i) ** 2.0)


class Quintic(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(abs(x ** 5 - 3 * x ** 4 + 4 * x ** 3 + 2 * x ** 2 - 10 * x - 4))


class Rana(Landscape):
    def prepare(self):
        self.bounds = [(-500.0, 500.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        t1 = sqrt(abs(x[1:] + x[:-1] + 1))
        t2 = sqrt(abs(x[1:] - x[:-1] + 1))
        v = (x[1:] + 1) * cos(t2) * sin(t1) + x[:-1] * cos(t1) * sin(t2)
        return sum(v)


class Rastrigin(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return 10.0 * self.N + sum(x ** 2.0 - 10.0 * cos(2.0 * pi * x))


class Rosenbrock(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(100.0 * (x[1:] - x[:-1] ** 2.0) ** 2.0 + (1 - x[:-1]) ** 2.0)


class RosenbrockStrided(Landscape):
    fixed = 6

    def fun(self, x, *args):
        self.nfev += 1
        return (100 * (x[1::2] - x[::2] ** 2) ** 2 + (1 - x[::2]) ** 2).sum()


class Salomon(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        u = sqrt(sum(x ** 2))
        return 1 - cos(2 * pi * u) + 0.1 * u


class Sargan(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        x0 = x[:-1]
        x1 = roll(x, -1)[:-1]
        return sum(self.N * (x ** 2 + 0.4 * sum(x0 * x1)))


class SchwefelFirst(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        alpha = sqrt(pi)
        return (sum(x ** 2.0)) ** alpha


class SchwefelPrefixes(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(cumsum(x) ** 2)


class SchwefelMax(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return max(abs(x))


class SchwefelSumProduct(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(abs(x)) + prod(abs(x))


class SchwefelSine(Landscape):
    def prepare(self):
        self.bounds = [(-500.0, 500.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        return 418.982887 * self.N - sum(x * sin(sqrt(abs(x))))


class SchwefelMatrix(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return maximum(abs(x[0] + 2 * x[1] - 7), abs(2 * x[0] + x[1] - 5))


class SineEnvelope(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        X0 = x[:-1]
        X1 = x[1:]
        X02X12 = X0 ** 2 + X1 ** 2
        return sum((sin(sqrt(X02X12)) ** 2 - 0.5) / (1 + 0.001 * X02X12) ** 2 + 0.5)


class Sphere(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(x ** 2)


class SphereNorm(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return norm(x - 1.5) ** 2 + np.linalg.norm(x, 1) + norm(x, ord=np.inf)


class Step(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum((floor(x + 0.5)) ** 2.0) + sum(x)


class StretchedV(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        t = x[1:] ** 2 + x[:-1] ** 2
        return sum(t ** 0.25 * (sin(50.0 * t ** 0.1) + 1) ** 2)


class StyblinskiTang(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(x ** 4 - 16 * x ** 2 + 5 * x) / 2


class SumDifferentPowers(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(2, self.N + 2)
        return sum(abs(x) ** i)


class Trid(Landscape):
    fixed = 6

    def fun(self, x, *args):
        self.nfev += 1
        return sum((x - 1.0) ** 2.0) - sum(x[1:] * x[:-1])


class Trigonometric(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(1.0, self.N + 1)
        return sum((self.N - sum(cos(x)) + i * (1 - cos(x)) - sin(x)) ** 2)


class TrigonometricSecond(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        vec = (8 * sin(7 * (x - 0.9) ** 2) ** 2 + 6 * sin(14 * (x - 0.9) ** 2) ** 2 + (x - 0.9) ** 2)
        return 1.0 + sum(vec)


class Vincent(Landscape):
    def prepare(self):
        self.bounds = [(0.25, 10.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        return -sum(sin(10.0 * log(x)))


class Wavy(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return 1.0 - (1.0 / self.N) * sum(cos(10 * x) * exp(-x ** 2.0 / 2.0))


class Weierstrass(Landscape):
    def prepare(self):
        self.bounds = [(-0.5, 0.5)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        kmax = 6
        a, b = 0.5, 3.0
        k = atleast_2d(arange(kmax + 1.0)).T
        t1 = a ** k * cos(2 * pi * b ** k * (x + 0.5))
        t2 = self.N * sum(a ** k.T * cos(pi * b ** k.T))
        return sum(sum(t1, axis=0)) - t2


class Whitley(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        XI = x
        XJ = atleast_2d(x).T
        temp = 100.0 * ((XI ** 2.0) - XJ) + (1.0 - XJ) ** 2.0
        inner = (temp ** 2.0 / 4000.0) - cos(temp) + 1.0
        return sum(sum(inner, axis=0))


class XinSheYang(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(abs(x)) * exp(-sum(sin(x ** 2.0)))


class XinSheYangWaves(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        beta, m = 15.0, 5.0
        u = sum((x / beta) ** (2 * m))
        v = sum(x ** 2)
        w = prod(cos(x) ** 2)
        return exp(-u) - 2 * exp(-v) * w


class XinSheYangFourth(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        u = sum(sin(x) ** 2)
        v = sum(x ** 2)
        w = sum(sin(sqrt(abs(x))) ** 2)
        return (u - exp(-v)) * exp(-w)


class YaoLiuFourth(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return abs(x).max()


class YaoLiuNinth(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        return sum(x ** 2.0 - 10.0 * cos(2 * pi * x) + 10)


class Zakharov(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        i = arange(1.0, self.N + 1.0)
        return sum(x ** 2.0) + (0.5 * sum(i * x)) ** 2.0 + (0.5 * sum(i * x)) ** 4.0


class Bent(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        x = asarray(x)
        y = where(x > 0, x ** 2, 0.5 * abs(x))
        y = y + minimum(x, 1.0)
        return mean(y) + dot(x, ones(self.N)) + sum(diff(x) ** 2)


class Bounded(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        if all(x < 4.9) and not (np.asarray(x) > 10).any():
            return float(np.sum(x ** 2)) + np.linalg.norm(x)
        return 1e3 + round(3.7) * x.mean()


class Masked(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        inside = np.abs(x) < 2.5
        return x[inside] @ x[inside] + np.sum(np.exp(-x[~inside])) + np.count_nonzero(inside)


class Stretched(Landscape):
    def fun(self, x, *args):
        self.nfev += 1
        y = np.array(x, dtype=float)
        y[1:] -= 0.5 * y[:-1]
        y *= 2.0
        return np.inner(y, y) + np.ptp(y) + y.var()
