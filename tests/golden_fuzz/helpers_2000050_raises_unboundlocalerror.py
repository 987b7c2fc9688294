# fuzz: {"function": "model", "point": {"a": -1.0}, "wrt": ["a"], "value": -1.0, "gradient": [1.0]}
# once: raises UnboundLocalError
import math

def model(a):
    h, res = (a, a)
    if False:
        return h
    return a
