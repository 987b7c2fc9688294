"""Values beside code: runs a module's function once and writes beside each of its lines what the line computed.

Never changes the code that it runs, and never looks into the functions that it calls.
"""
from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

FIRST_SHOWN = 3  # so many of a loop's values are shown from its start, then the last
FURTHEST_COLUMN = 72
LONGEST_VALUE = 60


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with notes: `notes` by line number from 1. `error` is what the run raised, None if nothing."""

    text: str
    notes: Mapping[int, str]
    error: Exception | None
    result: Any

    def lines(self) -> Iterator[tuple[str, str]]:
        """Every line with its note, "" for none."""
        for number, line in enumerate(self.text.splitlines(), 1):
            yield line, self.notes.get(number, "")

    def to_text(self) -> str:
        """The text with the notes as comments, in one column where the lines allow it."""
        rows = list(self.lines())
        reach = [_columns(line) for line, note in rows if note and _columns(line) <= FURTHEST_COLUMN]
        column = max(reach, default=0) + 2
        shown = [f"{line}{' ' * max(2, column - _columns(line))}# {note}" if note else line for line, note in rows]
        return "\n".join(shown) + "\n"


@dataclass(slots=True)
class _Record:
    """The values that one line computed: the first few, the last, and how many there were."""

    first: list[str] = field(default_factory=list)
    last: str = ""
    count: int = 0
    is_steady: bool = True

    def add(self, value: str) -> None:
        self.count += 1
        self.last = value
        self.is_steady = self.is_steady and value == (self.first[0] if self.first else value)
        if len(self.first) < FIRST_SHOWN:
            self.first.append(value)

    def __str__(self) -> str:
        if self.is_steady and self.count > 1:
            return f"{self.last}  ({self.count} times)"
        if self.count <= FIRST_SHOWN:
            return ", ".join(self.first)
        dots = ", ..." if self.count > FIRST_SHOWN + 1 else ""
        return f"{', '.join(self.first)}{dots}, {self.last}  ({self.count} times)"


def annotated(text: str, name: str, args: Sequence[Any], keywords: Mapping[str, Any]) -> Annotated:
    """Run the function `name` of a stand-alone module text at these arguments and note what its lines compute.

    An exception of the run is kept in `.error`, the notes up to it in place. Tracing is taken back whatever happens.
    """
    file = f"<{name} with values>"
    namespace: dict[str, Any] = {"__name__": "annotated"}
    exec(compile(text, file, "exec"), namespace)
    function = namespace[name]
    watch = _Watch(text, name, function.__code__)
    previous = sys.gettrace()
    error, result = None, None
    sys.settrace(watch.called)
    try:
        result = function(*args, **keywords)
    except Exception as problem:
        error = problem
    finally:
        sys.settrace(previous)
    return Annotated(text, watch.notes(), error, result)


class _Watch:
    """Follows one call of one function, statement by statement."""

    def __init__(self, text: str, name: str, code: types.CodeType) -> None:
        tree = ast.parse(text)
        definition = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
        self._code = code
        self._by_line = _statements_by_line(definition)
        self._records: dict[tuple[int, str], _Record] = {}
        self._pending: ast.stmt | None = None
        self._frame: types.FrameType | None = None

    def called(self, frame: types.FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        if frame.f_code is not self._code or self._frame not in (None, frame):
            return None
        self._frame = frame
        return self._stepped

    def _stepped(self, frame: types.FrameType, event: str, value: Any) -> Callable[..., Any]:
        if event == "line":
            statement = self._by_line.get(frame.f_lineno)
            if statement is not self._pending or (statement is not None and frame.f_lineno == statement.lineno):
                self._finish(frame, statement)
                self._pending = statement
        elif event == "exception":
            self._pending = None
        elif event == "return":
            if isinstance(self._pending, ast.Return):
                self._note(self._pending, "", value)
            elif self._pending is not None:
                self._finish(frame, None)
            self._pending = None
        return self._stepped

    def _finish(self, frame: types.FrameType, following: ast.stmt | None) -> None:
        """Note what the pending statement bound, now that it has run."""
        done = self._pending
        if done is None:
            return
        if isinstance(done, ast.For):
            if following is not None and following in done.body:
                self._bound(done, done.target, frame)
        elif isinstance(done, ast.Assign):
            for target in done.targets:
                self._bound(done, target, frame)
        elif isinstance(done, ast.AugAssign | ast.AnnAssign):
            self._bound(done, done.target, frame)

    def _bound(self, statement: ast.stmt, target: ast.expr, frame: types.FrameType) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bound(statement, element, frame)
        elif isinstance(target, ast.Starred):
            self._bound(statement, target.value, frame)
        elif isinstance(target, ast.Name):
            if target.id in frame.f_locals:
                self._note(statement, target.id, frame.f_locals[target.id])
        elif isinstance(target, ast.Subscript | ast.Attribute) and _is_plain(target):
            text = ast.unparse(target)
            self._note(statement, text, eval(text, frame.f_globals, dict(frame.f_locals)))

    def _note(self, statement: ast.stmt, name: str, value: Any) -> None:
        line = statement.lineno if isinstance(statement, ast.For) else statement.end_lineno or statement.lineno
        self._records.setdefault((line, name), _Record()).add(shown_value(value))

    def notes(self) -> dict[int, str]:
        """The note of each line that has one."""
        found: dict[int, list[str]] = {}
        for (line, name), record in self._records.items():
            found.setdefault(line, []).append(f"{name} = {record}" if name else str(record))
        return {line: "; ".join(parts) for line, parts in found.items()}


def _statements_by_line(definition: ast.FunctionDef) -> dict[int, ast.stmt]:
    """For each line of the function the innermost statement that stands on it, the last one where there are several."""
    found: dict[int, ast.stmt] = {}
    for node in ast.walk(definition):  # breadth first: inner statements come later
        if isinstance(node, ast.stmt) and node is not definition:
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                found[line] = node
    return found


def _is_plain(target: ast.expr) -> bool:
    """Whether reading the target again does nothing but read: names, attributes, constants and their arithmetic only."""
    plain = (ast.Name, ast.Constant, ast.Subscript, ast.Attribute, ast.BinOp, ast.UnaryOp, ast.Tuple, ast.Slice)
    return all(isinstance(node, plain) or not isinstance(node, ast.expr) for node in ast.walk(target))


def shown_value(value: Any) -> str:
    """A value in few characters: six digits of a float, the shape of a large array, the first items of a long list."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        opening, closing = "()" if isinstance(value, tuple) else "[]"
        items = [shown_value(item) for item in value[:FIRST_SHOWN + 2]]
        if len(value) > FIRST_SHOWN + 2:
            items[FIRST_SHOWN:] = [f"... {len(value)} in all"]
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return f"{opening}{', '.join(items)}{comma}{closing}"
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape and getattr(value, "size", 0) > FIRST_SHOWN + 2:
        return f"array of shape {'×'.join(map(str, shape))}"
    try:
        text = " ".join(repr(value).split())
    except Exception:  # whatever a user's __repr__ raises
        text = f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
