"""What the rows of linear algebra and their tangents say of complex matrices, and of stacks of them.

Never holds a row: linalg.py and orthogonal.py ask here where the matrix is complex.

Adjoints are df/dRe + i df/dIm, so that the conjugate transpose stands where the transpose does for real matrices. The vectors
of `eigh` and `svd` have phases, which LAPACK chooses so that one component of each is real: the first, of `eigh(a, 'U')` the
last; of `svd` it is the right vector's where there are as many rows as columns, or more, and else the left one's. The derivative
is that of the vectors as they come. Where such a component is 0 nothing tells the phase: what looks at it is refused at run time.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gradgen.rules.notation import Facts

Lines = tuple[str, ...] | None
Maker = Callable[[Facts], Lines]
APART = "assert all_apart({}), '{} that occurs twice has no derivative of its own'"
VALUE, SINGULAR = "an eigenvalue", "a singular value"
PHASES = "nothing tells the phases of the vectors: a component that does is 0"


def by_dtype(real: Maker, complex_ones: Maker) -> Maker:
    """The lines for a matrix `a` of real numbers, and those for one of complex numbers."""
    return lambda facts: complex_ones(facts) if facts.dtype("a") == "complex" else real(facts)


class Spelled(NamedTuple):
    """How one matrix, or each of a stack, is spelled."""

    is_stack: bool

    def turned(self, matrix: str) -> str:
        return f"conjugate(swapaxes({matrix}, -1, -2))" if self.is_stack else f"conjugate({matrix}).T"

    def diagonal(self, matrix: str) -> str:
        return f"diagonal({matrix}, axis1=-2, axis2=-1)" if self.is_stack else f"diagonal({matrix})"

    def row(self, matrix: str, place: int) -> str:
        return f"{matrix}[..., {place}, :]" if self.is_stack else f"{matrix}[{place}]"

    def column(self, matrix: str) -> str:
        return f"{matrix}[..., 0]" if self.is_stack else f"{matrix}[:, 0]"

    def columns(self, matrix: str, places: str) -> str:
        return f"{matrix}[..., {places}]" if self.is_stack else f"{matrix}[:, {places}]"

    def along(self, values: str) -> str:
        """Values as a column."""
        return f"{values}[..., None]" if self.is_stack else f"{values}[:, None]"

    def across(self, values: str) -> str:
        """Values as a row."""
        return f"{values}[..., None, :]" if self.is_stack else values

    def of_diagonal(self, values: str, size: str) -> str:
        return f"({values})[..., None] * eye({size})" if self.is_stack else f"diag({values})"

    @property
    def is_wide(self) -> str:
        return "a.shape[-2] < a.shape[-1]" if self.is_stack else "a.shape[0] < a.shape[1]"


def spelled(facts: Facts) -> Spelled | None:
    rank = facts.rank("a")
    return None if rank is None or rank < 2 else Spelled(rank > 2)


# --- determinants, inverses, triangular factors ---


def slogdet_lines(facts: Facts) -> Lines:
    """The sign turns with the imaginary part of how fast the logarithm of the determinant moves."""
    of = spelled(facts)
    if of is None:
        return None
    slopes = ("logabsdet", "dlogabsdet"), ("sign", "1j * imag(conjugate(dsign) * sign)")
    parts = [text for name, text in slopes if name in facts.used]
    slope = " - ".join(parts) if "logabsdet" in facts.used else f"-{parts[0]}" if parts else "0"
    each = f"({slope})[..., None, None]" if of.is_stack else f"({slope})" if len(parts) > 1 else slope
    return (f"da += {each} * {of.turned('inv(a)')}",) if parts else ("da += 0",)


def slogdet_moved(facts: Facts) -> Lines:
    of = spelled(facts)
    if of is None:
        return None
    moved = f"moved = array_sum({of.diagonal('solve(a, a_dot)')}, axis=-1)"
    return moved, "sign_dot = sign * 1j * imag(moved)", "logabsdet_dot = real(moved)"


def pinv_lines(facts: Facts) -> Lines:
    of = spelled(facts)
    if of is None or facts.constants.get("hermitian") is not False:
        return None
    return (
        f"yh = {of.turned('y')}", f"turned = {of.turned('dy')}",
        "da += (turned - a @ (y @ turned)) @ y @ yh + yh @ y @ (turned - turned @ y @ a) - yh @ dy @ yh",
    )


def pinv_moved(facts: Facts) -> Lines:
    of = spelled(facts)
    return None if of is None else (
        f"yh = {of.turned('y')}", f"moved = {of.turned('a_dot')}",
        "y_dot = y @ yh @ (moved - moved @ a @ y) + (moved - y @ a @ moved) @ yh @ y - y @ a_dot @ y",
    )


def cholesky_lines(facts: Facts) -> Lines:
    of = spelled(facts)
    upper = facts.constants.get("upper", not facts.constants.get("lower", ...))
    if of is None or upper is not False:
        return None
    return (
        f"yh = {of.turned('y')}", "inner = yh @ dy",
        f"half = {of.turned('solve(yh, tril(inner) + tril(inner, -1)) / 2')}",
        f"da += lower_hermitian({of.turned('solve(yh, half)')})",
    )


def cholesky_moved(facts: Facts) -> Lines:
    of = spelled(facts)
    if of is None:
        return None
    return (
        *hermitian(of, "tril", -1), f"inner = solve(y, {of.turned('solve(y, moved)')})",
        "y_dot = y @ (tril(inner) + tril(inner, -1)) / 2",
    )


def hermitian(of: Spelled, part: str, offset: int) -> tuple[str, ...]:
    """How the matrix moves that is read of one triangle, and of the real parts of its diagonal."""
    diagonal = of.of_diagonal(f"real({of.diagonal('a_dot')})", "a.shape[-1]")
    return f"half = {part}(a_dot, {offset})", f"moved = half + {of.turned('half')} + {diagonal}"


def qr_lines(facts: Facts, head: str) -> Lines:
    """The diagonal of R is real."""
    of = spelled(facts)
    if of is None:
        return None
    has_q, has_r = "Q" in facts.used, "R" in facts.used
    of_q, of_r = f"{of.turned('Q')} @ dQ", f"dR @ {of.turned('R')}"
    inner = f"{of_q} - {of_r}" if has_q and has_r else of_q if has_q else f"-({of_r})"
    phase = of.of_diagonal(f"1j * imag({of.diagonal('inner')})", "R.shape[-1]")
    whole = of.turned("dQ + Q @ (held - inner)" if has_q else "Q @ (held - inner)")
    return (
        head, f"inner = {inner}", f"held = tril(inner - {of.turned('inner')}, -1) + {phase}",
        f"da += {of.turned(f'solve(R, {whole})')}",
    )


def triangle_lines(facts: Facts, head: str) -> Lines:
    of = spelled(facts)
    if of is None:
        return None
    phase = of.of_diagonal(f"1j * imag({of.diagonal('inner')})", "R.shape[-1]")
    whole = of.turned("Q @ (held - inner)")
    return (
        head, "Q = qr(a)[0]", f"inner = -(dR @ {of.turned('R')})", f"held = tril(inner - {of.turned('inner')}, -1) + {phase}",
        f"da += {of.turned(f'solve(R, {whole})')}",
    )


def qr_moved(facts: Facts, head: str, is_alone: bool) -> Lines:
    of = spelled(facts)
    if of is None:
        return None
    phase = of.of_diagonal(f"1j * imag({of.diagonal('inner')})", "R.shape[-1]")
    right, left = of.turned("R"), of.turned("a_dot")
    return (
        head, *(("Q = qr(a)[0]",) if is_alone else ()), f"moved = {of.turned(f'solve({right}, {left})')}",
        f"inner = {of.turned('Q')} @ moved",
        f"turn = tril(inner, -1) - {of.turned('tril(inner, -1)')} + {phase}",
        *(() if is_alone else ("Q_dot = moved - Q @ (inner - turn)",)), "R_dot = (inner - turn) @ R",
    )


# --- eigenvalues and singular values ---


def triangle_of(facts: Facts) -> tuple[str, str, int, int] | None:
    """The helper that collects in the triangle read, what takes it, its offset, and the vectors' component that is real."""
    return {
        "L": ("lower_hermitian", "tril", -1, 0), "U": ("upper_hermitian", "triu", 1, -1),
    }.get(str(facts.constants.get("UPLO")))


