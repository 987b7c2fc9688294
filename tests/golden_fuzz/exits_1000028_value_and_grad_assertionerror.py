# fuzz: {"function": "model", "point": {"b": -1.0}, "wrt": ["b"], "value": 1.0, "gradient": [-1.0]}
# once: value_and_grad: AssertionError
import math

def model(b):
    tmp = abs(b)
    if tmp:
        b *= 1.0
    return tmp
