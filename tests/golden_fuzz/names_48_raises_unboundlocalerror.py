# fuzz: {"function": "f", "point": {"dx": 1.0}, "wrt": ["dx"], "value": 1.0, "gradient": [1.0]}
import math as mathlib

def f(dx):
    float = dx
    tape, __, backward = (dx, dx, (lambda dx: dx)(dx))
    return tape
