# fuzz: {"function": "J", "point": {"a": 1.0, "b": -1.0}, "wrt": ["a", "b"], "value": -0.5408851453359993, "gradient": [0.0020995679895805877, 0.0]}
# once: raises UnboundLocalError
import math

def J(a, b):
    v = math.tan(math.tanh(a + a))
    while v > 0.5:
        v = v * 0.6 - 0.05
        a = b * v * (b + v) / (1 + abs(v + 0.25))
        b = math.atan2(a - a, 1 + abs(2.0)) / (1 + abs(b + b))
        a, b = (b, a * 0.5 - b)
    z = math.tanh(v / (1.5 + 0.5 ** 2)) + math.exp(-abs(v))
    v = math.log(1 + abs(math.fabs(math.tau - v)))
    a += (v + v) / (1.5 + v ** 2)
    b, z = (z, 0.5 * -z)
    return a * 3.0 * min(a, v) * a * z
