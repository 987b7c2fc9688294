"""Says whether a function may keep or change what it is given, and what goes to one that may.

Never says what a caller does about it.
"""
from __future__ import annotations

import types
from collections.abc import Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.program import Program, Read
from gradgen.analyse.reads import CallSite
from gradgen.analyse.recording.quiet import is_quiet
from gradgen.analyse.recording.stability import CHANGING_FUNCTIONS, alone_in, assigned_parts, is_pure_call, raising_calls
from gradgen.analyse.sharing.lasting import is_made_by_calls
from gradgen.analyse.sharing.views import changes
from gradgen.analyse.versions import Version, Versions
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.constructs import UNKNOWN_STATEMENT
from gradgen.ir.finding import beside_arithmetic, beside_calculation, found_in
from gradgen.ir.kinds import AnyKind, Kind
from gradgen.ir.queries import is_name
from gradgen.read.resolve import MISSING
from gradgen.rules.carried import ANEW, carried_helper
from gradgen.rules.solvers import solver_of

MAKERS = frozenset({
    "append", "arange", "array", "block", "column_stack", "concatenate", "copy", "dstack", "empty", "empty_like", "eye", "full",
    "full_like", "hstack", "linspace", "ones", "ones_like", "repeat", "stack", "tile", "vstack", "zeros", "zeros_like",
})
"""Operations that always give an array of their own."""


def keeps_arguments(program: Program, read: Read, varied: tuple[str, ...] | None = None) -> bool:
    """Whether a function, or one that it calls, stores into anything but containers of its own, or acts in a way unknown.

    With `varied`, those of its parameters and captures that vary: whether it may so store what varies. Then what
    functions of another package call for its effect, or on objects of unknown kinds, is trusted to keep nothing.
    """
    own_package = _package(read)
    seen: set[tuple[Read, tuple[str, ...] | None, frozenset[str]]] = set()
    waiting: list[tuple[Read, tuple[str, ...] | None, frozenset[str]]] = [(read, varied, frozenset())]
    while waiting:
        current, moving, fixed = waiting.pop()
        if (current, moving, fixed) in seen:
            continue
        seen.add((current, moving, fixed))
        try:
            facts = program.analyse(current, moving or ()).activity
        except GradgenError:
            return True
        if _acts(program, current, None if moving is None else facts, _package(current) == own_package, fixed):
            return True
        for call in found_in(current.function, ir.Call):
            if _is_harmless(call):
                continue
            site = program.site(call, current, program.versions[current])
            if site is not None:
                active = None if moving is None else program.active_parameters(site, facts.is_varied)
                waiting.append((site.read, active, _fixed_in(program, site, current)))
    return False


def _fixed_in(program: Program, site: CallSite, read: Read) -> frozenset[str]:
    """The parameters of a callee that hold constants and classes, whatever its caller was given."""
    given = ((name, value) for name, value in site.arguments.items() if name not in ir.names_bound(site.read.function.body))
    return frozenset(
        name for name, value in given
        if isinstance(value, ir.Const) or isinstance(program.live_value(value, read), type)
    )


def _package(read: Read) -> str:
    return str(read.scope.global_names.get("__name__", "")).partition(".")[0]


