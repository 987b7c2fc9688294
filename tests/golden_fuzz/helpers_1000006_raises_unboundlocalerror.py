# fuzz: {"function": "f", "point": {"b": 1.0, "c": 2.0}, "wrt": ["b", "c"], "value": 1.0, "gradient": [1.0, 0.0]}
# once: raises UnboundLocalError
import math

def f(b, c):
    u = abs(min(c, b, c))
    return u
