# fuzz: {"function": "model", "point": {"a": 0.0, "b": 1.0}, "wrt": ["a", "b"], "value": 0.0, "gradient": [0.0, 0.0]}
# once: raises TypeError
import math

def model(a, b):
    total, s, total_2 = (a, math.radians(0.5), a * a * max(b, a, a))
    return total_2
