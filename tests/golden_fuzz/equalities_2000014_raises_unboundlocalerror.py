# fuzz: {"function": "g", "point": {"c": 1.0}, "wrt": ["c"], "value": 0.7853981633974483, "gradient": [0.7853981633974483]}
# once: raises UnboundLocalError
import math

def g(c):
    c *= math.atan2(c, abs(c))
    return c
