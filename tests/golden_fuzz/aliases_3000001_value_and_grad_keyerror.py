# fuzz: {"function": "g", "point": {"b": 1.0, "ps": [0.0, -1.0], "n": 0}, "wrt": ["b", "ps"], "value": 2, "gradient": [0.0, 0.0, 0.0]}
# once: value_and_grad: KeyError
import math

def g(b, ps, n: int):
    ps[n % 3] = b
    return len(ps)
