# fuzz: {"function": "f", "point": {"ps": [0.0, 2.0, -1.0], "n": 1}, "wrt": ["ps"], "value": 2.0, "gradient": [0.0, 1.0, 0.0]}
# once: value_and_grad: KeyError
import math

def f(ps, n: int):
    ps[n % 2] = ps[1]
    return ps[n]
