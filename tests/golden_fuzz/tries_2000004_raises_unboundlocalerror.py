# fuzz: {"function": "J", "point": {"a": -1.0, "b": -0.0}, "wrt": ["a", "b"], "value": -0.0, "gradient": [0.0, 1.0]}
# once: raises UnboundLocalError
import math

def J(a, b):
    a, b = (b, a)
    try:
        pass
    except ZeroDivisionError:
        try:
            a /= b
            w1 = b
        except Exception:
            pass
    return a
