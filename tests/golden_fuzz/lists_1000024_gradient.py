# fuzz: {"function": "g", "point": {"a": -2.0, "ps": [0.0, 0.0, 0.0, 1.0]}, "wrt": ["a", "ps"], "value": 4, "gradient": [0.0, 0.0, 0.0, 0.0, 0.0]}
# once: gradient
import math

def g(a, ps):
    a = len(ps)
    return a
