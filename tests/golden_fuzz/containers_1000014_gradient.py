# fuzz: {"function": "f", "point": {"c": -0.0}, "wrt": ["c"], "value": 1.0, "gradient": [0.0]}
# once: gradient
import math

def f(c):
    part = 1.0
    c, part = (part, c)
    return c
