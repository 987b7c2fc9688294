# fuzz: {"function": "J", "point": {"a": 2.0, "b": -2.0, "c": 1.0, "gain": 1.0}, "wrt": ["a", "b", "c", "gain"], "value": 2.0, "gradient": [1.0, 0.0, 0.0, 0.0]}
import math

def J(a, b, c, gain=0.5):
    if math:
        if 0.1:
            gain = c
            if gain:
                pass
        y = a
    else:
        y = gain
    b1 = y
    return b1
