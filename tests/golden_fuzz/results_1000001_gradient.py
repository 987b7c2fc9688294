# fuzz: {"function": "J", "point": {"a": -2}, "wrt": ["a"], "value": -2, "gradient": [1.0]}
# once: gradient
import math

def J(a):
    return a
