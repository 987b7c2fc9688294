# fuzz: {"function": "model", "point": {"a": 1.0}, "wrt": ["a"], "value": 0.1, "gradient": [0.0]}
# once: gradient
import math

def model(a):
    return min(a, a, 0.1)
