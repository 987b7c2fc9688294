# fuzz: {"function": "model", "point": {"a": 1.0, "b": -0.0, "c": 0.0, "n": 0}, "wrt": ["a", "b", "c"], "value": 0, "gradient": [0.0, 0.0, 0.0]}
# once: gradient
import math

def model(a, b, c, n: int, gain=0.5):
    for _i in range(1):
        rate, a = (0.25, _i)
    return a
