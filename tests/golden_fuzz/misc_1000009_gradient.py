# fuzz: {"function": "g", "point": {"a": -0.0, "b": -2.0, "n": 3, "spare": 1.0, "kw": 0.0}, "wrt": ["a", "b", "spare", "kw"], "value": 0.5, "gradient": [0.0, 0.0, 0.0, 0.0]}
# once: gradient
import contextlib
import math

def g(a, b, n: int, spare, *, kw):
    total, part = (a, 0.5)
    a = part
    return a