def eigh_lines(facts: Facts) -> Lines:
    of, triangle = spelled(facts), triangle_of(facts)
    if of is None or triangle is None:
        return None
    part, _, _, place = triangle
    lines = [f"vh = {of.turned('eigenvectors')}"]
    if "eigenvectors" in facts.used:
        told = of.row("eigenvectors", place)
        one = of.columns("vh", ":1" if place == 0 else "-1:")
        lines = [
            APART.format("eigenvalues", VALUE), *lines, "turned = vh @ deigenvectors", f"told = {told}",
            "phase = phases(turned, told) / where(told == 0, 1, real(told))",
            f"inner = apart(eigenvalues) * (turned - 1j * {one} * {of.across('phase')})",
            f"da += {part}(eigenvectors @ inner @ vh)",
        ]
    if "eigenvalues" in facts.used:
        slopes = of.across("one_slope(deigenvalues, eigenvalues)")
        lines.append(f"da += {part}((eigenvectors * {slopes}) @ vh)")
    return tuple(lines)


def eigh_moved(facts: Facts) -> Lines:
    of, triangle = spelled(facts), triangle_of(facts)
    if of is None or triangle is None:
        return None
    _, taken, offset, place = triangle
    lines = (
        APART.format("eigenvalues", VALUE), *hermitian(of, taken, offset),
        f"inner = {of.turned('eigenvectors')} @ moved @ eigenvectors", f"eigenvalues_dot = real({of.diagonal('inner')})",
    )
    if "eigenvectors" not in facts.used:
        return lines
    told, moved = of.row("eigenvectors", place), of.row("free", place)
    return (
        *lines, f"assert tells_phases({told}), '{PHASES}'", "free = eigenvectors @ (apart(eigenvalues) * inner)",
        f"eigenvectors_dot = free - eigenvectors * {of.across(f'(1j * imag({moved}) / real({told}))')}",
    )


