"""The rows of solutions of SciPy's equations of matrices: Sylvester's and Lyapunov's, dense, triangular and Toeplitz systems.

Never holds NumPy's solve.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import like
from gradgen.rules.whole.linalg import solve_lines, solved
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None


# --- dense systems ---


def triangle_read(facts: Facts) -> str | None:
    """Which triangle of a symmetric matrix is read: "lower", "upper"; "" for a matrix that is read as a whole, None where it is
    not known."""
    assumed, lower = facts.constants.get("assume_a", ...), facts.constants.get("lower", ...)
    if assumed in (None, "gen", "general"):
        return ""
    if assumed not in ("pos", "positive definite", "sym", "symmetric") or lower not in (True, False):
        return None
    return "lower" if lower else "upper"


def dense_lines(facts: Facts) -> Lines:
    read, turned, rank = triangle_read(facts), facts.constants.get("transposed", ...), facts.rank("b")
    if facts.rank("a") != 2 or read is None or turned not in (True, False) or rank not in (1, 2):
        return None
    if read:
        options = "lower=lower, assume_a=assume_a" if read == "lower" else "assume_a=assume_a"
        product = "outer(db, x)" if rank == 1 else "db @ x.T"
        return f"db = dense_solve(a, dx, {options})", f"da -= {read}_part({product})", "db += db"
    if turned:
        return "db = dense_solve(a, dx)", "da -= " + ("outer(x, db)" if rank == 1 else "x @ db.T"), "db += db"
    return tuple(line.replace("solve(", "dense_solve(") for line in solve_lines(facts) or ())


def dense_moved(facts: Facts) -> Lines:
    read, turned = triangle_read(facts), facts.constants.get("transposed", ...)
    if facts.rank("a") != 2 or read is None or turned not in (True, False):
        return None
    if read:
        part, side = ("tril", -1) if read == "lower" else ("triu", 1)
        options = "lower=lower, assume_a=assume_a" if read == "lower" else "assume_a=assume_a"
        return (
            f"moved = {part}(a_dot) + {part}(a_dot, {side}).T", f"x_dot = dense_solve(a, b_dot - moved @ x, {options})",
        )
    if turned:
        return ("x_dot = dense_solve(a, b_dot - a_dot.T @ x, transposed=True)",)
    return ("x_dot = dense_solve(a, b_dot - a_dot @ x)",)


# --- triangular systems ---


def triangle(facts: Facts) -> tuple[str, str, str] | None:
    """The function that keeps what is read of a matrix, how a system of it is asked for, and how the turned one is."""
    lower, trans = facts.constants.get("lower", ...), facts.constants.get("trans", ...)
    unit = facts.constants.get("unit_diagonal", ...)
    if facts.rank("a") != 2 or lower not in (True, False) or unit not in (True, False) or facts.rank("b") not in (1, 2):
        return None
    if trans not in (0, "N", 1, "T"):
        return None
    part = f"{'tril' if lower else 'triu'}({{}}{', -1' if unit and lower else ', 1' if unit else ''})"
    bound = (", lower=True" if lower else "") + (", unit_diagonal=True" if unit else "")
    ways = bound, f", trans=1{bound}"
    return part, *(ways if trans in (0, "N") else ways[::-1])


def triangular_lines(facts: Facts) -> Lines:
    """Of the matrix only one triangle is read."""
    found = triangle(facts)
    if found is None:
        return None
    part, _, back = found
    first, second = ("db", "x") if "trans" in back else ("x", "db")
    product = f"outer({first}, {second})" if facts.rank("b") == 1 else f"{first} @ {second}.T"
    return f"db = solve_triangular(a, dx{back})", f"da -= {part.format(product)}", "db += db"


def triangular_moved(facts: Facts) -> Lines:
    found = triangle(facts)
    if found is None:
        return None
    part, way, _ = found
    own = f"{part.format('a_dot')}{'.T' if 'trans' in way else ''}"
    return (f"x_dot = solve_triangular(a, b_dot - {own} @ x{way})",)


# --- Toeplitz systems ---


def parts_of_toeplitz(facts: Facts) -> tuple[str, str] | None:
    """The column and the row of the matrix: one vector for a symmetric one, or a pair that is written out."""
    if facts.rank("b") not in (1, 2):
        return None
    if facts.rank("c") == 1:
        return "c", "c"
    is_pair = {"c0", "c1"} <= set(facts.parts) and facts.rank("c0") == facts.rank("c1") == 1
    return ("c0", "c1") if is_pair else None


def toeplitz_lines(facts: Facts) -> Lines:
    """Each element stands along a diagonal; the first row's first is not read."""
    found = parts_of_toeplitz(facts)
    if found is None:
        return None
    column, row = found
    product = "outer(db, x)" if facts.rank("b") == 1 else "db @ x.T"
    turned = "c" if column == row else "(concatenate((c0[:1], c1[1:])), c0)"
    sums = f"diagonal_sums({product}, -1)", f"first_left_out(diagonal_sums({product}, 1))"
    if column == row:
        return f"db = solve_toeplitz({turned}, dx)", f"dc -= {sums[0]} + {sums[1]}", "db += db"
    return f"db = solve_toeplitz({turned}, dx)", f"dc0 -= {sums[0]}", f"dc1 -= {sums[1]}", "db += db"


