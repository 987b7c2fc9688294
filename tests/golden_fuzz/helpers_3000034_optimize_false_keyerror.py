# fuzz: {"function": "model", "point": {"c": 1.0, "n": 1}, "wrt": ["c"], "value": 1.4, "gradient": [1.0]}
# once: optimize=False: KeyError
import math

def model(c, n: int):
    den = [c, n]
    b, c = (c, 0.4)
    den[len(den) - 1] = c
    return sum(den)
