# fuzz: {"function": "model", "point": {"a": 1.0, "b": 1.0}, "wrt": ["a", "b"], "value": 1.0, "gradient": [1.0, 0.0]}
# once: vjp: AssertionError
import math

def model(a, b):
    w1 = b
    if w1:
        pass
    else:
        a, b = (0.5 * b, w1[1])
    w1 = a
    b1 = w1
    return b1
