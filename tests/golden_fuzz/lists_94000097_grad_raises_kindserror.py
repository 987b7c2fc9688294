# fuzz: {"function": "J", "point": {"b": 1.0, "ps": [-1.0, -2.0]}, "wrt": ["b", "ps"], "value": 1.0, "gradient": [1.0, 0.0, 0.0]}
import math

def J(b, ps):
    z = ps + [ps, 1.0]
    return +b
