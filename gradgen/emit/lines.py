"""Prints gradgen's own statements and expressions as Python text, one shape at a time.

Never prints the user's own text, and never gives out a shape that does not parse back to the same tree.

Statements that differ only in their names, numbers and strings have one shape. A shape is printed once, by astor and by
ast.unparse with blanks for what differs, parsed again and compared; the better text that passes becomes a template, which
is filled in for every statement of that shape.
"""
from __future__ import annotations

import ast
import itertools
import keyword
import math
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from gradgen.emit.wrap import wrapped
from gradgen.errors import InternalError

WIDTH = 116  # 120, less one level of indentation
_MOST_TEMPLATES = 5000
_TEMPLATES: dict[str, str] = {}

_MARK = "\N{LATIN SMALL LETTER ENG}"
_BLANK = re.compile(rf"{_MARK}(\d+){_MARK}(?!suite)")
_SUITE = re.compile(rf"( *){_MARK}(\d+){_MARK}suite")
_SUITES = ("body", "orelse", "finalbody")
_VERBATIM = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr", "Match") if hasattr(ast, name))
_UNSEEN = {"ctx", "type_comment", "type_ignores", "kind", "simple"}  # fields that the text does not show
_SEEN: dict[type[ast.AST], tuple[str, ...]] = {}  # the other fields, by the kind of node
_LISTS = {
    "decorator_list", "type_params", "args", "keywords", "orelse", "finalbody", "handlers", "bases", "posonlyargs", "kwonlyargs",
    "kw_defaults", "defaults", "type_ignores", "ifs",
}


def print_statements(body: Sequence[ast.stmt], *, width: int | Sequence[int] = WIDTH) -> list[str]:
    """One text for each statement, without indentation in front; compound and wrapped statements hold line breaks.

    A line longer than `width` (one for all, or one each) is broken inside of brackets. Nodes need neither positions nor ctx.
    Raises InternalError for a tree that no text stands for.
    """
    widths = [width] * len(body) if isinstance(width, int) else width
    return [_statement(stmt, most) for stmt, most in zip(body, widths, strict=True)]


def print_expression(node: ast.expr) -> str:
    """The expression on one line, as it stands inside brackets: a tuple has its parentheses."""
    atoms: list[str] = []
    text = _template(_shape(node, atoms), lambda: ast.Expr(ast.List([node], ast.Load()))).format(*atoms)
    return text[1:-1] if text[0] == "[" else text


def template_of(stmt: ast.stmt) -> str:
    """The text of a simple statement with a blank for each name and number, in the order of the text, ready for str.format."""
    return _template(_shape(stmt, []), lambda: stmt)


# --- statements ---


def _statement(stmt: ast.stmt, width: int) -> str:
    suites: list[list[ast.stmt]] = []
    bare = _without_suites(stmt, suites) if hasattr(stmt, "body") or hasattr(stmt, "cases") else stmt
    atoms: list[str] = []
    text = _template(_shape(bare, atoms), lambda: bare).format(*atoms)
    if not suites:
        return text if len(text) <= width else _wrapped(stmt, text, width)
    lines: list[str] = []
    for line in text.split("\n"):
        if match := _SUITE.fullmatch(line):
            for inner in suites[int(match[2])]:
                lines += (match[1] + each for each in _statement(inner, width - len(match[1])).split("\n"))
        else:
            lines.append(line)
    if len(lines[0]) > width and isinstance(bare, (ast.If, ast.While, ast.For)):
        lines[:1] = wrapped(bare, lines[0], width, print_expression)
    return "\n".join(lines)


def _wrapped(stmt: ast.stmt, text: str, width: int) -> str:
    lines = wrapped(stmt, text, width, print_expression)
    return "\n".join(lines) if _shapes("\n".join(lines)) == [_shape(stmt, None)] else text


def _without_suites(stmt: ast.AST, suites: list[list[ast.stmt]]) -> ast.AST:
    """A compound statement with a blank for each suite, which goes to `suites`; an elif stays with its if."""
    fields: dict[str, object] = {}
    for name in stmt._fields:
        value = getattr(stmt, name, None)
        if name in _SUITES and value and isinstance(value, list):
            if isinstance(stmt, ast.If) and name == "orelse" and len(value) == 1 and isinstance(value[0], ast.If):
                value = [_without_suites(value[0], suites)]
            else:
                suites.append(value)
                value = [ast.Expr(ast.Name(f"{_MARK}{len(suites) - 1}{_MARK}suite", ast.Load()))]
        elif name in ("handlers", "cases") and value:
            value = [_without_suites(each, suites) for each in value]
        fields[name] = value
    return type(stmt)(**fields)


# --- shapes ---

_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**", ast.MatMult: "@",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}


def _shape(node: ast.AST, atoms: list[str] | None) -> str:
    """What distinguishes the tree but for its atoms (names, numbers, strings), whose texts are added to `atoms` in the order of
    the fields. Without `atoms` they are part of the shape: two trees are alike if and only if those shapes are equal."""
    kind = type(node)
    if isinstance(node, ast.Name):
        return _name(node.id, atoms)
    if isinstance(node, ast.BinOp):
        return _chain(node, atoms)
    if isinstance(node, ast.Constant):
        return _constant(node.value, atoms)
    if isinstance(node, ast.Assign):
        return f"{{Assign [ {' '.join([_shape(each, atoms) for each in node.targets])} ] {_shape(node.value, atoms)}}}"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"(-{_shape(node.operand, atoms)})"
    if isinstance(node, _VERBATIM) or isinstance(node, ast.Attribute) and isinstance(node.value, ast.Constant):
        atoms = None
    seen = _SEEN.get(kind)
    if seen is None:
        seen = _SEEN[kind] = tuple(name for name in node._fields if name not in _UNSEEN)
    parts = [kind.__name__]
    for name in seen:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            parts.append(_shape(value, atoms))
        elif isinstance(value, list) and value:
            parts += ("[", *[_shape(each, atoms) if isinstance(each, ast.AST) else repr(each) for each in value], "]")
        else:
            parts.append(repr(value) if value else "-")
    return f"{{{' '.join(parts)}}}"


