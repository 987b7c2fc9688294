"""Reads try statements that ask which library is there, or whether a number is an array: only one way through them is taken.

`try: x[x < 0] = v` with a TypeError handler, where x is a number: the store raises, and the handler is the way. Where x is an
array the body is. A handler of NameError below names that are all known: the body is the way.

Never decides that for sure: on the other way generated code raises.
"""
from __future__ import annotations

import dataclasses
from typing import Any

from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.queries import ends_raising, is_name
from gradgen.read.resolve import MISSING, Scope
from gradgen.rules.registry import shape_of
from gradgen.rules.spelling import operation_of

STORED = "a store into what is taken as a number"
UNREACHED = "what follows where another way is taken"
UNTAKEN = "a handler of NameError where every name is known"
OF_NUMBERS = "a handler for numbers where an array is stored into"
OTHERWISE = "what is done with arguments of other kinds"
OF_ARRAYS = frozenset({"atleast_1d", "atleast_2d", "atleast_3d", "linspace", "arange", "zeros", "ones", "full", "empty"})


def with_one_way(function: ir.Function, scope: Scope, arrays: frozenset[str], may_be_arrays: bool) -> ir.Function:
    """The function with such stores carried along verbatim, and what follows each in its try left out, as are the handlers.

    `arrays` are the parameters that are given arrays, `may_be_arrays`: others may be."""
    if not found_in(function, ir.Try):
        return function
    arrays = _with_what_comes_of(function, arrays)
    bound = {parameter.name for parameter in function.parameters} | ir.names_bound(function.body)
    made = _made_as_containers(function)
    masks = _masks(function)

    def block(stmts: ir.Block) -> ir.Block:
        return tuple(map(statement, stmts))

    def statement(stmt: ir.Stmt) -> ir.Stmt:
        changed: dict[str, Any] = {}
        for each in dataclasses.fields(stmt):
            value = getattr(stmt, each.name)
            if each.name == "handlers":
                handlers = tuple(dataclasses.replace(handler, body=block(handler.body)) for handler in value)
                if any(new.body is not old.body and new.body != old.body for new, old in zip(handlers, value, strict=True)):
                    changed[each.name] = handlers
            elif type(value) is tuple and value and isinstance(value[0], ir.Stmt):
                inner = block(value)
                if inner != value:
                    changed[each.name] = inner
        if isinstance(stmt, ir.Try) and any(_is_of_names(handler) for handler in stmt.handlers) and _all_known(stmt.body, scope):
            changed["handlers"] = tuple(
                dataclasses.replace(each, body=untaken(each.body, UNTAKEN)) if _is_of_names(each) else each
                for each in changed.get("handlers", stmt.handlers)
            )
        if isinstance(stmt, ir.Try) and any(_mends_types(handler, may_be_arrays) for handler in stmt.handlers):
            stored = _stored_by_masks(stmt.body, masks)
            if stored and stored <= arrays:
                changed["handlers"] = tuple(
                    dataclasses.replace(each, body=untaken(each.body, OF_NUMBERS)) if _mends_types(each, True) else each
                    for each in changed.get("handlers", stmt.handlers)
                )
                return dataclasses.replace(stmt, **changed)
            body = _cut(changed.get("body", stmt.body), bound - made, masks) if not stored & arrays else None
            if body is not None:
                changed["body"] = body
        return dataclasses.replace(stmt, **changed) if changed else stmt

    body = block(function.body)
    return function if body == function.body else dataclasses.replace(function, body=body)


def _cut(body: ir.Block, numbers: set[str], masks: set[str]) -> ir.Block | None:
    """A block that ends at its first store by a mask into what may be a number; None where there is none."""
    found: list[ir.Stmt] = []
    for index, stmt in enumerate(body):
        match stmt:
            case ir.Assign(target=ir.ItemTarget(base=ir.Name(id=name), index=mask)) if name in numbers and _is_mask(mask, masks):
                assert stmt.span is not None
                end = ir.Span(stmt.span.end, stmt.span.end)
                rest = (_inert(each, UNREACHED) for each in body[index + 1 :])
                return (*found, _inert(stmt, STORED), *rest, ir.Exit("raise", span=end))
            case ir.Assign(target=ir.NameTarget()):
                found.append(stmt)
            case ir.Branch(then=then, orelse=orelse) if stmt.case is None:
                cut = [_cut(arm, numbers, masks) or arm for arm in (then, orelse)]
                found.append(dataclasses.replace(stmt, then=cut[0], orelse=cut[1]) if cut != [then, orelse] else stmt)
            case _:
                return None
    return tuple(found) if any(new is not old for new, old in zip(found, body, strict=True)) else None


def _stored_by_masks(body: ir.Block, masks: set[str]) -> set[str]:
    """The variables that a block stores into by masks."""
    found = set()
    for node in (node for stmt in body for node in ir.walk(stmt)):
        match node:
            case ir.ItemTarget(base=ir.Name(id=name), index=mask) if _is_mask(mask, masks):
                found.add(name)
    return found


