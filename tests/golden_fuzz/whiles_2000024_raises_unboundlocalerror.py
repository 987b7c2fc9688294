# fuzz: {"function": "model", "point": {"a": 0.0, "b": 2.0, "c": 2.0, "n": 3}, "wrt": ["a", "b", "c"], "value": 1.7429197590296217, "gradient": [-5.48667574435789e-05, 0.0, 0.00025811761426564473]}
# once: raises UnboundLocalError
import math

def model(a, b, c, n: int):
    w1 = math.exp(-abs(0.75 + a))
    while 1:
        w1 *= 0.45
        if -0.4 < w1 < 0.4:
            break
        if 0.5 * n >= -c:
            n_left = 0
            while n_left < 3 and n % 2 == 0:
                n_left += 1
                c = math.tanh(math.log10(2 + math.cos(b)) + w1 * w1)
        else:
            b1 = math.erf(math.cos(a + w1))
    c = math.tan(math.tanh(c + (math.pi + w1)))
    step = 3
    while step:
        c += 0.7 ** step / (1 + abs(2.0))
        step -= 1
    total, a = (c / (1 + abs(c)), math.tau * c / (1.5 + 0.75 ** 2))
    acc = a * math.sinh(math.tanh(a)) * (2 * c * (c * total))
    return math.erf(a ** 0) * c
