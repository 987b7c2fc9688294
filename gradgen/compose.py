"""Derivatives made of derivatives: Jacobians, Hessians, Hessian-vector products, slopes of any order.

Never differentiates: gradgen.generate does, and reads its own text for the second time.
"""
from __future__ import annotations

import contextlib
import functools
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradgen import dispatch, generate
from gradgen.analyse import elementwise
from gradgen.analyse.dicts import used_as_dicts
from gradgen.analyse.given import used_as_containers
from gradgen.analyse.kinds import container_versions
from gradgen.analyse.program import Analysed, Program
from gradgen.analyse.values import holds_array, holds_dtype
from gradgen.asked import Mode, as_computed, by_real_numbers, checked_order, mode_for, no_matrix, read_of
from gradgen.emit import at_one_go, blocks, containers, drivers, parts, sequences
from gradgen.emit.blocks import shape_of
from gradgen.emit.drivers import Driver
from gradgen.errors import ArgumentError, UnsupportedError
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.ir.kinds import AnyKind, Holder, Kind
from gradgen.read.callables import unwrap
from gradgen.read.refusals import short_name
from gradgen.rules.carried import ANEW, carried_helper
from gradgen.transform.result_kinds import Results, results_of
from gradgen.transform.results import are_tuples

Kinds = Mapping[str, AnyKind]


def hvp(fn: Callable[..., Any], wrt: Any, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The product of the Hessian with a direction: the gradient's tangent, forward over reverse."""
    def make(kinds: Kinds, other: Callable[..., Any]) -> Any:
        gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False, kinds=kinds)
        made = generate.generated(
            "hvp", gradient, _asked(gradient, wrt), optimize=optimize, kinds=_of_gradient(gradient, kinds), other=other
        )
        made.primal = fn
        return made

    _by_parameters(fn, wrt)
    return dispatch.in_kinds("hvp", fn, make, like)


def _by_parameters(fn: Callable[..., Any], wrt: Any) -> None:
    """Second derivatives are by parameters: a local variable is refused where the function stands, not in its gradient's text."""
    asked = (wrt,) if isinstance(wrt, str) else wrt if isinstance(wrt, Sequence) else ()
    if not {each for each in asked if isinstance(each, str)} <= generate.parameters_of(fn).keys():
        generate.names_ahead("hvp", fn, wrt)


