"""Says which names that a rewrite goes by stand for something else than Python's own function: a `reduce` of the user's.

Never looks at what such a function does.
"""
from __future__ import annotations

import ast
import builtins
import collections
import functools
import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any

from gradgen.read.resolve import MISSING, Scope
from gradgen.read.trees import nodes_in

STANDARD: Mapping[str, Any] = {
    **{name: getattr(itertools, name) for name in (
        "accumulate", "chain", "combinations", "combinations_with_replacement", "islice", "permutations", "product", "repeat",
        "starmap",
    )},
    "collections": collections,
    "defaultdict": collections.defaultdict,
    "deque": collections.deque,
    "filter": filter,
    "functools": functools,
    "itertools": itertools,
    "math": math,
    "pairwise": itertools.pairwise,
    "partial": functools.partial,
    "reduce": functools.reduce,
    **{
        name: getattr(builtins, name) for name in (
            "all", "any", "dict", "enumerate", "len", "list", "map", "max", "min", "range", "reversed", "sorted", "sum", "tuple",
            "zip",
        )
    },
}


NAMING = frozenset({ast.arg, ast.FunctionDef, ast.ClassDef, ast.ImportFrom, ast.Import})


def otherwise_used(nodes: Iterable[ast.AST], scope: Scope) -> frozenset[str]:
    """The standard names that a function of these nodes, or what is around it, uses for something else."""
    live = {name: scope.lookup(name) for name in STANDARD}
    found = {name for name, value in live.items() if value is not MISSING and value is not STANDARD[name]}
    for each in nodes:
        if isinstance(each, ast.Name):
            if type(each.ctx) is not ast.Load:
                found.add(each.id)
            continue
        if type(each) not in NAMING:
            continue
        match each:
            case ast.arg(arg=name) | ast.FunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.ImportFrom(module=module, names=names) if module not in ("collections", "functools", "itertools"):
                found.update(alias.asname or alias.name for alias in names)
            case ast.Import(names=names):
                found.update(alias.asname for alias in names if alias.asname)
    return frozenset(found & STANDARD.keys())


def reads_any(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether any of some names is read in a part of the text."""
    return any(isinstance(each, ast.Name) and each.id in names for each in nodes_in(node))
