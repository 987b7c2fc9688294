"""Collects the lines of a function body, and writes the statements that gradgen made.

Never copies or edits the user's text; gradgen.emit.forward does.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from gradgen.emit.arithmetic import arithmetic
from gradgen.emit.lines import WIDTH, print_expression, print_statements, template_of
from gradgen.emit.python import ToPython
from gradgen.errors import InternalError
from gradgen.ir import nodes as ir
from gradgen.ir.checkpoints import Replay
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.hooks import Verbatim
from gradgen.read.positions import run_together


@dataclass(slots=True)
class Line:
    """One line to be: text that is ready, or a syntax tree that is still to be printed."""

    indent: str
    text: str | None = None
    tree: ast.stmt | None = None


@dataclass(slots=True, kw_only=True)
class OwnWriter:
    """Collects lines; trees are printed together at the end."""

    to_python: ToPython
    unit: str
    powers: Callable[[str], str] = str
    lines: list[Line] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)

    def own(self, lines: Iterable[ir.Stmt], indent: str) -> None:
        """Statements that gradgen made."""
        for stmt in lines:
            match stmt:
                case ir.Comment(text="") if self.is_after_blank():
                    pass
                case ir.Comment(text=""):
                    self.lines.append(Line("", ""))
                case ir.Comment(text=text):
                    self.lines.append(Line(indent, f"# {text}"))
                case Replay():
                    self.replay(stmt, indent)
                case Verbatim(text=text):
                    self.lines.extend(Line(indent if part.strip() else "", part) for part in text.splitlines())
                case ir.Branch():
                    self.own_branch(stmt, indent, "if")
                case ir.For(target=target, iterable=iterable, body=body):
                    self.lines.append(Line(indent, f"for {self.text_of_target(target)} in {self.text(iterable)}:"))
                    self.own(body, indent + self.unit)
                case ir.While(test=test, body=body):
                    self.lines.append(Line(indent, f"while {self.text(test)}:"))
                    self.own(body, indent + self.unit)
                case _:
                    self.lines.append(self.arithmetic(stmt, indent) or Line(indent, tree=self.to_python.statement(stmt)))

    def arithmetic(self, stmt: ir.Stmt, indent: str) -> Line | None:
        """A line of plain arithmetic, printed as the first one of its shape was."""
        found = arithmetic(stmt)
        if found is None:
            return None
        shape, atoms = found
        template = self.templates.get(shape)
        if template is None:
            template = self.templates[shape] = template_of(self.to_python.statement(stmt))
        text = template.format(*atoms)
        return Line(indent, self.powers(text)) if len(text) <= WIDTH else None

    def replay(self, stmt: Replay, indent: str) -> None:
        """The user's text of a turn; only where that is at hand."""
        raise InternalError("a turn of a loop is run again where its text is not known")

    def own_branch(self, stmt: ir.Branch, indent: str, word: str) -> None:
        self.lines.append(Line(indent, f"{word} {self.text(stmt.test)}:"))
        self.own(stmt.then, indent + self.unit)
        match stmt.orelse:
            case ():
                return
            case (ir.Branch(is_elif=True) as inner,):
                self.own_branch(inner, indent, "elif")
            case _:
                self.lines.append(Line(indent, "else:"))
                self.own(stmt.orelse, indent + self.unit)

    def is_after_blank(self) -> bool:
        """Whether nothing, or a blank line, stands before what comes next."""
        return not self.lines or self.lines[-1].text == ""

    def text_of_target(self, target: ir.Target) -> str:
        text = print_expression(self.to_python.target(target))
        return text[1:-1] if isinstance(target, ir.TupleTarget) and text.startswith("(") else text

    def text(self, expr: ir.Expr) -> str:
        return self.powers(print_expression(self.to_python.expr(expr)))

    def finished(self) -> list[str]:
        """All lines as text."""
        trees = [line.tree for line in self.lines if line.tree is not None]
        printed = iter(print_statements(trees))
        result: list[str] = []
        for line in self.lines:
            text = line.text if line.tree is None else self.powers(next(printed))
            assert text is not None
            if "\n" not in text:
                result.append((line.indent + text).rstrip())
                continue
            first, *rest = text.split("\n")
            result.extend([(line.indent + first).rstrip(), *(line.indent + part for part in rest)])
        return result


def moved(line: str, old: int, new: int) -> str:
    """A line of a statement that began in one column, moved for it to begin in another; what stands further left stays."""
    if new >= old or not line[: old - new].isspace():
        return " " * max(0, new - old) + line if new > old and line.strip() else line
    return line[old - new:]


def joined(parts: Iterable[str]) -> str:
    """Parts of a text in a row, with a space where two words would run together: `if` and a name in the place of `(x > 0)`."""
    text = ""
    for part in parts:
        text += f" {part}" if run_together(text, part) else part
    return text


def in_brackets(value: ir.Expr, text: str) -> str:
    """The text of a value behind `:=`, which takes no more than the first item of a tuple that has no brackets."""
    first = value.items[0] if isinstance(value, ir.Display) and value.kind == "tuple" and value.items else None
    is_bare = first is not None and (not text.startswith("(") or _start(first) == _start(value))
    return f"({text})" if is_bare else text


def _start(node: ir.Expr) -> int | None:
    return None if node.span is None else node.span.start


def bracketed(text: str) -> str:
    """The user's text of a value, in brackets where those around it in the user's text held its lines together."""
    if "\n" not in text:
        return text
    try:
        is_whole = len(ast.parse(f"_ = {text}").body) == 1
    except SyntaxError:
        is_whole = False
    return text if is_whole else f"({text})"
