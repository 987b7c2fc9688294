# fuzz: {"function": "g", "point": {"b": 0.5}, "wrt": ["b"], "value": 0.5, "gradient": [1.0]}
# once: raises UnboundLocalError
import math

def g(b):
    a, b, b_2 = (b, b, b)
    if b:
        return a
    return b_2