def hessian(fn: Callable[..., Any], wrt: Any, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """All second derivatives, a row for each unit direction."""
    _by_parameters(fn, wrt)
    return dispatch.in_kinds("hessian", fn, functools.partial(_hessian, fn, wrt, optimize), like)


def _of_gradient(gradient: Any, kinds: Kinds) -> Kinds:
    """The kinds of a gradient function's arguments: its seed is a number."""
    return {**kinds, **dict.fromkeys(gradient.seeds, Kind(()))} if kinds else kinds


def _hessian(fn: Callable[..., Any], wrt: Any, optimize: bool, kinds: Kinds, other: Callable[..., Any]) -> Any:
    gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False, kinds=kinds)
    name = gradient.__code__.co_name.removesuffix("_grad")
    told = [each for each in gradient.wrt if not (isinstance(kinds.get(each, Kind(())), Kind) or _are_numbers(kinds.get(each)))]
    if told and not isinstance(_asked(gradient, wrt), str):
        raise no_matrix(read_of(fn), f"{told[0]} holds several values", "hvp")

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool) -> Driver:
        shown = ", ".join(names)
        by_real_numbers(fn, names, kinds)
        listed = [each for each in names if _are_numbers(kinds.get(each))]
        if not listed and any(holds_array(kinds.get(each)) for each in names):
            _all_arrays(analysed, names, kinds)
            if not is_bare:
                shapes = "H[i][j] is that by the i-th and the j-th of them, of the i-th's shape and then the j-th's."
                docstring = f"The second derivatives of {name} by {shown}.\n\n{shapes}"
                lines, at_once = blocks.hessian(kinds, names), at_one_go.hessian(kinds, names)
                return Driver(f"{name}_hessian", docstring, lines, hidden=tuple(gradient.seeds), at_once=at_once)
            docstring = f"The second derivatives of {name} by {shown}: H[i, j] is that by its i-th and its j-th element."
            lines, at_once = drivers.rows_of_array(kinds), at_one_go.rows(kinds)
            return Driver(f"{name}_hessian", docstring, lines, hidden=tuple(gradient.seeds), at_once=at_once)
        others = [each for each in names if shape_of(kinds, each) == () and _is_held(analysed, each, names, kinds)]
        held = [each for each in names if each in listed or each in others]
        if held and not is_bare:
            structure = "H[i][j] is that by the i-th and the j-th of them, of the i-th's structure and then the j-th's."
            docstring = f"The second derivatives of {name} by {shown}.\n\n{structure}"
            lines = sequences.hessian(_place(fn), kinds, names, held)
            return Driver(f"{name}_hessian", docstring, lines, hidden=tuple(gradient.seeds))
        if held:
            docstring = f"The second derivatives of {name} by {shown}: H[i][j] is that by its i-th and its j-th element."
            lines = containers.hessian(_place(fn), analysed.read.function, names[0])
            return Driver(f"{name}_hessian", docstring, lines, hidden=tuple(gradient.seeds))
        docstring = f"The second derivatives of {name} by {shown}: " + (
            f"d2{name}/d{names[0]}2." if is_bare else "H[i][j] is that by the i-th and the j-th of them."
        )
        return Driver(f"{name}_hessian", docstring, drivers.row if is_bare else drivers.rows, hidden=tuple(gradient.seeds))

    made = generate.generated(
        "hvp", gradient, _asked(gradient, wrt), optimize=optimize, driver=around, kinds=_of_gradient(gradient, kinds), other=other
    )
    made.primal = fn
    return made


def _are_numbers(kind: AnyKind) -> bool:
    """Whether a kind is that of a list or a tuple of numbers."""
    if not isinstance(kind, Holder) or kind.keys is not None or kind.items is None and kind.element is None:
        return False
    return all(each == Kind(()) for each in (kind.items if kind.items is not None else (kind.element,)))


def _is_held(gradient: Analysed, name: str, names: tuple[str, ...], kinds: Kinds) -> bool:
    """Whether a parameter holds a container, as its kind or a gradient's text has it; `names` are those asked for."""
    returned = [stmt.value for stmt in gradient.versions.returns]
    parts = [value.items if isinstance(value, ir.Display) and len(names) > 1 else (value,) for value in returned]
    own = [each[names.index(name)] for each in parts if len(each) == len(names)]
    is_shaped = any(isinstance(value, ir.Call) and carried_helper(value.target) in ANEW for value in own)
    held = container_versions(gradient.read.function, gradient.versions)
    return is_shaped or not isinstance(kinds.get(name, Kind(())), Kind) or gradient.versions.of_parameter[name] in held


def _place(fn: Callable[..., Any]) -> str:
    """Where a function stands, for messages."""
    code = getattr(unwrap(fn).function, "__code__", None)
    return "" if code is None else f"{short_name(code.co_filename)}:{code.co_firstlineno}: "


