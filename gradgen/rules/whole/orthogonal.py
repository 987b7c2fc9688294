"""The rows of QR factors, and of SciPy's eigenvalues of symmetric matrices.

Never holds NumPy's eigenvalues.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.frozen import replace
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, results
from gradgen.rules.whole import complex_matrices
from gradgen.rules.whole.linalg import (
    eigh_lines,
    eigh_shape,
    eigvalsh_lines,
    is_plain,
    least,
    of_matrix,
    vector_of,
)
from gradgen.rules.whole.matrices import eigen, eigenvalues
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None
TALL = "assert a.shape[{}] >= a.shape[{}], 'more columns than rows'"
SQUARE = "assert a.shape[{}] == a.shape[{}], 'the matrix is not square'"
FACTORS, TRIANGLE = ("reduced", "complete", "economic", "full"), ("r",)


def height(facts: Facts) -> str | None:
    """What has to hold of a matrix; None where the factors asked for are not known."""
    rank, mode = facts.rank("a"), facts.constants.get("mode", ...)
    if rank is None or rank < 2 or any(facts.constants.get(name, False) is not False for name in ("pivoting", "overwrite_a")):
        return None
    ends = ("0", "1") if rank == 2 else ("-2", "-1")
    return (SQUARE if mode in ("complete", "full") else TALL).format(*ends) if mode in FACTORS + TRIANGLE else None


def turned(facts: Facts, matrix: str) -> str:
    return f"({matrix}).T" if facts.rank("a") == 2 else f"swapaxes({matrix}, -1, -2)"


def qr_lines(facts: Facts) -> Lines:
    """What comes back to Q @ R, its triangle turned into Q."""
    head = height(facts)
    if head is None or facts.constants.get("mode") in TRIANGLE:
        return None
    if facts.dtype("a") == "complex":
        return complex_matrices.qr_lines(facts, head)
    has_q, has_r = "Q" in facts.used, "R" in facts.used
    of_r, of_q = f"R @ {turned(facts, 'dR')}", f"{turned(facts, 'dQ')} @ Q"
    inner = f"{of_r} - {of_q}" if has_q and has_r else f"-({of_q})" if has_q else of_r
    return head, f"inner = {inner}", *held(facts, "dQ + held" if has_q else "held")


def held(facts: Facts, whole: str) -> tuple[str, str]:
    """The last two lines, of what both factors hand back."""
    return (
        f"held = Q @ (tril(inner) + {turned(facts, 'tril(inner, -1)')})",
        f"da += {turned(facts, f'solve(R, {turned(facts, whole)})')}",
    )


def triangle_lines(facts: Facts) -> Lines:
    head = height(facts)
    if head is None or facts.constants.get("mode") not in TRIANGLE:
        return None
    if facts.dtype("a") == "complex":
        return complex_matrices.triangle_lines(facts, head)
    return head, "Q = qr(a)[0]", f"inner = R @ {turned(facts, 'dR')}", *held(facts, "held")


def qr_moved(facts: Facts) -> Lines:
    head = height(facts)
    if head is None:
        return None
    is_alone = facts.constants.get("mode") in TRIANGLE
    if facts.dtype("a") == "complex":
        return complex_matrices.qr_moved(facts, head, is_alone)
    of_r, of_a = turned(facts, "R"), turned(facts, "a_dot")
    return (
        head, *(("Q = qr(a)[0]",) if is_alone else ()),
        f"moved = {turned(facts, f'solve({of_r}, {of_a})')}",
        f"inner = {turned(facts, 'Q')} @ moved", f"turn = tril(inner, -1) - {turned(facts, 'tril(inner, -1)')}",
        *(() if is_alone else ("Q_dot = moved - Q @ (inner - turn)",)), "R_dot = (inner - turn) @ R",
    )


def qr_shape(operands: Operands) -> AnyKind:
    a, mode = of_matrix(operands), operands.literal("mode")
    if a is None or a.shape is None or mode not in FACTORS + TRIANGLE:
        return None
    short = a.shape[-2] if mode in ("complete", "full") else least(a.shape, operands.fresh())
    q, r = Kind((*a.shape[:-1], short), a.dtype), Kind((*a.shape[:-2], short, a.shape[-1]), a.dtype)
    return r if mode in TRIANGLE else results("Q R", q, r)


def plain_pair(shape: Callable[[Operands], AnyKind]) -> Callable[[Operands], AnyKind]:
    """SciPy hands out plain tuples."""

    def found(operands: Operands) -> AnyKind:
        kind = shape(operands)
        return Holder(kind.items) if isinstance(kind, Holder) else Holder((kind,)) if kind is not None else None

    return found


# --- eigenvalues of symmetric matrices ---


def one_triangle(facts: Facts) -> Facts | None:
    """The facts as NumPy's functions have them; None where more is asked for."""
    lower = facts.constants.get("lower", ...)
    is_whole = is_plain(facts, b=None, subset_by_index=None, subset_by_value=None, type=1)
    if not is_whole or lower not in (True, False):
        return None
    return replace(facts, constants={**facts.constants, "UPLO": "L" if lower else "U"})


def dense_eigh(lines: Callable[[Facts], Lines], are_values: bool) -> Callable[[Facts], Lines]:
    def found(facts: Facts) -> Lines:
        own = one_triangle(facts)
        return lines(own) if own is not None and is_plain(facts, eigvals_only=are_values) else None

    return found


def dense_eigen(facts: Facts) -> Lines:
    own = one_triangle(facts)
    if own is None:
        return None
    return eigenvalues(own) if is_plain(facts, eigvals_only=True) else eigen(own)


def values_or_both(operands: Operands) -> AnyKind:
    return vector_of(operands) if operands.literal("eigvals_only") is True else plain_pair(eigh_shape)(operands)


EIGH = (
    "dense_eigh(a, b=None, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, type=1, check_finite=True, "
    "subset_by_index=None, subset_by_value=None, driver=None)"
)
DENSE_QR = "dense_qr(a, overwrite_a=False, lwork=None, mode='full', pivoting=False)"
ROWS: tuple[Row, ...] = (
    made("Q, R = qr(a, mode='reduced')", qr_lines, shape=qr_shape, carries="a", cost=100),
    made("R = qr(a, mode='reduced')", triangle_lines, shape=qr_shape, carries="a", cost=100),
    made(f"Q, R = {DENSE_QR}", qr_lines, shape=plain_pair(qr_shape), carries="a", cost=100),
    made(f"eigenvalues, eigenvectors = {EIGH}", dense_eigh(eigh_lines, False), shape=values_or_both, carries="a b", cost=100),
    made(f"w = {EIGH}", dense_eigh(eigvalsh_lines, True), shape=values_or_both, carries="a b", cost=100),
    made(
        "w = dense_eigvalsh(a, b=None, lower=True, overwrite_a=False, overwrite_b=False, type=1, check_finite=True, "
        "subset_by_index=None, subset_by_value=None, driver=None)",
        lambda facts: None if (own := one_triangle(facts)) is None else eigvalsh_lines(own), shape=vector_of, carries="a b",
        cost=100,
    ),
)

TOPIC = Topic(
    "QR factors, and SciPy's eigenvalues", ROWS,
    names={
        "numpy.linalg": {"qr": "qr"},
        "scipy.linalg": {"dense_qr": "qr", "dense_eigh": "eigh", "dense_eigvalsh": "eigvalsh"},
    },
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "qr": qr_moved, "dense_qr": qr_moved, "dense_eigh": dense_eigen,
    "dense_eigvalsh": lambda facts: None if (own := one_triangle(facts)) is None else eigenvalues(own),
}
"""The lines of their tangents."""
