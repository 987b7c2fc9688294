# fuzz: {"function": "f", "point": {"b": 0.3}, "wrt": ["b"], "value": -0.5757166424934449, "gradient": [-1.593935899617404]}
# once: raises NameError
import math

def f(b):
    den = math.log(2, b)
    return den
