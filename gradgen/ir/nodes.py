"""What a program is: expressions and statements, frozen, each with the place in the user's source it came from.

Never holds facts found later: those live in maps beside the tree, keyed by node (nodes compare by identity).
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, Literal

from gradgen.ir.frozen import dataclass
from gradgen.ir.spans import Case as Case
from gradgen.ir.spans import Span as Span


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Node:
    """Anything in a program; `span` is None for what gradgen made."""
    span: Span | None = None

# --- expressions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Expr(Node):
    """An expression."""


@dataclass(frozen=True, eq=False, slots=True)
class Const(Expr):
    """A literal. `text` is how the user spelled it (`1e-12`), or None."""
    value: Any
    text: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Name(Expr):
    """A read of a variable; `scope` says whether it is a variable of its own or from outside (`free` if it hides a builtin)."""
    id: str
    scope: Literal["local", "global", "free"] = "local"


@dataclass(frozen=True, eq=False, slots=True)
class Op(Expr):
    """An operation with a rule row: `op` is its name (`add`, `exp`, `atan2`), `spelling` how the user wrote its callable
    (`math.exp`), None for operators and for calls that gradgen writes itself; those it spells as fits, from the module `family`.

    Operator names: add sub mul div floordiv mod pow matmul neg pos invert lshift rshift bitand bitor bitxor,
    lt le gt ge eq ne is isnot in notin, and or not, ifexp (test, then, else).
    """

    op: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()
    spelling: str | None = None
    family: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Value(Expr):
    """The value that another expression had in the forward part: becomes a name, a recomputation or a recorded value."""
    of: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Compare(Expr):
    """A chain `a < b <= c`; `ops` are operator names, one fewer than `operands`."""
    ops: tuple[str, ...]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Item(Expr):
    """`base[index]`."""
    base: Expr
    index: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Attribute(Expr):
    """`base.name` on a value (module paths are resolved while reading and never get here)."""
    base: Expr
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Slice(Expr):
    """`lower:upper:step` inside of an index."""
    lower: Expr | None = None
    upper: Expr | None = None
    step: Expr | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Display(Expr):
    """`(a, b)`, `[a, b]` or `{k: v}`; `keys` is empty but for dicts."""
    kind: Literal["tuple", "list", "dict"]
    items: tuple[Expr, ...]
    keys: tuple[Expr, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Call(Expr):
    """A call of something that has no rule row; `target` is the live callable where it is known, `again` whether under a mark."""
    func: Expr
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str | None, Expr], ...] = ()
    target: Any = None
    again: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Walrus(Expr):
    """`(name := value)`."""
    name: str
    value: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Starred(Expr):
    """`*value` inside of a call or display."""
    value: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Generator(Node):
    """One `for target in iterable if conditions` of a comprehension."""
    target: Target
    iterable: Expr
    conditions: tuple[Expr, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Comprehension(Expr):
    """A list comprehension or generator expression; its targets are bound in a scope of their own, renamed apart in the IR."""
    kind: Literal["list", "generator"]
    element: Expr
    generators: tuple[Generator, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Opaque(Expr):
    """Python that gradgen carries along but does not look into: `text` of the user's, the names it reads, what it is called.
    Fine where nothing in it varies; refused as `construct` where something does."""
    text: str
    reads: tuple[Name, ...]
    construct: str
    is_pure: bool = False


# --- targets --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class NameTarget(Node):
    """Binding of a variable."""
    id: str


@dataclass(frozen=True, eq=False, slots=True)
class TupleTarget(Node):
    """Unpacking into several targets; `starred` is the index of a `*rest`, or None."""
    items: tuple[Target, ...]
    starred: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class ItemTarget(Node):
    """A store `base[index] = ...`; as read, `base` is the name of the variable that holds the container."""
    base: Expr
    index: Expr


@dataclass(frozen=True, eq=False, slots=True)
class AttributeTarget(Node):
    """A store `base.name = ...`."""
    base: Expr
    name: str


Target = NameTarget | TupleTarget | ItemTarget | AttributeTarget


# --- statements -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Stmt(Node):
    """A statement."""


Block = tuple[Stmt, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Assign(Stmt):
    """`target = value`. An augmented assignment is the same with its operation in `value`; `augmented` keeps its operator."""
    target: Target
    value: Expr
    augmented: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Evaluate(Stmt):
    """An expression for its effect."""
    value: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Append(Stmt):
    """`base.append(value)` on a list."""
    base: Name
    value: Expr


@dataclass(frozen=True, eq=False, slots=True)
class Branch(Stmt):
    """`if test: then else: orelse`; `is_elif` when written as the `elif` of the branch around it, `case` when as a case."""
    test: Expr
    then: Block
    orelse: Block
    is_elif: bool = False
    case: Case | None = None


@dataclass(frozen=True, eq=False, slots=True)
class For(Stmt):
    """`for target in iterable: body else: orelse`."""
    target: Target
    iterable: Expr
    body: Block
    orelse: Block = ()


@dataclass(frozen=True, eq=False, slots=True)
class While(Stmt):
    """`while test: body else: orelse`."""
    test: Expr
    body: Block
    orelse: Block = ()


@dataclass(frozen=True, eq=False, slots=True)
class Exit(Stmt):
    """Leaves: `return value`, `break`, `continue` or `raise`."""
    kind: Literal["return", "break", "continue", "raise"]
    value: Expr | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Handler(Node):
    """`except matches as name: body`."""
    matches: Expr | None
    name: str | None
    body: Block


@dataclass(frozen=True, eq=False, slots=True)
class Try(Stmt):
    """`try: body except ...: handlers else: orelse finally: final`."""
    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block = ()
    final: Block = ()


@dataclass(frozen=True, eq=False, slots=True)
class With(Stmt):
    """`with items: body` where the context managers touch nothing that varies; one that `suppresses` may swallow an exception."""
    items: tuple[tuple[Expr, Target | None], ...]
    body: Block
    suppresses: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Define(Stmt):
    """A nested `def`: `function` is its tree, lowered in the scope around it; `captures` the outer locals that it reads."""
    name: str
    function: Function
    captures: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Inert(Stmt):
    """A statement carried along verbatim that computes nothing: import, pass, assert, del, docstring, annotation."""
    reads: tuple[Expr, ...] = ()  # names, and the calls of an assertion
    binds: tuple[str, ...] = ()
    construct: str = "statement"


@dataclass(frozen=True, eq=False, slots=True)
class Comment(Stmt):
    """A comment line that gradgen writes."""
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class Record(Stmt):
    """Keeps the value of a variable before it is lost: on a tape, or as a copy where `is_single`. Paired with a Restore."""
    tape: str
    value: Expr
    is_single: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Restore(Stmt):
    """Brings back what the Record of the same tape kept: one variable, or several that were recorded together."""
    targets: tuple[str, ...]
    tape: str
    is_single: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Parameter(Node):
    """One parameter: its name, how it is passed, its default and annotation texts (None where absent)."""
    name: str
    kind: Literal["positional", "either", "keyword", "args", "kwargs"] = "either"
    default: Expr | None = None
    annotation: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Function(Node):
    """A function: what it is called, its parameters and its block."""
    name: str
    parameters: tuple[Parameter, ...]
    body: Block


# --- walking --------------------------------------------------------------------------------------------------------------


_CHILD_FIELDS: dict[type[Node], tuple[str, ...]] = {}
_CHILDLESS = frozenset({Const, Name, NameTarget, Comment})
_BINDING_NOTHING = frozenset({Const, Name, Op})
_LEAF_FIELDS = frozenset("definition span id scope text op ops spelling family kind construct is_pure is_elif".split())


def children_of(node: Node) -> list[Node]:
    """The direct child nodes, in evaluation order as far as it matters for reading names."""
    if type(node) is Op and not node.keywords:
        return [*node.args]
    names = _CHILD_FIELDS.get(type(node))
    if names is None:
        names = _CHILD_FIELDS[type(node)] = tuple(field.name for field in fields(node) if field.name not in _LEAF_FIELDS)
    found: list[Node] = []
    for name in names:
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif type(value) is tuple and value:
            found += value if isinstance(value[0], Node) else _nodes_in(value)  # all nodes, or none
    return found


def _nodes_in(value: tuple[object, ...]) -> list[Node]:
    nested = ([item] if isinstance(item, Node) else _nodes_in(item) if type(item) is tuple else [] for item in value)
    return [node for each in nested for node in each]


@lru_cache(maxsize=1 << 17)
def walk(node: Node) -> tuple[Node, ...]:
    """The node and everything below it, parents first. Asked for again and again; `walk.cache_clear()` lets the trees go."""
    found, stack = list[Node](), [node]
    while stack:
        found.append(current := stack.pop())
        if type(current) not in _CHILDLESS:
            stack += (current.args if type(current) is Op and not current.keywords else children_of(current))[::-1]
    return tuple(found)


@lru_cache(maxsize=64)
def nodes_of(function: Function) -> tuple[Node, ...]:
    """Every node of a function; asked for by many, walked once."""
    return walk(function)


def names_read(expr: Node) -> Sequence[Name]:
    """Every read of a variable in an expression."""
    return (expr,) if type(expr) is Name else [node for node in walk(expr) if type(node) is Name]


@lru_cache(maxsize=256)
def names_bound(block: Block) -> frozenset[str]:
    """Every variable that a block may bind or store into, at any depth."""
    bound: set[str] = set()
    for node in (each for stmt in block for each in walk(stmt) if type(each) not in _BINDING_NOTHING):
        match node:
            case NameTarget(id=name) | Walrus(name=name) | Define(name=name):
                bound.add(name)
            case ItemTarget(base=Name(id=name)) | AttributeTarget(base=Name(id=name)) | Append(base=Name(id=name)):
                bound.add(name)
            case Handler(name=str(name)):
                bound.add(name)
            case Inert(binds=binds):
                bound.update(binds)
    return frozenset(bound)
