# fuzz: {"function": "model", "point": {"a": -1.0, "b": 0.0, "c": 1.0}, "wrt": ["a", "b", "c"], "value": 0.0, "gradient": [0.0, 1.0, 0.0]}
# once: raises UnboundLocalError
import math

def model(a, b, c):
    b, a, c = (a, c, b)
    if 0.7:
        return c
    m = b
    return m
