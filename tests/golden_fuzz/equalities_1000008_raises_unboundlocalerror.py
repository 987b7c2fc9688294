# fuzz: {"function": "f", "point": {"a": 0.0}, "wrt": ["a"], "value": 0.0, "gradient": [1.0]}
# once: raises UnboundLocalError
import math

def f(a):
    z = a
    a += math.atan2(z, abs(1)) * a
    return a
