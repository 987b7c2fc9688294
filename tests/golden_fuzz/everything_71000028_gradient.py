# fuzz: {"function": "model", "point": {"a": 2.0, "b": 0.5, "n": 3, "opt": 1.0}, "wrt": ["a", "b", "opt"], "value": 4.622236501258781, "gradient": [0.0, 0.7410526870960359, 0.0]}
import math

class Part:
    pass

def helper0(x, y=0.5):
    den = {'b': math.acos(math.tanh(math.exp2(math.cos(y))) / 2), 'a': (y if 0 < y * y + int(0.25) * y <= x else x) / (1.5 + y ** 2)}
    tape = Part(math.expm1(math.tanh(den['a'])) - y * x, c=y)
    return ((0.1 <= 0) * y, divmod(y, 0.7)[1] if tape.c + 0.1 >= -0.3 else y)

def model(a: float, b: float, n: int, opt=None):
    if not n > 1:
        return (0.5 * n) ** n + (0.1 - b)
    t = a * a - (den := math.expm1(math.tanh(b * (n + 1)))) * den
    if t > 3:
        raise KeyError(f'bad {opt}')

    def inner0(p1=0.7):
        w1 = den * den + (a + 0.5 * n)
        while abs(w1) > 0.3:
            w1 *= 0.5
            exp_x = (0.5 * max((a % 1.5 for j_ in range(1))), min(w1, w1) / n)
        else:
            w1 **= 2
        return (t and w1) * (lambda w1: w1)(2)
    k_tape = [[den, 0.5 * n + b], [1, 3.0]]
    t = math.tan(math.tanh(math.sqrt(abs(n + 1) + 0.1)))
    den = inner0(t * t)
    return k_tape[-2][-1 - n % 2] + k_tape[n % 2][1]
