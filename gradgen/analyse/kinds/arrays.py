"""Finds the kind of every value of a function from the kinds of its arguments: numbers, arrays and their shapes, holders.

Never guesses: what it cannot tell is None, and the transform then writes text that holds for any rank, or refuses.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from gradgen.analyse.kinds.collected import kind_of_adjoints
from gradgen.analyse.kinds.dtypes import TRUE_OPERATIONS, dtype_of
from gradgen.analyse.kinds.indexing import dim_of, item_of
from gradgen.analyse.kinds.listed import OF_NUMBERS, as_array, on_arrays, summed, taken_whole
from gradgen.analyse.kinds.literals import literal_of
from gradgen.analyse.kinds.methods import of_method, part_of_shape, spread_dims
from gradgen.analyse.kinds.spread import Fixed, entrywise, kind_told, spread_out
from gradgen.analyse.kinds.stacks import popped_from
from gradgen.analyse.kinds.values import dtype_called, element_of, holds_dtype, of_display, of_lists, of_literal
from gradgen.analyse.slopes.sided import Sides
from gradgen.analyse.solvers.calls import is_one_root, kind_of_solution
from gradgen.analyse.surroundings.classes import kind_from_class
from gradgen.analyse.surroundings.curves import value_of_curve
from gradgen.analyse.surroundings.given import OF_ARRAYS
from gradgen.analyse.surroundings.objects import Evaluation
from gradgen.analyse.surroundings.series import COEFFICIENTS
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import (
    NUMBER,
    OPEN,
    TRUTH,
    WHOLE,
    AnyKind,
    Dim,
    Dtype,
    Holder,
    Kind,
    Shape,
    broadcast,
    joined,
    joined_all,
    opened,
    unknown,
)
from gradgen.rules.complexes import WIDENED
from gradgen.rules.helpers import EACH
from gradgen.rules.notation import CONSTANTS
from gradgen.rules.registry import bind, is_of_numbers, rules_for, shape_of
from gradgen.rules.shapes import UNKNOWN, array_of
from gradgen.rules.spelling import family_of, operation_of

ENTRYWISE_HELPERS = frozenset(EACH.values()) | frozenset(EACH) | {"product", "quotient"}
SIZES = frozenset({"shape", "size", "ndim", "dtype", "nbytes", "itemsize"})
REAL_OF_CMATH = frozenset({"phase", "polar", "isclose", "isfinite", "isinf", "isnan"})
PARTS = frozenset({"real", "imag"})
ATTRIBUTES: Mapping[str, str] = {"mT": "matrix_transpose", "flat": "ravel"}
"""Attributes of arrays that are operations."""
KindOfCall = Callable[[ir.Call, Callable[[ir.Expr], AnyKind]], AnyKind]
KindOfLive = Callable[[ir.Expr], AnyKind]
Origin = tuple[ir.Expr, tuple[int | None, ...]]  # where a target's value comes from: None takes an element, a number that one


@dataclass(eq=False)
class Kinds:
    """The kinds of a function's values. `named` are names that the transform has made, `wrapping` what kinds.wrapping found,
    `sides` what slopes.sided did, `around` are those of all functions of the program."""

    versions: Versions
    given: Mapping[str, AnyKind] = field(default_factory=dict)
    kind_of_call: KindOfCall = lambda call, of: None
    kind_of_live: KindOfLive = lambda expr: None
    live_value: Callable[[ir.Expr], object] = lambda expr: None
    of_version: dict[Version, AnyKind] = field(default_factory=dict)
    named: dict[str, AnyKind] = field(default_factory=dict)
    wrapping: dict[Version, bool] = field(default_factory=dict)
    sides: Sides = field(default_factory=Sides)
    has_arrays: bool = False
    is_settling: bool = False
    around: Mapping[Any, Kinds] = field(default_factory=dict)
    origins: Mapping[ir.Node, Origin] = field(default_factory=dict)
    rests_on: dict[tuple[str, tuple[object, ...]], Fixed] = field(default_factory=dict)
    in_place: frozenset[ir.Expr] = frozenset()  # the sums, products, ... of `x += y`, which NumPy stores into x
    _operations: dict[ir.Call | ir.Op, ir.Op | None] = field(default_factory=dict)
    _computing: dict[ir.Expr, ir.Call | None] = field(default_factory=dict)
    _fresh: dict[object, Dim] = field(default_factory=dict)

    @property
    def evaluation(self) -> Evaluation:
        """What calls of objects of NumPy and SciPy are."""
        return Evaluation(self.live_value, self.versions, self.of, partial(kinds_source, self))

    def shape(self, expr: ir.Expr) -> Shape | None:
        """The shape of an expression's value; None where it is not known, or no number or array."""
        kind = self.of(expr)
        return kind.shape if isinstance(kind, Kind) else None

    def is_array(self, expr: ir.Expr) -> bool:
        """Whether a value is surely an array of at least one dimension."""
        kind = self.of(expr)
        return isinstance(kind, Kind) and kind.is_array

    def may_be_array(self, expr: ir.Expr) -> bool:
        """Whether a value may be an array: surely not where the function has none."""
        if not self.has_arrays:
            return False
        kind = self.of(expr)
        return kind is None or isinstance(kind, Kind) and kind.shape != ()

    def may_hold_array(self, version: Version) -> bool:
        """Whether a variable may be an array at some time: not where that time's value is known to be a number or a holder."""
        if not self.has_arrays or version not in self.of_version:
            return False
        kind = self.of_version[version]
        return isinstance(kind, Kind) and kind.shape != ()

    def fresh(self, node: ir.Node) -> Dim:
        """A dimension that nothing is known of, the same one each time for one place of the program."""
        return self._fresh.setdefault(node, unknown(f"{len(self._fresh)}"))

    def dtype_named(self, expr: ir.Expr) -> Dtype | None:
        """The dtype that an expression names: `float`, `np.float32`, `x.dtype`, "int64"; None for None."""
        match expr:
            case ir.Const(value=None):
                return None
            case ir.Const(value=value):
                return dtype_called(value)
            case ir.Attribute(base=base, name="dtype"):
                kind = self.of(base)
                return kind.dtype if isinstance(kind, Kind) else "object"
            case ir.Name() | ir.Attribute():
                return dtype_called(self.live_value(expr))
        return "object"

    def literal(self, expr: ir.Expr) -> object:
        """The value of a literal, of a variable that is one, or of NumPy's or math's name for infinity; UNKNOWN for others."""
        inner = expr.of if isinstance(expr, ir.Value) else expr
        module, _, name = inner.id.rpartition(".") if isinstance(inner, ir.Name) and inner.scope == "global" else ("", "", "")
        if name == "inf" and getattr(self.live_value(ir.Name(module, "global")), "__name__", "") in ("numpy", "math"):
            return math.inf
        source = kinds_source(self, inner) if isinstance(inner, ir.Name) else None
        return literal_of(expr if source is None else source)

    def place_of(self, node: ir.Node | None) -> int | None:
        """Which element of an unpacked value a target takes."""
        steps = self.origins[node][1] if node in self.origins and node is not None else ()
        return steps[0] if len(steps) == 1 else None

    # --- calls that are operations ---

    def operation(self, expr: ir.Expr) -> ir.Op | None:
        """The operation that an expression is, a method of an array (`x.sum(axis=0)`) too."""
        if isinstance(expr, ir.Op):
            if self.has_arrays and expr not in self._operations:
                self._operations[expr] = on_arrays(expr, self)
            return self._operations.get(expr, expr)
        if isinstance(expr, ir.Attribute) and expr.name in ATTRIBUTES and isinstance(self.of(expr.base), Kind):
            return ir.Op(ATTRIBUTES[expr.name], (expr.base,), (), None, "numpy", span=expr.span)
        if isinstance(expr, ir.Attribute) and expr.name in COEFFICIENTS:
            return self.evaluation.of_attribute(expr)
        if not isinstance(expr, ir.Call):
            return None
        if expr not in self._operations:
            self._operations[expr] = self._as_operation(expr)
        return self._operations[expr]

    def _as_operation(self, call: ir.Call) -> ir.Op | None:
        if (curve := value_of_curve(call, self.live_value)) is not None:
            return self.evaluation.of_made(call, curve)
        if isinstance(call.func, ir.Attribute) and call.target is None:
            kind, name = self.of(call.func.base), call.func.name
            is_array = isinstance(kind, Kind) or kind is None and self.has_arrays and name in OF_ARRAYS
            found = of_method(call, call.func) if is_array else None
            return found if found is not None or isinstance(kind, Kind) else self.evaluation.of_call(call)
        if any(isinstance(arg, ir.Starred) for arg in call.args) or any(name is None for name, _ in call.keywords):
            whole = taken_whole(call, call.args, self)
            apart = None if whole is not None or operation_of(call.target) is None else spread_out(call, self)
            return whole if apart is None else self._as_operation(apart) or entrywise(apart)
        keywords = tuple((name or "", value) for name, value in call.keywords)
        args = call.args
        if call.target is None:
            evaluated = self.evaluation.of_call(call)
            if evaluated is not None:
                return evaluated
        operation_called = operation_of(call.target) if call.target is not None else None
        args = tuple(as_array(arg, self) or arg for arg in args) if self.has_arrays else args
        if operation_called == "sum" and args and self.is_array(args[0]) and (total := summed(args, call, self)) is not None:
            return total
        if operation_called in OF_NUMBERS and (whole := taken_whole(call, args, self)) is not None:
            return whole
        if operation_called is None or shape_of(operation_called) is None:
            return None
        spelling = call.func.id if isinstance(call.func, ir.Name) else None
        return ir.Op(operation_called, args, keywords, spelling, family_of(call.target), span=call.span)

    # --- expressions ---

    def of(self, expr: ir.Expr) -> AnyKind:
        """The kind of an expression's value."""
        return self.settled(self._of(expr), expr)

    def settled(self, kind: AnyKind, holder: object) -> AnyKind:
        """The kind with dimensions of its own in the place of open ones; they are those of the version or value that has them."""
        if not isinstance(kind, Kind) or kind.shape is None or OPEN not in kind.shape:
            return kind
        axes = ((holder, axis) if dim == OPEN else dim for axis, dim in enumerate(kind.shape))
        dims = (each if isinstance(each, Dim) else self._fresh.setdefault(each, unknown(f"{len(self._fresh)}")) for each in axes)
        return Kind(tuple(dims), kind.dtype)

    def _of(self, expr: ir.Expr) -> AnyKind:
        match expr:
            case ir.Const(value=value):
                return of_literal(value)
            case ir.Name(id=name, scope="local"):
                version = self.versions.of_read.get(expr)
                return self.named.get(name) if version is None else self.of_version.get(version)
            case ir.Name():
                return self.kind_of_live(expr)
            case ir.Value(of=of) | ir.Walrus(value=of):
                return self.of(of)
            case ir.Compare(operands=operands):
                kinds = [self.of(operand) for operand in operands]
                if self.has_arrays and any(kind is None for kind in kinds):
                    return Kind(None, "bool")
                return Kind(broadcast(*(kind.shape for kind in kinds if isinstance(kind, Kind))), "bool")
            case ir.Op():
                return self._of_operation(expr)
            case ir.Item(base=base, index=ir.Display(kind="tuple", items=())):
                return self.of(base)  # a number out of an array without axes
            case ir.Item(base=ir.Call() | ir.Attribute(base=ir.Call())) if is_one_root(expr, self.of):
                return NUMBER
            case ir.Item(base=base, index=index):
                return item_of(self, self.of(base), index)
            case ir.Attribute(base=base, name=name):
                return self._of_attribute(expr, self.of(base), name)
            case ir.Display(kind="dict", items=items, keys=keys):
                names = tuple(key.value for key in keys if isinstance(key, ir.Const))
                return Holder(tuple(map(self.of, items)), None, names) if len(names) == len(items) else None
            case ir.Display(items=items):
                return of_display(items, self.of)
            case ir.Comprehension(element=element):
                return Holder(None, opened(self.of(element)))
            case ir.Call():
                return self._of_call(expr)
        return None

    def _is_reached(self, value: ir.Expr) -> bool:
        """Whether the first round through the variables has come to all that an expression reads."""
        read = (self.versions.of_read.get(name) for name in ir.names_read(value))
        return all(version is None or version in self.of_version for version in read)

    def _of_attribute(self, expr: ir.Expr, kind: AnyKind, name: str) -> AnyKind:
        live = self.kind_of_live(expr)
        if live is not None:
            return live
        match kind:
            case Holder(keys=tuple() as keys, known=known):
                is_held = known is None or name in keys
                return kind.at(name) if is_held else kind_from_class(expr, known, self._computing, self.kind_of_call, self.of)
            case Kind(shape=shape) if name == "T":
                return Kind(None if shape is None else shape[::-1], kind.dtype)
            case Kind(shape=shape) if name == "shape":
                return Holder(None if shape is None else (WHOLE,) * len(shape), WHOLE)
            case Kind() if name in ("size", "ndim", "nbytes", "itemsize"):
                return WHOLE
            case Kind() if name in PARTS:
                return Kind(kind.shape, "float" if kind.dtype == "complex" else kind.dtype)
            case Kind() if (operation := self.operation(expr)) is not None:
                return self._of_operation(operation)
        return None

    def _of_call(self, call: ir.Call) -> AnyKind:
        operation = self.operation(call)
        if operation is not None:
            return self._of_operation(operation)
        if getattr(call.target, "__module__", None) == "math" and getattr(call.target, "__name__", "") in OF_NUMBERS:
            return NUMBER
        if getattr(call.target, "__module__", None) == "cmath" and getattr(call.target, "__name__", "") not in REAL_OF_CMATH:
            return Kind((), "complex")
        made = kind_of_solution(call, self.of, self.fresh) or kind_of_adjoints(call, self.of)
        if made is not None:
            return made
        if (popped := popped_from(call, self.versions.stacks)) is not None:
            return joined_all([self.of(value) for value in popped if not self.is_settling or self._is_reached(value)])
        if isinstance(call.func, ir.Attribute) and call.func.name == "pop" and call.target is None:
            held = self.of(call.func.base)
            return held.at(...) if isinstance(held, Holder) and held.keys is None else None
        if isinstance(call.func, ir.Name) and call.func.scope == "global":
            kinds = [self.of(arg) for arg in call.args]
            match call.func.id:
                case "len" | "numpy.size":
                    return WHOLE
                case "complex" | "numpy.complex64" | "numpy.complex128" | "numpy.csingle" | "numpy.cdouble":
                    return Kind((), "complex")
                case "range":
                    return Holder(None, WHOLE)
                case "isinstance" | "all" | "any" | "bool":
                    return TRUTH
                case "zip":
                    return Holder(None, Holder(tuple(map(element_of, kinds))))
                case "enumerate" if kinds:
                    return Holder(None, Holder((WHOLE, element_of(kinds[0]))))
                case "reversed" | "list" | "tuple" | "sorted" if len(kinds) == 1:
                    return Holder(None, element_of(kinds[0]))
                case "max" | "min" if len(kinds) == 1 and all(name == "key" for name, _ in call.keywords):
                    return element_of(kinds[0])
                case "sum" if len(kinds) == 1:
                    return joined(element_of(kinds[0]), element_of(kinds[0]))
        return self.kind_of_call(call, self.of)

    def _of_operation(self, op: ir.Op) -> AnyKind:
        if op.op == "ifexp":
            return joined(self.of(op.args[1]), self.of(op.args[2]))
        if op.op in ("and", "or"):
            return joined_all([self.of(arg) for arg in op.args])
        if op in self.in_place and self.is_array(op.args[0]):
            return self.of(op.args[0])
        if op.op in CONSTANTS:
            return NUMBER
        name = "nonzero" if op.op == "where" and len(op.args) == 1 else op.op
        if (find := shape_of(name)) is not None:
            bound = bind(name, op.args, op.keywords, op.family)
            found = None if bound is None else find(BoundOperands(self, bound, op))
            if bound is not None and isinstance(found, Kind) and found.shape is None:
                found = kind_told(lambda told: find(BoundOperands(self, bound, op, told)), bound, self) or found
            is_wider = op.op in WIDENED and any(holds_dtype(self.of(arg), "complex") for arg in op.args)
            return Kind(found.shape, "complex") if is_wider and isinstance(found, Kind) else found
        if not rules_for(op.op) and op.op not in TRUE_OPERATIONS and op.op not in ENTRYWISE_HELPERS:
            return None
        kinds = [self.of(arg) for arg in (*op.args, *(value for _, value in op.keywords))]
        if op.op in ("add", "mul") and op.family != "numpy" and (repeated := of_lists(kinds)) is not None:
            return repeated
        if is_of_numbers(op.op) and not all(isinstance(kind, Kind) and kind.shape == () for kind in kinds):
            return None
        known = [kind for kind in map(array_of, kinds) if kind is not None]
        if len(known) < len(kinds):
            dtype = dtype_of(op.op, ["float", *(kind.dtype for kind in known)])
            return Kind(None, dtype) if self.has_arrays else None
        result = Kind(broadcast(*(kind.shape for kind in known)), dtype_of(op.op, [kind.dtype for kind in known]))
        count = len(rules_for(op.op)[0].results) if rules_for(op.op) and self.has_arrays else 1
        return result if count == 1 else Holder((result,) * count)


