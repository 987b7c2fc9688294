# fuzz: {"function": "f", "point": {"ps": [-1.0, 1.0, -2.0, 1.0]}, "wrt": ["ps"], "value": 1.0, "gradient": [0.0, 1.0, 0.0, 0.0]}
# once: value_and_grad: KeyError
import math as m

def f(ps) -> float:
    ps[len(ps) - 1] -= ps[1]
    return ps[1]