def toeplitz_moved(facts: Facts) -> Lines:
    found = parts_of_toeplitz(facts)
    if found is None:
        return None
    if found == ("c", "c"):
        return ("x_dot = solve_toeplitz(c, b_dot - toeplitz(c_dot) @ x)",)
    moved = "toeplitz(c0_dot, zeros_like(c1)) + toeplitz(zeros_like(c0), c1_dot)"
    return (f"x_dot = solve_toeplitz((c0, c1), b_dot - ({moved}) @ x)",)


# --- equations of matrices ---


def of_matrices(*lines: str) -> Callable[[Facts], Lines]:
    return lambda facts: lines if facts.rank("a") == facts.rank("q") == 2 else None


SOLVE_OPTIONS = "lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False"
CONTINUOUS, DISCRETE = "solve_continuous_lyapunov", "solve_discrete_lyapunov"
ROWS: tuple[Row, ...] = (
    made(f"x = dense_solve(a, b, {SOLVE_OPTIONS})", dense_lines, shape=solved, carries="a b", cost=100),
    made(
        "x = solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True)",
        triangular_lines, shape=solved, carries="a b", cost=100,
    ),
    made("x = solve_toeplitz(c, b, check_finite=True)", toeplitz_lines, shape=like("b"), carries="c b", cost=100),
    made("x = solve_sylvester(a, b, q)", of_matrices(
        "dq = solve_sylvester(a.T, b.T, dx)", "da -= dq @ x.T", "db -= x.T @ dq", "dq += dq",
    ), shape=like("q"), carries="a b q", cost=100),
    made(f"x = {CONTINUOUS}(a, q)", of_matrices(
        f"dq = {CONTINUOUS}(a.T, dx)", "da -= dq @ x.T + dq.T @ x", "dq += dq",
    ), shape=like("q"), carries="a q", cost=100),
    made(f"x = {DISCRETE}(a, q, method=None)", of_matrices(
        f"dq = {DISCRETE}(a.T, dx)", "da += dq @ a @ x.T + dq.T @ a @ x", "dq += dq",
    ), shape=like("q"), carries="a q", cost=100),
)

TOPIC = Topic(
    "Equations of matrices", ROWS,
    names={"scipy.linalg": {
        "dense_solve": "solve",
        **{name: name for name in ("solve_triangular", "solve_toeplitz", "solve_sylvester", CONTINUOUS, DISCRETE)},
    }},
    keywords={"solve_toeplitz": {"c_or_cr": "c"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "dense_solve": dense_moved, "solve_triangular": triangular_moved, "solve_toeplitz": toeplitz_moved,
    "solve_sylvester": lambda facts: ("x_dot = solve_sylvester(a, b, q_dot - a_dot @ x - x @ b_dot)",),
    CONTINUOUS: of_matrices(f"x_dot = {CONTINUOUS}(a, q_dot - a_dot @ x - x @ a_dot.T)"),
    DISCRETE: of_matrices(f"x_dot = {DISCRETE}(a, q_dot + a_dot @ x @ a.T + a @ x @ a_dot.T)"),
}
"""The lines of their tangents."""
