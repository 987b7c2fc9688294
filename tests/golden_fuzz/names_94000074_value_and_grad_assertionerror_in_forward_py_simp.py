# fuzz: {"function": "J", "point": {"c": 1.0}, "wrt": ["c"], "raises": "ZeroDivisionError"}
import math as mathlib

def helper0(x):
    return x

def J(c: float):
    count = 0
    num = [c, (lambda t: 0.25)(count)]
    num.append(helper0(c))
    c = c - c
    c = 0.1 / c
    return num[4]
