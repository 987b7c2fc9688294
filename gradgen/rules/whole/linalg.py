"""The rows of linear algebra: solves, inverses, determinants, factorizations, norms.

Never holds products (products).

A function that reads one triangle of a symmetric matrix only (`cholesky`, `eigh`, `eigvalsh`) passes nothing on to the other one:
an element that is read stands for both, and its adjoint is the sum of both.
"""
from __future__ import annotations

from gradgen.ir.kinds import ONE, AnyKind, Dim, Holder, Kind, Shape, broadcast, wider
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made, passive
from gradgen.rules.shapes import Operands, array_of, real, reduced, results, sized
from gradgen.rules.whole import complex_matrices
from gradgen.rules.whole.complex_matrices import by_dtype
from gradgen.rules.whole.linalg_helpers import LINALG_HELPERS
from gradgen.rules.whole.norms import matrix_norm_lines, norm_lines, vector_norm_lines
from gradgen.rules.whole.topic import Topic

TURNED = "swapaxes({}, -1, -2)"


def is_plain(facts: Facts, **defaults: object) -> bool:
    """Whether these operands are literals of these values."""
    return all(facts.constants.get(name, ...) == value for name, value in defaults.items())


def solve_lines(facts: Facts) -> tuple[str, ...] | None:
    match facts.rank("a"), facts.rank("b"):
        case 2, 1:
            return "db = solve(a.T, dx)", "da -= outer(db, x)", "db += db"
        case 2, 2:
            return "db = solve(a.T, dx)", "da -= db @ x.T", "db += db"
        case int(left), 1 if left > 2:
            return (
                "at = swapaxes(a, -1, -2)", "db = solve(at, dx[..., None])[..., 0]", "da -= db[..., None] * x[..., None, :]",
                "db += unbroadcast(db, b)",
            )
        case int(left), int(right) if left == right > 2 and facts.shapes["a"] is not None and facts.shapes["b"] is not None \
                and facts.shapes["a"][:-2] == facts.shapes["b"][:-2]:
            return "db = solve(swapaxes(a, -1, -2), dx)", "da -= db @ swapaxes(x, -1, -2)", "db += db"
        case int(left), int(right) if left >= 2 and right >= 2:
            return (
                "db = solve(swapaxes(a, -1, -2), dx)", "da -= unbroadcast(db @ swapaxes(x, -1, -2), a)",
                "db += unbroadcast(db, b)",
            )
    return None


def inv_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("a") == 2:
        return ("da -= y.T @ dy @ y.T",)
    return None if facts.rank("a") is None else ("yt = swapaxes(y, -1, -2)", "da -= yt @ dy @ yt")


def det_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("a") == 2:
        return ("da += dy * y * inv(a).T",)
    return None if facts.rank("a") is None else ("da += (dy * y)[..., None, None] * swapaxes(inv(a), -1, -2)",)


def slogdet_lines(facts: Facts) -> tuple[str, ...] | None:
    if "logabsdet" not in facts.used:
        return ("da += 0",)
    if facts.rank("a") == 2:
        return ("da += dlogabsdet * inv(a).T",)
    return None if facts.rank("a") is None else ("da += dlogabsdet[..., None, None] * swapaxes(inv(a), -1, -2)",)


def cholesky_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("a") is None:
        return None
    if is_plain(facts, upper=False):
        return ("da += cholesky_adjoint(dy, y)",)
    return upper_cholesky(facts) if is_plain(facts, upper=True) else None


def upper_cholesky(facts: Facts) -> tuple[str, ...]:
    if facts.rank("a") == 2:
        return ("da += cholesky_adjoint(dy.T, y.T).T",)
    return ("da += swapaxes(cholesky_adjoint(swapaxes(dy, -1, -2), swapaxes(y, -1, -2)), -1, -2)",)


def scipy_cholesky_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("a") is None or facts.constants.get("lower", ...) not in (True, False):
        return None
    return ("da += cholesky_adjoint(dy, y)",) if facts.constants["lower"] else upper_cholesky(facts)


APART = "the eigenvectors of an eigenvalue that occurs twice have no derivative"


