# fuzz: {"function": "f", "point": {"ps": [0.0, -2.0], "n": 1}, "wrt": ["ps"], "value": 0.0, "gradient": [1.0, 0.0]}
import math

def f(ps, n: int):
    for n1 in range(len(ps)):
        ps[n % 2] -= ps[n]
    return sum(ps)