def _chain(node: ast.BinOp, atoms: list[str] | None) -> str:
    """The shape of a sum or product, however long: down its left side in a loop."""
    links = [node]
    while isinstance(left := links[-1].left, ast.BinOp):
        links.append(left)
    shape = _shape(left, atoms)
    for link in reversed(links):
        shape = f"({shape}{_SYMBOLS[type(link.op)]}{_shape(link.right, atoms)})"
    return shape


def _name(name: str, atoms: list[str] | None) -> str:
    if atoms is None:
        return name
    if not name.isidentifier() or keyword.iskeyword(name):
        raise InternalError(f"no name can be spelled {name!r}")
    atoms.append(name)
    return "N"


def _constant(value: object, atoms: list[str] | None) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.copysign(1, value) < 0:
        return f"(-{_constant(-value, atoms)})"
    text = _literal(value)
    if atoms is None or not _is_atom(value):
        return text
    atoms.append(text)
    return "C"


def _is_atom(value: object) -> bool:
    return isinstance(value, (int, float, str)) and not isinstance(value, bool)


def _literal(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            raise InternalError("nan has no literal")
        return "1e309"
    text = repr(value)
    return f'"{text[1:-1]}"' if text[:1] == "'" and '"' not in text else text


# --- templates ---


def _template(shape: str, node_of: Callable[[], ast.AST]) -> str:
    """The text of a shape with a blank for every atom, ready for str.format."""
    template = _TEMPLATES.get(shape)
    if template is None:
        if len(_TEMPLATES) >= _MOST_TEMPLATES:
            _TEMPLATES.clear()
        blanks, node = itertools.count(), node_of()
        with _room_for(node):
            text = _printed(ast.fix_missing_locations(_with_blanks(node, blanks)))
        if sorted(map(int, _BLANK.findall(text))) != list(range(next(blanks))):
            raise InternalError(f"a shape that cannot be filled in: {text}")
        template = _TEMPLATES[shape] = _BLANK.sub(r"{\1}", text.replace("{", "{{").replace("}", "}}"))
    return template


def _with_blanks(node: ast.AST, blanks: Iterator[int] | None) -> ast.AST:
    """A complete copy of a tree with numbered names in place of its atoms, numbered as _shape meets them."""
    if blanks is not None and isinstance(node, ast.Name):
        return ast.Name(f"{_MARK}{next(blanks)}{_MARK}", ast.Load())
    if blanks is not None and isinstance(node, ast.Constant) and _is_atom(node.value):
        blank = ast.Name(f"{_MARK}{next(blanks)}{_MARK}", ast.Load())
        return ast.UnaryOp(ast.USub(), blank) if _constant(node.value, None).startswith("(-") else blank
    if isinstance(node, _VERBATIM) or isinstance(node, ast.Attribute) and isinstance(node.value, ast.Constant):
        blanks = None
    fields: dict[str, object] = {}
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            value = _with_blanks(value, blanks)
        elif isinstance(value, list):
            value = [_with_blanks(each, blanks) if isinstance(each, ast.AST) else each for each in value]
        elif value is None and name in _LISTS:
            value = []
        fields[name] = value
    return type(node)(**fields)


def _printed(node: ast.AST) -> str:
    """The tree as text: astor's or ast.unparse's, whichever parses back to the tree, and with fewer parentheses."""
    wanted = [_shape(node, None)]
    texts = [text for text in (_by_unparse(node), _by_astor(node)) if text is not None and _shapes(text) == wanted]
    if not texts:
        raise InternalError(f"no text stands for {ast.dump(node)}")
    return min(texts, key=lambda text: (text.endswith(","), text.count("(")))


@contextmanager
def _room_for(node: ast.AST) -> Iterator[None]:
    """What walks the tree recurses, some frames a level: let them where the tree is deep, as a sum of a thousand terms is."""
    depth, level = 0, [node]
    while level:
        depth, level = depth + 1, [child for each in level for child in ast.iter_child_nodes(each)]
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + 20 * depth)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _shapes(text: str) -> list[str]:
    try:
        return [_shape(stmt, None) for stmt in ast.parse(text).body]
    except SyntaxError:
        return []


def _by_unparse(node: ast.AST) -> str | None:
    try:
        return _tidy(ast.unparse(node))
    except Exception:  # a tree that it cannot print is for the other printer, or for nobody
        return None


def _by_astor(node: ast.AST) -> str | None:
    with warnings.catch_warnings():
        # astor 0.8.1 uses ast names that Python 3.12 deprecated, on import and while it prints.
        warnings.filterwarnings("ignore", r".*(ast\.|Attribute)", DeprecationWarning)
        import astor

        try:
            return _tidy(astor.to_source(node, pretty_string=lambda text, *_, **__: repr(text), pretty_source="".join))
        except Exception:  # its known faults: f-strings on Python 3.14, match
            return None


def _tidy(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())
