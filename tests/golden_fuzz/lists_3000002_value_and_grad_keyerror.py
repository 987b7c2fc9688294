# fuzz: {"function": "g", "point": {"b": 0.0, "c": 0.0, "ps": [2.0, -0.0], "n": 1}, "wrt": ["b", "c", "ps"], "value": 2.0, "gradient": [0.0, 1.0, 1.0, 1.0]}
# once: value_and_grad: KeyError
import math

def g(b, c, ps, n: int):
    a, res, xx = (c, c, b)
    ps[n % 2] += res
    return sum(ps)
