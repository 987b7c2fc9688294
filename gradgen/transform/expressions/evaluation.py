"""What is evaluated when inside of one expression: the order, what may be left out, and under which tests.

Never says what a value is used for.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator

from gradgen.analyse.sharing.lending import VIEWS
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Lambda
from gradgen.rules.spelling import operation_of
from gradgen.rules.whole.tables import METHODS
from gradgen.simplify.fold import negated
from gradgen.simplify.keys import key_of

PURE = (ir.Op, ir.Name, ir.Const)
CHOOSING = frozenset({ir.Compare, ir.Comprehension})
CHOICES = frozenset({"ifexp", "and", "or"})
QUIET_OPERATIONS = frozenset({"add", "sub", "mul", "neg", "pos"})


def rebuilt(expr: ir.Expr, change: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
    """The expression with each direct sub-expression replaced by `change(sub-expression)`; its span is dropped."""
    if type(expr) is ir.Name or type(expr) is ir.Const:
        return expr
    if type(expr) is ir.Op:
        args = tuple([change(arg) for arg in expr.args])
        by_name = tuple([(name, change(value)) for name, value in expr.keywords]) if expr.keywords else ()
        return ir.Op(expr.op, args, by_name, expr.spelling, expr.family)
    match expr:
        case ir.Compare(ops=ops, operands=operands):
            return ir.Compare(ops, tuple(map(change, operands)))
        case ir.Item(base=base, index=index):
            return ir.Item(change(base), change(index))
        case ir.Attribute(base=base, name=name):
            return ir.Attribute(change(base), name)
        case ir.Display(kind=kind, items=items, keys=keys):
            return ir.Display(kind, tuple(map(change, items)), tuple(map(change, keys)))
        case ir.Call(func=func, args=args, keywords=keywords, target=target):
            named = tuple((name, change(value)) for name, value in keywords)
            is_operation = target is not None and operation_of(target) is not None  # whatever it is called, it stays what it is
            return ir.Call(func if is_operation else _called(func, change), tuple(map(change, args)), named, target)
        case ir.Starred(value=value):
            return ir.Starred(change(value))
        case ir.Slice(lower=lower, upper=upper, step=step):
            return ir.Slice(*(None if part is None else change(part) for part in (lower, upper, step)))
        case ir.Walrus(name=name, value=value):
            return ir.Walrus(name, change(value))
        case ir.Value(of=of):
            return ir.Value(change(of))
        case Lambda(parameters=parameters, body=body):
            return Lambda(parameters, change(body))
    return expr


def _called(func: ir.Expr, change: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
    """What is called; of a method, what it belongs to is changed, since a bound method is no value that has a name."""
    return ir.Attribute(change(func.base), func.name) if isinstance(func, ir.Attribute) else change(func)


def is_silent(node: ir.Expr) -> bool:
    """Whether evaluating an expression can neither raise nor be seen."""
    return isinstance(node, ir.Const | ir.Name) or (isinstance(node, ir.Op) and node.op in QUIET_OPERATIONS)


def in_evaluation_order(root: ir.Node) -> list[ir.Expr]:
    """Every sub-expression of a statement's value, each after what it is computed from."""
    found: list[ir.Node] = []
    stack = [root]
    while stack:
        found.append(current := stack.pop())
        if type(current) is not ir.Name and type(current) is not ir.Const:
            stack += ir.children_of(current)
    return [node for node in reversed(found) if isinstance(node, ir.Expr)]


def alike(order: Iterable[ir.Expr], conditional: Container[ir.Node]) -> dict[ir.Expr, ir.Expr]:
    """For each value that an expression, given in its order, computes again in the same words, where it does so first."""
    nodes = list(order)
    names = [node.op for node in nodes if isinstance(node, ir.Op)]
    if len(names) < 2 or len(set(names)) == len(names) or any(isinstance(node, ir.Walrus) for node in nodes):
        return {}
    found: dict[str, ir.Expr] = {}
    again: dict[ir.Expr, ir.Expr] = {}
    operations = Counter(names)
    for node in nodes:
        if not isinstance(node, ir.Op) or operations[node.op] == 1:
            continue
        if node not in conditional and all(isinstance(inner, PURE) for inner in ir.walk(node)):
            first = found.setdefault(key_of(node), node)
            if first is not node:
                again[node] = first
    return again


def _chooses(root: ir.Node) -> bool:
    """Whether evaluating the whole may leave out a part of it."""
    for node in ir.walk(root):
        if type(node) is ir.Op:
            if node.op in CHOICES:
                return True
        elif type(node) in CHOOSING:
            return True
    return False


