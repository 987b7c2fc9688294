# fuzz: {"function": "model", "point": {"c": 0.8, "ps": [1.0, 1.0, -2.0], "n": 2}, "wrt": ["c", "ps"], "value": 0.8, "gradient": [1.0, 0.8, 0.0, 0.0]}
# once: value
import math

def model(c, ps, n: int):
    for idx in range(n):
        ps[idx] *= c
    return ps[0]
