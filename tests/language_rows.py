"""The constructs of Python, each with an example: what docs/language.md shows and its test runs.

Never says what becomes of them.
"""
from __future__ import annotations

from collections.abc import Mapping

from tests.language import Row

NAMED_TUPLE = "Point = collections.namedtuple('Point', 'x y')"
CONVERTING_CLASS = """\
@dataclasses.dataclass
class Place:
    latitude: float
    longitude: float
    def __setattr__(self, name, value):
        if name == "latitude":
            value = float(value)
        super().__setattr__(name, value)"""
ASKING_INIT = """\
class Duct:
    def __init__(self, w, h):
        self.w, self.h = w, h
        self.area = self.section()
    def section(self): return self.w * self.h"""
POST_INIT = """\
@dataclasses.dataclass
class Duct:
    w: float
    h: float = 2.0
    def __post_init__(self): self.area = self.w * self.h"""
INHERITING_CLASS = """\
class Solid:
    def __init__(self, side):
        self.side = side
    def area(self): return 6 * self.side**2
class Box(Solid):
    def __init__(self, x, y):
        super().__init__(x * y)
        self.y = y
    def area(self): return self.y * super().area()"""
DATA_CLASS = "@dataclasses.dataclass\nclass Gas:\n    pressure: float\n    volume: float"
TABLE = "TABLE = {'a': (1.0, 2.0), 'b': (3.0, 4.0)}"
SQUARE = "def square(t): return t * t"

