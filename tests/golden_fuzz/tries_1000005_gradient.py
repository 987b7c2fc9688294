# fuzz: {"function": "model", "point": {"a": 1.0, "c": 1.0}, "wrt": ["a", "c"], "value": 1.0, "gradient": [0.0, 2.0]}
# once: gradient
import math

def model(a, c):
    m = c
    acc = m
    acc, acc_1, den = (a, m, acc * m)
    w1 = den
    for n1 in range(3):
        m /= 0.5
    return w1
