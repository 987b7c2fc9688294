# fuzz: {"function": "J", "point": {"a": 0.0, "ps": [2.0, -0.0]}, "wrt": ["a", "ps"], "value": 0.0, "gradient": [1.0, 0.0, 0.0]}
import math

def J(a, ps):
    ps
    return a
