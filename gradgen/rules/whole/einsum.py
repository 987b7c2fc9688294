"""The rows of einsum: a product of arrays whose axes have letters, summed over those that the result has not.

Never reads lists of axes in the letters' place: read.shorthands makes letters of them.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase

from gradgen.ir.kinds import OPEN, AnyKind, Dim, Kind, Shape, are_alike, broadcast, wider
from gradgen.rules.notation import Facts
from gradgen.rules.rows import Row, made
from gradgen.rules.shapes import Operands, array_of


def einsum_lines(facts: Facts) -> tuple[str, ...] | None:
    """Each operand's adjoint is an einsum of the result's adjoint with the other operands."""
    names = [name for name in facts.shapes if name.startswith("xs") and name not in facts.parts]
    shapes = [facts.shapes[name] for name in names]
    found = parsed_spec(facts.constants.get("spec"), [None if shape is None else len(shape) for shape in shapes])
    if found is None:
        return None
    terms, result = found
    if any(len(shape or ()) != len(term) for shape, term in zip(shapes, terms, strict=True)):
        return None
    dims = dims_of_letters(terms, [shape or () for shape in shapes])
    return tuple(
        line_of(index, terms, result, names, shapes[index] or (), dims)
        for index, name in enumerate(names) if name in facts.active
    )


def line_of(
    index: int, terms: Sequence[str], result: str, names: Sequence[str], shape: Shape, dims: Mapping[str, Dim]
) -> str:
    """The line of one operand. Where a letter is repeated, all but the first are letters of their own beside an identity matrix;
    what only the operand has was summed up: its adjoint is the same all along."""
    name, term = names[index], terms[index]
    operands = [(result, "dy"), *((each, names[i]) for i, each in enumerate(terms) if i != index)]
    fresh = iter(letter for letter in ascii_lowercase + ascii_uppercase if letter not in "".join((*terms, result)))
    own = ""
    for axis, letter in enumerate(term):
        if letter in own:
            other = next(fresh)
            operands.append((letter + other, f"eye({name}.shape[{axis}], dtype={name}.dtype)"))
            own += other
        else:
            own += letter
    known = {letter for letters, _ in operands for letter in letters}
    operands += [
        (letter, f"ones({name}.shape[{axis}], dtype={name}.dtype)") for axis, letter in enumerate(own) if letter not in known
    ]
    if len(operands) == 1:
        turned = "dy.T" if result == own[::-1] else f"transpose(dy, {tuple(result.index(letter) for letter in own)})"
        return f"d{name} += {'dy' if result == own else turned}"
    text = f"einsum('{','.join(letters for letters, _ in operands)}->{own}', {', '.join(each for _, each in operands)})"
    wide = tuple(dims[letter] for letter in term)
    return f"d{name} += {text if are_alike(shape, wide) else f'unbroadcast({text}, {name})'}"


def parsed_spec(spec: object, ranks: list[int | None]) -> tuple[list[str], str] | None:
    """The letters of an einsum's operands and of its result, with letters for the axes that an ellipsis stands for; None for what
    is not understood."""
    if not isinstance(spec, str):
        return None
    left, arrow, result = spec.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(ranks) or None in ranks:
        return None
    if not arrow:
        letters = "".join(terms)
        result = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1 and letter != "."))
        if "..." in letters:
            result = "..." + result
    if "..." not in left:
        return terms, result
    counts = [
        rank - len(term.replace("...", "")) if "..." in term else 0
        for term, rank in zip(terms, ranks, strict=True) if rank is not None
    ]
    most = max(counts)
    spare = [letter for letter in ascii_uppercase if letter not in spec][:most]
    filled = [term.replace("...", "".join(spare[most - count:])) for term, count in zip(terms, counts, strict=True)]
    return filled, result.replace("...", "".join(spare))


def dims_of_letters(terms: Sequence[str], shapes: Sequence[Shape]) -> Mapping[str, Dim]:
    """What each letter stands for: 1 in one operand meets more in another."""
    dims: dict[str, Dim] = {}
    for term, shape in zip(terms, shapes, strict=True):
        for letter, dim in zip(term, shape, strict=False):
            met = broadcast((dims.get(letter, dim),), (dim,))
            dims[letter] = met[0] if met else dim
    return dims


def einsum_shape(operands: Operands) -> AnyKind:
    kinds = [array_of(kind) for kind in operands.kinds("xs")]
    found = parsed_spec(operands.literal("spec"), [None if kind is None else kind.rank for kind in kinds])
    known = [kind for kind in kinds if kind is not None]
    if found is None:
        return Kind(None)
    terms, result = found
    shapes = [kind.shape or () for kind in known]
    if any(len(shape) != len(term) for shape, term in zip(shapes, terms, strict=True)):
        return Kind(None)
    dims = dims_of_letters(terms, shapes)
    dtype = known[0].dtype
    for kind in known:
        dtype = wider(dtype, kind.dtype)
    return Kind(tuple(dims.get(letter, OPEN) for letter in result), dtype)


ROWS: tuple[Row, ...] = (
    made("y = einsum(spec, *xs, optimize=False)", einsum_lines, shape=einsum_shape, carries="spec xs"),
)
