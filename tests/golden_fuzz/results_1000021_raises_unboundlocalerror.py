# fuzz: {"function": "f", "point": {"a": -1.0, "b": 1.0, "c": 1.0}, "wrt": ["a", "b", "c"], "value": 1.0, "gradient": [0.0, 0.0, 0.0]}
# once: raises UnboundLocalError
import math

def f(a, b, c):
    if b:
        c = a
        return c ** 0
    else:
        c, a = [a, c]
    return a
