"""Numbered names come in the order of reading, and nothing else of a text changes."""
from __future__ import annotations

from gradgen.emit.renumber import renumbered

STEMS = {"dx_1": "dx", "dx_2": "dx", "dx_3": "dx", "y_1": "y"}


def test_numbers_follow_the_order_of_reading() -> None:
    lines = ["def f(x):", "    dx_3 = x", "    dx_1 = dx_3 + y_1", "    return dx_1"]
    assert renumbered(lines, STEMS) == ["def f(x):", "    dx_1 = x", "    dx_2 = dx_1 + y_1", "    return dx_2"]


def test_what_nothing_reads_any_more_leaves_no_gap() -> None:
    assert renumbered(["def f(x):", "    dx_2 = x", "    return dx_2"], STEMS)[1:] == ["    dx_1 = x", "    return dx_1"]


def test_names_of_the_user_stay() -> None:
    lines = ["def f(x_2, x_1):", "    return x_2 + x_1"]
    assert renumbered(lines, STEMS) == lines


def test_parameters_and_keywords_stay() -> None:
    lines = ["def f(dx_3):", "    dx_2 = g(dx_3)", "    return h(dx_2, dx_1=dx_2)"]
    assert renumbered(lines, STEMS) == lines


def test_a_text_whose_comments_or_strings_mention_such_a_name_stays() -> None:
    for mention in ("# see dx_2", "'dx_2'", '"""\ndx_2\n"""', "self.dx_2"):
        lines = ["def f(x):", f"    y = x  {mention}", "    dx_2 = x", "    return dx_2"]
        assert renumbered(lines, STEMS) == lines
