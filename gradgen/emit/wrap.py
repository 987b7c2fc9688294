"""Breaks a statement that is too long for a line, inside of brackets and before operators.

Never changes what the statement says, and never touches one that fits.
"""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from gradgen.ir.frozen import dataclass

_INDENT = "    "
_GAP = ast.Name("_", ast.Load())  # holds the place of an operand
_SUMS = (ast.Add, ast.Sub)
_PRODUCTS = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult)

Printer = Callable[[ast.expr], str]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part that stays on one line if it can: `before` and `after` are its operator, keyword or comma."""

    before: str
    node: ast.expr
    text: str
    after: str = ""

    @property
    def line(self) -> str:
        return f"{self.before}{self.text}{self.after}"


def wrapped(stmt: ast.stmt, text: str, width: int, text_of: Printer) -> list[str]:
    """The lines of a statement, or of a compound statement's header, whose one-line text is `text`."""
    value = _last_value(stmt)
    if value is None:
        return [text]
    own = text_of(value)
    bare = own[1:-1] if isinstance(value, (ast.Tuple, ast.NamedExpr)) else own
    tail = ":" if text.endswith(":") else ""
    for spelled in (own, bare):
        if text.endswith(spelled + tail):
            head = text[: len(text) - len(spelled + tail)]
            return _broken(_Piece(head, value, own, tail), width, text_of)
    return [text]


def _last_value(stmt: ast.stmt) -> ast.expr | None:
    """The expression that a statement's line ends with."""
    if isinstance(stmt, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)):
        return stmt.value
    if isinstance(stmt, (ast.If, ast.While)):
        return stmt.test
    return stmt.iter if isinstance(stmt, ast.For) else None


def _broken(piece: _Piece, width: int, text_of: Printer) -> list[str]:
    if len(piece.line) <= width:
        return [piece.line]
    node = piece.node
    if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
        sign = piece.text[0]
        operand = _Piece(piece.before + sign, node.operand, piece.text[1:], piece.after)
        return _broken(operand, width, text_of)
    opening, pieces, closing = _parts(node, text_of)
    if not pieces:
        return [piece.line]
    inner = _filled(pieces, width - len(_INDENT), text_of)
    return [piece.before + opening, *(_INDENT + line for line in inner), closing + piece.after]


