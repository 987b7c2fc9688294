"""From a live function to the text that it was compiled from, proved to be that text by compiling it again.

Never accepts a text on its looks, and never judges what the function does.
"""
from __future__ import annotations
import __future__

import ast
import copy
import functools
import linecache
import textwrap
import types
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from gradgen.codes import stated
from gradgen.errors import Finding, SourceError
from gradgen.ir.frozen import dataclass, field
from gradgen.read.compiled import same_code
from gradgen.read.text import Offsets, lines_inside_strings, lines_of
from gradgen.read.trees import children_in

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_DEFINITION = "<definition>"  # what a definition is called while it is compiled again: no program's own name
_FUTURE_FLAGS = __future__.annotations.compiler_flag | __future__.barry_as_FLUFL.compiler_flag


@dataclass(frozen=True, slots=True)
class FunctionSource:
    """A function's own text. Where `text` was dedented, `original_lines` still says how the file has it.

    `node` is parsed from `text`, so its positions are lines and columns of `text`. A definition's text runs from its first
    decorator to the end of its last line and ends with a newline; a lambda's text is the lambda expression itself.
    """

    text: str
    node: FunctionNode
    file: str  # as co_filename
    first_line: int  # the line of the file where `text` starts
    column: int  # how many columns were taken from the first line
    function: types.FunctionType = field(repr=False)
    original_lines: tuple[str, ...] = field(repr=False)

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Where in the file a place of `text` is: lines count from 1, columns, in characters, from 0."""
        own = self.text.split("\n")[line - 1]
        original = self.original_lines[line - 1].rstrip("\r\n")
        taken = self.column if line == 1 else max(0, len(original) - len(own)) if original.endswith(own) else 0
        return self.first_line + line - 1, column + taken


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A definition found in a file, with what around it can change its bytecode.

    The class around it mangles private names; method calls on what the module imports are compiled in their own way.
    """

    node: FunctionNode
    class_name: str | None
    imports: frozenset[str]


@dataclass(frozen=True, slots=True)
class _File:
    """A file's lines, and its definitions by first line and name, as their code objects have them; none in a broken file."""

    lines: list[str]
    definitions: Mapping[tuple[int, str], tuple[_Candidate, ...]]


def source_of(function: types.FunctionType) -> FunctionSource:
    """The text that `function` was compiled from.

    Raises SourceError: GG201 where Python keeps no text, GG202 where the text found compiles to something else.
    """
    if not isinstance(function, types.FunctionType):
        raise _error("GG201", str(getattr(function, "__name__", function)), "<unknown>", 1, "")
    code = function.__code__
    text = "" if hasattr(function, "texts") else _file_text(function)  # one that writes its text at each form of call
    if not text:
        raise _error("GG201", function.__qualname__, code.co_filename, code.co_firstlineno, "")
    flags = code.co_flags & _FUTURE_FLAGS
    file = _file(text, flags)
    found = [(each, _sourced(each.node, file.lines, function, flags)) for each in file.definitions.get(_key(code), ())]
    alike = [(each, source) for each, source in found if same_code(_compiled(source.node, each, code), code)]
    if not alike and len(found) == 1 and ast.dump(found[0][0].node) == ast.dump(found[0][1].node):
        alike = found if any(same_code(each, code) for each in _codes_of(text, flags).get(_key(code), ())) else []
    if not alike:
        named = (each for (_, name), group in file.definitions.items() if name == code.co_name for each in group)
        patched_in = [each for each in named if _is_compiled_alone(each.node, code)]
        alike = [(each, _sourced(each.node, file.lines, function, flags)) for each in patched_in]
    if not alike and code.co_filename == "<string>":  # what `python -c` runs has that name too, and its text is kept
        raise _error("GG201", function.__qualname__, code.co_filename, code.co_firstlineno, "")
    if not alike:
        line = file.lines[code.co_firstlineno - 1] if code.co_firstlineno <= len(file.lines) else ""
        raise _error("GG202", function.__qualname__, code.co_filename, code.co_firstlineno, line)
    if len(alike) > 1:  # to the byte, but for their places
        places = list(code.co_positions())
        alike = [pair for pair in alike if list(_compiled(pair[0].node, pair[0], code).co_positions()) == places] or alike
    return alike[0][1]


def _is_compiled_alone(node: FunctionNode, code: types.CodeType) -> bool:
    """Whether code is, places and all, what notebooks' autoreload puts into a function whose file was edited: the definition
    compiled alone, as Python spells it from its tree, in a class of its own for methods."""
    if isinstance(node, ast.Lambda):
        return False
    plain = copy.copy(node)
    plain.decorator_list = []
    for each in (node, plain):
        text = ast.unparse(each)
        for around in (text, f"class _:\n{textwrap.indent(text, '    ')}"):
            found = _codes_of(around, code.co_flags & _FUTURE_FLAGS).get(_key(code), ())
            if any(same_code(one, code) and list(one.co_positions()) == list(code.co_positions()) for one in found):
                return True
    return False


