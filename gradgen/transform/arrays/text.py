"""How backward lines write what is common to arrays: indices, transposes, sums over axes.

Never decides what is written.
"""
from __future__ import annotations

from collections.abc import Sequence

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.ir import nodes as ir
from gradgen.ir.constants import constant_value, unplaced
from gradgen.ir.frozen import replace
from gradgen.ir.kinds import Shape, are_alike, broadcast
from gradgen.rules.notation import Rule
from gradgen.rules.registry import carried_by
from gradgen.simplify.fold import is_number
from gradgen.transform.expressions.terms import Term, product_of

ONE = ir.Const(1)


def transposed(expr: ir.Expr, is_flat: bool = False) -> ir.Expr:
    """`a.T`; what was transposed twice is as it was, signs and numbers stay in front, `outer(a, b).T` is `outer(b, a)`, and of no
    more than two dimensions `(a @ b).T` is `b.T @ a.T`."""
    match expr:
        case ir.Attribute(base=base, name="T"):
            return base
        case ir.Value(of=ir.Attribute(base=base, name="T")):
            return ir.Value(base)
        case ir.Op(op="neg", args=(inner,), spelling=None):
            return ir.Op("neg", (transposed(inner, is_flat),))
        case ir.Op(op="mul", args=(ir.Const() as number, inner), spelling=None):
            return ir.Op("mul", (number, transposed(inner, is_flat)))
        case ir.Op(op="matmul", args=(left, right), spelling=None) if is_flat:
            return ir.Op("matmul", (transposed(right, True), transposed(left, True)))
        case ir.Op(op="outer", args=(left, right), keywords=()):
            return replace(expr, args=(right, left))
    return ir.Attribute(expr, "T")


def turned(term: Term, shape: Shape | None) -> Term:
    """The transpose of a term in full, for the array that has the shape."""
    is_flat = term.shape is not None and len(term.shape) <= 2
    flipped = transposed(product_of(replace(term, coefficient=1, guards=())), is_flat)
    return Term(flipped, term.coefficient, guards=term.guards, shape=shape)


def turns_round(index: ir.Expr) -> bool:
    """Whether an index takes all elements in the opposite order: `[::-1]`."""
    return isinstance(index, ir.Slice) and index.lower is index.upper is None and is_number(index.step or ONE, -1)


def taken(value: ir.Expr, index: ir.Expr) -> ir.Expr:
    """`x[i]`; what was turned round twice is as it was."""
    if turns_round(index) and isinstance(value, ir.Item) and turns_round(value.index):
        return value.base
    return ir.Item(value, index)


def settled_index(index: ir.Expr) -> ir.Expr:
    """An index as backward lines read it: each bound is the value that it had."""
    match index:
        case ir.Slice(lower=lower, upper=upper, step=step):
            return ir.Slice(*(None if part is None else value_of(part) for part in (lower, upper, step)))
        case ir.Display(kind="tuple", items=items):
            return ir.Display("tuple", tuple(map(settled_index, items)))
    return value_of(index)


def settled_index_value(index: ir.Expr) -> ir.Expr:
    """An index as a value of its own: `(slice(1, None), i)` where it holds slices."""
    match index:
        case ir.Slice(lower=lower, upper=upper, step=step):
            bounds = [ir.Const(None) if part is None else value_of(part) for part in (lower, upper, step)]
            given = bounds[1:2] if lower is None and step is None else bounds[:2] if step is None else bounds
            return ir.Call(ir.Name("slice", "global"), tuple(given))
        case ir.Display(kind="tuple", items=items):
            return ir.Display("tuple", tuple(map(settled_index_value, items)))
    return settled_index(index)


def value_of(expr: ir.Expr) -> ir.Expr:
    """An operand as backward lines read it: literals, and numbers written as expressions, as they are, all else as the value that
    it had."""
    if isinstance(expr, ir.Op) and constant_value(expr) is not None:
        return unplaced(expr)
    if isinstance(expr, ir.Starred):
        return ir.Starred(value_of(expr.value))
    if isinstance(expr, ir.Display) and any(isinstance(item, ir.Starred) for item in expr.items):
        return ir.Display(expr.kind, tuple(map(value_of, expr.items)))
    return expr if isinstance(expr, ir.Const) else ir.Value(expr)


def axes_written(axes: Sequence[int]) -> ir.Expr:
    """`0`, or `(0, 1)`."""
    numbers = tuple(ir.Const(axis) for axis in axes)
    return numbers[0] if len(numbers) == 1 else ir.Display("tuple", numbers)


def summed(product: ir.Expr, axes: ir.Expr | None, keepdims: bool = False, is_array: bool = True) -> ir.Expr:
    """`np.sum(product)`, or `product.sum(axis=0)` of a name that is an array's."""
    keywords = (() if axes is None else (("axis", axes),)) + ((("keepdims", ir.Const(True)),) if keepdims else ())
    is_method = isinstance(product, ir.Name) and is_array
    return ir.Op("array_sum", (product,), keywords, ".sum" if is_method else None, "numpy")