@dataclass(frozen=True)
class BoundOperands:
    """The operands of one operation, as the shape functions of the rules ask for them."""

    kinds_of: Kinds
    bound: Mapping[str, tuple[ir.Expr, ...]]
    node: ir.Op
    told: Mapping[str, object] = field(default_factory=dict)

    def kind(self, name: str) -> AnyKind:
        return self.kinds_of.of(self.bound[name][0]) if self.bound.get(name) else None

    def kinds(self, name: str) -> Sequence[AnyKind]:
        return [self.kinds_of.of(expr) for expr in self.bound.get(name, ())]

    def literal(self, name: str) -> object:
        found = self.kinds_of.literal(self.bound[name][0]) if self.bound.get(name) else UNKNOWN
        return self.told.get(name, UNKNOWN) if found is UNKNOWN else found

    def dims(self, name: str) -> Shape | None:
        if not self.bound.get(name):
            return None
        return dims_of(self.kinds_of, self.bound[name][0])

    def dtype(self, name: str) -> Dtype | None:
        return self.kinds_of.dtype_named(self.bound[name][0]) if self.bound.get(name) else None

    def fresh(self) -> Dim:
        return self.kinds_of.fresh(self.node)


def dims_of(kinds: Kinds, expr: ir.Expr) -> Shape | None:
    """The dimensions that a shape argument names: `n`, `(n, d)`, `x.shape`."""
    match expr:
        case ir.Const(value=None):
            return None
        case ir.Display(items=items):
            return spread_dims(items, partial(dim_of, kinds), partial(dims_of, kinds))
        case ir.Attribute(base=base, name="shape"):
            return kinds.shape(base)
        case ir.Item(base=ir.Attribute(base=base, name="shape"), index=ir.Slice() as part):
            return part_of_shape(kinds.shape(base), part)
        case ir.Name() if (source := kinds_source(kinds, expr)) is not None:
            return dims_of(kinds, source)
    kind = kinds.of(expr)
    return (dim_of(kinds, expr),) if isinstance(kind, Kind) and kind.shape == () else None


def kinds_source(kinds: Kinds, name: ir.Name) -> ir.Expr | None:
    """The one expression that a variable was assigned."""
    version = kinds.versions.of_read.get(name)
    if version is None or version.kind != "assign" or len(version.sources) != 1:
        return None
    source = version.sources[0]
    return source if isinstance(source, ir.Expr) else None
