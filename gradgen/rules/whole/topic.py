"""What a table of operations on whole arrays brings: its rows, how its operations are called, the helpers that its rows use.

Never holds a row.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.ir.frozen import dataclass, field
from gradgen.rules.rows import Row


@dataclass(frozen=True, slots=True)
class Topic:
    """One table. `names` say by family (a module, "numpy.linalg") how each operation is called there, several names with blanks
    between; `methods` which methods of arrays are which operations; `helpers` are texts that generated modules carry; `keywords`
    are the names under which callers may pass operands, where they are not the row's own."""

    title: str
    rows: tuple[Row, ...]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    helpers: Mapping[str, str] = field(default_factory=dict)
    keywords: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
