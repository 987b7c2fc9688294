# fuzz: {"function": "J", "point": {"a": 1.0, "b": -1.0}, "wrt": ["a", "b"], "value": 0.5, "gradient": [0.0, 0.0]}
# once: gradient
import math

def J(a, b):
    c, a = (b, 0.5)
    return a
