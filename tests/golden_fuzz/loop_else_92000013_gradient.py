# fuzz: {"function": "g", "point": {"a": 1.0, "b": -0.0}, "wrt": ["a", "b"], "value": 0.0, "gradient": [0.0, 7.974865401311683e-06]}
import math

def g(a, b):
    a = b / (1 + abs(a)) + b
    if a < -1.5:
        pass
    step = 4
    while step > 0:
        step -= 1
        if step != 2:
            a = math.radians(-a) / (1 + abs(a))
            continue
        v = math.sin(b)
        b += 0.3 * v
    else:
        z = -b
        b = math.erfc(0.5 * step * z) * (math.log2(2 + math.sin(2)) - -a)
    return a * a - a
