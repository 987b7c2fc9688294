# fuzz: {"function": "J", "point": {"a": 1.4}, "wrt": ["a"], "value": 1.0, "gradient": [0.0]}
import math

def J(a):
    fn0 = lambda p1: a / p1
    part = a
    a = fn0(part)
    s = a
    return s
