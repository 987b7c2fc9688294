"""What in a loop must not be run a second time: calls that act, numbers drawn at random, stores into what outlasts a turn.

Never decides whether a loop is run again.
"""
from __future__ import annotations

from collections.abc import Container, Iterator

from gradgen.analyse.activity import PASSIVE_RESULTS
from gradgen.analyse.program import Program, Read
from gradgen.analyse.recording.keeping import keeps_arguments
from gradgen.analyse.recording.quiet import QUIET_CALLS, is_quiet
from gradgen.analyse.recording.stability import ANYTHING, is_property, is_pure_call, may_run_again, private_containers
from gradgen.analyse.sharing.views import array_variables
from gradgen.analyse.solvers.calls import equation_of
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.hooks import Hook
from gradgen.rules.carried import CHECKS, carried_helper
from gradgen.rules.solvers import solver_of

INERT = frozenset({"a literal", "an annotation", "an assertion", "an assertion of an equality", "an import"})
PLAIN = QUIET_CALLS - {"print"} | PASSIVE_RESULTS


def acting(
    program: Program, read: Read, block: ir.Block, lasting: Container[str], held: frozenset[Version], changing: frozenset[str]
) -> tuple[ir.Node, str] | None:
    """The first thing in a block of `read` that may do something else when the block is run again from the same variables, and
    what it is; None where there is none.

    `lasting` are the variables whose values the block takes over, `held` the versions that are containers, `changing` what may
    have been changed in place by then: variables, `.name` for attributes, ANYTHING. A call that only shows
    something, on a line of its own, counts for nothing: it is left out when the block runs again.
    """
    shown = {stmt.value for stmt in _statements(block) if is_shown(stmt) and isinstance(stmt, ir.Evaluate)}
    handed_out = _returned(block)
    walked = _Walk(program, read, block, lasting, held, changing)
    for stmt in block:
        for node in ir.walk(stmt):
            found = None if node in shown or node in handed_out else walked.act(node)
            if found is not None:
                return node, found
    return None


def is_shown(stmt: ir.Stmt) -> bool:
    """Whether a statement only prints or logs."""
    return isinstance(stmt, ir.Evaluate) and isinstance(stmt.value, ir.Call) and is_quiet(stmt.value)


def collected(block: ir.Block) -> frozenset[str]:
    """The lists that the turns of a loop only append to, outside of the loops in it: a turn that runs again goes without that."""
    nodes = [node for stmt in block for node in ir.walk(stmt)]
    handed_out = _returned(block)
    nodes = [node for node in nodes if node not in handed_out]
    bases = [node.base for node in nodes if isinstance(node, ir.Append) and isinstance(node.base, ir.Name)]
    within = {inner for node in nodes if isinstance(node, ir.For | ir.While) for inner in ir.walk(node)}
    others = {node.id.split(".")[0] for node in nodes if isinstance(node, ir.Name) and not any(node is base for base in bases)}
    others |= {node.id for node in nodes if isinstance(node, ir.NameTarget)}
    others |= {name for node in nodes if isinstance(node, ir.Define | ir.Inert | ir.Opaque) for name in _names_in(node)}
    return frozenset({base.id for base in bases} - {base.id for base in bases if base in within} - others)


def _returned(block: ir.Block) -> set[ir.Node]:
    """What a turn computes only to leave the function with: a turn that runs again does not."""
    returns = (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Exit) and node.kind == "return")
    return {node for each in returns for node in ir.walk(each)}


def _names_in(node: ir.Node) -> set[str]:
    return {name.id for name in ir.walk(node) if isinstance(name, ir.Name)} | set(getattr(node, "binds", ()))


def _statements(block: ir.Block) -> Iterator[ir.Stmt]:
    return (node for stmt in block for node in ir.walk(stmt) if isinstance(node, ir.Stmt))


