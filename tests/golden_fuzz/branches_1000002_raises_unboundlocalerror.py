# fuzz: {"function": "g", "point": {"a": -0.0}, "wrt": ["a"], "value": -0.0, "gradient": [1.0]}
# once: raises UnboundLocalError
import math

def g(a):
    if False:
        rate = a
        a = rate ** 2
    rate = a
    return a
