"""Functions that make objects of the user's own classes are written without them: operators, methods that store, inheritance.

Never takes an expected number from gradgen: differences of the plain function judge both modes.
"""
from __future__ import annotations

import dataclasses
import importlib
import inspect
import math
import operator
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import gradgen
from tests.oracle.differences import derivative


class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vec(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __truediv__(self, k):
        return Vec(self.x / k, self.y / k)

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __pow__(self, n):
        return self.x**n + self.y

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __float__(self):
        return self.x * self.y

    def __len__(self):
        return 2

    def __getitem__(self, place):
        return (self.x, self.y)[place]

    def __iter__(self):
        return iter((self.x, self.y))

    def __call__(self, t):
        return self.x * t + self.y

    @classmethod
    def at(cls, radius, angle):
        return cls(radius * math.cos(angle), radius * math.sin(angle))

    @property
    def square(self):
        return self.x**2 + self.y**2


class Box:
    """One that changes."""

    def __init__(self, v):
        self.v = v

    def times(self, k):
        self.v = self.v * k
        return self.v

    def by_itself(self, k):
        self.v = 2 * self.v
        self.v += k

    def itself(self):
        return self


@dataclasses.dataclass
class Controller:
    kp: float
    ki: float
    integral: float = 0.0
    last: float = 0.0

    def update(self, error, dt):
        self.integral += error * dt
        slope = (error - self.last) / dt
        self.last = error
        return self.kp * error + self.ki * self.integral + 0.1 * slope


@dataclasses.dataclass(frozen=True)
class State:
    x: float
    v: float

    def step(self, dt):
        return dataclasses.replace(self, x=self.x + self.v * dt, v=self.v - self.x * dt)


@dataclasses.dataclass
class Duct:
    w: float
    h: float = 2.0
    area: float = dataclasses.field(init=False)

    def __post_init__(self):
        if self.w <= 0:
            raise ValueError("no duct")
        self.area = self.w * self.h


class Place(NamedTuple):
    x: float
    y: float = 2.0

    def __add__(self, other):  # type: ignore[override]
        return Place(self.x + other.x, self.y + other.y)

    def norm(self):
        return math.hypot(*self)


class Shape:
    factor = 2.0

    def __init__(self, a):
        self.a = a

    def area(self):
        return self.a**2

    def volume(self):
        return self.area() * self.factor

    def grow(self):
        self.factor = self.factor * self.a


class Slab(Shape):
    def __init__(self, *sizes):
        super().__init__(sizes[0])
        self.b = sizes[1]
        self.first = self.area()

    def area(self):
        return super().area() * self.b

    def volume(self):
        return Shape.volume(self) + self.first


class Dual:
    def __init__(self, v, d=0.0):
        self.v, self.d = v, d

    def __add__(self, other):
        if not isinstance(other, Dual):
            other = Dual(other)
        return Dual(self.v + other.v, self.d + other.d)

    __radd__ = __add__

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Dual(self.v * other, self.d * other)
        return Dual(self.v * other.v, self.v * other.d + self.d * other.v)

    __rmul__ = __mul__


class Layer:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def __call__(self, x):
        return math.tanh(self.w * x + self.b)


class Net:
    def __init__(self, w, b):
        self.first = Layer(w, b)
        self.last = Layer(b, w)
        self.seen = []

    def __call__(self, x):
        self.seen.append(x)
        return self.last(self.first(x))


class Lazy:
    def __init__(self, x):
        self.x = x
        self.known = None

    def square(self):
        if self.known is None:
            self.known = self.x**2
        return self.known


class Counted:
    def __init__(self, x):
        self._x = x
        self.reads = 0

    @property
    def x(self):
        self.reads += 1
        return self._x * self.reads

    @x.setter
    def x(self, value):
        self._x = 2 * value


class Chain:
    def __init__(self, v, rest=None):
        self.v = v
        self.rest = rest

    def total(self):
        return self.v + (self.rest.total() if self.rest is not None else 0.0)


class Table:
    def __init__(self):
        self.rows = [[0.0, 0.0], [0.0, 0.0]]

    def __setitem__(self, place, value):
        self.rows[place[0]][place[1]] = value

    def __getitem__(self, place):
        return self.rows[place[0]][place[1]]


class Sum:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self


def doubled(box, k):
    box.v = 2 * box.v * k


def every_operator(x, y):
    p = -Vec(x, y) + 2.0 * Vec(y, 1.0) - Vec(1.0, x) / y * x
    p += Vec(y, y)
    return abs(p) * (p @ Vec(x, y)) + Vec(x, y) ** 2 * float(p) + p[0] * p[1] ** 2 + p(x) * len(p)


def unpacked(x, y):
    a, b = Vec.at(x, y)
    return a * b * b + Vec.at(y, x).square


def falling(x, y):
    p, v = Vec(x, y), Vec(y, 1.0)
    for _ in range(3):
        p, v = p + v * 0.1, v + Vec(0.0, -9.81) * 0.1
    return p.x * p.y


def between(x, y):
    def mixed(a, b, t):
        return a * (1 - t) + b * t

    p = mixed(Vec(x, y), Vec(1.0, x), y)
    return p.x * p.y


def controlled(x, y):
    control = Controller(x, y)
    level = 0.0
    for _ in range(5):
        level = level + 0.1 * (control.update(1.0 - level, 0.1) - level)
    return (1 - level) ** 2


def stepped(x, y):
    state = State(x, y)
    for _ in range(4):
        state = state.step(0.1)
    a, b = dataclasses.astuple(state)
    return a * b * dataclasses.asdict(state)["x"]


def checked(x, y):
    return Duct(x, y).area * Duct(y).area


def named(x, y):
    p = (Place(x, y) + Place(y))._replace(x=x * y)
    return p.norm() * p.x + sum(a * b for a, b in zip(p, Place(y, x), strict=True)) + max(p)


def inherited(x, y):
    return Slab(x, y).volume()


def shared(x, y):
    a, b = Shape(x), Shape(y)
    a.grow()
    return a.factor * b.factor * b.volume() * Shape.factor


def dual(x, y):
    def poly(t):
        return t * t * t + 2 * t + y * t

    return poly(Dual(x, 1.0)).d


def network(x, y):
    net = Net(x, y)
    return net(0.7) * net(-0.3) + net.seen[1]


def once(x, y):
    lazy = Lazy(x)
    return lazy.square() * y + lazy.square()


def properties(x, y):
    one = Counted(x)
    before = one.x * one.x * y + one.reads
    one.x = x * y
    return before * one.x


def linked(x, y):
    return Chain(x, Chain(y, Chain(x * y))).total()


def table(x, y):
    made = Table()
    made[0, 1] = x
    made[1, 0] = y * made[0, 1]
    return made[0, 1] * made[1, 0]


def two_names(x, y):
    one = Box(x)
    other = one
    other.times(y)
    third = other.itself()
    third.v += 1.0
    return one.v


def two_names_of_one_that_is_added_to(x, y):
    one = Sum(x, y)
    other = one
    one += Sum(1.0, x)
    return other.x * other.y


def a_name_that_is_given_away(x, y):
    one = Box(x)
    other = one
    one = Box(y)
    other.times(3.0)
    return one.v * other.v**2


def swapped(x, y):
    a, b = Box(x), Box(y)
    a, b = b, a
    a.times(2.0)
    return a.v * b.v**2


def from_left_to_right(x, y):
    one = Box(x)
    first = one.v * one.times(y) * one.times(2.0) + one.v
    a, b = one.v, one.times(y)
    one.v += one.times(x)
    return first + a * b**2 + one.v


def given_itself(x, y):
    one = Box(x)
    one.by_itself(one.v)
    doubled(one, one.v)
    return one.v * y


def two_parameters_for_one(x, y):
    def both(a, b):
        a.times(x)
        b.times(3.0)
        return a.v * b.v

    one = Box(x)
    return both(one, one) * y


def on_some_ways(x, y):
    one = Box(x)
    for k in range(4):
        if k == 2:
            continue
        if one.v > 2.5:
            one.times(0.5)
        else:
            one.times(1 + y)
    while one.v < 20:
        one.times(1 + y)
    return one.v


def caught(x, y):
    one = Box(x)
    try:
        one.times(y)
        int("none")
    except ValueError:
        one.times(3.0)
    return one.v


def bound_again(x, y):
    one = Vec(x, y)
    x = x * 2
    other = one
    one = one * y
    return one.x * other.x * x


def read_late(x, y):
    one = Vec(x, y)

    def line(t):
        return one.x * t + one.square

    one = one * y
    return line(x) + sum(one.x * k + one.square for k in range(3))


def of_each(x, y):
    shapes = [Shape(x), Slab(y, x), Shape(x * y)]
    widest = max(each.area() for each in shapes)
    total = sum([Vec(x, y), Vec(y, x)], Vec(0.0, 1.0))
    for k, shape in enumerate(shapes):
        total = total + Vec(shape.volume(), k) * y
    return sum(each.area() for each in shapes) * widest + abs(total) * len(shapes)


def bodies(x, y):
    first = Box(x)
    boxes = [first, Box(y), Box(x * y)]
    for _ in range(2):
        for one in boxes:
            one.by_itself(one.v)
            for other in boxes:
                if other is not one:
                    one.v += 0.1 * other.v**2
    a, b, _ = boxes
    return sum(box.times(box.v) for box in (Box(x), b)) * first.v + boxes[-1].v * a.v


def two_at_once(x, y):
    return Vec(x, y), Vec(y, 2.0)


def from_a_callee(x, y):
    a, b = two_at_once(x, y)
    return a @ b * abs(a)


class Turned:
    """Operands are turned into objects first, as dual numbers and intervals do."""

    def __init__(self, v, e=0.0):
        self.v = v
        self.e = e

    def __add__(self, other):
        if not isinstance(other, Turned):
            other = Turned(other)
        return Turned(self.v + other.v, self.e + other.e)

    def __sub__(self, o):
        o = o if isinstance(o, Turned) else Turned(o)
        return Turned(self.v - o.v, self.e - o.e)

    def __rsub__(self, o):
        o = o if isinstance(o, Turned) else Turned(o)
        return o - self


def operands_turned_into_objects(x, y):
    d = Turned(x, y)
    r = 1 - (d + y)
    s = d - 2.0
    return r.v * s.v * y + r.e * x


def in_a_list_that_grows(x, y):
    boxes = []
    for k in range(3):
        boxes.append(Box(x * k + y))
    for box in boxes:
        box.times(2.0)
    return boxes[0].v * boxes[1].v


FUNCTIONS = [
    of_each, bodies, from_a_callee,
    every_operator, unpacked, falling, between, controlled, stepped, checked, named, inherited, shared, dual, network, once,
    properties, linked, table, two_names, two_names_of_one_that_is_added_to, a_name_that_is_given_away, swapped,
    from_left_to_right, given_itself, two_parameters_for_one, on_some_ways, caught, bound_again, read_late,
    operands_turned_into_objects, in_a_list_that_grows,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_objects_that_a_function_makes_are_followed(function: Callable[[float, float], float]) -> None:
    seed, x, y = random.Random(7).uniform(0.5, 2), 1.3, 0.7
    wanted = (derivative(lambda t: function(t, y), x).value, derivative(lambda t: function(x, t), y).value)
    gradient = gradgen.vjp(function, ("x", "y"))
    assert gradient(x, y, **{gradient.seeds[0]: seed}) == pytest.approx([seed * each for each in wanted], rel=1e-7)
    value, tangent = gradgen.jvp(function, ("x", "y"))(x, y, x_dot=0.3, y_dot=-0.8)
    assert value == function(x, y)
    assert tangent == pytest.approx(0.3 * wanted[0] - 0.8 * wanted[1], rel=1e-7)
    assert not any(f"{made}(" in gradient.source for made in ("Vec", "Box", "State", "Dual"))


def test_the_text_reads_as_if_there_had_been_no_objects() -> None:
    lines = inspect.getsource(gradgen.jvp(controlled)).splitlines()
    assert "    control_integral = 0.0" in lines
    assert "        control_integral += error * 0.1" in lines
    assert "        level = level + 0.1 * (control_kp * error + control_ki * control_integral + 0.1 * slope - level)" in lines


def one_or_the_other(x, y):
    a, b = Box(x), Box(y)
    c = a if x > y else b
    c.times(2.0)
    return a.v * b.v


def swapped_again_and_again(x, y):
    a, b = Box(x), Box(y)
    for _ in range(3):
        a, b = b, a
        a.times(2.0)
    return a.v * b.v**2


@dataclasses.dataclass
class Point:
    x: float
    y: float

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Point(self.x * k, self.y * k)

    def __pow__(self, n):
        return self.x**n + self.y

    def norm(self):
        return math.hypot(self.x, self.y)


def beyond(p, q):
    return (p + q * 2.0).norm() * p.x


class Arrow:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Arrow(self.x + other.x, self.y + other.y)

    def __mul__(self, k):
        return Arrow(self.x * k, self.y * k)

    def norm(self):
        return math.hypot(self.x, self.y)


@pytest.mark.parametrize("made", [Arrow, Point])
def test_objects_that_are_handed_in_have_operators(made: Any) -> None:
    def flat(a, b, c, d):
        return beyond(made(a, b), made(c, d))

    point, slopes = (1.3, 0.7, 0.4, -0.9), []
    for place, at in enumerate(point):
        slopes.append(derivative(lambda t, place=place: flat(*point[:place], t, *point[place + 1 :]), at).value)
    p, q = made(*point[:2]), made(*point[2:])
    dp, dq = gradgen.grad(beyond, like=(p, q))(p, q)
    assert (dp.x, dp.y, dq.x, dq.y) == pytest.approx(tuple(slopes), rel=1e-7)
    tangent = gradgen.jvp(beyond, like=(p, q))(p, q, p_dot=made(0.3, -0.8), q_dot=made(1.5, 0.2))[1]
    assert tangent == pytest.approx(0.3 * slopes[0] - 0.8 * slopes[1] + 1.5 * slopes[2] + 0.2 * slopes[3], rel=1e-7)


def squared(p):
    return p**2


def test_a_power_that_a_class_says_itself_is_no_power_of_a_number() -> None:
    point = Point(3.0, 4.0)
    assert gradgen.grad(squared, like=(point,))(point) == Point(6.0, 1.0)


class Round:
    def __init__(self, radius):
        self.radius = radius
        self.name = "round"

    def area(self):
        return 3.0 * self.radius**2


def of_argument(shape):
    return shape.area() * shape.radius


def test_the_gradient_by_an_object_of_a_plain_class_has_its_attributes() -> None:
    gradient = gradgen.grad(of_argument)(Round(1.3))
    assert gradient.radius == pytest.approx(9 * 1.3**2)
    assert gradgen.jvp(of_argument)(Round(1.3), shape_dot=Round(2.0)) == pytest.approx((3 * 1.3**3, 18 * 1.3**2))


def read_later(x, y):
    one, other = Box(x), Box(y)

    def line(t):
        return one.itself().v * t

    one = other
    return line(y) * x


def called_later(x, y):
    one = Box(x)
    other = one

    def line(t):
        return one.times(t) if t > 5 else one.itself().v * t

    one = Box(y)
    return line(y) * other.v


class Hidden:
    def __init__(self, x):
        self.x = x

    def __getattr__(self, name):
        return 2.0


def by_hidden_attributes(x, y):
    return Hidden(x).more * Hidden(y).x


UNFOLLOWED = [
    read_later, called_later, one_or_the_other, swapped_again_and_again, by_hidden_attributes,
]


@pytest.mark.parametrize("function", UNFOLLOWED)
def test_objects_that_cannot_be_followed_are_refused(function: Callable[[float, float], float]) -> None:
    for mode in (gradgen.grad, gradgen.jvp):
        with pytest.raises(gradgen.GradgenError, match=r"test_without_objects\.py:\d+:\d+: GG1"):
            made: Any = mode(function)
            made(1.3, 0.7)


CHECKED = """
def check(value, name):
    if value <= 0:
        raise ValueError(name)
    return float(value)


class Duct:
    def __init__(self, width):
        self.width = check(width, "width")

    def area(self, depth):
        depth = check(depth, "depth")
        return self.width * depth
"""
OF_ANOTHER = """
from ducts_checked import Duct


def area(x, y):
    return Duct(x).area(y)
"""


@pytest.mark.parametrize("own", ["", "def check(value, name):\n    return 2 * value\n"])
def test_functions_that_a_class_calls_are_those_of_its_module(own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "ducts_checked", raising=False)
    monkeypatch.delitem(sys.modules, "ducts_of_another", raising=False)
    (tmp_path / "ducts_checked.py").write_text(CHECKED)
    (tmp_path / "ducts_of_another.py").write_text(own + OF_ANOTHER)
    area = importlib.import_module("ducts_of_another").area
    assert gradgen.value_and_grad(area)(1.2, 0.8) == (1.2 * 0.8, (0.8, 1.2))
    monkeypatch.delitem(sys.modules, "ducts_checked")
    monkeypatch.delitem(sys.modules, "ducts_of_another")


class Well:
    def __init__(self, depth):
        self.depth = depth
        self.parts = {}

    def __mul__(self, k):
        return Well(self.depth * k)


def of_a_well(well, x):
    return well.depth * x**2


def test_an_object_may_lead_back_to_itself() -> None:
    well = Well(1.5)
    well.parts["own"] = well
    assert gradgen.grad(of_a_well, "x")(well, 0.7) == pytest.approx(1.5 * 2 * 0.7)


def of_methods(x):
    return Layer(x, 1.0)(x)


def test_a_method_that_is_another_since_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = gradgen.grad(of_methods)
    assert gradient(0.4) == pytest.approx(2 * 0.4 * (1 - math.tanh(0.16 + 1.0) ** 2))
    monkeypatch.setattr(Layer, "__call__", lambda self, x: self.w * x + self.b)
    assert gradient(0.4) == gradgen.grad(of_methods)(0.4) == 0.8


class Doubled:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __mul__(self, k):
        return Doubled(self.x * k * k, self.y)


class Added(Doubled):
    def __mul__(self, k):
        return Doubled(self.x + k, self.y)


def of_any_class(p, k):
    q = p * k
    return q.x * q.y


def test_a_text_for_objects_of_one_class_is_not_run_on_those_of_another():
    for first in (Doubled, Added):
        slope = gradgen.grad(of_any_class, like=(first(1.0, 2.0), 2.0), wrt="p")
        doubled, added = slope(Doubled(1.5, 2.5), 2.0), slope(Added(1.5, 2.5), 2.0)
        assert (doubled.x, doubled.y, added.x, added.y) == pytest.approx((4 * 2.5, 4 * 1.5, 2.5, 3.5))


class Span2:
    """What its operators and functions of numbers give are numbers, of both of its parts."""

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __mod__(self, other):
        return self.x * other.y - self.y * other.x

    def __pow__(self, n):
        return self.x**n + self.y

    def __floordiv__(self, k):
        return self.x * self.y * k

    def __rmul__(self, k):
        return k * self.x * self.y

    def __add__(self, other):
        return Span2(self.x + other.x, self.y + other.y)

    def __abs__(self):
        return math.hypot(self.x, self.y)

    def __round__(self, n=0):
        return self.x**2 * self.y

    def __floor__(self):
        return self.x * 3

    def __float__(self):
        return self.x / self.y

    def norm(self):
        return self.x * self.y**2


def modulo(p, q):
    return p % q


def power_of_one(p, q):
    return -p**2 * q.x


def steps_of_one(p, q):
    return p // 2 + q.x


def asked_of_both(p, q):
    return round(p) + p.x * abs(q) + float(q)


def times_one(p, q):
    return p.x * q


def sum_of_both(p, q):
    return (p + q).norm()


def slopes_of(function, point):
    return [
        derivative(lambda t, at=at: function(*point[:at], t, *point[at + 1 :]), each).value for at, each in enumerate(point)
    ]


@pytest.mark.parametrize("function", [modulo, power_of_one, steps_of_one, asked_of_both, times_one, sum_of_both])
def test_operators_of_arguments_that_are_objects_are_never_those_of_numbers(function):
    p, q, way = Span2(1.3, 0.7), Span2(0.4, 1.9), Span2(0.6, -1.1)

    def flat(*parts):
        return function(Span2(*parts[:2]), Span2(*parts[2:]))

    wanted = slopes_of(flat, (p.x, p.y, q.x, q.y))
    got = [part for each in gradgen.grad(function)(p, q) for part in (each.x, each.y)]
    assert got == pytest.approx(wanted, rel=1e-7)
    tangent = gradgen.jvp(function, wrt=("p", "q"))(p, q, p_dot=way, q_dot=p)[1]
    assert tangent == pytest.approx(sum(map(operator.mul, wanted, [way.x, way.y, p.x, p.y])), rel=1e-7)


def test_what_numbers_have_no_class_for_is_refused_of_objects():
    with pytest.raises(gradgen.UnsupportedError, match="GG115"):
        gradgen.grad(steps, wrt="p")(Span2(1.3, 0.7), 0.4)


def steps(p, k):
    return math.floor(p) * k + p.x
