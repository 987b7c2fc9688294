# fuzz: {"function": "J", "point": {"a": 0.5}, "wrt": ["a"], "value": 0.3333333333333333, "gradient": [0.0]}
import math

def J(a):
    a /= sum((a for j_ in range(3)))
    return a
