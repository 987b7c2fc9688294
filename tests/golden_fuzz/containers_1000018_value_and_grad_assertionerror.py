# fuzz: {"function": "model", "point": {"a": 1.0, "n": 0}, "wrt": ["a"], "raises": "ValueError"}
# once: value_and_grad: AssertionError
import math

def model(a, n: int):
    s = (math.cos(a), n)
    if 3:
        if False:
            pass
        else:
            a = min([TABLE for p_ in s if 0])
    else:
        m, (y, h) = (1.5, s)
        a, y, h = (y, h, a)
    num = a
    return num
