# fuzz: {"function": "J", "point": {"a": -0.05}, "wrt": ["a"], "value": 1.0, "gradient": [0.0]}
import math

def J(a):
    a /= min(a, a)
    s, a, a_2 = (a, a, a)
    return s
