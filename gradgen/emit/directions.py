"""Rewrites the text of a derivative along one direction into one along many, which stand on an axis in front: one run for all.

Never writes the text of a value; a function with one whose place beside such an axis is not known stays as it is.
"""
from __future__ import annotations

import re
import types
from collections.abc import Mapping, Sequence

from gradgen.analyse.program import Analysed, Program
from gradgen.emit.directed import Unmoved, Values, is_popped
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import AnyKind, Kind
from gradgen.read.positions import Edit


def along_many(
    text: str, function: types.FunctionType, kinds: Mapping[str, AnyKind], tangents: Mapping[str, str], has_value: bool,
) -> str | None:
    """The text of a module with a function in it whose `tangents` (by parameter) and results have the directions on their first
    axis, in the place of the `function` of one direction; None where there is none. `kinds` are those of its arguments,
    `has_value` where it returns its value first."""
    own = {tangent: Kind(kind.shape) if isinstance(kind := kinds.get(name), Kind) else None for name, tangent in tangents.items()}
    before, after = _rewritten(function, {**kinds, **own}, tuple(tangents.values()), has_value)
    if after is None or text.count(before) != 1:
        return None
    whole = text.replace(before, after)
    return whole if whole.count("checked_tangent(") > 1 else re.sub(r"def checked_tangent\(.*\n(    .*\n)+\n\n", "", whole)


def _rewritten(
    function: types.FunctionType, kinds: Mapping[str, AnyKind], tangents: Sequence[str], has_value: bool
) -> tuple[str, str | None]:
    """The definition as it is, and along many directions."""
    program = Program()
    program.passes_kinds = True
    read = program.read(function, kinds=kinds)
    before = read.positions.text.rstrip()
    try:
        rewriting = _Rewriting(program.analyse(read, tuple(tangents)), tangents[0], has_value)
        rewriting.block(read.function.body)
    except (GradgenError, Unmoved):
        return before, None
    if read.positions.written is not read.positions:
        return before, None
    return before, _described(read.positions.edited(rewriting.edits).text.rstrip(), tangents)


def _described(text: str, tangents: Sequence[str]) -> str:
    """The text with a docstring that says what it does now."""
    head, quotes, rest = text.partition('"""')
    docstring, end, body = rest.partition('"""')
    docstring = re.sub(r"(times|along) a direction", r"\1 several directions", docstring)
    for name in tangents:
        docstring = re.sub(rf"\bby(\s+){re.escape(name)}\b", rf"by\1each {name}[k]", docstring)
    return "".join((head, quotes, docstring, end, body))


class _Rewriting(Values):
    """The statements of a function, with the axis put in front of everything that moves."""

    def __init__(self, analysed: Analysed, first: str, has_value: bool) -> None:
        super().__init__(analysed, first)
        self.has_value = has_value

    # --- statements ---

    def block(self, block: ir.Block) -> None:
        for stmt in block:
            self.statement(stmt)

    def statement(self, stmt: ir.Stmt) -> None:
        match stmt:
            case ir.Branch(test=test, then=then, orelse=orelse, case=None):
                self.still(test)
                self.block(then)
                self.block(orelse)
            case ir.While(test=test, body=body, orelse=orelse):
                self.still(test)
                self.block(body)
                self.block(orelse)
            case ir.For(target=target, iterable=iterable, body=body, orelse=orelse):
                if self.carries(iterable):
                    self.replace(iterable, self.gone_through(iterable))
                elif any(isinstance(node, ir.NameTarget) and node.id in self.moving for node in ir.walk(target)):
                    raise Unmoved
                self.block(body)
                self.block(orelse)
            case ir.Assign():
                self.assign(stmt)
            case ir.Append(base=ir.Name(id=name), value=value) if name in self.moving:
                self.replace(value, self.held(value))
            case ir.Exit(kind="return", value=value) if value is not None:
                self.returned(value)
            case _:
                if any(isinstance(node, ir.Name) and node.id in self.moving for node in ir.walk(stmt)):
                    raise Unmoved

    def assign(self, stmt: ir.Assign) -> None:
        target, value = stmt.target, stmt.value
        if isinstance(value, ir.Op) and value.op in ("checked_tangent", "complex_tangent"):
            start, end = self.place(stmt)
            self.edits.append(Edit(self.analysed.read.positions.text.rindex("\n", 0, start), end, ""))
            return
        if stmt.augmented is not None and isinstance(value, ir.Op):
            self.added(stmt, value.args[1])
            return
        match target:
            case ir.NameTarget(id=name) if name in self.moving:
                self.replace(value, self.held(value))
            case ir.NameTarget():
                self.still(value)
            case ir.TupleTarget(items=items) if isinstance(value, ir.Display) and len(value.items) == len(items):
                for one, item in zip(items, value.items, strict=True):
                    if not isinstance(one, ir.NameTarget):
                        raise Unmoved
                    if one.id in self.moving:
                        self.replace(item, self.held(item))
                    else:
                        self.still(item)
            case ir.TupleTarget() if is_popped(value) and self.carries(value):
                return
            case ir.ItemTarget(base=ir.Name(id=name), index=index) if name in self.moving:
                if not self.is_list(target.base):
                    self.index(index)
                    rank = self.rank(ir.Item(target.base, index))  # NumPy would broadcast from behind, past the directions
                    self.replace(value, self.value(value, rank) if self.carries(value) else self.text(value))
                else:
                    self.still(index)
                    self.replace(value, self.held(value))
            case _:
                self.still(stmt)

    def added(self, stmt: ir.Assign, value: ir.Expr) -> None:
        """`x_dot += ...`; what was a number is bound anew, for another name may have the same array now."""
        target = stmt.target
        match target:
            case ir.NameTarget(id=name) if name in self.moving:
                version = self.analysed.versions.of_node.get(target)
                kind = None if version is None else self.analysed.kinds.of_version.get(version)
                rank = kind.rank if isinstance(kind, Kind) else None
                if rank is None or not self.carries(value) or stmt.augmented not in ("add", "sub"):
                    raise Unmoved
                whole = self.value(value, rank)
                if rank:
                    self.replace(value, whole)
                    return
                is_sum = isinstance(value, ir.Op) and value.op in ("add", "sub") and stmt.augmented == "sub"
                sign, whole = ("+" if stmt.augmented == "add" else "-"), f"({whole})" if is_sum or "\n" in whole else whole
                self.edits.append(Edit(*self.place(stmt), f"{name} = {name} {sign} {whole}"))
            case ir.ItemTarget(base=ir.Name(id=name) as base, index=index) if name in self.moving and not self.is_list(base):
                if not self.carries(value) or stmt.augmented not in ("add", "sub"):
                    raise Unmoved
                self.index(index)
                self.replace(value, self.value(value, self.rank(stmt.value)))
            case _:
                self.still(stmt)

    def returned(self, value: ir.Expr) -> None:
        if not self.has_value:
            self.replace(value, self.results(value))
            return
        if not isinstance(value, ir.Display) or len(value.items) != 2:
            raise Unmoved
        first, second = value.items
        self.still(first)
        self.replace(second, self.results(second))

    def results(self, value: ir.Expr) -> str:
        """What is handed out: an array of directions, or a tuple or list of such."""
        if isinstance(value, ir.Display) and value.kind != "dict":
            return self.spliced(value, {item: self.results(item) for item in value.items})
        return self.held(value)
