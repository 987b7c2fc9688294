"""Going through containers in step with their tangents: the headers of loops, and comprehensions of tangents.

Never names an inner value: inside of a comprehension everything is written in place.
"""
from __future__ import annotations

import math
from typing import Protocol

from gradgen.analyse.surroundings.iterators import is_one_shot
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import Holder
from gradgen.transform.expressions.contributions import Temporary
from gradgen.transform.expressions.evaluation import rebuilt
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.lines.spelling import conditional
from gradgen.transform.settling import NEVER_INLINE, Setting, ValueResolver

UNREPEATABLE = "values in a comprehension that cannot be computed again"


class Walk(Protocol):
    """What a comprehension needs of the walk over the expression that it stands in."""

    linearizer: Linearizer

    def expression(self, expr: ir.Expr) -> ir.Expr: ...

    def within(self, root: ir.Expr) -> Walk: ...


@dataclass(frozen=True, slots=True)
class Elements:
    """The containers of one expression."""

    walk: Walk

    # --- comprehensions ---

    def comprehension(self, node: ir.Comprehension) -> ir.Comprehension:
        """The comprehension of the elements' tangents."""
        linearizer = self.walk.linearizer
        generators = tuple(map(self._generator, node.generators))
        inner = self.walk.within(node.element)
        element = inner.expression(node.element)
        found = inner.linearizer.found
        linearizer.needed |= inner.linearizer.needed
        if found.requirements or any(not isinstance(line, Temporary) for line in found.temporaries):
            self._refuse(node, "this operation in a comprehension")
        locals_ = {line.name: conditional(line.value, line.guards) for line in found.temporaries if isinstance(line, Temporary)}
        made = ir.Comprehension(node.kind, self.in_place(element, locals_), generators)
        return _shortened(made, node)

    def _generator(self, generator: ir.Generator) -> ir.Generator:
        target, iterable = self.along(generator.target, generator.iterable)
        conditions = tuple(self.in_place(ir.Value(test)) for test in generator.conditions)
        return ir.Generator(target, iterable, conditions)

    def _refuse(self, expr: ir.Expr, construct: str) -> None:
        self.walk.linearizer.refusals.add("GG106", expr.span, construct=construct)

    # --- in step ---

    def along(self, target: ir.Target, iterable: ir.Expr) -> tuple[ir.Target, ir.Expr]:
        """A target and an iterable that give each varying element together with its tangent."""
        if self.walk.linearizer.leaves_below(iterable) == 0:
            return target, self.in_place(ir.Value(iterable))
        match target, iterable:
            case (
                ir.TupleTarget(items=items, starred=None),
                ir.Call(func=ir.Name(id="zip", scope="global"), args=args, keywords=keywords),
            ):
                if len(items) == len(args) and all(isinstance(value, ir.Const) for _, value in keywords):
                    targets: list[ir.Target] = []
                    iterables: list[ir.Expr] = []
                    for item, arg in zip(items, args, strict=True):
                        targets.append(item)
                        iterables.append(self.in_place(ir.Value(arg)))
                        if self.walk.linearizer.leaves_below(arg):
                            targets.append(self.tangent_target(item))
                            iterables.append(self.in_place(self.walk.expression(arg)))
                    return ir.TupleTarget(tuple(targets)), replace(_zipped(*iterables), keywords=keywords)
            case (
                ir.TupleTarget(items=(first, item), starred=None),
                ir.Call(func=ir.Name(id="enumerate", scope="global") as func, args=(inner, *given), keywords=keywords),
            ) if all(name == "start" for name, _ in keywords):
                start = (*given, *(value for _, value in keywords))
                target, inner = self.along(item, inner)
                counted = ir.Call(ir.Name(func.id, "global"), (inner, *map(self.in_place, map(ir.Value, start))))
                return ir.TupleTarget((first, target)), counted
            case _, ir.Call(func=ir.Name(id="reversed" | "list" | "tuple" as name, scope="global"), args=(inner,), keywords=()):
                target, inner = self.along(target, inner)
                if name == "reversed":
                    inner = _listed(inner)
                return target, ir.Call(ir.Name(name, "global"), (inner,))
            case _, ir.Item(base=ir.Call(func=ir.Name(id="list" | "tuple", scope="global")) as whole, index=ir.Slice() as part):
                target, held = self.along(target, whole)
                bounds = (part.lower, part.upper, part.step)
                cut = ir.Slice(*(None if each is None else self.in_place(ir.Value(each)) for each in bounds))
                return target, ir.Item(held, cut)
        if isinstance(iterable, ir.Item) and self._may_be_dict(iterable):
            self._refuse(iterable, "the keys of a dict of values that vary")
        tangent = self.walk.expression(iterable)
        return ir.TupleTarget((target, self.tangent_target(target))), _zipped(
            self.in_place(ir.Value(iterable)), self.in_place(tangent)
        )

    def _may_be_dict(self, iterable: ir.Item) -> bool:
        """Whether a part of a container, of a dict if nothing is known of it, may be a dict: its keys, which a loop goes through,
        do not vary, and have no tangents."""
        kind = self.walk.linearizer.kinds.of(iterable)
        if isinstance(kind, Holder):
            return kind.keys is not None and not kind.is_record
        return kind is None and isinstance(iterable.index, ir.Const) and isinstance(iterable.index.value, str)

    def tangent_target(self, target: ir.Target) -> ir.Target:
        """The target that takes the tangent of what a target takes."""
        match target:
            case ir.NameTarget(id=name):
                return ir.NameTarget(self.walk.linearizer.names.tangent(name))
            case ir.TupleTarget(items=items, starred=starred):
                return ir.TupleTarget(tuple(map(self.tangent_target, items)), starred)
        self.walk.linearizer.refusals.add("GG106", target.span, construct="a loop into an item or attribute")
        return target

    # --- writing in place ---

    def in_place(self, expr: ir.Expr, locals_: dict[str, ir.Expr] | None = None) -> ir.Expr:
        """An expression with every value that it reads computed again where it stands; refused where that is not the same."""
        if isinstance(expr, ir.Value):
            self._may_run_again(expr.of)
            return self.in_place(_plain(expr.of), locals_)
        if isinstance(expr, ir.Name) and locals_ and expr.id in locals_:
            return self.in_place(locals_[expr.id], locals_)
        if isinstance(expr, ir.Comprehension):
            return expr
        return rebuilt(expr, lambda part: self.in_place(part, locals_))

    def _may_run_again(self, expr: ir.Expr) -> None:
        setting = Setting(None, "", True, False, frozenset())
        resolver = ValueResolver(expr, setting, self.walk.linearizer.names, {})
        if not self._is_repeatable(expr, resolver):
            self._refuse(expr, UNREPEATABLE)

    def _is_repeatable(self, expr: ir.Expr, resolver: ValueResolver) -> bool:
        callees = self.walk.linearizer.callees
        match expr:
            case ir.Call(func=ir.Name(id="range" | "zip" | "enumerate" | "reversed" | "list" | "tuple" | "len", scope="global")):
                is_plain = all(isinstance(value, ir.Const) for _, value in expr.keywords)
                return is_plain and all(self._is_repeatable(arg, resolver) for arg in expr.args)
            case ir.Call() if callees.is_settled and callees.site(expr) is not None:
                return all(self._is_repeatable(arg, resolver) for arg in expr.args)
            case ir.Call(target=target, args=args, keywords=()) if any(target is function for function in SUMMING):
                return all(self._is_repeatable(arg, resolver) for arg in args)
            case ir.Call() if (op := self.walk.linearizer.kinds.operation(expr)) is not None:
                given = (*op.args, *(value for _, value in op.keywords))
                return "out" not in dict(op.keywords) and all(self._is_repeatable(arg, resolver) for arg in given)
            case ir.Comprehension(element=element, generators=generators):
                inner = (part for generator in generators for part in (generator.iterable, *generator.conditions))
                return all(self._is_repeatable(part, resolver) for part in (element, *inner))
            case ir.Op(args=args) | ir.Display(items=args, keys=()):
                return all(self._is_repeatable(arg, resolver) for arg in args)
            case ir.Name(scope="local"):
                return not is_one_shot(expr, self.walk.linearizer.activity.versions)
        return resolver.inline_cost(expr) < NEVER_INLINE


