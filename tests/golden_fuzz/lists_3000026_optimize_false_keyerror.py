# fuzz: {"function": "g", "point": {"ps": [-1.0, 2.0, 2.0]}, "wrt": ["ps"], "value": 2.0, "gradient": [0.0, 1.0, 0.0]}
# once: optimize=False: KeyError
import math

def g(ps):
    part, b = (3, 2)
    ps[len(ps) - 1] -= b
    return ps[1]
