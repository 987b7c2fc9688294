# fuzz: {"function": "g", "point": {"a": -2.0}, "wrt": ["a"], "value": 3, "gradient": [0.0]}
# once: gradient
import math

def g(a):
    for i in range(1, 4):
        a = i
    return a