class _Walk:
    """What is looked up for one block."""

    def __init__(
        self, program: Program, read: Read, block: ir.Block, lasting: Container[str], held: frozenset[Version],
        changing: frozenset[str],
    ) -> None:
        self.changing = changing
        self.program = program
        self.read = read
        self.versions = program.versions_in(read)
        self.held = held
        self.arrays = frozenset(array_variables(program.kinds_of(read)))
        own = private_containers(read.function)
        self.own = frozenset(name for name in ir.names_bound(block) if name in own and name not in lasting)
        self.collected = collected(block)
        stores = found_in(read.function, ir.ItemTarget, ir.AttributeTarget, ir.Append)
        self.stored = frozenset(node.base.id for node in stores if isinstance(node.base, ir.Name))
        self.inside = frozenset(node for stmt in block for node in ir.walk(stmt))

    def act(self, node: ir.Node) -> str | None:
        """What a node does that may come out differently a second time."""
        match node:
            case ir.Append(base=ir.Name(id=name)) if name not in self.own and name not in self.collected:
                return f"{name}.append()"
            case ir.ItemTarget(base=ir.Name(id=name)) if name not in self.own and name not in self.arrays:
                return f"a store into {name}, which is no array"
            case ir.AttributeTarget():
                return "a store into an attribute"
            case ir.Assign(target=ir.NameTarget(id=name) as target, augmented=str()) if name not in self.own:
                version = self.versions.of_node.get(target)
                if version is not None and {version, version.previous} & self.held:
                    return f"a change of the container {name}"
            case ir.Define(name=name):
                return f"the function {name}, defined in the loop"
            case ir.Inert(construct=construct) if not isinstance(node, Hook) and construct not in INERT:
                return construct
            case ir.Opaque(is_pure=False, construct=construct) if construct != "a lambda":
                return construct
            case ir.Attribute(base=base, name=name) if is_property(self.program.live_value(base, self.read), name):
                return f"the property {name}"
            case ir.For(iterable=ir.Name() as name) | ir.Generator(iterable=ir.Name() as name) if self._may_run_out(name):
                return f"a loop over {name.id}, which may be an iterator,"
            case ir.Call() if (found := self._call(node)) is not None:
                return found
        return self._changed(node) if self.changing else None

    def _changed(self, node: ir.Node) -> str | None:
        """What a node reads that may have been changed in place by the time that it is read again."""
        is_open = ANYTHING in self.changing
        match node:
            case ir.Name(id=name, scope="local") if name in self.changing and self._is_container(node):
                return f"a change of {name} elsewhere"
            case ir.Name(id=name) if any(is_open or f".{part}" in self.changing for part in name.split(".")[1:]):
                return f"a change of what may be {name}"
            case ir.Attribute(name=name) if is_open or f".{name}" in self.changing:
                return f"a change of what may be .{name}"
            case ir.Item(base=ir.Name(id=name)) if (is_open or name in self.changing) and name not in self.arrays | self.own:
                return f"a change of {name} elsewhere" if name in self.changing else f"a change of what may be {name}"
            case ir.Item(base=base) if is_open and not isinstance(base, ir.Name | ir.Item):
                return "a change of what may be read here"
        return None

    def _is_container(self, name: ir.Name) -> bool:
        """Whether a variable may hold a container that outlasts the turn."""
        is_known = self.versions.of_read.get(name) in self.held or name.id in self.stored
        return is_known and name.id not in self.arrays and name.id not in self.own

    def _may_run_out(self, name: ir.Name) -> bool:
        """Whether what is gone through, and was made before the turn, may be an iterator."""
        version = self.versions.of_read.get(name)
        seen: set[Version] = set()
        waiting = [] if version is None else [version]
        while waiting:
            current = waiting.pop()
            if current in seen or current.name in self.arrays:
                continue
            seen.add(current)
            if current.kind == "parameter" and current not in self.held:
                return True
            waiting.extend(source for source in current.sources if isinstance(source, Version))
            for source in current.sources:
                if isinstance(source, ir.Expr) and source not in self.inside and not _is_sequence(source):
                    return True
        return False

    def _call(self, call: ir.Call) -> str | None:
        words = f"{call.func.id}()" if isinstance(call.func, ir.Name) else "this call"
        words = f"{call.func.name}()" if isinstance(call.func, ir.Attribute) else words
        if solver_of(call.target) is not None:
            equation = equation_of(call)
            found = None if equation is None else self.program.site(equation, self.read, self.versions)
            return None if found is not None and not acts(self.program, found.read) else words
        site = self.program.site(call, self.read, self.versions)
        if site is not None:
            may_repeat = may_run_again(self.program, site.read, self.changing) and not acts(self.program, site.read)
            return None if may_repeat else words
        return None if _gives_the_same(call) else words


def acts(program: Program, read: Read) -> bool:
    """Whether a function, or one that it calls, may do something that shows, or give something else the next time."""
    if keeps_arguments(program, read):
        return True
    seen: set[Read] = set()
    waiting = [read]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for node in ir.nodes_of(current.function):
            match node:
                case ir.Evaluate():
                    return True
                case ir.Inert(construct=construct) if construct not in INERT:
                    return True
                case ir.Opaque(is_pure=False, construct=construct) if construct != "a lambda":
                    return True
                case ir.Call():
                    stepped = node if solver_of(node.target) is None else equation_of(node)
                    site = None if stepped is None else program.site(stepped, current, program.versions_in(current))
                    if site is not None:
                        waiting.append(site.read)
                    elif not _gives_the_same(node):
                        return True
    return False


def _gives_the_same(call: ir.Call) -> bool:
    """Whether a call of something without Python source gives the same each time, and does nothing else."""
    target = call.target
    if "random" in str(getattr(target, "__module__", None)) or getattr(target, "__name__", "") == "rvs":
        return False
    is_builtin = isinstance(call.func, ir.Name) and call.func.scope == "global" and call.func.id in PLAIN
    is_plain = is_builtin or carried_helper(target) in CHECKS
    return is_plain if is_quiet(call) else is_pure_call(call)


def _is_sequence(source: ir.Expr) -> bool:
    """Whether an expression gives something that can be gone through again and again."""
    match source:
        case ir.Display() | ir.Comprehension(kind="list"):
            return True
        case ir.Call(func=ir.Name(id="range" | "list" | "tuple" | "sorted", scope="global")):
            return True
    return False
