# fuzz: {"function": "model", "point": {"a": 1.0, "b": 0.0, "n": 4}, "wrt": ["a", "b"], "value": 2.568022955911272, "gradient": [0.0, 0.0]}
# once: raises UnboundLocalError
import math

def model(a, b, n: int):
    if n % 2 == 0:
        a, b = (b, a)
        s = (a * a - b) * (a * a + (b + b))
        rate = math.sqrt(1 + (a * a) ** 2)
        while rate * rate > 0.4:
            rate = 0.6 * math.sin(rate)
            if n + s >= 1:
                s = -0.4 * math.acosh(2 + abs(math.log1p(abs(2))))
                return 0.7 * (0.5 * n) * math.exp2(math.cos(rate))
    else:
        a, total, b = (total, b, a)
    num = math.log2(2 + math.sin(0.5 * n))
    b, num, a = (num, a, b)
    num, b = (0.25 + num - (math.e + a), b * (n + 1) - (num + a))
    a += num + -num
    return num * a
