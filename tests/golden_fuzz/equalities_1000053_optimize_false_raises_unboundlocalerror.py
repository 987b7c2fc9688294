# fuzz: {"function": "model", "point": {"b": 1.0, "c": 1.0}, "wrt": ["b", "c"], "value": -0.4161468365471424, "gradient": [0.0, -0.9092974268256817]}
# once: optimize=False: raises UnboundLocalError
import math

def model(b, c):
    v = 1 + c
    return math.cos(max(c, v, b))
