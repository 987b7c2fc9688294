"""The rows of eigenvalues of any matrix, of solutions by a Cholesky factor that is at hand, and of chains of products.

Never holds the factorisations of linalg.py.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, results
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None
REAL = "the eigenvalues are complex, or two of them are the same"


def eig_lines(facts: Facts) -> Lines:
    """Of real eigenvalues, no two of which are the same."""
    if facts.rank("a") != 2:
        return None
    given = ", ".join(f"d{name}" if name in facts.used else "None" for name in ("eigenvalues", "eigenvectors"))
    return f"assert all_real_and_apart(eigenvalues), '{REAL}'", f"da += eig_adjoint({given}, eigenvalues, eigenvectors)"


def eigvals_lines(facts: Facts) -> Lines:
    if facts.rank("a") != 2:
        return None
    return f"assert all_real_and_apart(w), '{REAL}'", "parts = eig(a)", "da += eig_adjoint(dw, None, parts[0], parts[1])"


def chain_lines(facts: Facts) -> Lines:
    """Each factor meets the adjoint between the products of those before and after it; the ends may be vectors."""
    parts = [name for name in facts.parts if name.startswith("xs")]
    if len(parts) < 2 or not all(facts.rank(name) in (1, 2) for name in parts):
        return None
    starts, ends = facts.rank(parts[0]) == 1, facts.rank(parts[-1]) == 1
    lines = []
    for place, name in enumerate(parts):
        before, after = (" @ ".join(names) for names in (parts[:place], parts[place + 1 :]))
        left = f"({before})" if place > 1 else before
        right = f"({after})" if len(parts) - place > 2 else after
        match bool(before) and starts, bool(after) and ends:
            case True, True:
                found = f"dy * outer({before}, {after})"
            case True, False:
                found = f"outer({before}, {f'{right} @ dy' if after else 'dy'})" if not ends else f"dy * {left}"
            case False, True:
                found = f"outer({f'{left}.T @ dy' if before else 'dy'}, {after})" if not starts else f"dy * {right}"
            case _ if starts:
                found = f"{right} @ dy"
            case _:
                found = f"{f'{left}.T @ ' if before else ''}dy{f' @ {right}.T' if after else ''}"
        lines.append(f"d{name} += {found}")
    return tuple(lines)


def cho_solve_lines(facts: Facts) -> Lines:
    """Where the factor and the word that tells its triangle are written as a pair."""
    if not {"factor0", "factor1"} <= set(facts.parts) or facts.rank("factor0") != 2:
        return None
    return (
        "db = cho_solve((factor0, factor1), dx)", "dfactor0 += cho_solve_adjoint(db, x, factor0, factor1)", "dfactor1 += 0",
        "db += db",
    )


def cho_factor_lines(facts: Facts) -> Lines:
    match facts.constants.get("lower", UNKNOWN):
        case True:
            return ("da += cholesky_adjoint(tril(dc), tril(c))",)
        case False:
            return ("da += cholesky_adjoint(triu(dc).T, triu(c).T).T",)
    return None


def eig_moved(facts: Facts) -> Lines:
    if facts.rank("a") != 2:
        return None
    return (
        f"assert all_real_and_apart(eigenvalues), '{REAL}'", "moved = solve(eigenvectors, a_dot @ eigenvectors)",
        "turned = eigenvectors @ (apart(eigenvalues) * moved)", "eigenvalues_dot = diagonal(moved)",
        "eigenvectors_dot = turned - eigenvectors * array_sum(eigenvectors * turned, axis=0)",
    )


def eigvals_moved(facts: Facts) -> Lines:
    if facts.rank("a") != 2:
        return None
    return f"assert all_real_and_apart(w), '{REAL}'", "v = eig(a)[1]", "w_dot = diagonal(solve(v, a_dot @ v))"


def chain_moved(facts: Facts) -> Lines:
    """One factor after the other."""
    parts = [name for name in facts.parts if name.startswith("xs")]
    chains = (", ".join(f"{each}_dot" if each == name else each for each in parts) for name in parts if name in facts.active)
    moved = " + ".join(f"multi_dot([{chain}])" for chain in chains)
    return (f"y_dot = {moved}",) if len(parts) > 1 and moved else None


def cho_solve_moved(facts: Facts) -> Lines:
    """As of the matrix that the factor stands for."""
    lower = facts.constants.get("factor1", UNKNOWN)
    if not {"factor0", "factor1"} <= set(facts.parts) or facts.rank("factor0") != 2 or lower not in (True, False):
        return None
    part = "tril" if lower else "triu"
    inner = "moved @ (part.T @ x) + part @ (moved.T @ x)" if lower else "moved.T @ (part @ x) + part.T @ (moved @ x)"
    return (
        f"part = {part}(factor0)", f"moved = {part}(factor0_dot)",
        f"x_dot = cho_solve((factor0, factor1), b_dot - ({inner}))",
    )


def vector_of(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("a"))
    return Kind(kind.shape[:1], "object") if kind is not None and kind.shape is not None and len(kind.shape) == 2 else Kind(None)


def values_and_vectors(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("a"))
    shape = None if kind is None else kind.shape
    return results("eigenvalues eigenvectors", vector_of(operands), Kind(shape, "object"))


def chain_shape(operands: Operands) -> AnyKind:
    kind = operands.kind("xs")
    if not isinstance(kind, Holder) or not kind.items:
        return Kind(None)
    first, last = array_of(kind.items[0]), array_of(kind.items[-1])
    if first is None or last is None or not first.shape or not last.shape:
        return Kind(None)
    return Kind((*first.shape[:-1], *last.shape[1:]), "float")


def of_right_side(operands: Operands) -> AnyKind:
    return array_of(operands.kind("b"))


ROWS: tuple[Row, ...] = (
    made("eigenvalues, eigenvectors = eig(a)", eig_lines, shape=values_and_vectors, cost=100),
    made("w = eigvals(a)", eigvals_lines, shape=vector_of, cost=100),
    made("y = multi_dot(xs, out=None)", chain_lines, shape=chain_shape, carries="xs"),
    made("x = cho_solve(factor, b)", cho_solve_lines, shape=of_right_side),
    made("c, lower_given = cho_factor(a, lower=False)", cho_factor_lines,
         shape=lambda operands: Holder((array_of(operands.kind("a")), Kind((), "bool"))), carries="a", cost=100),
)

TOPIC = Topic(
    "Eigenvalues of any matrix, and factors at hand", ROWS,
    names={
        "numpy.linalg": {"eig": "eig", "eigvals": "eigvals", "multi_dot": "multi_dot"},
        "scipy.linalg": {"cho_solve": "cho_solve", "cho_factor": "cho_factor"},
    },
    helpers={
        "all_real_and_apart": '''\
def all_real_and_apart(values):
    """Whether values are real and no two of them are the same, but for rounding."""
    ordered = np.sort(np.real(values))
    gaps = np.abs(np.diff(ordered))
    return not np.any(np.imag(values)) and np.all(gaps > 4 * np.finfo(ordered.dtype).eps * np.max(np.abs(ordered)))
''',
        "eig_adjoint": '''\
def eig_adjoint(dw, dv, w, v):
    """The adjoint of a in w, v = np.linalg.eig(a), whose vectors have the length 1; None stands for an adjoint of zeros."""
    w, v = np.real(w), np.real(v)
    inner = np.diag(w * 0 if dw is None else np.real(dw))
    if dv is not None:
        turned = v.T @ np.real(dv)
        inner = inner + apart(w) * (turned - v.T @ v * np.diag(turned))
    return np.linalg.solve(v.T, inner @ v.T)
''',
        "cho_solve_adjoint": '''\
def cho_solve_adjoint(db, x, factor, lower):
    """The adjoint of the triangular factor in x = scipy.linalg.cho_solve((factor, lower), b)."""
    whole = -(np.outer(db, x) if x.ndim == 1 else db @ x.T)
    whole = whole + whole.T
    return np.tril(whole @ np.tril(factor)) if lower else np.triu(np.triu(factor) @ whole)
''',
    },
    keywords={"multi_dot": {"arrays": "xs"}, "cho_solve": {"c_and_lower": "factor"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "eig": eig_moved, "eigvals": eigvals_moved, "multi_dot": chain_moved, "cho_solve": cho_solve_moved,
}
"""The lines of their tangents."""