def eigvalsh_lines(facts: Facts) -> Lines:
    of, triangle = spelled(facts), triangle_of(facts)
    if of is None or triangle is None:
        return None
    call = "eigh(a)" if triangle[1] == "tril" else "eigh(a, 'U')"
    return f"v = {call}[1]", f"da += {triangle[0]}((v * {of.across('one_slope(dw, w)')}) @ {of.turned('v')})"


def eigvalsh_moved(facts: Facts) -> Lines:
    of, triangle = spelled(facts), triangle_of(facts)
    if of is None or triangle is None:
        return None
    call = "eigh(a)" if triangle[1] == "tril" else "eigh(a, 'U')"
    inner = f"{of.turned('v')} @ moved @ v"
    return (
        APART.format("w", VALUE), *hermitian(of, triangle[1], triangle[2]), f"v = {call}[1]",
        f"w_dot = real({of.diagonal(inner)})",
    )


def conditions(of: Spelled, facts: Facts) -> list[str]:
    smallest = "array_min(S)" if of.is_stack else "S[-1]"
    lines = [APART.format("S**2", SINGULAR), f"assert {smallest} > 0, 'the singular vectors of 0 have no derivative'"]
    if facts.constants.get("full_matrices") is True:
        sides = ("a.shape[-2]", "a.shape[-1]") if of.is_stack else ("a.shape[0]", "a.shape[1]")
        lines.append(f"assert {sides[0]} == {sides[1]}, 'ask for full_matrices=False: what spans the rest has no derivative'")
    return lines


def svd_lines(facts: Facts) -> Lines:
    """Both vectors of a pair turn together, and the left one as the product of the matrix with the right one does."""
    of = spelled(facts)
    is_plain = facts.constants.get("compute_uv") is True and facts.constants.get("hermitian") is False
    if of is None or not is_plain or facts.constants.get("full_matrices") not in (True, False) or facts.used <= {"S"}:
        return None
    wide, along, across = of.is_wide, of.along("S"), of.across("S")
    has_u, has_v = "U" in facts.used, "Vh" in facts.used
    lines = conditions(of, facts)
    lines.append("gaps = apart(S**2)")
    inner, rest = [], []
    if has_u:
        lines += [f"of_u = {of.turned('U')} @ dU", "from_u = gaps * of_u"]
        inner.append(f"(from_u + {of.turned('from_u')}) * {across}")
        rest.append(f"(dU - U @ of_u) / {across} @ Vh")
    if has_v:
        lines += [f"of_v = Vh @ {of.turned('dVh')}", "from_v = gaps * of_v"]
        inner.append(f"{along} * (from_v + {of.turned('from_v')})")
        rest.append(f"U / {across} @ (dVh - {of.turned('of_v')} @ Vh)")
    both = " + ".join(name for name, has in (("of_u", has_u), ("of_v", has_v)) if has)
    kept_u = f"imag({of.diagonal('of_u')})" if has_u else "0"
    kept_v = f"-imag({of.diagonal('of_v')})" if has_v else "0"
    values = "dS + 1j * kept / S" if "S" in facts.used else "1j * kept / S"
    return (
        *lines, f"whole = {both}", f"told = where({wide}, conjugate({of.row('U', 0)}), {of.column('Vh')})",
        "phase = phases(whole, told) / where(told == 0, 1, real(told))",
        f"turn = gaps * (-1j * {of.along('told')} * {of.across('phase')})", f"kept = where({wide}, {kept_v}, {kept_u})",
        f"inner = {' + '.join(inner)} + where({wide}, {across}, {along}) * (turn + {of.turned('turn')})"
        f" + {of.of_diagonal(values, 'S.shape[-1]')}",
        f"da += U @ inner @ Vh + {' + '.join(rest)}",
    )


