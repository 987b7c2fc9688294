# fuzz: {"function": "model", "point": {"a": 1.0, "n": 3}, "wrt": ["a"], "value": 2.5, "gradient": [6.0]}
# once: grad: raises NameError
import math


def model(a, n: int):
    b = a
    m = b
    z = b
    return m * m * (0.5 * n + z)
