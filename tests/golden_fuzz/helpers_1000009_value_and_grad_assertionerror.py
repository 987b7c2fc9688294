# fuzz: {"function": "model", "point": {"a": -1.0, "n": 0}, "wrt": ["a"], "value": 1.0, "gradient": [-1.0]}
# once: value_and_grad: AssertionError
import math

def helper0(x):
    return (x, x)

def model(a, n: int):
    rate = abs(a)
    for k in range(1, n):
        if a:
            rate = rate
        elif k:
            a = 0.4
    num, w1 = helper0(rate)
    return w1
