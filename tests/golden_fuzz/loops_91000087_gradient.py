# fuzz: {"function": "f", "point": {"a": 1.0}, "wrt": ["a"], "value": 1, "gradient": [0.0]}
import math

def f(a):
    for z in (0.5, 1.5, 2.0):
        for n1 in range(1, 5, 3):
            for i in range(1, -1, -1):
                n1, z, a = (z, a, n1)
    return a
