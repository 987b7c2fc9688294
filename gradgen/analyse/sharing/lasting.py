"""Where the containers come from that functions hand out: made by the call, or held by something that outlasts it.

Never says what a caller may do with them.
"""
from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Literal

from gradgen.analyse.program import Program, Read
from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.recording.stability import assigned_parts
from gradgen.analyse.sharing.handing import CHOICES, MAKERS
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import beside_arithmetic, found_in
from gradgen.read.resolve import MISSING
from gradgen.rules.carried import ANEW, carried_helper

Origin = Literal["made", "outside", "unknown"]
SIMPLE = (int, float, complex, str, bytes, bool, type(None), type, types.FunctionType, types.ModuleType)
"""What nothing can be stored into, or nobody does."""
MAKING = MAKERS - {"sum"}
MOST = 8  # calls in calls


def origins(program: Program, read: Read, depth: int = MOST) -> frozenset[Origin]:
    """Where the container that a function returns may come from: the function or what it calls makes it and nothing else holds
    it (`made`), or it is there after the call for others to see (`outside`); arguments are `unknown`, and numbers nothing."""
    if any(found.code == "GG102" for found in read.refusals.findings):
        return frozenset({"unknown"})
    returned = [node.value for node in found_in(read.function, ir.Exit) if node.kind == "return" and node.value is not None]
    whole, parts = _followed(program, read, returned, depth)
    held = [part for part in parts if not isinstance(part, ir.Item | ir.Const)]  # an element is a number, most often
    return whole | _followed(program, read, held, depth)[0] & {"outside"} if held else whole


def _followed(
    program: Program, read: Read, values: list[ir.Expr], depth: int
) -> tuple[frozenset[Origin], list[ir.Expr]]:
    """Where values come from, and what stands in those that are made here."""
    sources, kept = _sources(read.function), _kept(read.function)
    found: set[Origin] = set()
    parts: list[ir.Expr] = []
    waiting, seen = list(values), set[str]()
    while waiting:
        match waiting.pop():
            case ir.Op(op=op, args=args) if op in CHOICES:
                waiting += args[1:] if op == "ifexp" else args
            case ir.Const() | ir.Compare() | ir.Op():
                continue
            case ir.Display(items=items):
                found.add("made")
                parts += items
            case ir.Comprehension():
                found.add("made")
            case ir.Call(func=ir.Name(id=name, scope="global")) if name in MAKING:
                found.add("made")
            case ir.Call(target=target) if carried_helper(target) in ANEW:
                found.add("made")
            case ir.Name(id=name, scope="local"):
                if name in kept:
                    found.add("outside" if kept[name] else "unknown")
                found |= {"unknown"} if name not in sources else set()
                waiting += sources.get(name, []) if name not in seen else []
                seen.add(name)
            case ir.Name() as outer:
                live = program.live_value(outer, read)
                found |= set() if isinstance(live, SIMPLE) else {"unknown"} if live is MISSING else {"outside"}
            case ir.Item(base=base) | ir.Attribute(base=base):
                found.add("outside" if _is_outside(base) else "unknown")
            case ir.Call() as call:
                found |= _of_call(program, read, call, depth)
            case _:
                found.add("unknown")
    return frozenset(found), parts


def is_made_by_calls(program: Program, read: Read, name: str) -> bool:
    """Whether a variable only ever holds what calls have made for it, or what the function makes itself."""
    sources = _sources(read.function).get(name, []) if name not in _kept(read.function) else []
    is_made = (isinstance(each, ir.Display) or isinstance(each, ir.Call) and _of_call(program, read, each, MOST) == {"made"}
               for each in sources)
    return bool(sources) and all(is_made)


def _of_call(program: Program, read: Read, call: ir.Call, depth: int) -> frozenset[Origin]:
    try:
        site = program.site(call, read, program.versions_in(read)) if depth else None
    except GradgenError:
        site = None
    if is_remembered(call):
        return frozenset({"outside"})
    return frozenset({"unknown"}) if site is None else origins(program, site.read, depth - 1)


def is_remembered(call: ir.Call) -> bool:
    """Whether what a call hands out is kept for the next call: by `functools.lru_cache`."""
    return hasattr(call.target, "cache_info")