def _error(code: str, name: str, file: str, line: int, source_line: str) -> SourceError:
    source_line = source_line.rstrip("\r\n")
    column = len(_lead(source_line))
    return SourceError(Finding(code, *stated(code, construct=name), file, line, column, source_line=source_line))


def _file_text(function: types.FunctionType) -> str:
    """All of the file, cell or example where the function was written; nothing where Python keeps nothing."""
    file = function.__code__.co_filename
    linecache.checkcache(file)
    return "".join(linecache.getlines(file, function.__globals__))


@functools.lru_cache(maxsize=8)
def _file(text: str, flags: int) -> _File:
    try:
        tree = _parse(text, flags)
    except SyntaxError:
        return _File(lines_of(text), {})
    found: dict[tuple[int, str], tuple[_Candidate, ...]] = {}
    for candidate in _walk(tree, "lambda" in text):
        node = candidate.node
        name, line = "<lambda>", node.lineno
        if not isinstance(node, ast.Lambda):
            name, line = node.name, min((each.lineno for each in node.decorator_list), default=node.lineno)
        found[line, name] = (*found.get((line, name), ()), candidate)
    return _File(lines_of(text), found)


def _key(code: types.CodeType) -> tuple[int, str]:
    return code.co_firstlineno, code.co_name


@functools.lru_cache(maxsize=8)
def _codes_of(text: str, flags: int) -> Mapping[tuple[int, str], tuple[types.CodeType, ...]]:
    """Every code object of a file. What a definition compiles to can depend on more than stands in it and around it: on the
    name of the function around a class, on whether the module's own code mentions `super`, on the line where a class begins."""
    found: dict[tuple[int, str], tuple[types.CodeType, ...]] = {}
    waiting = [_quietly(text, flags)]
    while waiting:
        code = waiting.pop()
        found[_key(code)] = (*found.get(_key(code), ()), code)
        waiting.extend(codes_in(code))
    return found


def _parse(text: str, flags: int) -> ast.Module:
    tree = _quietly(text, flags | ast.PyCF_ONLY_AST)
    assert isinstance(tree, ast.Module)
    return tree


def _quietly(source: str | ast.Module, flags: int) -> Any:
    """compile, without the warnings that Python gave when it compiled the text for the user."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, "<source>", "exec", flags, dont_inherit=True)


_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)  # what holds definitions in lambdas only


def _walk(module: ast.Module, has_lambdas: bool) -> Iterator[_Candidate]:
    imports = frozenset(_imported(module.body))
    waiting: list[tuple[ast.AST, str | None]] = [(module, None)]
    while waiting:
        node, class_name = waiting.pop()
        if not has_lambdas and isinstance(node, _SIMPLE):
            continue
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield _Candidate(node, class_name, imports)
        if isinstance(node, ast.ClassDef):
            waiting += [(child, node.name if child in node.body else class_name) for child in children_in(node)]
        else:
            waiting += [(child, class_name) for child in children_in(node)]


def _imported(body: Iterable[ast.AST]) -> Iterator[str]:
    """The names that import statements bind in the module's own scope."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names if alias.name != "*")
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            yield from _imported(ast.iter_child_nodes(node))


@dataclass(frozen=True, slots=True)
class Cut:
    """The text of a definition, cut out of the lines of its file, and what was cut and dedented to get it."""

    text: str
    first_line: int
    column: int
    original_lines: tuple[str, ...]


def cut(node: FunctionNode, lines: Sequence[str]) -> Cut:
    """The text of a definition that was parsed from `lines`."""
    assert node.end_lineno is not None
    if isinstance(node, ast.Lambda):
        original = tuple(lines[node.lineno - 1 : node.end_lineno])
        text = "".join(original)
        offsets = Offsets(text)
        start = offsets.at(1, node.col_offset)
        return Cut(text[start : offsets.at(len(original), node.end_col_offset or 0)], node.lineno, start, original)
    first = min((each.lineno for each in node.decorator_list), default=node.lineno)
    while node.decorator_list and not lines[first - 1].lstrip().startswith("@"):
        first -= 1
    prefix = _lead(lines[first - 1])
    original = (*lines[first - 1 : node.end_lineno], *_comments_after(lines, node.end_lineno, prefix))
    return Cut(dedented("".join(original), prefix), first, len(prefix), original)


