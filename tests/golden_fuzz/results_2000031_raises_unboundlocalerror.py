# fuzz: {"function": "g", "point": {"b": -1.0}, "wrt": ["b"], "value": [-1.0, -1.0], "gradient": [0.6000000000000001]}
# once: raises UnboundLocalError
import math

def g(b):
    s, acc = (1, b)
    if s:
        return (b, b)
    return (0.25, acc)
