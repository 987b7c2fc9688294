# fuzz: {"function": "f", "point": {"a": 1.0, "ps": [1.0, -2.0, 1.0]}, "wrt": ["a", "ps"], "value": 1.0, "gradient": [1.0, 0.0, 0.0, 0.0]}
import math

def f(a, ps):
    ps.append(a)
    return a
