"""What functions hand out and their callers add to: dicts that are made for the caller, and those that a module keeps.

Never holds expected values: the tests judge by differences.
"""
from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Examples = tuple[tuple[Callable[..., object], tuple[object, ...]], ...]

KEPT: dict[str, float] = {}
ROW = [0.0, 0.0]
FIELD = np.zeros(3)
LAST: dict[str, dict[str, float]] = {}


# --- made for the caller ---


def orifice(dp, rho):
    results = {"flow": math.nan, "velocity": math.nan}
    results["flow"] = math.sqrt(2.0 * dp / rho)
    results["velocity"] = dp * rho
    return results


def with_more(dp, rho):
    results = {"flow": math.nan}
    if rho < 0.0:
        return results
    results = orifice(dp, rho)
    results["ratio"] = dp / rho
    results["unit"] = 1.0
    return results


def adds_to_what_a_callee_made(x, y):
    return with_more(x, y)["flow"] * with_more(x, y)["ratio"]


def adds_to_what_a_callee_of_a_callee_made(x, y):
    found = with_more(2.0 * x, x * y)
    found["flow"] = found["flow"] * found["ratio"]
    return found["flow"] + found["velocity"]


def fractions(x, k):
    x = np.atleast_1d(x)
    y = np.c_[x] * k
    return y, np.sum(y) - 1


def only_the_number_beside_an_array(x, y):
    return fractions(x, y)[1] * y


# --- kept by a module ---


def kept():
    return KEPT


def kept_by_way_of_another():
    return kept()


def stores_into_what_a_module_keeps(x, y):
    found = kept()
    found["flow"] = x * y
    return KEPT["flow"] + x


def stores_by_another_name(x, y):
    found = kept_by_way_of_another()
    same = found
    same["flow"] = x * y
    return KEPT["flow"] + x


def row():
    return ROW


def stores_into_a_list_that_a_module_keeps(x, y):
    found = row()
    found[1] = x * y
    return ROW[1] + x


def field():
    return FIELD


def stores_into_an_array_that_a_module_keeps(x, y):
    found = field()
    found[1] = x * y
    return float(FIELD[1]) + x


def remembered():
    found = {"flow": 1.0}
    LAST["flow"] = found
    return found


def stores_into_what_is_remembered(x, y):
    found = remembered()
    found["flow"] = x * y
    return LAST["flow"]["flow"] + x


def held_in_a_new_list():
    return [KEPT]


def stores_deeply_into_what_a_module_keeps(x, y):
    found = held_in_a_new_list()
    found[0]["flow"] = x * y
    return KEPT["flow"] * x


def packed(q):
    return {"held": q}


def stores_into_what_a_new_dict_holds(x, y):
    q = [x, y]
    found = packed(q)
    q[0] = x * y
    return found["held"][0] * x


EXAMPLES: Examples = (
    (adds_to_what_a_callee_made, (1.3, 0.7)),
    (adds_to_what_a_callee_of_a_callee_made, (1.3, 0.7)),
    (only_the_number_beside_an_array, (1.3, 0.7)),
)
TO_BE_REFUSED: Examples = (
    (stores_into_what_a_module_keeps, (1.3, 0.7)),
    (stores_by_another_name, (1.3, 0.7)),
    (stores_into_a_list_that_a_module_keeps, (1.3, 0.7)),
    (stores_into_an_array_that_a_module_keeps, (1.3, 0.7)),
    (stores_into_what_is_remembered, (1.3, 0.7)),
    (stores_deeply_into_what_a_module_keeps, (1.3, 0.7)),
    (stores_into_what_a_new_dict_holds, (1.3, 0.7)),
)
