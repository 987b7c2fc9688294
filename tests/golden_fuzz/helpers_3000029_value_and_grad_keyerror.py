# fuzz: {"function": "J", "point": {"a": -2, "b": -1.0, "c": 0, "n": 3, "gain": -2}, "wrt": ["a", "b", "c", "gain"], "value": 2.0, "gradient": [0.0, 0.0, 0.0, 1.0]}
# once: value_and_grad: KeyError
import math

def J(a, b, c, n: int, gain=0.5):
    z = [n, 0.5, gain, n]
    z[n % 4] = z[1]
    return sum(z)
