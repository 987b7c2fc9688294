"""The tangents of operations of linear algebra: solves, inverses, determinants, factorizations.

Never holds a row; linalg.py does. The lines are written as in moving.py.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.rules.notation import Facts
from gradgen.rules.whole import complex_matrices
from gradgen.rules.whole.complex_matrices import by_dtype
from gradgen.rules.whole.linalg import APART, SLOPES_OF_CONDITION
from gradgen.rules.whole.norms import product

Lines = tuple[str, ...] | None
Maker = Callable[[Facts], Lines]


def solved(facts: Facts) -> Lines:
    left, right = facts.rank("a"), facts.rank("b")
    if left is None or right is None:
        return None
    if right == 1 and left > 2:
        return ("x_dot = solve(a, (b_dot - (a_dot @ x[..., None])[..., 0])[..., None])[..., 0]",)
    return ("x_dot = solve(a, b_dot - a_dot @ x)",)


def inverse(facts: Facts) -> Lines:
    return ("y_dot = -(y @ a_dot @ y)",)


def determinant(facts: Facts) -> Lines:
    if facts.rank("a") == 2:
        return ("y_dot = y * array_sum(inv(a).T * a_dot)",)
    return ("y_dot = y * array_sum(swapaxes(inv(a), -1, -2) * a_dot, axis=(-2, -1))",)


def log_determinant(facts: Facts) -> Lines:
    if facts.rank("a") == 2:
        return "sign_dot = 0", "logabsdet_dot = array_sum(inv(a).T * a_dot)"
    return "sign_dot = 0", "logabsdet_dot = array_sum(swapaxes(inv(a), -1, -2) * a_dot, axis=(-2, -1))"


LOWER_MOVED = "moved = tril(a_dot) + swapaxes(tril(a_dot, -1), -1, -2)"
UPPER_MOVED = "moved = triu(a_dot) + swapaxes(triu(a_dot, 1), -1, -2)"


def lower_factor(facts: Facts) -> Lines:
    return (
        LOWER_MOVED, "inner = solve(y, swapaxes(solve(y, moved), -1, -2))",
        "y_dot = y @ (tril(inner) + tril(inner, -1)) / 2",
    )


def upper_factor(facts: Facts) -> Lines:
    if facts.rank("a") != 2:
        return (
            UPPER_MOVED, "yt = swapaxes(y, -1, -2)", "inner = solve(yt, swapaxes(solve(yt, moved), -1, -2))",
            "y_dot = (triu(inner) + triu(inner, 1)) @ y / 2",
        )
    return UPPER_MOVED, "inner = solve(y.T, solve(y.T, moved).T)", "y_dot = (triu(inner) + triu(inner, 1)) @ y / 2"


def cholesky(facts: Facts) -> Lines:
    return upper_factor(facts) if facts.constants.get("upper") is True else lower_factor(facts)


def dense_cholesky(facts: Facts) -> Lines:
    return lower_factor(facts) if facts.constants.get("lower") is True else upper_factor(facts)


def eigen(facts: Facts) -> Lines:
    if facts.dtype("a") == "complex":
        return complex_matrices.eigh_moved(facts)
    moved = {"L": LOWER_MOVED, "U": UPPER_MOVED}.get(str(facts.constants.get("UPLO")))
    if moved is None or facts.rank("a") is None:
        return None
    turned = "eigenvectors.T" if facts.rank("a") == 2 else "swapaxes(eigenvectors, -1, -2)"
    lines = (moved, f"inner = {turned} @ moved @ eigenvectors")
    if "eigenvectors" not in facts.used:
        return *lines, "eigenvalues_dot = own_slopes(inner, eigenvalues)"
    slopes = "diagonal(inner)" if facts.rank("a") == 2 else "own_slopes(inner, eigenvalues)"
    return (
        f"assert all_apart(eigenvalues), '{APART}'", *lines, f"eigenvalues_dot = {slopes}",
        "eigenvectors_dot = eigenvectors @ (apart(eigenvalues) * inner)",
    )


def eigenvalues(facts: Facts) -> Lines:
    if facts.dtype("a") == "complex":
        return complex_matrices.eigvalsh_moved(facts)
    is_lower = facts.constants.get("UPLO") == "L"
    call = "eigh(a)" if is_lower else "eigh(a, 'U')"
    turned = "v.T" if facts.rank("a") == 2 else "swapaxes(v, -1, -2)"
    return LOWER_MOVED if is_lower else UPPER_MOVED, f"v = {call}[1]", f"w_dot = own_slopes({turned} @ moved @ v, w)"


def singular(facts: Facts) -> Lines:
    """Townsend, Differentiating the singular value decomposition (2016)."""
    is_full = facts.constants.get("full_matrices")
    if facts.rank("a") is None or is_full not in (True, False):
        return None
    if facts.rank("a") != 2:
        return singular_of_stacks(facts)
    if facts.constants.get("compute_uv") is False:
        return singular_values(facts)
    if facts.used <= {"S"}:
        u, vh = ("U[:, :S.size]", "Vh[:S.size]") if is_full else ("U", "Vh")
        return (f"S_dot = own_slopes({u}.T @ a_dot @ {vh}.T, S)",)
    lines = [
        "assert all_apart(S**2), 'the singular vectors of a value that occurs twice have no derivative'",
        "assert S[-1] > 0, 'the singular vectors of 0 have no derivative'",
    ]
    if is_full:
        lines.append("assert a.shape[0] == a.shape[1], 'ask for full_matrices=False: what spans the rest has no derivative'")
    return (
        *lines, "inner = U.T @ a_dot @ Vh.T", "S_dot = diagonal(inner)",
        "gaps = apart(S**2)", "U_dot = U @ (gaps * (inner * S + S[:, None] * inner.T)) + (a_dot @ Vh.T - U @ inner) / S",
        "Vh_dot = (gaps * (S[:, None] * inner + inner.T * S)).T @ Vh + (U.T @ a_dot - inner @ Vh) / S[:, None]",
    )


def singular_of_stacks(facts: Facts) -> Lines:
    """The same for each matrix of a stack."""
    is_full = facts.constants.get("full_matrices") is True
    if facts.constants.get("compute_uv") is False:
        return singular_values(facts)
    if facts.used <= {"S"}:
        u, vh = ("U[..., :S.shape[-1]]", "Vh[..., :S.shape[-1], :]") if is_full else ("U", "Vh")
        return (f"S_dot = own_slopes(swapaxes({u}, -1, -2) @ a_dot @ swapaxes({vh}, -1, -2), S)",)
    lines = [
        "assert all_apart(S**2), 'the singular vectors of a value that occurs twice have no derivative'",
        "assert array_min(S) > 0, 'the singular vectors of 0 have no derivative'",
    ]
    if is_full:
        lines.append("assert a.shape[-2] == a.shape[-1], 'ask for full_matrices=False: what spans the rest has no derivative'")
    return (
        *lines, "ut = swapaxes(U, -1, -2)", "v = swapaxes(Vh, -1, -2)", "inner = ut @ a_dot @ v",
        "turned = swapaxes(inner, -1, -2)", "S_dot = own_slopes(inner, S)",
        "gaps = apart(S**2)", "U_dot = U @ (gaps * (inner * S[..., None, :] + S[..., None] * turned))"
        " + (a_dot @ v - U @ inner) / S[..., None, :]",
        "Vh_dot = swapaxes(gaps * (S[..., None] * inner + turned * S[..., None, :]), -1, -2) @ Vh"
        " + (ut @ a_dot - inner @ Vh) / S[..., None]",
    )


def singular_values(facts: Facts) -> Lines:
    if facts.rank("a") != 2:
        return (
            "parts = svd(a, full_matrices=False)",
            "S_dot = own_slopes(swapaxes(parts[0], -1, -2) @ a_dot @ swapaxes(parts[2], -1, -2), S)",
        )
    return "parts = svd(a, full_matrices=False)", "S_dot = own_slopes(parts[0].T @ a_dot @ parts[2].T, S)"


def pseudo_inverse(facts: Facts) -> Lines:
    if facts.rank("a") != 2:
        return (
            "yt = swapaxes(y, -1, -2)", "moved = swapaxes(a_dot, -1, -2)",
            "y_dot = y @ yt @ (moved - moved @ a @ y) + (moved - y @ a @ moved) @ yt @ y - y @ a_dot @ y",
        )
    unseen = "(a_dot.T - a_dot.T @ a @ y)"
    return (f"y_dot = y @ y.T @ {unseen} + (a_dot.T - y @ a @ a_dot.T) @ y.T @ y - y @ a_dot @ y",)


def least_squares(facts: Facts) -> Lines:
    if not facts.used <= {"x", "residuals"} or facts.rank("a") != 2:
        return None
    lines: tuple[str, ...] = ()
    if "residuals" in facts.used:
        left = "2 * array_sum((b - a @ x) * (b_dot - a_dot @ x){})"
        whole = f"full(residuals.shape, {left.format('')})" if facts.rank("b") == 1 else left.format(", axis=0")
        lines = (f"residuals_dot = {whole}",)
    if facts.used == {"residuals"}:
        return lines
    return (
        *lines, "inverse = pinv(a)", "weights = inverse.T @ x",
        "x_dot = inverse @ (b_dot - a_dot @ x) + inverse @ (inverse.T @ (a_dot.T @ (b - a @ x)))"
        " + (a_dot.T @ weights - inverse @ (a @ (a_dot.T @ weights)))",
    )


def condition(facts: Facts) -> Lines:
    moved = product(facts, "(largest - smallest)", "x_dot")
    if facts.rank("x") != 2:
        return *SLOPES_OF_CONDITION, f"y_dot = y * array_sum({moved}, axis=(-2, -1))"
    return (
        "parts = svd(x, full_matrices=False)", "largest = outer(parts[0][:, 0], parts[2][0]) / parts[1][0]",
        "smallest = outer(parts[0][:, -1], parts[2][-1]) / parts[1][-1]",
        f"y_dot = y * array_sum({moved})",
    )


MATRICES: Mapping[str, Maker] = {
    "solve": solved, "inv": inverse,
    "det": determinant, "slogdet": by_dtype(log_determinant, complex_matrices.slogdet_moved),
    "cholesky": by_dtype(cholesky, complex_matrices.cholesky_moved),
    "dense_cholesky": by_dtype(dense_cholesky, complex_matrices.cholesky_moved), "eigh": eigen, "eigvalsh": eigenvalues,
    "svd": by_dtype(singular, complex_matrices.svd_moved), "svdvals": by_dtype(singular_values, complex_matrices.values_moved),
    "pinv": by_dtype(pseudo_inverse, complex_matrices.pinv_moved),
    "lstsq": least_squares, "dense_lstsq": least_squares,
    "matrix_power": lambda facts: ("y_dot = matrix_power_tangent(a_dot, a, n)",),
    "cond": condition,
}

MATRIX_HELPERS: Mapping[str, str] = {
    "matrix_power_tangent": '''\
def matrix_power_tangent(a_dot, a, n):
    """The tangent of np.linalg.matrix_power(a, n)."""
    if n < 0:
        inverse = np.linalg.inv(a)
        return matrix_power_tangent(-inverse @ a_dot @ inverse, inverse, -n)
    total = np.zeros_like(a)
    for k in range(n):
        total = total + np.linalg.matrix_power(a, k) @ a_dot @ np.linalg.matrix_power(a, n - 1 - k)
    return total
''',
}