def eigh_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.dtype("a") == "complex":
        return complex_matrices.eigh_lines(facts)
    which = facts.constants.get("UPLO", ...)
    if which not in ("L", "U") or facts.rank("a") is None:
        return None
    part = "lower_part" if which == "L" else "upper_part"
    turned, each = ("eigenvectors.T", "") if facts.rank("a") == 2 else (TURNED.format("eigenvectors"), "[..., None, :]")
    lines = []
    if "eigenvectors" in facts.used:
        lines.append(f"assert all_apart(eigenvalues), '{APART}'")
        lines.append(f"da += {part}(eigenvectors @ (apart(eigenvalues) * ({turned} @ deigenvectors)) @ {turned})")
    if "eigenvalues" in facts.used:
        lines.append(f"da += {part}((eigenvectors * one_slope(deigenvalues, eigenvalues){each}) @ {turned})")
    return tuple(lines)


def eigvalsh_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.dtype("a") == "complex":
        return complex_matrices.eigvalsh_lines(facts)
    which = facts.constants.get("UPLO", ...)
    if which not in ("L", "U") or facts.rank("a") is None:
        return None
    part, call = ("lower_part", "eigh(a)") if which == "L" else ("upper_part", "eigh(a, 'U')")
    turned, each = ("v.T", "") if facts.rank("a") == 2 else (TURNED.format("v"), "[..., None, :]")
    return f"v = {call}[1]", f"da += {part}((v * one_slope(dw, w){each}) @ {turned})"


def svd_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("a") is None or not is_plain(facts, compute_uv=True, hermitian=False):
        return None
    is_full = facts.constants.get("full_matrices", ...)
    if is_full not in (True, False):
        return None
    is_stack = facts.rank("a") != 2
    if facts.used <= {"S"} and is_stack:
        u, vh = ("U[..., :S.shape[-1]]", "Vh[..., :S.shape[-1], :]") if is_full else ("U", "Vh")
        return (f"da += ({u} * one_slope(dS, S)[..., None, :]) @ {vh}",)
    if facts.used <= {"S"}:
        return ("da += (U[:, :S.size] * one_slope(dS, S)) @ Vh[:S.size]",) if is_full else ("da += (U * one_slope(dS, S)) @ Vh",)
    if facts.dtype("a") == "complex":
        return complex_matrices.svd_lines(facts)
    given = ", ".join(f"d{name}" if name in facts.used else "None" for name in ("U", "S", "Vh"))
    lines = [
        "assert all_apart(S**2), 'the singular vectors of a value that occurs twice have no derivative'",
        f"assert {'array_min(S) > 0' if is_stack else 'S[-1] > 0'}, 'the singular vectors of 0 have no derivative'",
    ]
    if is_full:
        is_square = "a.shape[-2] == a.shape[-1]" if is_stack else "a.shape[0] == a.shape[1]"
        lines.append(f"assert {is_square}, 'ask for full_matrices=False: what spans the rest has no derivative'")
    return (*lines, f"da += svd_adjoint({given}, U, S, Vh)")


def svdvals_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("a") is None:
        return None
    each = "" if facts.rank("a") == 2 else "[..., None, :]"
    return "parts = svd(a, full_matrices=False)", f"da += (parts[0] * one_slope(dS, S){each}) @ parts[2]"


def svd_values_lines(facts: Facts) -> tuple[str, ...] | None:
    return svdvals_lines(facts) if is_plain(facts, compute_uv=False, hermitian=False) else None


def pinv_lines(facts: Facts) -> tuple[str, ...] | None:
    return ("da += pinv_adjoint(dy, a, y)",) if facts.rank("a") is not None and is_plain(facts, hermitian=False) else None


def lstsq_lines(facts: Facts) -> tuple[str, ...] | None:
    """By the pseudo-inverse, for any number of equations. The solution makes the sum of squares that is left the least."""
    if not facts.used <= {"x", "residuals"} or facts.rank("a") != 2 or facts.rank("b") not in (1, 2):
        return None
    is_vector = facts.rank("b") == 1
    lines: tuple[str, ...] = ()
    if "residuals" in facts.used:
        total, product = ("array_sum(dresiduals)", "outer(dleft, x)") if is_vector else ("dresiduals", "dleft @ x.T")
        lines = f"dleft = 2 * {total} * (b - a @ x)", f"da -= {product}", "db += dleft"
    if facts.used == {"residuals"}:
        return lines
    moved = (
        "outer(b - a @ x, inverse @ db) - outer(db, x) + outer(inverse.T @ x, dx - inverse @ (a @ dx))" if is_vector else
        "(b - a @ x) @ (inverse @ db).T - db @ x.T + inverse.T @ x @ (dx - inverse @ (a @ dx)).T"
    )
    return *lines, "inverse = pinv(a)", "db = inverse.T @ dx", f"da += {moved}", "db += db"


