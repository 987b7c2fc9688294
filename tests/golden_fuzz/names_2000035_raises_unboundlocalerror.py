# fuzz: {"function": "g", "point": {"p": 1.0, "dx": -1.0}, "wrt": ["p", "dx"], "value": 1.0, "gradient": [1.0, 0.0]}
# once: raises UnboundLocalError
import math

def g(p: float, dx: float) -> float:
    log = p
    dx, p = [p, dx]
    if p:
        return log
    return dx
