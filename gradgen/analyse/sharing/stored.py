"""Which parameters a function stores into, or takes from: who runs it several times hands it copies.

Never looks at what calls store: what varies is not stored by calls.
"""
from __future__ import annotations

from collections.abc import Iterator

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.sharing.views import array_facts
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import Kind

CHANGING = frozenset({
    "append", "appendleft", "extend", "insert", "pop", "popleft", "popitem", "remove", "clear", "sort", "reverse", "rotate",
    "update", "setdefault", "add", "discard",
})
"""Methods that change a list, dict, set or queue."""
DRAWING = frozenset({
    "random", "uniform", "normal", "standard_normal", "randn", "rand", "randint", "integers", "choice", "choices", "sample",
    "shuffle", "permutation", "permuted", "gauss", "normalvariate", "lognormal", "exponential", "expovariate", "poisson", "beta",
    "betavariate", "gamma", "gammavariate", "binomial", "multivariate_normal", "triangular", "laplace", "standard_t", "chisquare",
})
"""Methods of generators of random numbers, which give another number each time."""


def stored_parameters(function: ir.Function, kinds: Kinds) -> frozenset[str]:
    """The parameters into whose arrays, lists, dicts or objects a function may store, under whatever name, and the iterators
    that it moves on and generators that it draws from."""
    roots = {found for node in found_in(function, ir.Stmt, ir.Call) for found in _stored(node)}
    if not roots:
        return frozenset()
    given = {each.name for each in function.parameters}
    arrays = {name for name in given if _is_array(name, kinds)}
    links: dict[tuple[str, bool], set[tuple[str, bool]]] = {}
    for version in kinds.versions.all:
        for source in version.sources:
            held = (source.name, False) if isinstance(source, Version) else _root(source)
            if held is None:
                continue
            is_kept_in_it = version.kind == "store" and not isinstance(source, Version)
            links.setdefault((version.name, True), set()).add((held[0], True))
            if not is_kept_in_it:  # what changes is the list, not what it holds
                links.setdefault((version.name, False), set()).add(held)
    waiting = list(roots)
    while waiting:
        new = links.get(waiting.pop(), set()) - roots
        roots |= new
        waiting.extend(new)
    names = {name for name, _ in roots}
    return frozenset(names & (given - arrays) | given & array_facts(function, kinds).written.keys())


def _is_array(name: str, kinds: Kinds) -> bool:
    version = kinds.versions.of_parameter.get(name)
    return version is not None and isinstance(kinds.of_version.get(version), Kind)


def _stored(node: ir.Node) -> Iterator[tuple[str, bool]]:
    """The variables through which a statement or call stores, itself, each with whether it does so into a part of its value."""
    bases: list[ir.Expr] = []
    match node:
        case ir.Append(base=base):
            bases.append(base)
        case ir.Assign(target=ir.NameTarget(id=name), value=ir.Op(args=args), augmented=str()):
            if any(isinstance(each, ir.Display | ir.Comprehension) for each in args):
                yield name, False
        case ir.Assign(target=target):
            bases += [each.base for each in ir.walk(target) if isinstance(each, ir.ItemTarget | ir.AttributeTarget)]
        case ir.Call(func=ir.Attribute(base=base, name=name)) if name in CHANGING or name in DRAWING:
            bases.append(base)
        case ir.Call(func=ir.Name(id="next", scope="global"), args=args):
            bases += args[:1]
        case ir.Inert(reads=reads):
            yield from ((name.id, True) for name in reads if isinstance(name, ir.Name))
    yield from filter(None, map(_root, bases))


def _root(expr: ir.Expr) -> tuple[str, bool] | None:
    """The variable whose object an expression is, with whether it is only a part of that."""
    is_part = isinstance(expr, ir.Item | ir.Attribute)
    while isinstance(expr, ir.Item | ir.Attribute):
        expr = expr.base
    return (expr.id, is_part) if isinstance(expr, ir.Name) else None
