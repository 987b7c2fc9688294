# fuzz: {"function": "J", "point": {"b": 1.0, "flag": true}, "wrt": ["b"], "value": [1.0, 2], "gradient": [1.3]}
# once: gradient
import math

def J(b, flag: bool):
    a = b
    if not flag:
        total = 1.0
        xx = total
        return (xx, a)
    a = b
    return (a, 2)
