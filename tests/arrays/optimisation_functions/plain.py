"""Optimisation test functions of a few variables, written out with indices."""
from __future__ import annotations

from numpy import abs, arctan2, array, cos, exp, floor, log, pi, sign, sin, sqrt, sum, tan, where

from .base import Landscape


class Adjiman(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return cos(x[0]) * sin(x[1]) - x[0] / (x[1] ** 2.0 + 1)


class BartelsConn(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return abs(x[0] ** 2.0 + x[1] ** 2.0 + x[0] * x[1]) + abs(sin(x[0])) + abs(cos(x[1]))


class Beale(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return ((1.5 - x[0] + x[0] * x[1]) ** 2 + (2.25 - x[0] + x[0] * x[1] ** 2) ** 2
                + (2.625 - x[0] + x[0] * x[1] ** 3) ** 2)


class Bird(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (sin(x[0]) * exp((1 - cos(x[1])) ** 2) + cos(x[1]) * exp((1 - sin(x[0])) ** 2) + (x[0] - x[1]) ** 2)


class Bohachevsky(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        x0, x1 = x[0], x[1]
        return x0 ** 2 + 2 * x1 ** 2 - 0.3 * cos(3 * pi * x0) - 0.4 * cos(4 * pi * x1) + 0.7


class BohachevskyJoined(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        x0, x1 = x
        return x0 ** 2 + 2 * x1 ** 2 - 0.3 * cos(3 * pi * x0 + 4 * pi * x1) + 0.3


class Booth(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2


class Branin(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(-5.0, 10.0), (0.0, 15.0)]
        self.fglob = 0.39788735772973816

    def fun(self, x, *args):
        self.nfev += 1
        return ((x[1] - (5.1 / (4 * pi ** 2)) * x[0] ** 2 + 5 * x[0] / pi - 6) ** 2
                + 10 * (1 - 1 / (8 * pi)) * cos(x[0]) + 10)


class BraninNamed(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        a, b, c, r, s, t = 1.0, 5.1 / (4 * pi ** 2), 5 / pi, 6.0, 10.0, 1 / (8 * pi)
        x1, x2 = x
        return a * (x2 - b * x1 ** 2 + c * x1 - r) ** 2 + s * (1 - t) * cos(x1) + s


class Brent(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] + 10.0) ** 2.0 + (x[1] + 10.0) ** 2.0 + exp(-x[0] ** 2.0 - x[1] ** 2.0)


class Bukin(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(-15.0, -5.0), (-3.0, 3.0)]

    def fun(self, x, *args):
        self.nfev += 1
        return 100 * sqrt(abs(x[1] - 0.01 * x[0] ** 2)) + 0.01 * abs(x[0] + 10)


class ThreeHumpCamel(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return 2 * x[0] ** 2 - 1.05 * x[0] ** 4 + x[0] ** 6 / 6 + x[0] * x[1] + x[1] ** 2


class SixHumpCamel(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (4 - 2.1 * x[0] ** 2 + x[0] ** 4 / 3) * x[0] ** 2 + x[0] * x[1] + (4 * x[1] ** 2 - 4) * x[1] ** 2


class Chichinadze(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] ** 2 - 12 * x[0] + 11 + 10 * cos(pi * x[0] / 2) + 8 * sin(5 * pi * x[0] / 2)
                - (1 / 5) ** 0.5 * exp(-0.5 * (x[1] - 0.5) ** 2))


class Colville(Landscape):
    fixed = 4

    def fun(self, x, *args):
        self.nfev += 1
        return (100 * (x[0] - x[1] ** 2) ** 2 + (1 - x[0]) ** 2 + (1 - x[2]) ** 2 + 90 * (x[3] - x[2] ** 2) ** 2
                + 10.1 * ((x[1] - 1) ** 2 + (x[3] - 1) ** 2) + 19.8 * (x[1] - 1) * (x[3] - 1))


class CrossInTray(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        ex = exp(abs(100 - sqrt(x[0] ** 2 + x[1] ** 2) / pi))
        return -0.0001 * (abs(ex * sin(x[0]) * sin(x[1])) + 1) ** 0.1


class CrossLegTable(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        u = 100 - sqrt(x[0] ** 2 + x[1] ** 2) / pi
        v = sin(x[0]) * sin(x[1])
        return -((abs(v * exp(abs(u))) + 1) ** -0.1)


class Cube(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return 100.0 * (x[1] - x[0] ** 3.0) ** 2.0 + (1.0 - x[0]) ** 2.0


class Damavandi(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(0.0, 14.0)] * 2

    def fun(self, x, *args):
        self.nfev += 1
        try:
            num = sin(pi * (x[0] - 2.0)) * sin(pi * (x[1] - 2.0))
            den = (pi ** 2) * (x[0] - 2.0) * (x[1] - 2.0)
            factor1 = 1.0 - (abs(num / den)) ** 5.0
            factor2 = 2 + (x[0] - 7.0) ** 2.0 + 2 * (x[1] - 7.0) ** 2.0
            return factor1 * factor2
        except ZeroDivisionError:
            return float("nan")


class DeckkersAarts(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        r = x[0] ** 2 + x[1] ** 2
        return 1e5 * x[0] ** 2 + x[1] ** 2 - r ** 2 + 1e-5 * r ** 4


class Dolan(Landscape):
    fixed = 5

    def fun(self, x, *args):
        self.nfev += 1
        return (abs((x[0] + 1.7 * x[1]) * sin(x[0]) - 1.5 * x[2] - 0.1 * x[3] * cos(x[3] + x[4] - x[0])
                    + 0.2 * x[4] ** 2 - x[1] - 1))


class DropWave(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        norm_x = sum(x ** 2)
        return -(1 + cos(12 * sqrt(norm_x))) / (0.5 * norm_x + 2)


class Easom(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        a = (x[0] - pi) ** 2 + (x[1] - pi) ** 2
        return -cos(x[0]) * cos(x[1]) * exp(-a)


class EggCrate(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return x[0] ** 2 + x[1] ** 2 + 25 * (sin(x[0]) ** 2 + sin(x[1]) ** 2)


class EggHolder(Landscape):
    def prepare(self):
        self.bounds = [(-512.0, 512.0)] * self.N

    def fun(self, x, *args):
        self.nfev += 1
        vec = (-(x[1:] + 47) * sin(sqrt(abs(x[1:] + x[:-1] / 2.0 + 47))) - x[:-1] * sin(sqrt(abs(x[:-1] - (x[1:] + 47)))))
        return sum(vec)


class FreudensteinRoth(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        f1 = (-13.0 + x[0] + ((5.0 - x[1]) * x[1] - 2.0) * x[1]) ** 2
        f2 = (-29.0 + x[0] + ((x[1] + 1.0) * x[1] - 14.0) * x[1]) ** 2
        return f1 + f2


class Giunta(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        arg = 16 * x / 15.0 - 1
        return 0.6 + sum(sin(arg) + sin(arg) ** 2 + sin(4 * arg) / 50)


class GoldsteinPrice(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        a = 1 + (x[0] + x[1] + 1) ** 2 * (19 - 14 * x[0] + 3 * x[0] ** 2 - 14 * x[1] + 6 * x[0] * x[1] + 3 * x[1] ** 2)
        b = 30 + (2 * x[0] - 3 * x[1]) ** 2 * (18 - 32 * x[0] + 12 * x[0] ** 2 + 48 * x[1] - 36 * x[0] * x[1] + 27 * x[1] ** 2)
        return a * b


class HelicalValley(Landscape):
    fixed = 3

    def fun(self, x, *args):
        self.nfev += 1
        r = sqrt(x[0] ** 2 + x[1] ** 2)
        theta = 1 / (2.0 * pi) * arctan2(x[1], x[0])
        return x[2] ** 2 + 100 * ((x[2] - 10 * theta) ** 2 + (r - 1) ** 2)


class Himmelblau(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


class HolderTable(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return -abs(sin(x[0]) * cos(x[1]) * exp(abs(1 - sqrt(x[0] ** 2 + x[1] ** 2) / pi)))


class Hosaki(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        val = 1 - 8 * x[0] + 7 * x[0] ** 2 - 7 / 3.0 * x[0] ** 3 + 0.25 * x[0] ** 4
        return val * x[1] ** 2 * exp(-x[1])


class JennrichSampson(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(-1.0, 1.0)] * 2

    def fun(self, x, *args):
        self.nfev += 1
        from numpy import arange

        i = arange(1, 11)
        return sum((2 + 2 * i - (exp(i * x[0]) + exp(i * x[1]))) ** 2)


class Keane(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        val = sin(x[0] - x[1]) ** 2 * sin(x[0] + x[1]) ** 2
        return val / sqrt(x[0] ** 2 + x[1] ** 2)


class Leon(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return 100.0 * (x[1] - x[0] ** 2.0) ** 2.0 + (1.0 - x[0]) ** 2.0


class LevyThirteen(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        u = sin(3 * pi * x[0]) ** 2
        v = (x[0] - 1) ** 2 * (1 + (sin(3 * pi * x[1])) ** 2)
        w = (x[1] - 1) ** 2 * (1 + (sin(2 * pi * x[1])) ** 2)
        return u + v + w


class Matyas(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return 0.26 * (x[0] ** 2 + x[1] ** 2) - 0.48 * x[0] * x[1]


class McCormick(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return sin(x[0] + x[1]) + (x[0] - x[1]) ** 2 - 1.5 * x[0] + 2.5 * x[1] + 1


class MieleCantrell(Landscape):
    fixed = 4

    def prepare(self):
        self.bounds = [(-1.0, 1.0)] * 4

    def fun(self, x, *args):
        self.nfev += 1
        return ((exp(-x[0]) - x[1]) ** 4 + 100 * (x[1] - x[2]) ** 6 + tan(x[2] - x[3]) ** 4 + x[0] ** 8)


class MishraFourth(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return sqrt(abs(sin(sqrt(abs(x[0] ** 2 + x[1]))))) + (x[0] + x[1]) / 100.0


class MishraSixth(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        a = 0.1 * ((x[0] - 1) ** 2 + (x[1] - 1) ** 2)
        u = (cos(x[0]) + cos(x[1])) ** 2
        v = (sin(x[0]) + sin(x[1])) ** 2
        return a - log((u - v + x[0] + 9.0) ** 2)


class NewFunction(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (abs(cos(sqrt(abs(x[0] ** 2 + x[1]))))) ** 0.5 + 0.01 * (x[0] + x[1])


class Parsopoulos(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return cos(x[0]) ** 2.0 + sin(x[1]) ** 2.0


class PenHolder(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        a = abs(1.0 - (sqrt(x[0] ** 2 + x[1] ** 2) / pi))
        b = cos(x[0]) * cos(x[1]) * exp(a)
        return -exp(-abs(b) ** -1)


class PriceFirst(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (abs(x[0]) - 5.0) ** 2.0 + (abs(x[1]) - 5.0) ** 2.0


class PriceSecond(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return 1.0 + sum(sin(x) ** 2) - 0.1 * exp(-x[0] ** 2.0 - x[1] ** 2.0)


class Quadratic(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (-3803.84 - 138.08 * x[0] - 232.92 * x[1] + 128.08 * x[0] ** 2.0 + 203.64 * x[1] ** 2.0 + 182.25 * x[0] * x[1])


class Ripple(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(0.0, 1.0)] * 2

    def fun(self, x, *args):
        self.nfev += 1
        u = -2 * log(2) * ((x - 0.1) / 0.8) ** 2
        v = sin(5 * pi * x) ** 6 + 0.1 * cos(500 * pi * x) ** 2
        return sum(-exp(u) * v)


class SchafferFirst(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        u = x[0] ** 2 + x[1] ** 2
        num = sin(u) ** 2 - 0.5
        den = (1 + 0.001 * u) ** 2
        return 0.5 + num / den


class SchafferThird(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        num = sin(cos(abs(x[0] ** 2 - x[1] ** 2))) ** 2 - 0.5
        den = (1 + 0.001 * (x[0] ** 2 + x[1] ** 2)) ** 2
        return 0.5 + num / den


class TestTube(Landscape):
    fixed = 2
    __test__ = False

    def fun(self, x, *args):
        self.nfev += 1
        u = sin(x[0]) * cos(x[1])
        v = (x[0] ** 2 + x[1] ** 2) / 200
        return -4 * abs(u * exp(abs(cos(v))))


class Treccani(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return x[0] ** 4 + 4.0 * x[0] ** 3 + 4.0 * x[0] ** 2 + x[1] ** 2


class Trefethen(Landscape):
    fixed = 2

    def prepare(self):
        self.bounds = [(-1.0, 1.0)] * 2

    def fun(self, x, *args):
        self.nfev += 1
        val = 0.25 * x[0] ** 2 + 0.25 * x[1] ** 2
        val += exp(sin(50.0 * x[0])) - sin(10 * x[0] + 10 * x[1])
        val += sin(60 * exp(x[1]))
        val += sin(70 * sin(x[0]))
        val += sin(sin(80 * x[1]))
        return val


class Tripod(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        p1 = float(x[0] >= 0)
        p2 = float(x[1] >= 0)
        return (p2 * (1.0 + p1) + abs(x[0] + 50.0 * p2 * (1.0 - 2.0 * p1)) + abs(x[1] + 50.0 * (1.0 - 2.0 * p2)))


class Ursem(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        u = -(0.5 * x[0] ** 2 - 0.1 * x[1] ** 2 + 1) / 1.0
        return u * 0.1 - sin(2 * x[0] - 0.5 * pi) - 3 * cos(x[1]) - 0.5 * x[0]


class VenterSobiezcczanskiSobieski(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        u = x[0] ** 2.0 - 100.0 * cos(x[0]) ** 2.0
        v = -100.0 * cos(x[0] ** 2.0 / 30.0) + x[1] ** 2.0
        w = -100.0 * cos(x[1]) ** 2.0 - 100.0 * cos(x[1] ** 2.0 / 30.0) + 1400.0
        return u + v + w


class WayburnSeader(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] ** 6 + x[1] ** 4 - 17) ** 2 + (2 * x[0] + x[1] - 4) ** 2


class Wolfe(Landscape):
    fixed = 3

    def prepare(self):
        self.bounds = [(0.0, 2.0)] * 3

    def fun(self, x, *args):
        self.nfev += 1
        return 4 / 3 * (x[0] ** 2 + x[1] ** 2 - x[0] * x[1]) ** 0.75 + x[2]


class Zettl(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return (x[0] ** 2 + x[1] ** 2 - 2 * x[0]) ** 2 + 0.25 * x[0]


class Zirilli(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return 0.25 * x[0] ** 4 - 0.5 * x[0] ** 2 + 0.1 * x[0] + 0.5 * x[1] ** 2


class Xor(Landscape):
    fixed = 9

    def prepare(self):
        self.bounds = [(-1.0, 1.0)] * 9

    def fun(self, x, *args):
        self.nfev += 1
        f11 = x[6] / (1.0 + exp(-x[0] - x[1] - x[4]))
        f12 = x[7] / (1.0 + exp(-x[2] - x[3] - x[5]))
        f1 = (1.0 + exp(-f11 - f12 - x[8])) ** (-2)
        f21 = x[6] / (1.0 + exp(-x[4]))
        f22 = x[7] / (1.0 + exp(-x[5]))
        f2 = (1.0 + exp(-f21 - f22 - x[8])) ** (-2)
        f31 = x[6] / (1.0 + exp(-x[0] - x[4]))
        f32 = x[7] / (1.0 + exp(-x[2] - x[5]))
        f3 = (1.0 - (1.0 + exp(-f31 - f32 - x[8])) ** (-1)) ** 2
        f41 = x[6] / (1.0 + exp(-x[1] - x[4]))
        f42 = x[7] / (1.0 + exp(-x[3] - x[5]))
        f4 = (1.0 - (1.0 + exp(-f41 - f42 - x[8])) ** (-1)) ** 2
        return f1 + f2 + f3 + f4


class Corana(Landscape):
    fixed = 4

    def fun(self, x, *args):
        self.nfev += 1
        d = [1.0, 1000.0, 10.0, 100.0]
        r = 0
        for j in range(4):
            zj = floor(abs(x[j] / 0.2) + 0.49999) * sign(x[j]) * 0.2
            if abs(x[j] - zj) < 0.05:
                r += 0.15 * ((zj - 0.05 * sign(zj)) ** 2) * d[j]
            else:
                r += d[j] * x[j] * x[j]
        return r


class Zagros(Landscape):
    fixed = 2

    def fun(self, x, *args):
        self.nfev += 1
        return where(x[0] > x[1], x[0] ** 2 + x[1], x[1] ** 2 - x[0]) + sum(array([x[0] * x[1], sin(x[0]), 2.0]))
