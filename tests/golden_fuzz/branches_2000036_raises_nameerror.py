# fuzz: {"function": "g", "point": {"b": -2.0, "c": 0.2}, "wrt": ["b", "c"], "value": 0.2, "gradient": [0.0, 1.0]}
# once: raises NameError
import math

def g(b, c):
    a, b, part = (b, 1.5, c)
    if not part:
        c = min(a)
    s = c
    return s
