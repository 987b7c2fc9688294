"""The rows of functions of matrices: exponentials, roots, logarithms, sines.

Never holds powers or solutions of equations.

How such a function moves along e is the upper right block of the function of [[a, e], [0, a]] (Van Loan 1978).
"""
from __future__ import annotations

from collections.abc import Callable, Mapping

from gradgen.ir.kinds import AnyKind, Holder
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, like
from gradgen.rules.whole.linalg import is_plain, like_matrix, perhaps_complex
from gradgen.rules.whole.topic import Topic

Lines = tuple[str, ...] | None
TURNED = "turned = swapaxes(a, -1, -2)"
ROOT, LOGARITHM = "assert imag(y) == 0, 'the square root is complex'", "assert imag(y) == 0, 'the logarithm is complex'"
BLOCK = "[:a.shape[0], a.shape[0]:]"
BLOCKS = "[..., :a.shape[-1], a.shape[-1]:]"


def stacked(a: str, e: str) -> str:
    """[[a, e], [0, a]] for each matrix of a stack."""
    below = f"concatenate((zeros_like(a), {a}), axis=-1)"
    return f"concatenate((concatenate(({a}, {e}), axis=-1), {below}), axis=-2)"


def by_blocks(name: str, *first: str) -> Callable[[Facts], Lines]:
    """The function of a matrix of blocks; `first` says what has to hold."""

    def lines(facts: Facts) -> Lines:
        match facts.rank("a"):
            case None:
                return None
            case 2:
                return *first, f"da += {name}(doubled(a.T, dy)){BLOCK}"
        return *first, TURNED, f"whole = {stacked('turned', 'dy')}", f"da += {name}(whole){BLOCKS}"

    return lines


def moved_by_blocks(name: str, *first: str) -> Callable[[Facts], Lines]:
    def lines(facts: Facts) -> Lines:
        match facts.rank("a"):
            case None:
                return None
            case 2:
                return *first, f"y_dot = {name}(doubled(a, a_dot)){BLOCK}"
        return *first, f"whole = {stacked('a', 'a_dot')}", f"y_dot = {name}(whole){BLOCKS}"

    return lines


def of_stacks(rows: Callable[[Facts], Lines], *own: str) -> Callable[[Facts], Lines]:
    """Lines of their own for a single matrix."""
    return lambda facts: own if facts.rank("a") == 2 else rows(facts)


FRECHET = "expm_frechet(a.T, {}, compute_expm=False)"
EXPONENTIAL = of_stacks(by_blocks("expm"), f"da += {FRECHET.format('dy')}")
EXPONENTIAL_MOVED = of_stacks(moved_by_blocks("expm"), "y_dot = expm_frechet(a, a_dot, compute_expm=False)")
SQUARE_ROOT = of_stacks(by_blocks("sqrtm", ROOT), ROOT, "da += solve_sylvester(y.T, y.T, dy)")
SQUARE_ROOT_MOVED = of_stacks(moved_by_blocks("sqrtm", ROOT), ROOT, "y_dot = solve_sylvester(y, y, a_dot)")
BESIDE = "beside = vstack([hstack([a, e]), hstack([none, a])])"


def frechet_lines(is_alone: bool) -> Callable[[Facts], Lines]:
    """It is a block of the exponential of a matrix of blocks itself; the exponential comes with it unless it `is_alone`."""
    return lambda facts: derivative_of_exponential(facts, is_alone)


def derivative_of_exponential(facts: Facts, is_alone: bool) -> Lines:
    if facts.rank("a") != 2 or facts.rank("e") != 2 or not is_plain(facts, compute_expm=not is_alone):
        return None
    along = "dy" if is_alone else "dmoved"
    lines: tuple[str, ...] = ()
    if is_alone or "moved" in facts.used:
        lines = (
            "n = a.shape[0]", "none = zeros_like(a)", BESIDE,
            f"back = expm_frechet(beside.T, pad({along}, ((0, n), (n, 0))), compute_expm=False)",
            "da += back[:n, :n] + back[n:, n:]", "de += back[:n, n:]",
        )
    return (*lines, f"da += {FRECHET.format('dy')}") if not is_alone and "y" in facts.used else lines


def frechet_moved(facts: Facts) -> Lines:
    a, e = (f"{name}_dot" if name in facts.active else "none" for name in "ae")
    name = "y" if is_plain(facts, compute_expm=False) else "moved"
    lines = (
        "n = a.shape[0]", "none = zeros_like(a)", BESIDE, f"along = vstack([hstack([{a}, {e}]), hstack([none, {a}])])",
        f"{name}_dot = expm_frechet(beside, along, compute_expm=False)[:n, n:]",
    )
    return lines if name == "y" else (*lines, "y_dot = expm_frechet(a, a_dot, compute_expm=False)")


def exponential_and_derivative(operands: Operands) -> AnyKind:
    return like("a")(operands) if operands.literal("compute_expm") is False else Holder((like("a")(operands),) * 2)


OF_ONE = ("sinm", "cosm", "sinhm", "coshm")
ROWS: tuple[Row, ...] = (
    made("y = expm(a)", EXPONENTIAL, shape=like("a"), carries="a", cost=100),
    made("y = sqrtm(a)", SQUARE_ROOT, shape=perhaps_complex, carries="a", cost=100),
    made("y = logm(a)", by_blocks("logm", LOGARITHM), shape=perhaps_complex, carries="a", cost=100),
    *(made(f"y = {name}(a)", by_blocks(name), shape=like_matrix, carries="a", cost=100) for name in OF_ONE),
    made("y = expm_frechet(a, e, compute_expm=True)", frechet_lines(True), shape=exponential_and_derivative, carries="a e",
         cost=100),
    made("y, moved = expm_frechet(a, e, compute_expm=True)", frechet_lines(False), shape=exponential_and_derivative,
         carries="a e", cost=100),
)

TOPIC = Topic(
    "Functions of matrices", ROWS,
    names={"scipy.linalg": {name: name for name in ("expm", "sqrtm", "logm", *OF_ONE, "expm_frechet")}},
    helpers={
        "doubled": '''\
def doubled(a, e):
    """[[a, e], [0, a]]: a function of this matrix holds, at the upper right, how the function of a moves along e."""
    return np.block([[a, e], [np.zeros_like(a), a]])
''',
    },
)

MOVING: Mapping[str, Callable[[Facts], Lines]] = {
    "expm": EXPONENTIAL_MOVED, "sqrtm": SQUARE_ROOT_MOVED, "logm": moved_by_blocks("logm", LOGARITHM),
    **{name: moved_by_blocks(name) for name in OF_ONE}, "expm_frechet": frechet_moved,
}
"""The lines of their tangents."""
