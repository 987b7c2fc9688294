"""Spells a solution that is asked for later as one that is asked for at once: `sol.sol(t)` of
`sol = solve_ivp(f, span, y0, dense_output=True)` is `solve_ivp(f, span, y0, t_eval=t).y`, which interpolates in the same way.

Never touches a solution whose arguments may be others by then.
"""
from __future__ import annotations

import ast

from gradgen.read.positions import Edit
from gradgen.read.rewriting import Text
from gradgen.read.trees import nodes_in

CHOOSING = frozenset({"dense_output", "t_eval", "events"})
NAME = "solve_ivp"


def solved_at(text: Text, node: ast.AST) -> list[Edit] | None:
    """`sol.sol(t)`, for a number or an array of times."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name() | ast.Call() as owner, attr="sol"), args=[place], keywords=[]):
            solved = owner if isinstance(owner, ast.Call) else _bound_to(text, owner)
        case _:
            return None
    if solved is None or isinstance(place, ast.Starred) or "#" in text.slice(solved) or not _is_dense(solved):
        return None
    kept = ", ".join(" ".join(line.strip() for line in text.slice(each).splitlines()) for each in (
        *solved.args, *(each for each in solved.keywords if each.arg not in CHOOSING)
    ))
    called, times = text.slice(solved.func), text.slice(place)
    if _is_array(text, place):
        return [text.replaced(node, f"{called}({kept}, t_eval={times}).y")]
    module = _numpy(text)
    if isinstance(place, ast.Constant) or module is None:
        return [text.replaced(node, f"{called}({kept}, t_eval=[{times}]).y[:, 0]")]
    if any(isinstance(each, ast.NamedExpr) for each in nodes_in(place)):
        return None
    made = f"{called}({kept}, t_eval={module}.ravel({times})).y"
    return [text.replaced(node, f"{made}.reshape(-1, *{module}.shape({times}))")]


def _is_array(text: Text, place: ast.expr) -> bool:
    """Whether times surely are several: `np.linspace(0, 1, 5)`, or a variable that is bound to that once."""
    if isinstance(place, ast.Name):
        stmt = _bound_once(text, place.id)
        return stmt is not None and _is_array(text, stmt.value)
    match place:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in ("linspace", "arange")
    return False


def _is_dense(call: ast.Call) -> bool:
    """Whether a call integrates, and keeps what lies between its steps; nothing else is chosen."""
    func = call.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    given = {each.arg: each.value for each in call.keywords}
    dense = given.get("dense_output")
    is_asked = isinstance(dense, ast.Constant) and dense.value is True
    return name == NAME and is_asked and not given.keys() & (CHOOSING - {"dense_output"} | {None}) and len(call.args) <= 4


def _bound_once(text: Text, name: str) -> ast.Assign | None:
    """The assignment that alone binds a variable."""
    every = text.uses(name)
    bound = [each for each in every if not isinstance(each.ctx, ast.Load)]
    stmt = text.owners[bound[0]] if len(bound) == 1 else None
    return stmt if isinstance(stmt, ast.Assign) and stmt.targets == bound else None


def _bound_to(text: Text, name: ast.Name) -> ast.Call | None:
    """The call that a variable is bound to, once, where whatever it is given is still the same."""
    stmt = _bound_once(text, name.id)
    if stmt is None or not isinstance(stmt.value, ast.Call):
        return None
    inside = nodes_in(stmt.value)
    arguments = {each.arg for each in inside if isinstance(each, ast.arg)}
    given = {each.id for each in inside if isinstance(each, ast.Name)} - arguments
    start = text.start(stmt)
    for each in text.nodes:
        if isinstance(each, ast.Name) and each.id in given and not isinstance(each.ctx, ast.Load) and text.start(each) > start:
            return None
        if isinstance(each, ast.Subscript | ast.Attribute) and not isinstance(each.ctx, ast.Load) and text.start(each) > start:
            if any(isinstance(part, ast.Name) and part.id in given for part in nodes_in(each)):
                return None
    around: ast.AST = stmt
    while around in text.owners:
        around = text.owners[around]
        if isinstance(around, ast.For | ast.While):
            return None
    return stmt.value


def _numpy(text: Text) -> str | None:
    """What the text calls NumPy."""
    names = {each.value.id for each in text.nodes if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)}
    return next((name for name in ("np", "numpy") if name in names and name not in text.bound), None)
