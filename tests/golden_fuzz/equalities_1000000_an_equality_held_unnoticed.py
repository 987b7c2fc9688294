# fuzz: {"function": "g", "point": {"b": 1.0}, "wrt": ["b"], "value": 1, "gradient": [0.0]}
# once: an equality held unnoticed
import math

def g(b):
    if b == b:
        return 1
