# fuzz: {"function": "g", "point": {"a": 0.0, "b": -1.0}, "wrt": ["a", "b"], "value": -1.1, "gradient": [-1.0, 1.0]}
# once: value_and_grad: IndexError
import math

def g(a, b):
    b -= math.fsum([a, 0.1])
    return b
