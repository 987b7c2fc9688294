# fuzz: {"function": "model", "point": {"c": -2.0, "ps": [2.0, 1.0]}, "wrt": ["c", "ps"], "value": 2, "gradient": [0.0, 0.0, 0.0]}
# once: value_and_grad: KeyError
import math

def model(c, ps):
    ps[len(ps) - 1] -= c
    return len(ps)