SUMMING = (sum, math.fsum, math.prod, max, min, abs)
"""Functions that only compute: what they are given is gone through again."""


def _plain(expr: ir.Expr) -> ir.Expr:
    """The expression without its place in the user's text."""
    return replace(expr, span=None) if expr.span is not None and not isinstance(expr, ir.Name) else expr


def _listed(iterable: ir.Expr) -> ir.Expr:
    is_listed = isinstance(iterable, ir.Call) and isinstance(iterable.func, ir.Name) and iterable.func.id in ("list", "tuple")
    return iterable if is_listed else ir.Call(ir.Name("list", "global"), (iterable,))


def _zipped(*iterables: ir.Expr) -> ir.Call:
    return ir.Call(ir.Name("zip", "global"), iterables)


def _shortened(made: ir.Comprehension, node: ir.Comprehension) -> ir.Comprehension:
    """`[2 * t_dot for t_dot in ts_dot]` where the elements themselves are not read."""
    first = made.generators[0]
    match first:
        case ir.Generator(
            target=ir.TupleTarget(items=(ir.NameTarget(id=name) as element, tangent)),
            iterable=ir.Call(func=ir.Name(id="zip", scope="global"), args=(_, tangents)),
        ) if len(made.generators) == 1 and node.generators[0].target is element:
            if not any(read.id == name for part in (made.element, *first.conditions) for read in ir.names_read(part)):
                return replace(made, generators=(ir.Generator(tangent, tangents, first.conditions),))
    return made
