# fuzz: {"function": "J", "point": {"a": 1.0}, "wrt": ["a"], "value": 1.0, "gradient": [1.0]}
# once: vjp: TypeError
import math

def J(a):
    acc = a
    return acc