def dotted(summand: ir.Expr, term: Term, kinds: Kinds, taken: str | None) -> ir.Expr | None:
    """`dy @ x` for the sum of `dy * x`, where both are vectors of one length; None for any other sum, and for what is `taken` out
    of an array, which stands there as a part: `np.sum(dy[1:] * x)`."""
    match summand:
        case ir.Op(op="mul", args=(ir.Name(id=name) as adjoint, factor), spelling=None) if adjoint is term.adjoint:
            length = kinds.shape(factor)
            is_vector = length is not None and len(length) == 1 and length == term.base_shape == term.shape
            return ir.Op("matmul", (adjoint, factor)) if is_vector and name != taken else None
    return None


def items_of_lists(operands: Sequence[tuple[str, ir.Expr]]) -> list[tuple[str, ir.Expr]]:
    """The items of operands that are written as lists or tuples, each under a name of its own: `xs0`, `xs1` of `xs`."""
    return [
        (f"{name}{index}", item) for name, operand in operands if isinstance(operand, ir.Display) and operand.kind != "dict"
        for index, item in enumerate(operand.items) if not any(isinstance(each, ir.Starred) for each in operand.items)
    ]


def forgotten(rule: Rule, active: frozenset[str], operands: Sequence[tuple[str, ir.Expr]]) -> list[tuple[str, ir.Expr]]:
    """The operands that vary and of which a row says nothing: nothing is 0 by forgetting it."""
    named = {line.split()[0].removeprefix("d") for line in rule.text[1:]}
    given = dict(operands)
    found = []
    for name in sorted(active & (carried_by(rule.operation) or active) - named - rule.refused):
        operand = given[name]
        in_parts = isinstance(operand, ir.Display) and all(f"{name}{i}" in named for i in range(len(operand.items)))
        in_whole = any(name.startswith(other) and isinstance(given[other], ir.Display) for other in named & set(given))
        if not in_parts and not in_whole:
            found.append((name, operand))
    return found


def item_at(whole: ir.Expr, key: ir.Expr) -> ir.Expr:
    """`whole[key]`: of a slice that starts at 2 the item 0 is that at 2, of a tuple that is written out its own item."""
    match whole, key:
        case ir.Display(kind="tuple", items=items), ir.Const(value=int(place)) if _is_plain(items) and 0 <= place < len(items):
            return items[place]
        case ir.Item(base=base, index=ir.Slice(lower=lower, step=None)), ir.Const(value=int(place)):
            if lower is None:
                return ir.Item(base, key)
            if isinstance(lower, ir.Const) and lower.value >= 0:
                return ir.Item(base, ir.Const(lower.value + place))
            if place == 0:
                return ir.Item(base, lower)
    return ir.Item(whole, key)


def _is_plain(items: Sequence[ir.Expr]) -> bool:
    return all(isinstance(item, ir.Name | ir.Display) for item in items)


def everywhere(test: ir.Expr, kinds: Kinds) -> ir.Expr:
    """`np.all(test)`; `not np.any(x < 0)` for what must hold nowhere; of numbers the test itself."""
    if isinstance(test, ir.Compare) and all(kinds.shape(operand) == () for operand in test.operands):
        return test
    if isinstance(test, ir.Op) and test.op == "invert":
        return ir.Op("not", (ir.Op("array_any", test.args, family="numpy"),))
    return ir.Op("array_all", (test,), family="numpy")


def without_keepdims(product: ir.Expr, axes: Sequence[int]) -> ir.Expr | None:
    """A sum that kept its axes, `x.sum(axis=1, keepdims=True)`, without them; None for anything else."""
    match product:
        case ir.Op(op="array_sum", keywords=(("axis", axis), ("keepdims", ir.Const(value=True)))):
            written = axis.items if isinstance(axis, ir.Display) else (axis,)
            if [part.value for part in written if isinstance(part, ir.Const)] == list(axes):
                return ir.Op("array_sum", product.args, (("axis", axis),), product.spelling, product.family)
    return None


def set_apart(term: Term, narrow: Shape, kinds: Kinds) -> tuple[ir.Expr, tuple[ir.Expr, ...], tuple[ir.Expr, ...]]:
    """A product that is about to be summed to a shape: what is summed, and factors and divisors that are one for all of it."""
    def is_outer(factor: ir.Expr) -> bool:
        wide = broadcast(kinds.shape(factor), narrow)
        return wide is not None and are_alike(wide, narrow)

    above, below = (tuple(filter(is_outer, factors)) for factors in (term.numerator, term.denominator))
    inside = Term(
        term.adjoint, 1, tuple(each for each in term.numerator if each not in above),
        tuple(each for each in term.denominator if each not in below),
    )
    return product_of(inside), above, below
