"""Lists of objects that grow, shrink and change are written element by element.

Never takes an expected number from gradgen: differences of the plain function judge both modes.
"""
from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable

import pytest

import gradgen
from tests.oracle.differences import derivative


@dataclasses.dataclass
class Item:
    price: float
    count: float

    def cost(self):
        return self.price * self.count**2


class Order:
    def __init__(self):
        self.items = []

    def add(self, price, count):
        self.items.append(Item(price, count))

    def total(self):
        return sum(each.cost() for each in self.items)


@dataclasses.dataclass
class Basket:
    items: list = dataclasses.field(default_factory=list)

    def put(self, item):
        self.items.append(item)
        return self


class Layer:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def __call__(self, x):
        return math.tanh(self.w * x + self.b)


class Net:
    def __init__(self, w, depth=3):
        self.layers = []
        for k in range(depth):
            self.layers.append(Layer(w + k, 0.1 * k))

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Body:
    def __init__(self, x, v):
        self.x = x
        self.v = v

    def step(self, dt, force):
        self.v += force * dt
        self.x += self.v * dt


class World:
    def __init__(self):
        self.bodies = []

    def add(self, body):
        self.bodies.append(body)

    def step(self, dt):
        for i, body in enumerate(self.bodies):
            force = 0.0
            for j, other in enumerate(self.bodies):
                if i != j:
                    force += (other.x - body.x) * 0.3
            body.step(dt, force)


def order(x, y):
    made = Order()
    made.add(x, 2.0)
    made.add(y, x)
    made.add(x * y, y)
    return made.total() * len(made.items)


def network(x, y):
    return Net(x)(y)


def world(x, y):
    w = World()
    w.add(Body(x, y))
    w.add(Body(y, x * x))
    w.add(Body(0.3, x))
    for _ in range(4):
        w.step(0.1)
    return w.bodies[0].x * w.bodies[-1].v + w.bodies[1].x


def all_pairs(x, y):
    items = [Item(x, y), Item(y, x), Item(x * y, 1.0)]
    total = 0.0
    for i in range(len(items)):
        for j in range(i + 1, len(items)):
            total += items[i].count * items[j].cost() / (1 + items[i].price)
    return total


def stack(x, y):
    held = []
    held.append(Body(x, y))
    held.append(Body(y, x))
    first = held.pop()
    held.append(Body(x * x, y))
    held[-1].step(0.5, first.x)
    second, third = held.pop(), held.pop()
    first.step(0.1, second.x)
    return first.x * second.v + third.v * first.v


def replaced(x, y):
    items = [Item(x, y), Item(y, x)]
    first = items[0]
    items[0] = Item(x * y, x)
    return items[0].cost() + items[1].cost() * first.price


def two_names_for_a_list(x, y):
    one, other = Order(), Order()
    one.add(x, y)
    other.items = one.items
    other.add(y, y * x)
    return one.total() + len(other.items)


def lists_of_their_own(x, y):
    one, other = Basket(), Basket()
    one.put(Item(x, y))
    other.put(Item(y, x))
    other.put(Item(y, y))
    return sum(each.cost() for each in one.items) * len(other.items)


def on_both_ways(x, y):
    items = []
    if x > y:
        items.append(Item(x, y))
    else:
        items.append(Item(y, x))
    items.append(Item(x * y, x))
    return sum(each.cost() for each in items[1:] + items)


def change(row, item, x, y):
    row.append(Item(9 * x, y))
    row[0] = Item(y, y)
    return item.price


def handed_to_another(x, y):
    items = []
    items.append(Item(x, y))
    return change(items, items[0], x, y) * sum(each.cost() for each in items)


def numbers_that_are_left_alone(x, y):
    found = []
    for k in range(5):
        found.append(x * k)
    item = Item(found[3], y)
    return item.cost() + sum(found)


RIGHT = [
    order, network, world, all_pairs, stack, replaced, two_names_for_a_list, lists_of_their_own, on_both_ways, handed_to_another,
    numbers_that_are_left_alone,
]


@pytest.mark.parametrize("function", RIGHT, ids=lambda each: each.__name__)
def test_lists_of_objects_that_change_are_followed(function: Callable[[float, float], float]) -> None:
    seed, x, y = random.Random(3).uniform(0.5, 2), 1.3, 0.7
    wanted = (derivative(lambda t: function(t, y), x).value, derivative(lambda t: function(x, t), y).value)
    gradient = gradgen.vjp(function, ("x", "y"))
    assert gradient(x, y, **{gradient.seeds[0]: seed}) == pytest.approx([seed * each for each in wanted], rel=1e-7)
    value, tangent = gradgen.jvp(function, ("x", "y"))(x, y, x_dot=0.3, y_dot=-0.8)
    assert value == function(x, y)
    assert tangent == pytest.approx(0.3 * wanted[0] - 0.8 * wanted[1], rel=1e-7)


def on_one_way(x, y):
    items = []
    if x > y:
        items.append(Item(x, y))
    items.append(Item(x * y, x))
    return sum(each.cost() for each in items) * len(items)


def test_a_list_whose_length_is_seen_when_it_runs_is_refused() -> None:
    with pytest.raises(gradgen.UnsupportedError, match="GG10[689]"):
        gradgen.grad(on_one_way)(1.3, 0.7)
    assert "pass" not in gradgen.grad(two_names_for_a_list).source
