"""What functions that are called ask of the order of two values, in the words of each call, so that a caller learns whether two
of them part where the values are equal.

Never says what becomes of it; generated code asks beside the call.
"""
from __future__ import annotations

import functools

from gradgen.analyse.activity import Activity
from gradgen.analyse.program import CallSite, Program, Read
from gradgen.analyse.slopes.below import said_in
from gradgen.analyse.slopes.kinks import is_generated
from gradgen.analyse.slopes.partings import Order, orders_of
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.rules.carried import carried_helper

MOST = 30  # orders that are told of one function


def orders_below(program: Program, read: Read, activity: Activity, call: ir.Call) -> list[Order]:
    """The orders that a call asks for, in the variables of the function `read` that calls."""
    site = program.site(call, read, activity.versions)
    active = () if site is None else program.active_parameters(site, activity.is_varied)
    if site is None or not active:
        return []
    return _said(_orders_in(program, site.read, active), program, site, active)


def _orders_in(program: Program, read: Read, varied: tuple[str, ...]) -> tuple[Order, ...]:
    """The orders that a function, and those that it calls, ask for, in its own variables."""
    key = (read, varied)
    if key not in program.orders:
        program.orders[key] = ()  # a function that calls itself asks for no more than it asks for otherwise
        if not is_generated(read.positions.text) and carried_helper(read.live) is None:
            try:
                facts = program.analyse(read, varied).activity
            except GradgenError:
                return ()
            found = orders_of(read.function, facts, functools.partial(orders_below, program, read, facts))
            program.orders[key] = tuple(each.order for each in found)[:MOST]
    return program.orders[key]


def _said(orders: tuple[Order, ...], program: Program, site: CallSite, varied: tuple[str, ...]) -> list[Order]:
    """Those of the orders that can be said in the words of a call."""
    found: list[Order] = []
    if orders:
        analysed = program.analyse(site.read, varied)
        for order in orders:
            left, right = (said_in(each, program, analysed, site) for each in order.sides)
            if left is not None and right is not None:
                found.append(Order((left, right), order.is_above))
    return found
