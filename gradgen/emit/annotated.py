"""What the annotations of functions inside of functions need: Python evaluates them where it defines the inner function, unless
the module puts that off.

Never looks at the annotations of variables, which no function evaluates.
"""
from __future__ import annotations
import __future__

import ast
import textwrap
from collections.abc import Iterator

from gradgen.analyse.program import Read
from gradgen.ir import nodes as ir
from gradgen.ir.finding import found_in
from gradgen.read.resolve import MISSING

PUT_OFF = "from __future__ import annotations"


def puts_off(read: Read) -> bool:
    """Whether a function defines another with annotations, and its module puts their evaluation off."""
    return read.scope.lookup("annotations") is __future__.annotations and any(_annotations(read))


def names_annotating(read: Read) -> set[str]:
    """The names that are read where a function defines others, for their annotations."""
    if read.scope.lookup("annotations") is __future__.annotations:
        return set()
    names = {node.id for each in _annotations(read) for node in ast.walk(each) if isinstance(node, ast.Name)}
    return {name for name in names if read.scope.lookup(name) is not MISSING}


def _annotations(read: Read) -> Iterator[ast.expr]:
    for define in found_in(read.function, ir.Define):
        text = "" if define.span is None else read.positions.text[define.span.start : define.span.end]
        if not text.lstrip().startswith(("def ", "@", "async ")) or "->" not in text and text.count(":") < 2:
            continue
        for node in ast.walk(ast.parse(textwrap.dedent(text))):
            told = node.returns if isinstance(node, ast.FunctionDef) else node.annotation if isinstance(node, ast.arg) else None
            if told is not None:
                yield told
