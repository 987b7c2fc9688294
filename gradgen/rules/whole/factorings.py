"""The rows of LU factors, polar parts, systems of tensors and of bands.

Never holds the factorisations of linalg.py.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, array_of, like
from gradgen.rules.whole.linalg import lstsq_lines, lstsq_shape
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None
SQUARE = "assert a.shape[0] == a.shape[1], 'the matrix is not square'"


def is_matrix(facts: Facts, **plain: object) -> bool:
    return facts.rank("a") == 2 and all(facts.constants.get(name, ...) == value for name, value in plain.items())


# --- a = p @ l @ u ---


def lu_lines(facts: Facts) -> Lines:
    """The strictly lower part of what comes back to l, and the upper one of what comes back to u."""
    if not is_matrix(facts, permute_l=False, p_indices=False, overwrite_a=False):
        return None
    if not facts.used & {"l", "u"}:
        return ("da += 0",)  # the order of the rows moves in steps
    parts = [text for name, text in (("l", "tril(l.T @ dl, -1)"), ("u", "triu(du @ u.T)")) if name in facts.used]
    return SQUARE, f"inner = {' + '.join(parts)}", "da += p @ solve(l.T, solve(u, inner.T).T)"


def permuted_lines(facts: Facts) -> Lines:
    """Where the order of the rows is in the lower factor."""
    if not is_matrix(facts, permute_l=True, p_indices=False, overwrite_a=False):
        return None
    parts = [text for name, text in (("pl", "tril(l.T @ (p.T @ dpl), -1)"), ("u", "triu(du @ u.T)")) if name in facts.used]
    return SQUARE, *IN_ORDER, f"inner = {' + '.join(parts)}", "da += p @ solve(l.T, solve(u, inner.T).T)"


IN_ORDER = ("parts = lu(a)", "p = parts[0]", "l = parts[1]")


def lu_moved(facts: Facts) -> Lines:
    if is_matrix(facts, permute_l=True, p_indices=False, overwrite_a=False):
        return (
            SQUARE, *IN_ORDER, "inner = solve(u.T, solve(l, p.T @ a_dot).T).T", "pl_dot = pl @ tril(inner, -1)",
            "u_dot = triu(inner) @ u",
        )
    if not is_matrix(facts, permute_l=False, p_indices=False, overwrite_a=False):
        return None
    return (
        SQUARE, "inner = solve(u.T, solve(l, p.T @ a_dot).T).T", "p_dot = 0", "l_dot = l @ tril(inner, -1)",
        "u_dot = triu(inner) @ u",
    )


def lu_shape(operands: Operands) -> AnyKind:
    a = array_of(operands.kind("a"))
    is_plain = a is not None and a.shape is not None and len(a.shape) == 2 and operands.literal("p_indices") is False
    square = Kind(a.shape) if is_plain and a is not None else Kind(None)
    return Holder((square,) * (2 if operands.literal("permute_l") is True else 3))


def packed_lines(facts: Facts) -> Lines:
    return (SQUARE, "da += lu_adjoint(dc, c, piv)") if is_matrix(facts, overwrite_a=False) and facts.used == {"c"} else None


def packed_moved(facts: Facts) -> Lines:
    return (SQUARE, "c_dot = lu_tangent(a_dot, c, piv)", "piv_dot = 0") if is_matrix(facts, overwrite_a=False) else None


def packed_shape(operands: Operands) -> AnyKind:
    a = array_of(operands.kind("a"))
    if a is None or a.shape is None or len(a.shape) != 2:
        return Holder((Kind(None), Kind(None)))
    return Holder((Kind(a.shape), Kind(a.shape[:1], "int")))


# --- a = u @ p, or p @ u ---


def polar_lines(facts: Facts) -> Lines:
    side = facts.constants.get("side", ...)
    if not is_matrix(facts) or side not in ("right", "left"):
        return None
    du, dp = ("du" if "u" in facts.used else "zeros_like(u)"), ("dp" if "p" in facts.used else "zeros_like(p)")
    if side == "right":
        return (f"da += polar_adjoint({du}, {dp}, u, p)",)
    return (f"da += polar_adjoint(({du}).T, {dp}, u.T, p).T",)


def polar_moved(facts: Facts) -> Lines:
    side = facts.constants.get("side", ...)
    if not is_matrix(facts) or side not in ("right", "left"):
        return None
    if side == "right":
        return (
            "moved = u.T @ a_dot - polar_turn(a_dot, u, p) @ p", "u_dot = solve(p, (a_dot - u @ moved).T).T", "p_dot = moved",
        )
    return (
        "moved = u @ a_dot.T - polar_turn(a_dot.T, u.T, p) @ p", "u_dot = solve(p, a_dot - moved @ u)", "p_dot = moved",
    )


def polar_shape(operands: Operands) -> AnyKind:
    a, side = array_of(operands.kind("a")), operands.literal("side")
    if a is None or a.shape is None or len(a.shape) != 2 or side not in ("right", "left"):
        return Holder((Kind(None), Kind(None)))
    own = a.shape[1] if side == "right" else a.shape[0]
    return Holder((Kind(a.shape), Kind((own, own))))


# --- tensors as matrices ---


def tensor_inverse(operands: Operands) -> AnyKind:
    a, ind = array_of(operands.kind("a")), operands.literal("ind")
    if a is None or a.shape is None or type(ind) is not int:
        return Kind(None)
    return Kind((*a.shape[ind:], *a.shape[:ind]))


def tensor_solution(operands: Operands) -> AnyKind:
    a, b = array_of(operands.kind("a")), array_of(operands.kind("b"))
    return Kind(None) if a is None or b is None or a.shape is None or b.shape is None else Kind(a.shape[len(b.shape):])


def is_tensor(facts: Facts) -> bool:
    return facts.rank("a") is not None and facts.rank("b") is not None and facts.constants.get("axes", ...) is None


FLAT = "flat = reshape(a, (b.size, b.size))"

# --- bands ---


def banded_lines(facts: Facts) -> Lines:
    overwrites = any(facts.constants.get(name, ...) is not False for name in ("overwrite_ab", "overwrite_b"))
    if facts.rank("ab") != 2 or facts.rank("b") not in (1, 2) or overwrites:
        return None
    return (
        "db = solve_banded(bands[::-1], bands_turned(ab, bands), dx)", "dab -= bands_back(db, x, ab, bands)", "db += db",
        "dbands += 0",
    )


# --- solutions by a factor ---


def solved_by_lu(facts: Facts) -> Lines:
    """By the factor, which stands for the matrix."""
    trans, rank = facts.constants.get("trans", ...), facts.rank("b")
    if not is_matrix(facts) or trans not in (0, 1) or rank not in (1, 2):
        return None
    back, first, second = ("1", "db", "x") if trans == 0 else ("0", "x", "db")
    product = f"outer({first}, {second})" if rank == 1 else f"{first} @ {second}.T"
    return f"db = lu_solve(factor, dx, trans={back})", f"da -= {product}", "db += db", "dfactor += 0"


def solution_moved_by_lu(facts: Facts) -> Lines:
    trans = facts.constants.get("trans", ...)
    if not is_matrix(facts) or trans not in (0, 1):
        return None
    return (f"x_dot = lu_solve(factor, b_dot - a_dot{'' if trans == 0 else '.T'} @ x, trans={trans})",)


def solved_by_cholesky(facts: Facts) -> Lines:
    """Only one triangle of the matrix is read."""
    lower, rank = facts.constants.get("lower", ...), facts.rank("b")
    if not is_matrix(facts) or lower not in (True, False) or rank not in (1, 2):
        return None
    product = "outer(db, x)" if rank == 1 else "db @ x.T"
    part = "lower_part" if lower else "upper_part"
    return "db = cho_solve(factor, dx)", f"da -= {part}({product})", "db += db", "dfactor += 0"


def solution_moved_by_cholesky(facts: Facts) -> Lines:
    lower = facts.constants.get("lower", ...)
    if not is_matrix(facts) or lower not in (True, False):
        return None
    part, side = ("tril", "-1") if lower else ("triu", "1")
    return f"moved = {part}(a_dot) + {part}(a_dot, {side}).T", "x_dot = cho_solve(factor, b_dot - moved @ x)"


ROWS: tuple[Row, ...] = (
    made(
        "p, l, u = lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False)", lu_lines, shape=lu_shape,
        carries="a", cost=100,
    ),
    made(
        "pl, u = lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False)", permuted_lines, shape=lu_shape,
        carries="a", cost=100,
    ),
    made("c, piv = lu_factor(a, overwrite_a=False, check_finite=True)", packed_lines, shape=packed_shape, carries="a", cost=100),
    made("u, p = polar(a, side='right')", polar_lines, shape=polar_shape, carries="a", cost=100),
    made(
        "y = tensorinv(a, ind=2)", lambda facts: ("da -= tensorinv_product(y, dy, a.shape, True)",), shape=tensor_inverse,
        carries="a", cost=100,
    ),
    made("x = tensorsolve(a, b, axes=None)", lambda facts: (
        FLAT, "db = reshape(solve(flat.T, ravel(dx)), b.shape)", "da -= reshape(outer(ravel(db), ravel(x)), a.shape)", "db += db",
    ) if is_tensor(facts) else None, shape=tensor_solution, carries="a b", cost=100),
    made("x = lu_solved(factor, b, a, trans=0)", solved_by_lu, shape=like("b"), carries="b a", cost=100),
    made("x = cho_solved(factor, b, a, lower=False)", solved_by_cholesky, shape=like("b"), carries="b a", cost=100),
    made("x = lu_solve(factor, b, trans=0)", lambda facts: None, shape=like("b"), carries="factor b"),
    made("x = solve_banded(bands, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True)", banded_lines,
         shape=like("b"), carries="ab b", cost=100),
    made("x, residuals, rank, s = dense_lstsq(a, b, cond=None)", lstsq_lines, shape=lstsq_shape, carries="a b", cost=100),
)

TOPIC = Topic(
    "LU factors, polar parts, tensors and bands", ROWS,
    names={
        "numpy.linalg": {"tensorinv": "tensorinv", "tensorsolve": "tensorsolve"},
        "scipy.linalg": {
            **{name: name for name in ("lu", "lu_factor", "lu_solve", "polar")},
            "solve_banded": "solve_banded",
            "dense_lstsq": "lstsq",
        },
    },
    helpers={
        "lu_adjoint": '''\
def lu_adjoint(dc, c, piv):
    """The adjoint of a in c, piv = scipy.linalg.lu_factor(a)."""
    lower, upper = np.tril(c, -1) + np.eye(len(c)), np.triu(c)
    inner = np.tril(lower.T @ np.tril(dc, -1), -1) + np.triu(np.triu(dc) @ upper.T)
    da = np.linalg.solve(lower.T, np.linalg.solve(upper, inner.T).T)
    for i in reversed(range(len(piv))):
        da[[i, piv[i]]] = da[[piv[i], i]]
    return da
''',
        "lu_tangent": '''\
def lu_tangent(a_dot, c, piv):
    """The tangent of c in c, piv = scipy.linalg.lu_factor(a)."""
    lower, upper = np.tril(c, -1) + np.eye(len(c)), np.triu(c)
    moved = a_dot.copy()
    for i in range(len(piv)):
        moved[[i, piv[i]]] = moved[[piv[i], i]]
    inner = np.linalg.solve(upper.T, np.linalg.solve(lower, moved).T).T
    return lower @ np.tril(inner, -1) + np.triu(inner) @ upper
''',
        "polar_turn": '''\
def polar_turn(a_dot, u, p):
    """How u turns in u, p = scipy.linalg.polar(a): the antisymmetric w with w @ p + p @ w = u.T @ a_dot - a_dot.T @ u."""
    s, v = np.linalg.eigh(p)
    gap = u.T @ a_dot
    return v @ (v.T @ (gap - gap.T) @ v / (s + s[:, None])) @ v.T
''',
        "polar_adjoint": '''\
def polar_adjoint(du, dp, u, p):
    """The adjoint of a in u, p = scipy.linalg.polar(a), a having full rank and no more columns than rows."""
    s, v = np.linalg.eigh(p)
    turn = v @ (v.T @ (u.T @ du - dp @ p) @ v / (s + s[:, None])) @ v.T
    return u @ (dp + turn - turn.T) + np.linalg.solve(p, (du - u @ (u.T @ du)).T).T
''',
        "tensorinv_product": '''\
def tensorinv_product(y, moved, shape, is_turned):
    """y @ moved @ y of an inverse tensor and a tensor taken as matrices, or turned around, in the shape given."""
    n = round(y.size**0.5)
    flat = y.reshape(n, n).T if is_turned else y.reshape(n, n)
    return (flat @ np.reshape(moved, (n, n)) @ flat).reshape(shape)
''',
        "bands_turned": '''\
def bands_turned(ab, bands):
    """The diagonals of a transposed matrix, as scipy.linalg.solve_banded takes them."""
    n, (below, above) = ab.shape[1], bands
    turned = np.zeros_like(ab)
    for k in range(-below, above + 1):
        i = np.arange(max(0, -k), min(n, n - k))
        turned[below + k, i] = ab[above - k, i + k]
    return turned
''',
        "bands_back": '''\
def bands_back(db, x, ab, bands):
    """The diagonals of db @ x.T, as scipy.linalg.solve_banded takes them."""
    n, (below, above) = ab.shape[1], bands
    found = np.zeros(ab.shape, x.dtype)
    for k in range(-below, above + 1):
        i = np.arange(max(0, -k), min(n, n - k))
        found[above - k, i + k] = np.sum((db[i] * x[i + k]).reshape(len(i), -1), axis=1)
    return found
''',
        "bands_times": '''\
def bands_times(ab, x, bands):
    """The product of a matrix, given by its diagonals, and x."""
    n, (below, above) = ab.shape[1], bands
    total = np.zeros_like(x)
    for k in range(-below, above + 1):
        i = np.arange(max(0, -k), min(n, n - k))
        total[i] += (ab[above - k, i + k] * x[i + k].T).T
    return total
''',
    },
    keywords={"solve_banded": {"l_and_u": "bands"}, "lu_solve": {"lu_and_piv": "factor"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "lu_solved": solution_moved_by_lu, "cho_solved": solution_moved_by_cholesky,
    "lu": lu_moved, "lu_factor": packed_moved, "polar": polar_moved,
    "tensorinv": lambda facts: ("y_dot = -tensorinv_product(y, a_dot, y.shape, False)",),
    "tensorsolve": lambda facts: (
        FLAT, "x_dot = reshape(solve(flat, ravel(b_dot) - reshape(a_dot, (b.size, b.size)) @ ravel(x)), x.shape)",
    ) if is_tensor(facts) else None,
    "solve_banded": lambda facts: ("x_dot = solve_banded(bands, ab, b_dot - bands_times(ab_dot, x, bands))",),
}
"""The lines of their tangents."""
