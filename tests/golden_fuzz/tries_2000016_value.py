# fuzz: {"function": "J", "point": {"c": 1.0, "n": 2}, "wrt": ["c"], "value": 2, "gradient": [0.0]}
# once: value
import math

def J(c, n: int):
    z = c
    try:
        return n
    except Exception:
        pass
    return z