def conditional_nodes(root: ir.Node) -> Iterator[ir.Node]:
    """The sub-expressions that need not be evaluated each time the whole is."""
    if not _chooses(root):
        return
    match root:
        case ir.Op(op="ifexp", args=(test, then, orelse)):
            yield from conditional_nodes(test)
            for branch in (then, orelse):
                yield from ir.walk(branch)
        case ir.Op(op="and" | "or", args=(first, *rest)):
            yield from conditional_nodes(first)
            for arg in rest:
                yield from ir.walk(arg)
        case ir.Compare(operands=(first, second, *rest)):
            yield from conditional_nodes(first)
            yield from conditional_nodes(second)
            for arg in rest:
                yield from ir.walk(arg)
        case ir.Comprehension():
            yield from ir.walk(root)
        case _:
            for child in ir.children_of(root):
                yield from conditional_nodes(child)


def calls_and_powers(root: ir.Node) -> tuple[list[ir.Op], list[ir.Op]]:
    """The operations that the text calls by name, and the powers, that are computed each time that the whole is evaluated."""
    operations = [node for node in ir.walk(root) if isinstance(node, ir.Op)]
    found = [node for node in operations if node.spelling is not None or node.op == "pow"]
    if found:
        maybe = set(conditional_nodes(root))
        found = [node for node in found if node not in maybe]
    return [node for node in found if node.spelling is not None], [node for node in found if node.op == "pow"]


def guards_of(root: ir.Node, wanted: ir.Expr) -> tuple[ir.Expr, ...]:
    """The tests under which `wanted` is evaluated, outermost first."""
    def search(node: ir.Node, guards: tuple[ir.Expr, ...]) -> tuple[ir.Expr, ...] | None:
        if node is wanted:
            return guards
        match node:
            case ir.Op(op="ifexp", args=(test, then, orelse)):
                held = ir.Value(test)
                arms = (search(then, (*guards, held)), search(orelse, (*guards, negated(held))))
                return search(test, guards) or _first(*arms, search(test, guards))
            case ir.Op(op="and" | "or" as op, args=args):
                for arg in args:
                    found = search(arg, guards)
                    if found is not None:
                        return found
                    guards = (*guards, ir.Value(arg) if op == "and" else negated(ir.Value(arg)))
                return None
        for child in ir.children_of(node):
            found = search(child, guards)
            if found is not None:
                return found
        return None

    return search(root, ()) or ()


def _first(*options: tuple[ir.Expr, ...] | None) -> tuple[ir.Expr, ...] | None:
    return next((option for option in options if option is not None), None)


def values_in(expr: ir.Node) -> list[ir.Expr]:
    """The values that an expression is made of; those of an index with slices are its bounds."""
    found: list[ir.Expr] = []
    for child in ir.children_of(expr):
        is_index = isinstance(expr, ir.Item) and isinstance(child, ir.Display) and child.kind == "tuple"
        if is_index or isinstance(child, ir.Slice):
            found.extend(values_in(child))
        elif isinstance(child, ir.Expr):
            found.append(child)
    return found


def is_sliced(expr: ir.Expr) -> bool:
    """Whether an expression is an index, or a part of one, that can stand in brackets only."""
    return isinstance(expr, ir.Slice) or isinstance(expr, ir.Display) and any(isinstance(item, ir.Slice) for item in expr.items)


def lenders_of(expr: ir.Expr, is_part: bool = False) -> set[str]:
    """The variables that an expression takes a part or a view of, or holds; a variable itself only where it `is_part` of it."""
    match expr:
        case ir.Name(id=name):
            return {name} if is_part else set()
        case ir.Item(base=base) | ir.Attribute(base=base):
            return lenders_of(base, True)
        case ir.Value(of=inner) | ir.Walrus(value=inner) | ir.Starred(value=inner):
            return lenders_of(inner, is_part)
        case ir.Op(op=op, args=args) if op in VIEWS:
            return set().union(*(lenders_of(arg, True) for arg in (args[1:] if op == "ifexp" else args)))
        case ir.Call(func=ir.Attribute(base=base, name=name), target=None) if METHODS.get(name) in VIEWS:
            return lenders_of(base, True)
        case ir.Display(items=items):
            return set().union(*(lenders_of(item, True) for item in items)) if items else set()
    return set()


def lent_values(expr: ir.Expr) -> Iterator[ir.Expr]:
    """An expression and the values inside of it whose data its own value may share."""
    yield expr
    match expr:
        case ir.Item(base=base) | ir.Attribute(base=base):
            inner: tuple[ir.Expr, ...] = (base,)
        case ir.Value(of=value) | ir.Walrus(value=value) | ir.Starred(value=value):
            inner = (value,)
        case ir.Op(op=op, args=args) if op in VIEWS:
            inner = args[1:] if op == "ifexp" else args
        case ir.Display(items=items):
            inner = items
        case ir.Call(func=func, args=args):
            inner = (*args, *((func.base,) if isinstance(func, ir.Attribute) else ()))
        case _:
            return
    for each in inner:
        yield from lent_values(each)


def is_element(expr: ir.Expr) -> bool:
    """Whether a value is an element that a variable has at a place with a name: `y[1]`, `p["a"]`, `xs[i]`."""
    match expr:
        case ir.Item(base=ir.Name(), index=ir.Const() | ir.Name()):
            return True
    return False
