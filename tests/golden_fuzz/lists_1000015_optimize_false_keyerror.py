# fuzz: {"function": "model", "point": {"ps": [2.0, 0.0, 1.0]}, "wrt": ["ps"], "value": 2.0, "gradient": [1.0, 0.0, 0.0]}
# once: optimize=False: KeyError
import math

def model(ps):
    ps[len(ps) - 1] += 0.3
    return ps[-3]
