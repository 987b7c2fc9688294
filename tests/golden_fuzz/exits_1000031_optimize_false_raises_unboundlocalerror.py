# fuzz: {"function": "g", "point": {"b": 0.0, "n": 2}, "wrt": ["b"], "value": 0.0, "gradient": [1.0]}
# once: optimize=False: raises UnboundLocalError
import math

def g(b, n: int):
    w1 = 2
    return min(b, w1, n + 1)
