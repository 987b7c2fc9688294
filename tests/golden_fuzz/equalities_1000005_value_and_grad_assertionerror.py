# fuzz: {"function": "J", "point": {"a": -1.0}, "wrt": ["a"], "value": 0.5, "gradient": [0.0]}
# once: value_and_grad: AssertionError
import math

def J(a):
    if a:
        a = 0.5
        if a:
            pass
    return a
