# fuzz: {"function": "J", "point": {"b": -2.0}, "wrt": ["b"], "value": 0.75, "gradient": [0.0]}
# once: gradient
import math

def J(b):
    u = max(b, b, 0.75)
    return u
