# fuzz: {"function": "J", "point": {"b": 1.0, "ps": [3, -1.0, 0.0]}, "wrt": ["b", "ps"], "value": 3.0, "gradient": [1.0, 1.0, 1.0, 1.0]}
# once: value_and_grad: KeyError
import math

def J(b, ps):
    acc = b
    ps[len(ps) - 1] += acc
    return sum(ps)
