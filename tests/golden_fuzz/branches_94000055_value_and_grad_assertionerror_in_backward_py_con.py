# fuzz: {"function": "J", "point": {"a": 1, "b": 0.0}, "wrt": ["a", "b"], "value": 0.0, "gradient": [0.0, 1.0]}
import math

def J(a, b):
    if a:
        if a:
            a = b
            if 2:
                pass
    else:
        b, total = (a, 0.5)
    a, b = (b, a)
    return a
