"""The rows of products of arrays: `@`, dot, outer.

Never holds decompositions (linalg).
"""
from __future__ import annotations

from gradgen.ir.kinds import AnyKind, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import (
    Operands,
    array_of,
    dot_product,
    matrix_product,
)
from gradgen.rules.whole.topic import Topic


def matmul_rows(facts: Facts) -> tuple[str, ...] | None:
    match facts.rank("a"), facts.rank("b"):
        case 1, 1:
            return "da += dc * b", "db += dc * a"
        case 2, 2:
            return "da += dc @ b.T", "db += a.T @ dc"
        case 2, 1:
            return "da += outer(dc, b)", "db += a.T @ dc"
        case 1, 2:
            return "da += b @ dc", "db += outer(a, dc)"
        case (0, _) | (_, 0):
            return None
    return "da += matmul_left(dc, a, b)", "db += matmul_right(dc, a, b)"


def dot_rows(facts: Facts) -> tuple[str, ...] | None:
    left, right = facts.rank("a"), facts.rank("b")
    if left == 0 or right == 0:
        return "da += dc * b", "db += dc * a"
    return matmul_rows(facts) if left in (1, 2) and right in (1, 2) else None


def outer_product(operands: Operands) -> AnyKind:
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    if a is None or b is None or a.rank != 1 or b.rank != 1 or a.shape is None or b.shape is None:
        return Kind((operands.fresh(), operands.fresh()))
    return Kind((a.shape[0], b.shape[0]), a.dtype)


ROWS: tuple[Row, ...] = (
    made("c = a @ b", matmul_rows, shape=matrix_product, carries="a b"),
    made("c = dot(a, b)", dot_rows, shape=dot_product, carries="a b"),
    made(
        "c = outer(a, b)", lambda facts: ("da += dc @ b", "db += a @ dc") if facts.rank("a") == facts.rank("b") == 1 else None,
        shape=outer_product, carries="a b",
    ),
)

TOPIC = Topic(
    "Products of arrays", ROWS,
    names={"numpy": {"dot": "dot", "outer": "outer"}},
    methods={"dot": "dot"},
)
