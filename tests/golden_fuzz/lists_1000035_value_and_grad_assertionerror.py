# fuzz: {"function": "model", "point": {"b": 0.0, "n": 4}, "wrt": ["b"], "value": 0.0, "gradient": [0.0]}
# once: value_and_grad: AssertionError
import math

def model(b, n: int):
    a = b ** 2
    if n:
        b += b
    return a