def jacobian(fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The derivative of every result by every wrt: by columns in forward mode, by rows in reverse mode."""
    mode = mode_for(fn, wrt, mode)
    return dispatch.in_kinds("jacobian", fn, functools.partial(_jacobian, fn, wrt, mode, optimize), like)


def _jacobian(
    fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool, kinds: Kinds, other: Callable[..., Any]
) -> Any:
    if any(holds_array(kind) or holds_dtype(kind, "complex") for kind in kinds.values()):
        return _jacobian_of_arrays(fn, wrt, mode, optimize, kinds, other)

    def docstring(analysed: Analysed, names: tuple[str, ...]) -> str:
        return f"The derivatives of {analysed.read.function.name} by {', '.join(names)}."

    results: list[int] = []

    def forwards(analysed: Analysed, names: tuple[str, ...], is_bare: bool) -> Driver:
        if _may_give_array(analysed):
            raise _Arrays
        results.append(_results(analysed))
        used = used_as_containers(analysed.read.function) if not kinds else ()
        by_keys = sorted(used_as_dicts(analysed.read.function) & set(names))
        if by_keys:
            raise no_matrix(analysed.read, f"{by_keys[0]} has keys", "mode='reverse', jvp or vjp")
        held = [each for each in names if each in used or _are_numbers(kinds.get(each))]
        _all_arrays(analysed, tuple(each for each in names if each not in held), kinds)
        if held:
            lines = sequences.columns(_place(fn), names, held, has_parts(analysed), is_bare)
            return Driver(f"{_stem(analysed)}_jacobian", docstring(analysed, names), lines)
        lines = drivers.slope if is_bare else drivers.columns if has_parts(analysed) else drivers.slopes
        return Driver(f"{_stem(analysed)}_jacobian", docstring(analysed, names), lines)

    def backwards(analysed: Analysed, names: tuple[str, ...], is_bare: bool) -> Driver:
        if _may_give_array(analysed):
            raise _Arrays
        if has_parts(analysed) and not are_tuples([stmt.value for stmt in analysed.versions.returns]):
            raise no_matrix(analysed.read, "its results are in a list", "mode='forward', or return a tuple")
        lines = drivers.seeded_rows if has_parts(analysed) else drivers.row
        return Driver(f"{_stem(analysed)}_jacobian", docstring(analysed, names), lines)

    try:
        return _in_mode(
            mode,
            lambda: generate.generated("jvp", fn, wrt, optimize=optimize, driver=forwards, other=other),
            lambda: generate.generated("vjp", fn, wrt, optimize=optimize, driver=backwards, other=other),
            lambda names: len(names) > results[0],
        )
    except _Arrays:
        return _jacobian_of_arrays(fn, wrt, mode, optimize, kinds, other)


class _Arrays(Exception):
    """A function of numbers hands out what may be an array, of whose elements a Jacobian is."""


def _may_give_array(analysed: Analysed) -> bool:
    values = [stmt.value for stmt in analysed.versions.returns if stmt.value is not None]
    kinds = analysed.kinds
    return kinds.has_arrays and any(kinds.may_be_array(value) or holds_array(kinds.of(value)) for value in values)


def _in_mode(
    mode: Mode, forwards: Callable[[], Any], backwards: Callable[[], Any], are_fewer: Callable[[Sequence[str]], bool]
) -> Any:
    """The Jacobian in a mode; with `auto` the reverse one where it has fewer results than wrt, or the other one is refused."""
    if mode == "reverse":
        return backwards()
    try:
        made = forwards()
    except UnsupportedError:
        if mode == "auto":
            with contextlib.suppress(UnsupportedError):
                return backwards()
        raise
    if mode == "auto" and are_fewer(made.wrt):
        with contextlib.suppress(UnsupportedError):
            return backwards()
    return made


def _jacobian_of_arrays(
    fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool, kinds: Kinds, other: Callable[..., Any]
) -> Any:
    """The Jacobian of arrays and numbers by arrays and numbers: each of the result's shape and then the argument's."""
    found: list[Results] = []

    def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, is_reverse: bool = False) -> Driver:
        _all_arrays(analysed, names, kinds)
        by_real_numbers(fn, names, kinds)
        results = results_of(analysed)
        if results is None:
            raise no_matrix(analysed.read, "the results are no arrays or numbers in a tuple or a list", "jvp or vjp")
        found.append(results)
        shown = names[0] if is_bare else f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        each = "one for each, of the result's shape and its own."
        if not results.is_one and not results.are_numbers:
            which = "J[i] is that of the i-th result" if is_bare else "J[i][j] is that of the i-th result by the j-th of them"
            each = f"the Jacobians of its results.\n\n{which}, of the result's shape and then the argument's."
        elif is_bare:
            each = "J[i, j] is that of the i-th element by the j-th."
        docstring = f"The derivatives of {_stem(analysed)} by {shown}: {each}"
        lines = parts.rows(kinds, results, is_bare) if is_reverse else parts.columns(kinds, results, names, is_bare)
        if lines is None:
            raise no_matrix(analysed.read, "how many numbers the results have is not known before the call", "mode='forward'")
        at_once = None
        if results.is_one and not is_reverse and any(blocks.shape_of(kinds, each) for each in names):
            at_once = at_one_go.columns(kinds) if is_bare else at_one_go.blocks(kinds)
        return Driver(f"{_stem(analysed)}_jacobian", docstring, lines, at_once=at_once)

    backwards = functools.partial(around, is_reverse=True)
    return _in_mode(
        mode,
        lambda: generate.generated("jvp", fn, wrt, optimize=optimize, driver=around, kinds=kinds, other=other),
        lambda: generate.generated("vjp", fn, wrt, optimize=optimize, driver=backwards, kinds=kinds, other=other),
        lambda names: parts.are_fewer(found[0], [kinds.get(name) for name in names]),
    )


def sparse(what: str, fn: Callable[..., Any], wrt: Any, mode: Mode, optimize: bool) -> Any:
    """A function that returns Jacobians, or Hessians, as sparse arrays, results and arguments flat."""
    from gradgen.sparse.compressed import Sparse, product_functions

    if mode not in ("forward", "reverse", "auto"):
        raise ValueError(f"mode is 'forward', 'reverse' or 'auto', not {mode!r}")
    known: dict[str, Any] = {}

    def made(arguments: Mapping[str, Any]) -> Any:
        if not known:
            like = tuple(arguments.values())
            if what == "jacobian":
                known["traced"] = fn
                known["forward"] = dispatch.specialised("jvp", fn, wrt, optimize=optimize, like=like)
                known["reverse"] = None
                if mode != "forward":
                    with contextlib.nullcontext() if mode == "reverse" else contextlib.suppress(UnsupportedError):
                        known["reverse"] = dispatch.specialised("vjp", fn, wrt, optimize=optimize, like=like)
            else:
                known["traced"] = dispatch.specialised("grad", fn, wrt, optimize=optimize, like=like)
                known["forward"], known["reverse"] = hvp(fn, wrt, optimize, like), None
        is_bare = isinstance(wrt, str | int) or wrt is None and len(known["forward"].wrt) == 1
        return product_functions(arguments, **known, is_bare=is_bare, is_hessian=what == "hessian")

    return Sparse(fn, made, mode, f"{getattr(fn, '__name__', 'f')}_{what}")


def _all_arrays(analysed: Analysed, names: tuple[str, ...], kinds: Kinds) -> None:
    """A matrix of derivatives is by arrays and numbers; lists of them have none."""
    for name in names:
        if not isinstance(kinds.get(name, Kind(())), Kind):
            raise no_matrix(analysed.read, f"{name} holds several values", "jvp, vjp or hvp")


def nth(fn: Callable[..., Any], order: int, wrt: Any, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The gradient's tangent, and its tangent, and so on: forward over reverse, `order` times in all."""
    order = checked_order(order)
    return dispatch.in_kinds("nth", fn, functools.partial(_nth, fn, order, _only(wrt), optimize), like)


def _nth(fn: Callable[..., Any], order: int, wrt: Any, optimize: bool, kinds: Kinds, other: Callable[..., Any] | None) -> Any:
    last = other if order == 1 else None
    gradient = generate.generated("grad", fn, wrt, optimize=optimize, has_pairs=False, kinds=kinds, other=last)
    if holds_array(kinds.get(gradient.wrt[0])):
        raise ValueError("a derivative of any order is by a number; for arrays there are hessian and hvp")
    if order == 1:
        return gradient
    made = _derivative(gradient, wrt, order - 1, optimize, _of_gradient(gradient, kinds), other, before=fn)
    made.primal = fn
    return made


def derivative(fn: Callable[..., Any], wrt: Any, order: int, optimize: bool, like: Sequence[Any] | None = None) -> Any:
    """The derivative of a number by a number, `order` times; of a function of an array that works element by element, each."""
    return dispatch.in_kinds("derivative", fn, functools.partial(_derivative, fn, wrt, checked_order(order), optimize), like)


def _derivative(
    fn: Callable[..., Any], wrt: Any, order: int, optimize: bool, kinds: Kinds, other: Callable[..., Any] | None,
    before: Callable[..., Any] | None = None,
) -> Any:
    """`fn` is the gradient of the function `before`, where there is one, and is differentiated `order` times more."""
    made: Any = fn
    name = getattr(before or fn, "__name__", "f")
    stem = name if name.isidentifier() else "f"
    for number in range(1, order + 1):

        def around(analysed: Analysed, names: tuple[str, ...], is_bare: bool, number: int = number) -> Driver:
            by_real_numbers(before or fn, names, kinds)
            times_in_all = number if before is None else number + 1
            named = f"{stem}_derivative" if times_in_all == 1 else f"{stem}_derivative_{times_in_all}"
            times = "" if times_in_all == 1 else f", {times_in_all} times"
            if not holds_array(kinds.get(names[0])):
                return Driver(named, f"The derivative of {stem} by {names[0]}{times}.", drivers.slope)
            not_alone = elementwise.hindrance(analysed, names[0]) if number == 1 else None
            if not_alone is not None:
                words = "a function of an array that does not work element by element"
                raise ArgumentError(analysed.read.refusals.finding("GG106", not_alone.span, construct=words))
            docstring = f"The derivatives of {stem} by {names[0]}{times}, element by element."
            return Driver(named, docstring, drivers.slope_by_element)

        made = generate.generated(
            "jvp", made, _only(wrt), optimize=optimize, driver=around, kinds=kinds, other=other if number == order else None
        )
        wrt = made.wrt[0]
    made.primal = fn
    return made


def _only(wrt: Any) -> Any:
    if wrt is not None and not isinstance(wrt, str | int):
        raise ValueError("a derivative is by one parameter; for several there is grad")
    return wrt


def _asked(gradient: Any, wrt: Any) -> Any:
    """The gradient's own wrt again: bare where it was asked for by one name, or where there is only one."""
    is_bare = isinstance(wrt, str | int) or wrt is None and len(gradient.wrt) == 1
    return gradient.wrt[0] if is_bare else gradient.wrt


def _stem(analysed: Analysed) -> str:
    name = analysed.read.function.name
    return name if name.isidentifier() else "f"


def has_parts(analysed: Analysed) -> bool:
    """Whether a function hands out several numbers."""
    held = container_versions(analysed.read.function, analysed.versions)
    values = [as_computed(stmt.value, analysed.versions) for stmt in analysed.versions.returns]
    named = [stmt.value for stmt in analysed.versions.returns if isinstance(stmt.value, ir.Name)]
    return any(map(_is_container, values)) or any(analysed.versions.of_read.get(name) in held for name in named)


def _is_container(value: ir.Expr | None) -> bool:
    """Whether a value is a container as far as its expression, or that of the function that it calls, says."""
    match value:
        case ir.Display() | ir.Comprehension():
            return True
        case ir.Op(op="ifexp", args=(_, then, orelse)):
            return _is_container(then) or _is_container(orelse)
        case ir.Call(target=types.FunctionType() as target):
            read = Program().read(target)
            returns = (node for node in found_in(read.function, ir.Exit) if node.kind == "return")
            return any(_is_container(node.value) for node in returns if not _calls(node.value, target))
    return False


def _calls(value: ir.Expr | None, function: object) -> bool:
    return value is not None and any(isinstance(node, ir.Call) and node.target is function for node in ir.walk(value))


def _results(analysed: Analysed) -> int:
    """How many numbers a function hands out; 1 000 where that is known only when it runs."""
    lengths = {
        len(stmt.value.items) if isinstance(stmt.value, ir.Display) else 1_000 if has_parts(analysed) else 1
        for stmt in analysed.versions.returns
    }
    return max(lengths, default=1)
