"""Numbered names come in the order of reading, and nothing else of a text changes."""
from __future__ import annotations

from gradgen.emit.renumber import renumbered
from gradgen.transform.names import Given

STEMS = Given({"dx_1": "dx", "dx_2": "dx", "dx_3": "dx", "y_1": "y"})


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


def test_the_only_name_of_its_kind_has_no_number() -> None:
    given = Given({"total_1": "total", "total_2": "total"}, frozenset({"total"}))
    assert renumbered(["def f(x):", "    total_2 = x", "    return total_2"], given)[1:] == ["    total = x", "    return total"]
    lines = ["def f(x, total):", "    total_1 = x", "    return total_1"]
    assert renumbered(lines, given) == lines


def test_the_adjoint_of_a_value_is_called_after_it() -> None:
    given = Given({"df_1": "df", "df_2": "df", "root_2": "root"}, frozenset({"root"}), {"df_2": "root_2", "df_1": "gone"})
    lines = ["def f(x):", "    root_2 = x", "    df_2 = root_2", "    df_1 = df_2", "    return df_1"]
    assert renumbered(lines, given)[1:] == ["    root = x", "    droot = root", "    df_1 = droot", "    return df_1"]
    lines = ["def f(droot):", "    root_2 = x", "    df_2 = root_2", "    df_1 = df_2", "    return df_1"]
    assert renumbered(lines, given)[1:] == ["    root = x", "    df_2 = root", "    df_1 = df_2", "    return df_1"]
