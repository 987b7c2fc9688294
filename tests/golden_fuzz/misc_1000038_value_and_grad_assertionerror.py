# fuzz: {"function": "J", "point": {"a": 1.0, "n": 1}, "wrt": ["a"], "value": 1.0, "gradient": [1.0]}
# once: value_and_grad: AssertionError
import contextlib
import math

def J(a, n: int):
    y = a
    if n:
        a = (a, a)
    return y
