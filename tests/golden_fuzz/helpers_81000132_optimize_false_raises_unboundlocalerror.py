# fuzz: {"function": "g", "point": {"a": -2.0}, "wrt": ["a"], "value": 0.5, "gradient": [0.25]}
import math

def g(a):
    for k in range(1, 4):
        a = (k + 1) / abs(a * (k + 1))
    return a
