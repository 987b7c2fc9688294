# fuzz: {"function": "g", "point": {"a": -1.0, "pt": [0.0, 1.0, 1.0]}, "wrt": ["a", "pt"], "tuples": ["pt"], "value": -1.0, "gradient": [1.0, 0.0, 0.0, 0.0]}
import math

def g(a, pt):
    pt
    return a
