# fuzz: {"function": "J", "point": {"a": 0.0, "b": 1.0}, "wrt": ["a", "b"], "value": 0.0, "gradient": [1.5707963267948966, 0.0]}
# once: raises UnboundLocalError
import math

def J(a, b):
    rate = a
    rate = math.atan2(b, abs(a)) * rate
    return rate
