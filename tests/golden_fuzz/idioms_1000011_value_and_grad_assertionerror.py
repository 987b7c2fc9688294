# fuzz: {"function": "model", "point": {"a": 0.0}, "wrt": ["a"], "value": 0.0, "gradient": [1.0]}
# once: value_and_grad: AssertionError
import math

def blend2(x, y, w=0.25):
    pass

def model(a):
    g1 = 0
    if g1:
        a = blend2(*a)
    return a