def _acts(program: Program, read: Read, facts: Activity | None, is_own: bool, fixed: frozenset[str]) -> bool:
    """Whether a function itself does so; given what varies in it, with what varies. `is_own`: it is of the user's package;
    `fixed` are parameters that hold constants."""
    whole, nested = made_here(read.function), nested_nodes(read.function)
    kinds = program.kinds_of(read)
    stores = changes(read.function, kinds)
    if facts is None and any(stores.values()) or any(found.code == "GG102" for found in read.refusals.findings):
        return True
    values: dict[ir.Node, ir.Expr] = {}
    for stmt in found_in(read.function, ir.Assign):
        values |= dict.fromkeys(ir.walk(stmt.target), stmt.value)

    def moves(*exprs: ir.Expr | None) -> bool:
        return facts is None or any(expr is None or facts.is_varied(expr) for expr in exprs)

    raising = raising_calls(program, read, facts) | _raised(read.function)
    alone = alone_in(program, read)
    for node in beside_calculation(read.function):
        own = whole if node not in nested else made_here(nested[node].function) | whole.intersection(nested[node].captures)
        match node:
            case ir.Append(base=ir.Name(id=name)) if name in own:
                continue
            case ir.ItemTarget(base=ir.Name(id=name), index=index) if name in own and (
                not isinstance(index, ir.Opaque) or name in alone
            ):
                continue
            case ir.AttributeTarget(base=ir.Name(id=name)) if name in own:
                continue
            case ir.ItemTarget(base=base) if node in stores and (facts is None or not stores[node] or _is_array(kinds.of(base))):
                continue  # who holds that data is asked of arrays
            case ir.AttributeTarget(base=ir.Name(id=name)) if (read, name) in program.receivers and told_by(values[node], name):
                continue  # `self.calls += 1`
            case ir.ItemTarget(base=ir.Name(id=name)) | ir.Append(base=ir.Name(id=name)) if is_made_by_calls(program, read, name):
                continue
            case ir.ItemTarget() | ir.AttributeTarget() if moves(values.get(node)):
                return True
            case ir.Append(value=value) if moves(value):
                return True
            case ir.Assign(augmented=str(), value=ir.Op(args=(_, ir.Display() | ir.Comprehension() as more))) if moves(more):
                return True  # `q += [...]` changes the list in place
            case ir.Evaluate(value=ir.Call(func=ir.Attribute(base=ir.Name(id=name)))) if name in own:
                continue
            case ir.Evaluate(value=ir.Call() as call) if program.site(call, read, program.versions[read]) is not None:
                continue  # what it runs is looked at by itself
            case ir.Evaluate(value=value) if (is_own or facts is None) and not (isinstance(value, ir.Call) and is_quiet(value)):
                if moves(value, *(each for each in ir.children_of(value) if isinstance(each, ir.Expr))):
                    return True
            case ir.Inert(construct=construct, reads=reads) if construct.startswith(UNKNOWN_STATEMENT) and moves(*reads):
                return True
            case ir.Call() if node in raising:
                continue
            case ir.Call() if program.site(node, read, program.versions[read]) is None and kinds.operation(node) is None:
                if (is_own or facts is None) and _may_change(node, read, facts, fixed):
                    return True
    return False


def _is_array(kind: AnyKind) -> bool:
    return isinstance(kind, Kind) and kind.shape != ()


def _raised(function: ir.Function) -> frozenset[ir.Call]:
    """The calls whose results are raised at once: in `raise error(message)` an `error` that is handed in is a class of
    exceptions."""
    made = [node.value for node in found_in(function, ir.Exit) if node.kind == "raise"]
    return frozenset(
        each for each in made if isinstance(each, ir.Call) and isinstance(each.func, ir.Name) and each.target is None
    )


def told_by(value: ir.Expr, name: str) -> bool:
    """Whether a value is one of numbers, and of attributes of a variable."""
    return all(isinstance(node, ir.Const | ir.Op | ir.Attribute) or is_name(node, name)
               for node in ir.walk(value))


def _is_harmless(call: ir.Call) -> bool:
    return is_quiet(call) or is_pure_call(call)


def _may_change(call: ir.Call, read: Read, facts: Activity | None, fixed: frozenset[str]) -> bool:
    """Whether a call of what is not known may change what the function around it was given, or has captured; with `facts`,
    whether it may put something that varies into the object that it is called on. `fixed` parameters hold nothing to change."""
    if _is_harmless(call) or solver_of(call.target) is not None:
        return False
    given = [*call.args, *(value for _, value in call.keywords)]
    if call.target is not None and getattr(call.target, "__name__", "") not in CHANGING_FUNCTIONS:
        return False
    owner: ir.Expr | None = call.func if call.target is None else None
    while isinstance(owner, ir.Attribute | ir.Item):
        owner = owner.base
    own = made_here(read.function, by_calls=True) | fixed
    if isinstance(owner, ir.Name) and owner.scope != "local" and read.scope.lookup(owner.id.split(".")[0]) is MISSING:
        return False  # it raises NameError
    if facts is None:
        return any(isinstance(each, ir.Name) and each.id not in own for each in (*given, owner))
    if not any(map(facts.is_varied, given)):
        return False
    if isinstance(call.func, ir.Name) and call.func.id in _only_imported(read.function):
        return False
    if not isinstance(owner, ir.Name) or owner.scope == "local":
        return call.target is not None or isinstance(owner, ir.Name) and owner.id not in own
    return not isinstance(read.scope.lookup(owner.id.split(".")[0]), types.ModuleType | type(MISSING))