SLOPES_OF_CONDITION = (
    "parts = svd(x, full_matrices=False)", "largest = parts[0][..., :1] @ parts[2][..., :1, :] / parts[1][..., :1, None]",
    "smallest = parts[0][..., -1:] @ parts[2][..., -1:, :] / parts[1][..., -1:, None]",
)
"""How the logarithms of the largest and the smallest singular value move, for each matrix of a stack."""


def cond_lines(facts: Facts) -> tuple[str, ...] | None:
    if facts.rank("x") is None or facts.constants.get("p", ...) not in (None, 2):
        return None
    if facts.rank("x") != 2:
        return (*SLOPES_OF_CONDITION, "dx += (dy * y)[..., None, None] * (largest - smallest)")
    return (
        "parts = svd(x, full_matrices=False)", "largest = outer(parts[0][:, 0], parts[2][0]) / parts[1][0]",
        "smallest = outer(parts[0][:, -1], parts[2][-1]) / parts[1][-1]", "dx += dy * y * (largest - smallest)",
    )


# --- shapes ---------------------------------------------------------------------------------------------------------------


def of_matrix(operands: Operands) -> Kind | None:
    kind = array_of(operands.kind("a"))
    return None if kind is None or kind.shape is None or len(kind.shape) < 2 else Kind(kind.shape, real(kind.dtype))


def solved(operands: Operands) -> AnyKind:
    a, b = of_matrix(operands), array_of(operands.kind("b"))
    if a is None or a.shape is None or b is None or b.shape is None or not b.shape:
        return Kind(None)
    dtype = wider(a.dtype, real(b.dtype))
    if len(b.shape) == 1:
        return Kind(a.shape[:-1], dtype)
    stacked = broadcast(a.shape[:-2], b.shape[:-2])
    return Kind(None if stacked is None else (*stacked, *b.shape[-2:]), dtype)


