# fuzz: {"function": "f", "point": {"ps": [1.0, 1.0]}, "wrt": ["ps"], "value": 2.0, "gradient": [0.0, 2.0]}
import math

def f(ps):
    return sum([ps[1] for w in ps])