SECTIONS: Mapping[str, tuple[Row, ...]] = {
    "Values": (
        Row("arithmetic", "z = -x + 2 * y - x / y + x**3 + y**x"),
        Row("remainder and floor division", "z = (x * y) % 0.4 + y * (7 * x // 2)"),
        Row("functions of `math`", "z = math.sin(x) * math.sqrt(y) + math.atan2(y, x)"),
        Row("`abs`, `max`, `min`, `sum`, `pow`", "z = abs(x - y) + max(x, y, 1) * min(x, 2) + sum((x, y)) + pow(x, 2)"),
        Row("`math.prod`, `math.dist` of displays", "z = math.prod([x, 2.0, y, x * y]) + math.dist((x, y), (1.0, x * y))"),
        Row("one result of several", "z = divmod(x * 9, y)[1] * x + math.modf(y)[0] * math.frexp(x)[0]"),
        Row("several results held together", "r = divmod(x * 9, y)\nz = r[1] * x + r[0] * y"),
        Row("the other one, which moves in steps", "quotient, rest = divmod(x * 9, y)\nz = quotient * x"),
        Row("`float`", "z = float(x) * y"),
        Row("`int`, `round`, `math.floor`: steps, slope 0", "z = x * int(3 * y) + math.floor(y)"),
        Row("a result that is rounded last of all", "z = round(x * y, 2)"),
        Row("comparison as a value", "z = x * (y > 1) + (x < y)"),
        Row("conditional expression", "z = x * x if x < y else y"),
        Row("`and`, `or`, `not`, chained comparison", "z = x if 0 < x < 1 and not y > 2 or y == 7 else y"),
        Row("`x or y` as a value", "z = (x or y) * y"),
        Row("named expression", "z = (t := x * y) + t * t"),
        Row("`lambda`", "square = lambda t: t * t\nz = square(x) + y"),
        Row("f-string that only shows", "label = f'{x:.3f}'\nprint(label)\nz = x * y"),
        Row("texts beside what is asked for", "def shown(t): return t * t, f'{t:.3f}', str(t), '%.2f' % t\nz = shown(x)[0] * y"),
        Row("f-string that the result depends on", "z = float(f'{x:.3f}') * y"),
        Row("complex numbers on the way", "import cmath\nz = abs(complex(x, y)) * cmath.sqrt(x + 1j * y).real"),
    ),
    "Assignment": (
        Row("several targets", "z = t = x * y\nz = z + t"),
        Row("unpacking and swapping", "x, y = y, x * y\nz = x / y"),
        Row("nested and starred unpacking of constants", "(a, b), *rest = (1.0, 2.0), 3.0, 4.0\nz = a * x + b * y + rest[1]"),
        Row("starred unpacking of what varies", "first, *rest = x, y, x * y\nz = first * rest[1]"),
        Row("nested unpacking of a result", "(a, b), c = pairs(x, y)\nz = a * b * c",
            above="def pairs(s, t): return (s * t, s + t), s"),
        Row("augmented", "z = x\nz *= y\nz -= x**2"),
        Row("annotated", "z: float = x * y"),
        Row("a name used again", "x = x * y\nx = math.sin(x)\nz = x * x"),
        Row("`del`", "t = x * y\nz = t * t\ndel t"),
        Row("`global`, `nonlocal` of what varies", "global total\ntotal = x * y\nz = total + x", above="total = 0.0"),
        Row("attribute of an object", "gas = Gas(x, y)\ngas.volume = x * y\nz = gas.pressure * gas.volume", above=DATA_CLASS),
    ),
    "Branches": (
        Row("`if`, `elif`, `else`", "if x > y: z = x\nelif x > 0: z = x * y\nelse: z = -y"),
        Row("several returns", "if x > y: return x * y\nreturn x - y"),
        Row("guard that raises", "if y <= 0: raise ValueError('y must be positive')\nz = x / y"),
        Row("`assert`", "assert y > 0, 'y must be positive'\nz = x / y"),
        Row("equality of values that vary, where it does not hold", "if x == y: return 1.0\nz = math.sin(x - y) / (x - y)"),
        Row("the same, where it holds", "if x == y: return 1.0\nz = math.sin(x - y) / (x - y)", at={"x": 1.0, "y": 1.0}),
        Row(
            "orders that go two ways where the values are equal, there", "z = min(y, x)\nif x > y: z = z + x - y",
            at={"x": 1.0, "y": 1.0},
        ),
        Row("choice by a string", "z = math.exp(x * y) if kind == 'hot' else x", head="def f(x, y, kind='hot'):"),
        Row("`is None`", "if y is None: y = 2.0\nz = x * y", head="def f(x, y=None):", at={"x": 0.7}),
        Row("`match`", "match kind:\n    case 'hot': z = math.exp(x)\n    case _: z = x * y", head="def f(x, y, kind='hot'):"),
        Row("`match` with captures, alternatives and guards",
            "match kind, n:\n    case 'hot' | 'warm', k if k > 1: z = math.exp(k * x)\n    case [_, 0]: z = x + y\n"
            "    case _: z = x * y", head="def f(x, y, kind='hot', n: int = 2):"),
        Row("`match` on values that vary",
            "match x, y:\n    case 0.0, _: z = 1.0\n    case a, b if a < b: z = math.sin(a) * b / a\n    case a, _: z = a * y"),
        Row("the same, where a case holds", "match x:\n    case 0.0: z = 1.0\n    case t: z = math.sin(t) / t * y",
            at={"x": 0.0, "y": 1.0}),
    ),
    "Loops": (
        Row("`for` over `range`", "z = 1.0\nfor k in range(3): z = z * x + k * y"),
        Row("`for` over constants", "z = y\nfor c in (0.5, 2.0): z = z * x + c"),
        Row("`zip`, `enumerate`, `reversed`",
            "z = 0.0\nfor i, (a, b) in enumerate(zip((1, 2), reversed((3, 4)))): z += i * a * x**b + y"),
        Row("`for` over a display of what varies", "z = 0.0\nfor t in (x, x * y): z += t * t"),
        Row("displays in `zip` and `enumerate`",
            "z = 0.0\nfor i, (a, b) in enumerate(zip((x, y), (y, x * y))): z += i * a * b + a"),
        Row("rows that are taken apart", "pairs = [(x, y), (y, x * y)]\nz = 0.0\nfor a, b in pairs: z += a * b**2"),
        Row("items of a dict that varies", "parts = {'a': x, 'b': x * y}\nz = 0.0\nfor name, t in parts.items(): z += t * t * y"),
        Row("items of a constant dict", "z = 0.0\nfor power, c in {1: 0.5, 2: y}.items(): z += c * x**power"),
        Row("`for` over a list that varies", "z = 0.0\nfor t in [x, y, x * y]: z += t * t"),
        Row("the same, in slices and reversed",
            "ts = [x, y, x * y]\nz = 0.0\nfor i, t in enumerate(ts[1:], 1): z += i * t * t\nfor t in reversed(ts): z = z * t"),
        Row("`while`", "z = x\nwhile z < 9: z = z * z + y"),
        Row("`break`, `continue`", "z = x\nfor k in range(9):\n    if z > 3: break\n    if k == 1: continue\n    z = z * y + x"),
        Row("`while True`", "z = x\nwhile True:\n    z = z * y + x\n    if z > 5: break"),
        Row("`return` in a loop",
            "z = x\nfor _ in range(9):\n    z = z * y + x\n    if z > 3: return z * z\nreturn z"),
        Row("`else` of a loop", "z = x\nfor k in range(3): z = z * y\nelse: z = z + x"),
        Row("`break` and `else` of one loop",
            "z = x\nfor k in range(9):\n    if z > 3: break\n    z = z * y + x\nelse: z = z + y"),
        Row("`else` of an inner loop that goes on",
            "z = x\nfor i in range(3):\n    for j in range(3):\n        z = z * y + x\n        if z > 3: break\n"
            "    else: continue\n    z = z / 2"),
        Row("a loop that rebinds its own variable", "z = x\nfor k in range(3):\n    k = k + 0.5\n    z = z * y + k"),
        Row("loops in loops", "z = 0.0\nfor i in range(3):\n    for j in range(i): z = z * y + x * j"),
        Row("sum of a generator expression", "z = sum(c * x**k + y for k, c in enumerate((1.0, 2.0, 3.0)))"),
        Row("the same over what varies", "z = sum(c * x**k for k, c in enumerate((1.0, y, 3.0)))"),
        Row("`max`, `min`, `all`, `any` of one",
            "z = max(x * k - k**2 * y for k in range(4)) if all(t > 0 for t in (x, y)) else y"),
        Row("`functools.reduce`", "z = functools.reduce(lambda total, c: total * x + c, [1.0, y, 3.0], 0.0)"),
        Row("`map`", "ts = [x, x * y]\nz = sum(map(math.sin, (x, y))) * sum(map(lambda t, k: t**k, ts, (2, 3)))"),
        Row("comprehension over a display that is unpacked", "a, b = [math.radians(t) for t in (x, y)]\nz = a * b + b"),
        Row("list comprehension", "ts = [x * k + y for k in range(3)]\nz = ts[0] * ts[2]"),
        Row("list comprehension with a condition", "ts = [t * t for t in (x, y, x * y) if t > 0.5]\nz = sum(ts)"),
        Row("dict comprehension", "ts = {k: x**k for k in range(3)}\nz = ts[2] * y"),
        Row("search by comparisons", "low, high = 0.0, 4.0\nfor _ in range(40):\n    mid = 0.6 * low + 0.4 * high\n"
            "    if mid * mid < x: low = mid\n    else: high = mid\nz = low * y"),
        Row("bisection", "low, high = 0.0, 4.0\nfor _ in range(60):\n    mid = (low + high) / 2\n"
            "    if abs(mid * mid - x) < 1e-13: break\n    if mid * mid < x: low = mid\n    else: high = mid\nz = mid * y"),
        Row("bisection until it is close", "low, high = 0.0, 4.0\nwhile high - low > 1e-13:\n    mid = (low + high) / 2\n"
            "    if mid * mid < x: low = mid\n    else: high = mid\nz = low * y"),
    ),
    "Functions": (
        Row("calls of your own functions", "z = square(x) * square(y)", above=SQUARE),
        Row("keyword and default arguments", "z = line(x, slope=y)",
            above="def line(t, offset=1.0, *, slope): return slope * t + offset"),
        Row("several results", "s, d = both(x, y)\nz = s * d", above="def both(a, b): return a + b, a - b"),
        Row("one of several results", "z = both(x, y)[1] * x", above="def both(a, b): return a + b, a - b"),
        Row("`*args`", "z = mean(x, y, x * y)", above="def mean(*values): return sum(values) / len(values)"),
        Row("`**kwargs`", "z = named(a=x, b=y)", above="def named(**values): return values['a'] * values['b']"),
        Row("`max`, `min`, `math.prod` of a list", "ts = [x, y, x * y]\nz = max(ts) * min(ts) + math.prod(ts)"),
        Row("`sorted`", "ts = sorted([x, y, x * y], reverse=True)\nz = ts[0] * ts[2] ** 2"),
        Row("`statistics` of a list", "import statistics\nts = [x, y, x * y]\nz = statistics.mean(ts) * statistics.stdev(ts)"),
        Row("`max`, `min` by a key", "z = max([x, y, -3 * x], key=abs)\nz = z * min(x, y, key=lambda t: t * t)"),
        Row("`math.hypot(*ts)`", "ts = (x, y, x * y)\nz = math.hypot(*ts)"),
        Row("`*sequence` in a call", "pair = (x, y)\nz = product(*pair)", above="def product(a, b): return a * b"),
        Row("keyword-only and positional-only parameters", "z = x * cut(y, low=1.0)", head="def f(x, *, y):",
            above="def cut(t, /, *, low): return max(t, low)"),
        Row("nested functions, closures", "def scaled(t): return t * y\nz = scaled(x) * scaled(2.0)"),
        Row("recursion", "z = power(x, 3) * y", above="def power(t, n): return t * power(t, n - 1) if n else 1.0"),
        Row("`super()` in the methods of an object that is made", "z = Box(x, y).area()", above=INHERITING_CLASS),
        Row("an `__init__` that asks the object it is making", "z = Duct(x, y).area * x", above=ASKING_INIT),
        Row("a dataclass with a `__post_init__`", "z = Duct(x, y).area * Duct(y).area", above=POST_INIT),
        Row("operators of your own classes", "p = Vec(x, y) + Vec(y, 1.0)\nz = p.x * p.y",
            above="class Vec:\n    def __init__(self, x, y): self.x, self.y = x, y\n"
                  "    def __add__(self, other): return Vec(self.x + other.x, self.y + other.y)"),
        Row("methods that store", "tank = Tank(x)\nfor _ in range(3): tank.fill(y * tank.level)\nz = tank.level",
            above="class Tank:\n    def __init__(self, level): self.level = level\n"
                  "    def fill(self, amount): self.level += amount"),
        Row("methods of objects that do not vary", "z = SPRING.force(x) * y",
            above="class Spring:\n    stiffness = 3.0\n    def force(self, x): return -self.stiffness * x\nSPRING = Spring()"),
        Row("functions as arguments", "z = twice(math.sin, x) + y", above="def twice(g, t): return g(g(t))"),
        Row("lambdas and nested functions as arguments",
            "def scaled(t): return t * y\nz = twice(scaled, x) + twice(lambda t: t * x, y)",
            above="def twice(g, t): return g(g(t))"),
        Row("`**` of a dict in a call", "options = {'offset': y, 'slope': x * y}\nz = line(x, **options)",
            above="def line(t, offset=1.0, *, slope): return slope * t + offset"),
        Row("a lambda that is called at once", "z = (lambda t: t * t)(x) * y"),
        Row("a decorator that takes whatever it is called with", "z = square(x) * square(y)",
            above="def doubled(fn):\n    def inner(*args, **kwargs): return 2 * fn(*args, **kwargs)\n    return inner\n"
                  "@doubled\ndef square(t, n=2): return t**n"),
        Row("`functools.partial`", "z = functools.partial(line, 2.0)(x) * y", above="def line(a, t): return a * t"),
        Row("`functools.lru_cache` on a callee", "z = square(x) * y", above=f"@functools.lru_cache\n{SQUARE}"),
        Row("a root by `scipy.optimize`", "z = brentq(lambda t: t**3 + x * t - y, 0, 5)",
            above="from scipy.optimize import brentq"),
        Row(
            "`scipy.optimize.root_scalar`", "sol = optimize.root_scalar(residual, args=(x, y), bracket=(0, 5))\nz = sol.root",
            above="from scipy import optimize\ndef residual(t, x, y): return t**3 + x * t - y",
        ),
        Row("an integral by `scipy.integrate.quad`", "z, error = quad(lambda t: math.exp(-x * t), 0, y)",
            above="from scipy.integrate import quad"),
        Row("several integrals", "z = sum([quad(lambda t: math.exp(-x * t * k), 0, y)[0] for k in (1, 2)])",
            above="from scipy.integrate import quad"),
        Row("one whose integrand jumps where `x` says", "z = y * quad(lambda t: 1.0 if t < x else 0.0, 0, 2)[0]",
            above="from scipy.integrate import quad"),
        Row("a solution by `scipy.integrate.solve_ivp` or `odeint`",
            "z = solve_ivp(lambda t, u: -x * u, (0, 1), [y], rtol=1e-9).y[0, -1]", above="from scipy.integrate import solve_ivp"),
        Row("imports inside", "from math import exp\nz = exp(x) * y"),
        Row("a function without source", "z = collections.Counter([x]).total() * y"),
    ),
    "Containers": (
        Row("tuples, lists", "pair = (x, x * y)\nz = pair[0] * pair[1]"),
        Row("dicts", "parts = {'a': x, 'b': x * y}\nz = parts['a'] * parts['b']"),
        Row("list filled by `append`", "ts = []\nfor k in range(3): ts.append(x**k)\nz = ts[1] * ts[2] * y"),
        Row("swapping elements", "ts = [x, y, x * y]\nts[0], ts[2] = ts[2], ts[0]\nz = ts[0] * 2 + ts[2] ** 2"),
        Row("`get` of a dict made here", "parts = {'a': x * y}\nz = parts.get('a', 1.0) * parts.get('b', y)"),
        Row("storing by index", "ts = [x, y]\nts[0] = ts[0] * ts[1]\nz = ts[0] + ts[1]"),
        Row("slices and copies of a list", "ts = [x, y, x * y]\nrest, turned, own = ts[1:], ts[::-1], list(ts)\n"
            "own[0] = rest[1] * turned[2]\nz = own[0] * ts[0] + rest[0]"),
        Row("lists of lists", "m = [[0.0] * 2 for _ in range(2)]\nm[0][1] = x\nm[1][0] += m[0][1] * y\nz = m[0][1] * m[1][0]"),
        Row("one of them that another name leads to",
            "m = [[0.0] * 2 for _ in range(2)]\nrow = m[0]\nm[0][1] = x\nz = row[1] * y"),
        Row("`extend`, `+=` and `+` of displays",
            "ts = [x] + [y]\nts.extend([x * y, 1.0])\nts += [y]\nz = ts[0] * ts[2] * ts[4]"),
        Row("lists that are joined or repeated",
            "ts = [x, x * y]\npadded = ts[1:] + ts[:1] + [y] * len(ts)\nz = sum(i * t * t for i, t in enumerate(padded))"),
        Row("`list(zip(...))`, and a `zip` that has a name and is gone through once",
            "pairs = list(zip((x, y), (y, x * y)))\nothers = zip((x, y), (2, 3))\nz = pairs[0][0] * pairs[1][1]\n"
            "for t, k in others: z += t**k"),
        Row("rows that change places",
            "m = [[x, y], [x * y, 1.0]]\nm[0], m[1] = m[1], m[0]\nm[1][0] *= m[0][0]\nz = m[1][0] * m[1][1]"),
        Row("lists that are built and put into another",
            "rows = []\nfor k in range(3):\n    row = []\n    for t in (x, y): row.append(t**k)\n    rows.append(row)\n"
            "z = rows[1][0] * rows[2][1]"),
        Row("`tuple` of a generator expression", "ts = tuple(t * t for t in (x, y))\nz = ts[0] * ts[1]"),
        Row("storing through a second name", "ts = [x, y]\nother = ts\nother[0] = x * y\nz = ts[0] * y"),
        Row("`len`", "ts = [x, y]\nz = sum(ts) / len(ts)"),
        Row("constant tables", "a, b = TABLE[kind]\nz = a * x + b * y", above=TABLE, head="def f(x, y, kind='b'):"),
        Row("named tuples", "p = Point(x, x * y)\nz = p.x * p.y", above=NAMED_TUPLE),
        Row(
            "a dataclass that converts its fields", "place = Place(10 * x, y)\nz = place.latitude * place.longitude",
            above=CONVERTING_CLASS,
        ),
        Row("dataclasses", "gas = Gas(x, y)\nz = gas.pressure * gas.volume", above=DATA_CLASS),
        Row("a list as an argument", "z = 0.0\nfor t in ts: z += t * t\nz = z * y",
            head="def f(ts, y):", at={"ts": [0.7, 1.5], "y": 1.3}),
        Row("a dict as an argument", "z = gas['p'] * gas['v']",
            head="def f(gas, y):", at={"gas": {"p": 0.7, "v": 1.5}, "y": 1.3}),
        Row("a choice out of a display", "z = {'a': x, 'b': x * y}['b'] + x"),
        Row("`dict(...)` and `update`", "d = dict(a=x)\nd.update({'b': x * y})\nz = d['a'] * d['b']"),
        Row("a lookup by a value that varies", "z = {0.7: x}[x] * y"),
        Row("sets", "ts = {x, y}\nz = max(ts) * y"),
    ),
    "The rest": (
        Row("`try`, `except`, `else`, `finally`", "try: z = math.log(x - 2)\nexcept ValueError: z = x * y"),
        Row("an exception that leaves a variable half done",
            "z = x\ntry:\n    z = z * y\n    z = z * math.log(-x)\nexcept ValueError: z = z + y"),
        Row("a `try` that asks whether a number is an array",
            "try: x[x < 0.5] = 0.0\nexcept TypeError: x = x * x\nz = x * y"),
        Row("a `try` that asks whether a library is there",
            "z = x\ntry:\n    z = math.sin(z)\n    z = z * y\nexcept NameError: z = 0.0"),
        Row("`break`, `continue`, `return` inside of `try`",
            "z = x\nfor k in range(4):\n    try: z = z * y + math.sqrt(2 - k)\n    except ValueError: break\n"
            "    finally: z = z + x"),
        Row("`contextlib.suppress`", "z = y\nwith contextlib.suppress(ValueError):\n    z = x * y\n    z = z * math.log(-x)"),
        Row("`with` of what does not vary", "with contextlib.suppress(ValueError): t = 2.0\nz = t * x * y"),
        Row("`print`", "z = x * y\nprint(z)"),
        Row("several results of the function itself", "return x * y, x + y"),
        Row("random numbers", "import random\nz = x * random.random()"),
        Row("random numbers of a generator with a seed", "import random\nz = x * random.Random(7).random()"),
        Row("generators", "yield x * y"),
        Row("`async`", "return x * y", head="async def f(x, y):"),
        Row("`exec`, `eval`, `vars`", "z = eval('x * y')"),
        Row("`locals()` where every variable has a value", "t = x * y\nparts = locals()\nz = parts['t'] * parts['x']"),
    ),
}
