"""Says which stretches of control flow cannot be turned round by their shape: left in the middle, by an exception or a jump.

Never turns anything round; transform.loops.logs does.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradgen.analyse.activity import Activity
from gradgen.analyse.flow.exits import can_fold, ends_elsewhere, exits_of, only_raises, returns_inside
from gradgen.ir import nodes as ir

Live = Callable[[ir.Expr], Any]


def needs_log(stmt: ir.Stmt, activity: Activity, is_in_loop: bool) -> bool:
    """Whether a compound statement may be left in a way that its shape does not tell."""
    match stmt:
        case ir.For(target=target, body=body):
            targets = {node.id for node in ir.walk(target) if isinstance(node, ir.NameTarget)}
            named = {node.id for inner in body for node in ir.walk(inner) if isinstance(node, ir.NameTarget)}
            return any(name.id in targets & named for name in activity.versions.of_read) or _is_irregular(body)
        case ir.While(body=body):
            return _is_irregular(body)
        case ir.Try(body=body, handlers=handlers, final=final):
            if any(isinstance(node, ir.Exit) and node.kind != "raise" for part in final for node in ir.walk(part)):
                return True
            if all(only_raises(handler.body) for handler in handlers):
                return False
            return _may_be_half_done(stmt, body, activity, is_in_loop)
        case ir.With(body=body, suppresses=True):
            is_left = any(True for _ in returns_inside(body)) or ends_elsewhere(body)
            return is_left or _may_be_half_done(stmt, body, activity, is_in_loop)
    return False


def _may_be_half_done(stmt: ir.Stmt, body: ir.Block, activity: Activity, is_in_loop: bool) -> bool:
    """Whether an exception may leave something behind that counts: an active value, or what a loop keeps of every turn."""
    if any(activity.is_active_version(version) for version in activity.versions.partial.get(stmt, {}).values()):
        return True
    return is_in_loop and not (len(body) == 1 and isinstance(body[0], ir.Assign))


def _is_irregular(body: ir.Block) -> bool:
    """Whether a loop is left, or a turn of it, from where no chain of branches leads."""
    for _, chain in exits_of(body):
        if any(isinstance(owner, ir.Try | ir.For | ir.While) for _, _, owner in chain):
            return True
        if any(isinstance(owner, ir.With) and owner.suppresses for _, _, owner in chain):
            return True
    return not can_fold(body)


def may_catch(stmt: ir.Stmt, kinds: tuple[type[BaseException], ...], live: Live) -> bool:
    """Whether an exception of one of `kinds`, raised in the body of a statement, may be swallowed there."""
    match stmt:
        case ir.With(suppresses=True):
            return True
        case ir.Try(handlers=handlers, final=final):
            going_on = [handler for handler in handlers if not only_raises(handler.body)]
            leaves = any(isinstance(node, ir.Exit) and node.kind != "raise" for part in final for node in ir.walk(part))
            return leaves or any(matches_any(handler.matches, kinds, live) for handler in going_on)
    return False


def matches_any(matches: ir.Expr | None, kinds: tuple[type[BaseException], ...], live: Live) -> bool:
    """Whether what a handler names may be an exception of one of `kinds`; one that names nothing matches all."""
    if isinstance(matches, ir.Display):
        return any(matches_any(item, kinds, live) for item in matches.items)
    held = None if matches is None else live(matches)
    if not isinstance(held, type):
        return True
    return any(issubclass(kind, held) or issubclass(held, kind) for kind in kinds)
