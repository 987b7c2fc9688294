"""The rows of eigenvalues of any matrix, of solutions by a Cholesky factor that is at hand, and of chains of products.

Never holds the factorisations of linalg.py.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Holder, Kind, wider
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import UNKNOWN, Operands, array_of, like, results
from gradgen.rules.whole.complex_matrices import PHASES, spelled
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None
REAL = "the eigenvalues are complex, or two of them are the same"


def eig_lines(facts: Facts) -> Lines:
    """Of real eigenvalues, no two of which are the same."""
    if facts.dtype("a") == "complex":
        return complex_eig_lines(facts)
    if facts.rank("a") != 2:
        return None
    lines = [f"assert all_real_and_apart(eigenvalues), '{REAL}'", "v = real(eigenvectors)"]
    of_values = "diag(real(deigenvalues))"
    if "eigenvectors" not in facts.used:
        return *lines, f"da += solve(v.T, {of_values} @ v.T)"
    lines.append("turned = v.T @ real(deigenvectors)")
    inner = "apart(real(eigenvalues)) * (turned - v.T @ v * diagonal(turned))"
    lines.append(f"inner = {f'{of_values} + {inner}' if 'eigenvalues' in facts.used else inner}")
    return *lines, "da += solve(v.T, inner @ v.T)"


def eigvals_lines(facts: Facts) -> Lines:
    if facts.dtype("a") == "complex":
        of = spelled(facts)
        return None if of is None else (
            DISTINCT.format("w"), f"vh = {of.turned('eig(a)[1]')}", f"da += solve(vh, {of.along('dw')} * vh)",
        )
    if facts.rank("a") != 2:
        return None
    return f"assert all_real_and_apart(w), '{REAL}'", "v = real(eig(a)[1])", "da += solve(v.T, diag(real(dw)) @ v.T)"


DISTINCT = "assert all_distinct({}), 'an eigenvalue that occurs twice has no derivative of its own'"
TOLD = (
    "sizes = abs(eigenvectors)", "place = argmax(sizes, axis=0)",
    "is_alone = array_sum(sizes > (1 - 1e-9) * array_max(sizes, axis=0), axis=0) == 1",
    "told = where(is_alone, diagonal(eigenvectors[place]), 0)",
)
"""The largest component of each eigenvector, which LAPACK makes real; 0 where two are as large, so that none tells the phase."""


def complex_eig_lines(facts: Facts) -> Lines:
    """The vectors are of the length 1, the largest component of each is real."""
    of = spelled(facts)
    if of is None or of.is_stack and "eigenvectors" in facts.used:
        return None
    lines = (DISTINCT.format("eigenvalues"), f"vh = {of.turned('eigenvectors')}")
    if "eigenvectors" not in facts.used:
        return *lines, f"da += solve(vh, {of.along('deigenvalues')} * vh)"
    of_values = "diag(deigenvalues) + " if "eigenvalues" in facts.used else ""
    return (
        *lines, "turned = vh @ deigenvectors", *TOLD, "phase = phases(turned, told) / where(told == 0, 1, real(told))",
        "held = vh @ eigenvectors * real(diagonal(turned)) + 1j * conjugate(eigenvectors[place]).T * phase",
        f"inner = {of_values}conjugate(apart(eigenvalues)) * (turned - held)", "da += solve(vh, inner @ vh)",
    )


def complex_eig_moved(facts: Facts) -> Lines:
    of = spelled(facts)
    if of is None or of.is_stack and "eigenvectors" in facts.used:
        return None
    lines = (
        DISTINCT.format("eigenvalues"), "moved = solve(eigenvectors, a_dot @ eigenvectors)",
        f"eigenvalues_dot = {of.diagonal('moved')}",
    )
    if "eigenvectors" not in facts.used:
        return lines
    return (
        *lines, *TOLD[:2], f"assert tells_phases(largest_apart(eigenvectors)), '{PHASES}'",
        "free = eigenvectors @ (apart(eigenvalues) * moved)",
        "turn = array_sum(real(conjugate(eigenvectors) * free), axis=0) "
        "+ 1j * imag(diagonal(free[place])) / real(diagonal(eigenvectors[place]))",
        "eigenvectors_dot = free - eigenvectors * turn",
    )


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
    if facts.dtype("a") == "complex":
        return complex_eig_moved(facts)
    if facts.rank("a") != 2:
        return None
    return (
        f"assert all_real_and_apart(eigenvalues), '{REAL}'", "moved = solve(eigenvectors, a_dot @ eigenvectors)",
        "turned = eigenvectors @ (apart(eigenvalues) * moved)", "eigenvalues_dot = diagonal(moved)",
        "eigenvectors_dot = turned - eigenvectors * array_sum(eigenvectors * turned, axis=0)",
    )


def eigvals_moved(facts: Facts) -> Lines:
    if facts.dtype("a") == "complex":
        of = spelled(facts)
        return None if of is None else (
            DISTINCT.format("w"), "v = eig(a)[1]", f"w_dot = {of.diagonal('solve(v, a_dot @ v)')}",
        )
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
    if not {"factor0", "factor1"} <= set(facts.parts) or facts.rank("factor0") != 2:
        return None
    if lower not in (True, False):
        moved = " - cho_moved(factor0, factor1, factor0_dot, x)" if "factor0" in facts.active else ""
        return (f"x_dot = cho_solve((factor0, factor1), b_dot{moved})",)
    part = "tril" if lower else "triu"
    inner = "moved @ (part.T @ x) + part @ (moved.T @ x)" if lower else "moved.T @ (part @ x) + part.T @ (moved @ x)"
    return (
        f"part = {part}(factor0)", f"moved = {part}(factor0_dot)",
        f"x_dot = cho_solve((factor0, factor1), b_dot - ({inner}))",
    )


def cho_factor_moved(facts: Facts) -> Lines:
    """Of the triangle that is the factor; what stands in the other one is no part of it."""
    lower = facts.constants.get("lower", UNKNOWN)
    if lower not in (True, False) or facts.rank("a") != 2:
        return None
    name, at, other = ("tril", "part", "-1") if lower else ("triu", "part.T", "1")
    halved = f"({name}(inner) + {name}(inner, {other}))"
    return (
        f"part = {name}(c)", f"moved = {name}(a_dot) + {name}(a_dot, {other}).T", f"inner = solve({at}, solve({at}, moved).T)",
        f"c_dot = part @ {halved} / 2" if lower else f"c_dot = {halved} @ part / 2", "lower_given_dot = 0",
    )


def vector_of(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("a"))
    if kind is None or kind.shape is None or len(kind.shape) < 2:
        return Kind(None)
    return Kind(kind.shape[:-1], "complex" if kind.dtype == "complex" else "object")


def values_and_vectors(operands: Operands) -> AnyKind:
    kind = array_of(operands.kind("a"))
    shape = None if kind is None else kind.shape
    is_complex = kind is not None and kind.dtype == "complex"
    return results("eigenvalues eigenvectors", vector_of(operands), Kind(shape, "complex" if is_complex else "object"))


def chain_shape(operands: Operands) -> AnyKind:
    kind = operands.kind("xs")
    if not isinstance(kind, Holder) or not kind.items:
        return Kind(None)
    first, last = array_of(kind.items[0]), array_of(kind.items[-1])
    if first is None or last is None or not first.shape or not last.shape:
        return Kind(None)
    dtypes = [each.dtype for each in map(array_of, kind.items) if each is not None]
    return Kind((*first.shape[:-1], *last.shape[1:]), functools.reduce(wider, dtypes, "float"))


ROWS: tuple[Row, ...] = (
    made("eigenvalues, eigenvectors = eig(a)", eig_lines, shape=values_and_vectors, cost=100),
    made("w = eigvals(a)", eigvals_lines, shape=vector_of, cost=100),
    made("y = multi_dot(xs, out=None)", chain_lines, shape=chain_shape, carries="xs"),
    made("x = cho_solve(factor, b)", cho_solve_lines, shape=like("b")),
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
        "all_distinct": '''\
def all_distinct(values):
    """Whether no two of the complex values are the same, but for rounding."""
    gaps = np.abs(values[..., None, :] - values[..., None])
    limit = 4 * np.finfo(gaps.dtype).eps * np.max(np.abs(values), axis=-1, initial=0)
    return np.all((gaps > limit[..., None, None]) | np.eye(values.shape[-1], dtype=bool))
''',
        "largest_apart": '''\
def largest_apart(vectors):
    """The largest component of each vector; 0 where two are as large."""
    sizes = np.abs(vectors)
    is_alone = np.sum(sizes > (1 - 1e-9) * np.max(sizes, axis=0), axis=0) == 1
    return np.where(is_alone, np.take_along_axis(vectors, np.argmax(sizes, axis=0)[None], 0)[0], 0)
''',
        "cho_solve_adjoint": '''\
def cho_solve_adjoint(db, x, factor, lower):
    """The adjoint of the triangular factor in x = scipy.linalg.cho_solve((factor, lower), b)."""
    whole = -(np.outer(db, x) if x.ndim == 1 else db @ x.T)
    whole = whole + whole.T
    return np.tril(whole @ np.tril(factor)) if lower else np.triu(np.triu(factor) @ whole)
''',
        "cho_moved": '''\
def cho_moved(factor, lower, moved, x):
    """What the matrix of scipy.linalg.cho_solve((factor, lower), b) makes of x as fast as the factor moves."""
    if lower:
        part, moved = np.tril(factor), np.tril(moved)
        return moved @ (part.T @ x) + part @ (moved.T @ x)
    part, moved = np.triu(factor), np.triu(moved)
    return moved.T @ (part @ x) + part.T @ (moved @ x)
''',
    },
    keywords={"multi_dot": {"arrays": "xs"}, "cho_solve": {"c_and_lower": "factor"}},
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "eig": eig_moved, "eigvals": eigvals_moved, "multi_dot": chain_moved, "cho_solve": cho_solve_moved,
    "cho_factor": cho_factor_moved,
}
"""The lines of their tangents."""