def svd_moved(facts: Facts) -> Lines:
    of = spelled(facts)
    is_full = facts.constants.get("full_matrices")
    if facts.constants.get("compute_uv") is False:
        return values_moved(facts)
    if of is None or is_full not in (True, False):
        return None
    if facts.used <= {"S"}:
        u, vh = ("U[..., :S.shape[-1]]", "Vh[..., :S.shape[-1], :]") if is_full else ("U", "Vh")
        inner = f"{of.turned(u)} @ a_dot @ {of.turned(vh)}"
        return APART.format("S", SINGULAR), f"S_dot = real({of.diagonal(inner)})"
    along, across = of.along("S"), of.across("S")
    kept = of.of_diagonal(f"1j * imag({of.diagonal('inner')}) / S", "S.shape[-1]")
    return (
        *conditions(of, facts), f"uh = {of.turned('U')}", f"v = {of.turned('Vh')}", "inner = uh @ a_dot @ v",
        f"turned = {of.turned('inner')}", "gaps = apart(S**2)", f"S_dot = real({of.diagonal('inner')})",
        f"told = where({of.is_wide}, conjugate({of.row('U', 0)}), {of.column('Vh')})",
        f"assert tells_phases({of.row('U', 0)} if {of.is_wide} else {of.column('Vh')}), '{PHASES}'",
        f"kept = {kept}",
        f"left = U @ (gaps * (inner * {across} + {along} * turned) + kept) + (a_dot @ v - U @ inner) / {across}",
        f"right = {of.turned(f'gaps * ({along} * inner + turned * {across})')} @ Vh + (uh @ a_dot - inner @ Vh) / {along}",
        f"phase = 1j * imag(where({of.is_wide}, conjugate({of.row('left', 0)}), {of.column('right')})) / real(told)",
        f"U_dot = left + U * {of.across('phase')}", f"Vh_dot = right - {of.along('phase')} * Vh",
    )


def values_moved(facts: Facts) -> Lines:
    of = spelled(facts)
    if of is None:
        return None
    inner = f"{of.turned('parts[0]')} @ a_dot @ {of.turned('parts[2]')}"
    return APART.format("S", SINGULAR), "parts = svd(a, full_matrices=False)", f"S_dot = real({of.diagonal(inner)})"


HELPERS: Mapping[str, str] = {
    "lower_hermitian": '''\
def lower_hermitian(adjoint):
    """The adjoint of a Hermitian matrix of which only the lower triangle is read: each element there stands for two."""
    both = np.tril(adjoint + np.conj(np.swapaxes(adjoint, -1, -2)))
    return both - np.eye(both.shape[-1]) * both / 2
''',
    "upper_hermitian": '''\
def upper_hermitian(adjoint):
    """The adjoint of a Hermitian matrix of which only the upper triangle is read: each element there stands for two."""
    both = np.triu(adjoint + np.conj(np.swapaxes(adjoint, -1, -2)))
    return both - np.eye(both.shape[-1]) * both / 2
''',
    "tells_phases": '''\
def tells_phases(told):
    """Whether a component of each vector, which is real and not 0, tells its phase."""
    limit = 16 * np.finfo(told.dtype).eps
    return np.all(np.abs(np.imag(told)) <= limit) and np.all(np.abs(told) > limit)
''',
    "phases": '''\
def phases(turned, told, where):
    """What comes back to the phases of vectors, each of which is told by a component of it that is real."""
    found = np.imag(np.diagonal(turned, axis1=-2, axis2=-1))
    limit = 16 * np.finfo(found.dtype).eps
    is_told = (np.abs(np.imag(told)) <= limit) & (np.abs(told) > limit)
    if np.any(~is_told & (np.abs(found) > 1e-6 * np.max(np.abs(turned), initial=0))):
        raise NonDifferentiableError(f"{where}nothing tells the phases of the vectors: a component that does is 0")
    return np.where(is_told, found, 0)
''',
}
