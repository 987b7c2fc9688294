# fuzz: {"function": "f", "point": {"a": -0.0}, "wrt": ["a"], "value": 0.0, "gradient": [0.0]}
import math

def f(a):
    a = a * a * (a * a)
    return a
