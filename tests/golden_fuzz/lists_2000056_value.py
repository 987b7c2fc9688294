# fuzz: {"function": "f", "point": {"b": 2.0, "ps": [-1.0, 2.0, 0.0, 1.0]}, "wrt": ["b", "ps"], "value": 4.0, "gradient": [2.0, 0.0, 2.0, 0.0, 0.0]}
# once: value
import math

def f(b, ps):
    ps[1] *= b
    return ps[1]
