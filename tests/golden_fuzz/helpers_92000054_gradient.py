# fuzz: {"function": "g", "point": {"b": 2}, "wrt": ["b"], "value": 1.5874010519681996, "gradient": [0.7937005259840997]}
import math

def g(b):
    b = math.cbrt(0.5 * b ** 3)
    return b
