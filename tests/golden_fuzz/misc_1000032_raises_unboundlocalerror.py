# fuzz: {"function": "f", "point": {"a": 0.0}, "wrt": ["a"], "value": 0.0, "gradient": [0.0]}
# once: raises UnboundLocalError
import contextlib
import math

def f(a):
    a = (v := a)
    b1 = (den := a) * v
    return b1