def _is_outside(base: ir.Expr) -> bool:
    while isinstance(base, ir.Item | ir.Attribute):
        base = base.base
    return isinstance(base, ir.Name) and base.scope != "local"


def _sources(function: ir.Function) -> dict[str, list[ir.Expr]]:
    """What the variables of a function are bound to, for those that nothing but assignments bind."""
    sources: dict[str, list[ir.Expr]] = {}
    others = {parameter.name for parameter in function.parameters}
    for node in beside_arithmetic(function):
        match node:
            case ir.Assign(target=whole, value=assigned):
                for target, value in assigned_parts(whole, assigned):
                    if isinstance(target, ir.NameTarget):
                        sources.setdefault(target.id, []).append(value)
                    elif isinstance(target, ir.TupleTarget):
                        others |= {each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget)}
            case ir.Walrus(name=name, value=value):
                sources.setdefault(name, []).append(value)
            case ir.For(target=target) | ir.Generator(target=target):
                others |= {each.id for each in ir.walk(target) if isinstance(each, ir.NameTarget)}
            case ir.With(items=items):
                entered = (target for _, target in items if target is not None)
                others |= {each.id for target in entered for each in ir.walk(target) if isinstance(each, ir.NameTarget)}
            case ir.Handler(name=str(name)) | ir.Define(name=name):
                others.add(name)
            case ir.Inert(binds=binds):
                others |= set(binds)
    return {name: values for name, values in sources.items() if name not in others}


def _kept(function: ir.Function) -> dict[str, bool]:
    """The variables whose values are put somewhere, or may be: each with whether that surely outlasts the call."""
    kept: dict[str, bool] = {}
    for node in beside_arithmetic(function):
        match node:
            case ir.Assign(target=ir.ItemTarget(base=base) | ir.AttributeTarget(base=base), value=value):
                for name in _held_whole(value):
                    kept[name] = kept.get(name, False) or _is_outside(base)
            case ir.Append(value=value):
                kept |= {name: kept.get(name, False) for name in _held_whole(value)}
            case ir.Define(captures=captures):
                kept |= {name: kept.get(name, False) for name in captures}
            case ir.Call(args=args, keywords=keywords) if not is_quiet(node):
                for each in (*args, *(value for _, value in keywords)):
                    kept |= {name: kept.get(name, False) for name in _held_whole(each)}
    return kept


def _held_whole(value: ir.Expr) -> Iterator[str]:
    """The variables that are themselves a value, or stand in a display of it."""
    match value:
        case ir.Name(id=name, scope="local"):
            yield name
        case ir.Display(items=items):
            for item in items:
                yield from _held_whole(item)
        case ir.Op(op=op, args=args) if op in CHOICES:
            for arg in args:
                yield from _held_whole(arg)


def stored_from_outside(function: ir.Function, hands_out: Callable[[ir.Call], bool]) -> frozenset[str]:
    """The variables through which something is stored into what a call hands out that is there after it, for others to see."""
    stored = {
        base.id for node in found_in(function, ir.ItemTarget, ir.AttributeTarget, ir.Append)
        if isinstance(base := node.base, ir.Name)
    }
    stored |= {stmt.target.id for stmt in found_in(function, ir.Assign)
               if stmt.augmented is not None and isinstance(stmt.target, ir.NameTarget)}
    if not stored or not found_in(function, ir.Call):
        return frozenset()
    sources = _sources(function)
    return frozenset(name for name in stored if any(map(hands_out, _calls_giving(name, sources))))


def _calls_giving(name: str, sources: dict[str, list[ir.Expr]]) -> Iterator[ir.Call]:
    """The calls whose results a variable may hold."""
    waiting, seen = [*sources.get(name, ())], {name}
    while waiting:
        match waiting.pop():
            case ir.Call() as call:
                yield call
            case ir.Name(id=other) if other not in seen:
                seen.add(other)
                waiting += sources.get(other, ())
            case ir.Op(op=op, args=args) if op in CHOICES:
                waiting += args
            case ir.Walrus(value=value):
                waiting.append(value)
