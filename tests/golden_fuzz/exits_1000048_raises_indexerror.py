# fuzz: {"function": "J", "point": {"a": -1.0, "b": 1.0}, "wrt": ["a", "b"], "value": -4.0, "gradient": [-4.0, -6.0]}
# once: raises IndexError
import math

def J(a, b):
    y = a * b + a
    while abs(y) > 0.3:
        y *= 0.5
        for j in range(1, 4):
            if a < y and 0 < j < 3:
                continue
        s = math.cos(1 - b)
        while 1:
            s *= 0.45
            if -0.4 < s < 0.4:
                s *= 2
                break
            xx = s * math.degrees(math.tanh(y)) + b
            if 2 + 0.25 < math.pi or s < 0.5:
                continue
        else:
            tmp = math.sin(s)
    if y < 0.5 - b:
        return y * y * (a * b)
    if math.pi >= abs(0.25):
        return b * b / y
    return math.atan(b) * b
