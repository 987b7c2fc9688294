"""The derivative rules in brief, and names that nearly have one.

Never describes one operation in full; gradgen/rules/table.py does.
"""
from __future__ import annotations

import difflib

from gradgen.rules.registry import SEQUENCES, TABLES, operations
from gradgen.rules.rows import Row
from gradgen.rules.spelling import SPELLINGS


def overview() -> str:
    """Every row of every table, a line each."""
    parts = []
    for title, rows in TABLES.items():
        width = max((len(_forward(row)) for row in rows), default=0)
        parts.append("\n".join([title, *(f"  {_forward(row):<{width}}  {_backward(row)}" for row in rows)]))
    parts.append(f"Of sequences, written out as loops\n  {', '.join(sorted(SEQUENCES))}")
    return "\n\n".join(parts) + "\n"


def _forward(row: Row) -> str:
    return row.text[0] + (f"   where {row.when.text}" if row.when else "")


def _backward(row: Row) -> str:
    if row.refuses_all:
        return f"refused: {row.reason}"
    return "; ".join(row.text[1:]) or "derivative 0"


def near(name: str) -> list[str]:
    """Up to three operations or spellings that look like the name."""
    spelled = {attribute for names in SPELLINGS.values() for attributes in names.values() for attribute in attributes}
    return difflib.get_close_matches(name.rpartition(".")[2], sorted(operations() | spelled), n=3)
