# fuzz: {"function": "g", "point": {"ps": [1.0, 0.0, -2.0]}, "wrt": ["ps"], "value": -1.0, "gradient": [1.0, 1.0, 1.0]}
# once: gradient
import math

def g(ps):
    ps[2] = ps[-1]
    return sum(ps)