def numbers_of_matrices(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    return Kind(None) if a is None or a.shape is None else Kind(a.shape[:-2], a.dtype)


def inverse_of(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    return Kind(None) if a is None or a.shape is None else Kind((*a.shape[:-2], a.shape[-1], a.shape[-2]), a.dtype)


def like_matrix(operands: Operands) -> AnyKind:
    return of_matrix(operands) or Kind(None)


def perhaps_complex(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    return Kind(None) if a is None else Kind(a.shape, "object")


def vector_of(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    return Kind(None) if a is None or a.shape is None else Kind(a.shape[:-1], sized(a.dtype))


def least(shape: Shape, fresh: Dim) -> Dim:
    return shape[-1] if shape[-1] == shape[-2] else fresh


def slogdet_shape(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    if a is None or a.shape is None:
        return results("sign logabsdet", Kind(None), Kind(None))
    return results("sign logabsdet", Kind(a.shape[:-2], a.dtype), Kind(a.shape[:-2], sized(a.dtype)))


def eigh_shape(operands: Operands) -> AnyKind:
    return results("eigenvalues eigenvectors", vector_of(operands), like_matrix(operands))


def svd_shape(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    if operands.literal("compute_uv") is False:
        return values_shape(operands)
    if a is None or a.shape is None:
        return results("U S Vh", Kind(None), Kind(None), Kind(None))
    short = least(a.shape, operands.fresh())
    is_full = operands.literal("full_matrices") is True
    u = (*a.shape[:-1], a.shape[-2] if is_full else short)
    vh = (*a.shape[:-2], a.shape[-1] if is_full else short, a.shape[-1])
    return results("U S Vh", Kind(u, a.dtype), Kind((*a.shape[:-2], short), sized(a.dtype)), Kind(vh, a.dtype))


def values_shape(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    return Kind(None) if a is None or a.shape is None else Kind((*a.shape[:-2], least(a.shape, operands.fresh())), sized(a.dtype))


def lstsq_shape(operands: Operands) -> AnyKind:
    a, b = of_matrix(operands), array_of(operands.kind("b"))
    known = a is not None and a.shape is not None and b is not None and b.shape is not None
    x = Kind((a.shape[1], *b.shape[1:]), a.dtype) if known and a and a.shape and b and b.shape is not None else Kind(None)
    left = Kind((operands.fresh(),)) if known else Kind(None)
    return Holder((x, left, Kind((), "int"), Kind(None)))


def normed(operands: Operands) -> AnyKind:
    found = reduced(sized)(operands)
    kind = array_of(operands.kind("x"))
    if operands.literal("axis") is None and operands.literal("keepdims") is False and kind is not None:
        return Kind((), sized(kind.dtype))
    return found or Kind(None)


def matrix_normed(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    keepdims = operands.literal("keepdims")
    if kind is None or kind.shape is None or len(kind.shape) < 2 or keepdims not in (True, False):
        return Kind(None)
    return Kind((*kind.shape[:-2], ONE, ONE) if keepdims else kind.shape[:-2], sized(kind.dtype))


def counted_of_matrices(operands: Operands) -> AnyKind:
    a = of_matrix(operands)
    return Kind(None, "int") if a is None or a.shape is None else Kind(a.shape[:-2], "int")


def number_of_each(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("x"))
    return Kind(None) if kind is None or kind.shape is None else Kind(kind.shape[:-2], sized(kind.dtype))


ROWS: tuple[Row, ...] = (
    made("x = solve(a, b)", solve_lines, shape=solved, carries="a b", cost=100),
    made("y = inv(a)", inv_lines, shape=like_matrix, carries="a", cost=100),
    made("y = det(a)", det_lines, shape=numbers_of_matrices, carries="a", cost=100),
    made(
        "sign, logabsdet = slogdet(a)", by_dtype(slogdet_lines, complex_matrices.slogdet_lines), shape=slogdet_shape,
        carries="a", cost=100,
    ),
    made(
        "y = cholesky(a, upper=False)", by_dtype(cholesky_lines, complex_matrices.cholesky_lines), shape=like_matrix,
        carries="a", cost=100,
    ),
    made("eigenvalues, eigenvectors = eigh(a, UPLO='L')", eigh_lines, shape=eigh_shape, carries="a", cost=100),
    made("w = eigvalsh(a, UPLO='L')", eigvalsh_lines, shape=vector_of, carries="a", cost=100),
    made(
        "U, S, Vh = svd(a, full_matrices=True, compute_uv=True, hermitian=False)", svd_lines, shape=svd_shape, carries="a",
        cost=100,
    ),
    made("S = svd(a, full_matrices=True, compute_uv=True, hermitian=False)", svd_values_lines, shape=svd_shape, carries="a"),
    made("S = svdvals(a)", svdvals_lines, shape=values_shape, carries="a", cost=100),
    made(
        "y = pinv(a, rcond=None, hermitian=False, rtol=None)", by_dtype(pinv_lines, complex_matrices.pinv_lines),
        shape=inverse_of, carries="a", cost=100,
    ),
    made("x, residuals, rank, s = lstsq(a, b, rcond=None)", lstsq_lines, shape=lstsq_shape, carries="a b", cost=100),
    *passive("y = matrix_rank(a, tol=None, hermitian=False, rtol=None)", shape=counted_of_matrices),
    made("y = cond(x, p=None)", cond_lines, shape=number_of_each, cost=100),
    made(
        "y = matrix_power(a, n)", lambda facts: None if facts.rank("a") is None else ("da += matrix_power_adjoint(dy, a, n)",),
        shape=like_matrix, carries="a", cost=100,
    ),
    made("y = norm(x, ord=None, axis=None, keepdims=False)", norm_lines, shape=normed),
    made("y = vector_norm(x, axis=None, keepdims=False, ord=2)", vector_norm_lines, shape=normed),
    made("y = matrix_norm(x, keepdims=False, ord='fro')", matrix_norm_lines, shape=matrix_normed),
    made(
        "y = dense_cholesky(a, lower=False, overwrite_a=False, check_finite=True)",
        by_dtype(scipy_cholesky_lines, complex_matrices.cholesky_lines), shape=like_matrix,
        carries="a", cost=100,
    ),
)

TOPIC = Topic(
    "Linear algebra", ROWS,
    names={
        "numpy.linalg": {
            "solve": "solve", "inv": "inv", "det": "det", "slogdet": "slogdet", "cholesky": "cholesky", "eigh": "eigh",
            "eigvalsh": "eigvalsh", "svd": "svd", "svdvals": "svdvals", "pinv": "pinv", "lstsq": "lstsq",
            "cond": "cond", "matrix_power": "matrix_power", "norm": "norm", "vector_norm": "vector_norm",
            "matrix_norm": "matrix_norm", "matrix_rank": "matrix_rank",
        },
        "scipy.linalg": {
            "dense_cholesky": "cholesky",
            "det": "det", "inv": "inv", "norm": "norm", "svdvals": "svdvals", "svd": "svd", "pinv": "pinv",
        },
    },
    helpers={**LINALG_HELPERS, **complex_matrices.HELPERS},
)