def _with_what_comes_of(function: ir.Function, given: frozenset[str]) -> frozenset[str]:
    """Variables that hold arrays, and those that are assigned what is made of them, or an array of a rank that is known."""
    found = set(given)
    pairs = [
        (target.id, value) for node in found_in(function, ir.Assign) for target, value in _parts(node)
        if isinstance(target, ir.NameTarget)
    ]

    def is_array(value: ir.Expr) -> bool:
        match value:
            case ir.Name(id=name):
                return name in found
            case ir.Attribute(base=base, name="real" | "imag" | "T"):
                return is_array(base)
            case ir.Op(op=op, args=args):
                return op in OF_ARRAYS or shape_of(op) is None and any(map(is_array, args))
            case ir.Call(target=target, args=args):
                operation = None if target is None else operation_of(target)
                is_told = operation is not None and shape_of(operation) is not None
                return operation in OF_ARRAYS or not is_told and any(map(is_array, args))
        return False

    while more := {name for name, value in pairs if name not in found and is_array(value)}:
        found |= more
    return frozenset(found)


def _parts(stmt: ir.Assign) -> list[tuple[ir.Target, ir.Expr]]:
    """The variables of an assignment, each with what it is assigned."""
    match stmt.target, stmt.value:
        case ir.TupleTarget(items=targets), ir.Display(items=values) if len(targets) == len(values):
            return list(zip(targets, values, strict=True))
    return [(stmt.target, stmt.value)]


def _inert(stmt: ir.Stmt, construct: str) -> ir.Inert:
    return ir.Inert(tuple(ir.names_read(stmt)) if construct == STORED else (), (), construct, span=stmt.span)


def _is_of_names(handler: ir.Handler) -> bool:
    return is_name(handler.matches, "NameError") and bool(handler.body)


def _all_known(body: ir.Block, scope: Scope) -> bool:
    """Whether every name from outside that a block reads stands for something."""
    names = (node for stmt in body for node in ir.walk(stmt) if isinstance(node, ir.Name) and node.scope != "local")
    return all(scope.lookup(name.id.split(".")[0]) is not MISSING for name in names)


def untaken(body: ir.Block, construct: str) -> ir.Block:
    """A handler's body in whose place generated code raises."""
    first, *rest = body
    assert first.span is not None
    end = ir.Span(first.span.end, first.span.end)
    return (_inert(first, construct), *(_inert(each, UNREACHED) for each in rest), ir.Exit("raise", span=end))


def _mends_types(handler: ir.Handler, goes_on: bool) -> bool:
    """Whether a handler takes TypeError; where only one that `goes_on` is asked for, and does not raise anew at its end."""
    return _catches(handler, "TypeError") and bool(handler.body) and not (goes_on and ends_raising(handler.body))


def _catches(handler: ir.Handler, wanted: str) -> bool:
    match handler.matches:
        case ir.Name(id=name, scope="global"):
            return name == wanted
        case ir.Display(items=items):
            return any(is_name(item, wanted) for item in items)
    return False


def _is_mask(index: ir.Expr, masks: set[str]) -> bool:
    """Whether an index is a truth: a comparison, several, whether any or all hold, or a variable that only ever holds one."""
    match index:
        case ir.Compare():
            return True
        case ir.Name(id=name):
            return name in masks
        case ir.Op(op="bitand" | "bitor" | "invert" | "isnan" | "isfinite" | "isinf", args=args):
            return index.op.startswith("is") or all(_is_mask(arg, masks) for arg in args)
        case ir.Call(func=ir.Attribute(base=base, name="any" | "all"), args=()):
            return _is_mask(base, masks)
    return False


def _masks(function: ir.Function) -> set[str]:
    """The variables that are only ever assigned comparisons."""
    assigned: dict[str, list[ir.Expr]] = {}
    for node in found_in(function, ir.Assign):
        if isinstance(node.target, ir.NameTarget):
            assigned.setdefault(node.target.id, []).append(node.value)
    others = {parameter.name for parameter in function.parameters}
    return {name for name, values in assigned.items() if name not in others and all(_is_mask(value, set()) for value in values)}


def _made_as_containers(function: ir.Function) -> set[str]:
    """The variables that are assigned a display, a comprehension or what makes an array."""
    found: set[str] = set()
    for node in found_in(function, ir.Assign):
        match node:
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Display() | ir.Comprehension()):
                found.add(name)
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Op(op=op)) if shape_of(op) is not None:
                found.add(name)
            case ir.Assign(target=ir.NameTarget(id=name), value=ir.Call(target=target)) if target is not None:
                operation = operation_of(target)
                if operation is not None and shape_of(operation) is not None:
                    found.add(name)
    return found