def _filled(pieces: Sequence[_Piece], width: int, text_of: Printer) -> Iterator[str]:
    line = ""
    for piece in pieces:
        longer = f"{line} {piece.line}" if line else piece.line
        if len(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        *whole, line = _broken(piece, width, text_of)
        yield from whole
        if whole:  # what was broken ends its line
            yield line
            line = ""
    if line:
        yield line


def _parts(node: ast.expr, text_of: Printer) -> tuple[str, list[_Piece], str]:
    """What opens, the pieces between, what closes. No pieces: it cannot be broken."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords) if args or keywords:
            if len(args) == 1 and not keywords and isinstance(args[0], ast.GeneratorExp):
                return text_of(ast.Call(func, [], []))[:-1], _comprehended(args[0], text_of), ")"
            named = [_keyword(each, text_of) for each in keywords]
            return text_of(ast.Call(func, [], []))[:-1], _listed([*_items(args, text_of), *named]), ")"
        case ast.Tuple(elts=elts) if len(elts) > 1:
            return "(", _listed(_items(elts, text_of)), ")"
        case ast.List(elts=elts) if elts:
            return "[", _listed(_items(elts, text_of)), "]"
        case ast.BinOp():
            return "(", _chain(node, text_of), ")"
        case ast.BoolOp(op=op, values=[first, *others]):
            word = "and" if isinstance(op, ast.And) else "or"
            pieces = [_beside(first, ast.BoolOp(op, [first, _GAP]), "", f" {word} _", text_of)]
            pieces += [_beside(other, ast.BoolOp(op, [_GAP, other]), f"_ {word} ", "", text_of, f"{word} ") for other in others]
            return "(", pieces, ")"
        case ast.Compare(left=left, ops=ops, comparators=others):
            pieces = [_beside(left, ast.Compare(left, [ast.Lt()], [_GAP]), "", " < _", text_of)]
            for sign, other in zip(ops, others, strict=True):
                word = text_of(ast.Compare(_GAP, [sign], [_GAP]))[1:-1].lstrip()
                pieces.append(_beside(other, ast.Compare(_GAP, [sign], [other]), f"_ {word}", "", text_of, word))
            return "(", pieces, ")"
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return "(", [
                _beside(body, ast.IfExp(_GAP, body, _GAP), "", " if _ else _", text_of),
                _beside(test, ast.IfExp(test, _GAP, _GAP), "_ if ", " else _", text_of, "if "),
                _beside(orelse, ast.IfExp(_GAP, _GAP, orelse), "_ if _ else ", "", text_of, "else "),
            ], ")"
    return "", [], ""


def _comprehended(node: ast.GeneratorExp, text_of: Printer) -> list[_Piece]:
    """The element and then one piece for each `for` and `if`."""
    pieces = [_Piece("", node.elt, text_of(node.elt))]
    for each in node.generators:
        target = text_of(each.target)
        bare = target[1:-1] if isinstance(each.target, ast.Tuple) else target
        pieces.append(_Piece(f"for {bare} in ", each.iter, text_of(each.iter)))
        pieces += [_Piece("if ", test, text_of(test)) for test in each.ifs]
    return pieces


def _items(nodes: Sequence[ast.expr], text_of: Printer) -> list[_Piece]:
    return [_Piece("", node, text_of(node), ",") for node in nodes]


def _keyword(node: ast.keyword, text_of: Printer) -> _Piece:
    return _Piece(f"{node.arg}=" if node.arg else "**", node.value, text_of(node.value), ",")


def _listed(pieces: list[_Piece]) -> list[_Piece]:
    """Items of a call or display; the last one needs no comma."""
    last = pieces[-1]
    return [*pieces[:-1], _Piece(last.before, last.node, last.text)]


def _chain(node: ast.BinOp, text_of: Printer) -> list[_Piece]:
    """A sum or product as its first operand and then one piece for each operator."""
    family = next((each for each in (_SUMS, _PRODUCTS) if isinstance(node.op, each)), ())
    pieces: list[_Piece] = []
    link = node
    while True:
        symbol = text_of(ast.BinOp(_GAP, link.op, _GAP))[1:-1].lstrip()
        pieces.append(_beside(link.right, ast.BinOp(_GAP, link.op, link.right), f"_ {symbol}", "", text_of, symbol))
        if not (isinstance(link.left, ast.BinOp) and family and isinstance(link.left.op, family)):
            break
        link = link.left
    first = _beside(link.left, ast.BinOp(link.left, link.op, _GAP), "", f" {symbol}_", text_of)
    return [first, *reversed(pieces)]


def _beside(node: ast.expr, both: ast.expr, left: str, right: str, text_of: Printer, before: str = "") -> _Piece:
    """A piece with the parentheses that it needs where it stands in `both`, between the texts `left` and `right`."""
    return _Piece(before, node, text_of(both).removeprefix(left).removesuffix(right))


def calls_broken(lines: Sequence[str], original: str, width: int, text_of: Printer) -> list[str]:
    """Lines with those broken that have become too long by what a call in them is given: the whole of what they assign. Lines of
    the `original` text are left as they are."""
    found: list[str] = []
    for line in lines:
        if len(line) <= width or not line.endswith(")") or line.strip() in original:
            found.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())]
        found += [indent + each for each in _call_broken(line.strip(), width - len(indent), text_of)]
    return found


def _call_broken(line: str, width: int, text_of: Printer) -> list[str]:
    tree = _parsed(line)
    match tree.body if tree is not None else []:
        case [ast.Assign(value=ast.Call(args=args, keywords=keywords))] if (args or keywords) and line.isascii():
            given = [("", arg) for arg in args] + [(f"{each.arg}=" if each.arg else "**", each.value) for each in keywords]
            given.sort(key=lambda each: each[1].col_offset)
            texts = [line[node.col_offset : node.end_col_offset] for _, node in given]
            pieces = [_Piece(before, node, text, ",") for (before, node), text in zip(given, texts, strict=True)]
            pieces[-1] = _Piece(pieces[-1].before, pieces[-1].node, pieces[-1].text)
            begin = given[0][1].col_offset - len(given[0][0])
            inner = _filled(pieces, width - len(_INDENT), text_of)
            broken = [line[:begin], *(_INDENT + each for each in inner), ")"]
            again = _parsed("\n".join(broken))
            if tree is not None and again is not None and ast.dump(again) == ast.dump(tree):
                return broken
    return [line]


def _parsed(text: str) -> ast.Module | None:
    """The tree of a text; None where it is a part of a statement."""
    try:
        return ast.parse(text)
    except SyntaxError:
        return None
