# fuzz: {"function": "f", "point": {"a": 1.0, "ps": [1.0, 1.0, -0.0]}, "wrt": ["a", "ps"], "value": 1.0, "gradient": [1.0, 0.0, 0.0, 0.0]}
import math

def f(a, ps):
    rate = a
    ps += [rate]
    return rate