def handed_to_effects(program: Program, read: Read, versions: Versions) -> set[str]:
    """The parameters whose values go into a call that may keep them: one for its effect, or beside its result."""
    own = made_here(read.function)
    waiting: list[Version | ir.Node] = []
    for node in beside_calculation(read.function):
        if isinstance(node, ir.Evaluate) and isinstance(node.value, ir.Call) and not is_quiet(node.value):
            site = program.site(node.value, read, versions)
            waiting += [node.value] if site is None or keeps_arguments(program, site.read) else []
        elif isinstance(node, ir.Call) and not _is_harmless(node) and (site := program.site(node, read, versions)) is not None:
            given = tuple(name for name in site.read.parameters if name in site.arguments)
            waiting += [node] if keeps_arguments(program, site.read, given) else []
        elif isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute) and not is_pure_call(node):
            waiting += [node] if isinstance(node.func.base, ir.Name) and node.func.base.id in own else []
    seen: set[Version | ir.Node] = set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current, Version):
            waiting += current.sources
        else:
            waiting += [versions.of_read[name] for name in ir.names_read(current) if name in versions.of_read]
    return {each.name for each in seen if isinstance(each, Version) and each.kind == "parameter"}


def _makes_anew(target: object) -> bool:
    """Whether what a callable hands out is always new."""
    is_copy = isinstance(target, types.FunctionType) and target.__module__ == "copy"
    return is_copy or target is object.__new__ or carried_helper(target) in ANEW


def _only_imported(function: ir.Function) -> frozenset[str]:
    """The local names that nothing but import statements bind: what a module has, and keeps as it is."""
    imported, others = set[str](), {parameter.name for parameter in function.parameters}
    for node in beside_arithmetic(function):
        match node:
            case ir.Inert(binds=binds, construct="an import"):
                imported.update(binds)
            case ir.Inert(binds=binds):
                others.update(binds)
            case ir.NameTarget(id=name) | ir.Walrus(name=name) | ir.Define(name=name) | ir.Handler(name=str(name)):
                others.add(name)
    return frozenset(imported - others)


def made_here(function: ir.Function, by_calls: bool = False) -> frozenset[str]:
    """The local variables that only ever hold lists, dicts, arrays and bare objects which the function makes itself, or what
    calls give."""
    made: set[str] = set()
    other = {parameter.name for parameter in function.parameters}
    nested = nested_nodes(function)
    for node in beside_arithmetic(function):
        if node in nested:
            other |= _binds(node).intersection(nested[node].captures)  # by `nonlocal`
            continue
        match node:
            case ir.Assign(target=whole, value=assigned, augmented=None):
                for target, value in assigned_parts(whole, assigned):
                    if isinstance(target, ir.NameTarget) and _is_made_here(value, by_calls):
                        made.add(target.id)
                    else:
                        other |= {inner.id for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
            case ir.Assign(target=target) | ir.For(target=target) | ir.Generator(target=target):
                other |= {inner.id for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
            case ir.Walrus(name=name) | ir.Handler(name=str(name)) | ir.Define(name=name):
                other.add(name)
            case ir.With(items=items):
                held = (target for _, target in items if target is not None)
                other |= {inner.id for target in held for inner in ir.walk(target) if isinstance(inner, ir.NameTarget)}
            case ir.Inert(binds=binds):
                other |= set(binds)
    return frozenset(made - other)


def nested_nodes(function: ir.Function) -> Mapping[ir.Node, ir.Define]:
    """The nodes that stand in nested functions, each with the innermost one."""
    return {node: define for define in found_in(function, ir.Define) for node in ir.nodes_of(define.function)}


def _binds(node: ir.Node) -> frozenset[str]:
    match node:
        case ir.NameTarget(id=name) | ir.Walrus(name=name) | ir.Handler(name=str(name)) | ir.Define(name=name):
            return frozenset({name})
        case ir.Inert(binds=binds):
            return frozenset(binds)
    return frozenset()


def _is_made_here(value: ir.Expr, by_calls: bool) -> bool:
    match value:
        case ir.Display() | ir.Comprehension(kind="list") | ir.Op(op="mul", args=(ir.Display(), _)):  # `[0.0] * n`
            return True
        case ir.Op(op=op):
            return op in MAKERS
        case ir.Call(target=target):
            return by_calls or _makes_anew(target)
    return False
