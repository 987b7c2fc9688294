# fuzz: {"function": "f", "point": {"a": 1.0}, "wrt": ["a"], "value": 1.0295630140987, "gradient": [0.8741572761215378]}
import math

def f(a):
    a = math.dist([a, 1.0], [0.1, 0.5])
    acc, xx, total = (a, a, a)
    return total

# straight:91000067, raises TypeError, at {'a': 1.0}
