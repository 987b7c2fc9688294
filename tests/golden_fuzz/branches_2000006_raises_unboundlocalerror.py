# fuzz: {"function": "J", "point": {"a": 0.0}, "wrt": ["a"], "value": 0.0, "gradient": [1.4285714285714286]}
# once: raises UnboundLocalError
import math

def J(a):
    a = math.atan2(a, abs(0.7))
    return a
