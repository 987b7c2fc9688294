"""Says which variables of a function only ever hold lists, tuples or dicts that the function makes itself.

Never follows an object: it looks at what is assigned to a name.
"""
from __future__ import annotations

import ast
from collections.abc import Sequence

SEQUENCES = (ast.List, ast.Tuple, ast.ListComp)


def made_here(nodes: Sequence[ast.AST], *kinds: type[ast.expr]) -> frozenset[str]:
    """The names that are bound, among the nodes of a function, by plain assignments alone, each time to an expression of one of
    the kinds; `*args` is a tuple."""
    made: set[str] = set()
    others: set[str] = set()
    for each in nodes:
        if isinstance(each, ast.Name):
            continue
        if isinstance(each, ast.Assign):
            plain = [target.id for target in each.targets if isinstance(target, ast.Name)]
            (made if isinstance(each.value, kinds) else others).update(plain)
            continue
        match each:
            case ast.arguments(vararg=ast.arg(arg=name)) if ast.Tuple in kinds:
                made.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) | ast.AugAssign(
                target=ast.Name(id=name), op=ast.Add(), value=value
            ):
                (made if isinstance(value, kinds) else others).add(name)
    plain_targets = {id(target) for each in nodes if isinstance(each, ast.Assign) for target in each.targets}
    plain_targets |= {id(each.target) for each in nodes if isinstance(each, ast.AnnAssign | ast.AugAssign)}
    for each in nodes:
        if isinstance(each, ast.Name):
            if type(each.ctx) is not ast.Load and id(each) not in plain_targets:
                others.add(each.id)
            continue
        match each:
            case ast.arguments(posonlyargs=first, args=second, kwonlyargs=third, kwarg=last):
                others |= {arg.arg for arg in (*first, *second, *third, *([last] if last else []))}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                others.add(name)
            case ast.MatchMapping(rest=str(name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                others.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                others.update(names)
            case ast.alias(name=name, asname=asname):
                others.add(asname or name.split(".")[0])
    return frozenset(made - others)
