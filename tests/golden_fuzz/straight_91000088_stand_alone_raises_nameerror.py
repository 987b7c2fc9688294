# fuzz: {"function": "model", "point": {"a": 2.0}, "wrt": ["a"], "value": 1.0, "gradient": [0.5]}
import math

def model(a):
    a = math.prod((a, 0.5))
    return a

# straight:91000088, stand-alone: raises NameError, at {'a': 2.0}
