# fuzz: {"function": "model", "point": {"a": 1.0, "b": 1.0, "n": 1}, "wrt": ["a", "b"], "value": 1.0, "gradient": [0.0, 1.0]}
# once: value_and_grad: AssertionError
import math

def model(a, b, n: int):
    c = abs(b)
    if n:
        b, num = (2.0, a)
    return c
