# fuzz: {"function": "sum_", "point": {"c": 1.1168027452976996, "a": -1.3218696697078123, "n": 4, "flag": true}, "wrt": ["c", "a"], "raises": "ZeroDivisionError"}
import math
class Part:
    def __init__(self, k, c=0.5):
        self.k = k
def sum_(c, a, n: int, flag):
	'one line' ; c += a * a + a
	if not c < 1:
			try:
				w1 = [c for n_ in range(3)]
				res = w1[(n + 1) % 3]
				acc = res / (n in (1, 3)); grid = [[w1[len(w1) - 1], 0.5], [a, 1.0]];row_ = grid[1]
			except ValueError:
				assert 0.1 > -50
	elif n <= 3:
		part = math.log10(2 + math.cos(a + 0.5 * n * a))
