# fuzz: {"function": "J", "point": {"a": 2.0}, "wrt": ["a"], "value": 0.7853981633974483, "gradient": [0.0]}
# once: raises UnboundLocalError
import math

def J(a):
    xx, z = (0.9, a)
    z = math.atan2(z, abs(z))
    return z