def _sourced(node: FunctionNode, lines: Sequence[str], function: types.FunctionType, flags: int) -> FunctionSource:
    found = cut(node, lines)
    parsed = parsed_lambda(found.text, flags) if isinstance(node, ast.Lambda) else _parse(found.text, flags).body[0]
    assert isinstance(parsed, FunctionNode)
    file = function.__code__.co_filename
    return FunctionSource(found.text, parsed, file, found.first_line, found.column, function, found.original_lines)


def _comments_after(lines: Sequence[str], end: int, prefix: str) -> list[str]:
    """The comment lines behind a definition's last statement that are indented as its body is."""
    last = end
    for number in range(end, len(lines)):
        bare = lines[number].strip()
        if bare and not (bare.startswith("#") and _lead(lines[number]).startswith(prefix) and _lead(lines[number]) != prefix):
            break
        if bare:
            last = number + 1
    return list(lines[end:last])


def _lead(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def dedented(text: str, prefix: str) -> str:
    """The text with `prefix` taken from every line that begins outside of strings, or what the line has of it."""
    if not prefix:
        return text
    inside = lines_inside_strings(text)
    result = []
    for number, line in enumerate(lines_of(text), 1):
        if number not in inside:
            line = line.removeprefix(prefix) if line.startswith(prefix) else line[min(len(_lead(line)), len(prefix)) :]
        result.append(line)
    return "".join(result)


def parsed_lambda(text: str, flags: int = 0) -> ast.Lambda:
    """Parse a lambda that may run over several lines: inside parentheses, whose column is taken off again."""
    statement = _parse(f"({text}\n)", flags).body[0]
    assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Lambda)
    for node in ast.walk(statement.value):
        if isinstance(node, (ast.expr, ast.arg, ast.keyword)) and node.end_lineno is not None and node.end_col_offset is not None:
            node.col_offset -= node.lineno == 1
            node.end_col_offset -= node.end_lineno == 1
    return statement.value


def _compiled(node: FunctionNode, found: _Candidate, like: types.CodeType) -> types.CodeType:
    """The code object that a definition compiles to in surroundings like those where it was found, with `like`'s closure."""
    free = [name for name in like.co_freevars if name.isidentifier()]
    lines = [f"class {found.class_name}:"] if found.class_name else []
    lines.append(f"{' ' * len(lines)}def around({', '.join(free)}):\n{' ' * (len(lines) + 1)}pass")
    if found.imports:
        lines.append(f"import {', '.join(sorted(found.imports))}")
    tree = _parse("\n".join(lines), 0)
    around = tree.body[0].body[0] if isinstance(tree.body[0], ast.ClassDef) else tree.body[0]
    assert isinstance(around, ast.FunctionDef)
    bare = _bare(node)
    around.body = [ast.copy_location(ast.Expr(bare), bare) if isinstance(bare, ast.Lambda) else bare]
    outer = _quietly(tree, like.co_flags & _FUTURE_FLAGS)
    if found.class_name:
        outer = next(codes_in(outer))
    waiting = list(codes_in(next(codes_in(outer))))  # inside `around`
    while waiting:
        code = waiting.pop(0)
        if code.co_name in ("<lambda>", _DEFINITION):
            return code
        waiting.extend(codes_in(code))  # the scope of its type parameters
    raise AssertionError(like.co_name)


def codes_in(code: types.CodeType) -> Iterator[types.CodeType]:
    """The code of what is defined right inside of a code."""
    return (const for const in code.co_consts if isinstance(const, types.CodeType))


def _bare(node: FunctionNode) -> FunctionNode:
    """The definition without what belongs to the scope around it: its name, decorators, defaults, annotations."""
    bare = copy.copy(node)
    bare.args = copy.copy(node.args)
    bare.args.defaults = [ast.fix_missing_locations(ast.Constant(None)) for _ in node.args.defaults]
    bare.args.kw_defaults = [each and ast.fix_missing_locations(ast.Constant(None)) for each in node.args.kw_defaults]
    if isinstance(bare, ast.Lambda):
        return bare
    bare.name = _DEFINITION  # the function's own name must stay what it was, global or free
    bare.decorator_list = []
    bare.returns = None
    for group in ("posonlyargs", "args", "kwonlyargs"):
        setattr(bare.args, group, [_unannotated(each) for each in getattr(node.args, group)])
    bare.args.vararg = node.args.vararg and _unannotated(node.args.vararg)
    bare.args.kwarg = node.args.kwarg and _unannotated(node.args.kwarg)
    return bare


def _unannotated(arg: ast.arg) -> ast.arg:
    bare = copy.copy(arg)
    bare.annotation = None
    return bare
