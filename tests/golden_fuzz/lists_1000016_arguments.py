# fuzz: {"function": "J", "point": {"c": 0.0, "ps": [1.0, 1.0, -2]}, "wrt": ["c", "ps"], "value": 1.0, "gradient": [0.0, 0.0, 1.0, 0.0]}
# once: arguments
import math

def J(c, ps):
    ps[2] *= c
    return ps[1]
