"""Which calls are scipy.optimize's root finders, and what they are given.

Never differentiates; transform.calls does, by the implicit function theorem.
"""
from __future__ import annotations

from typing import Any

from gradgen.ir import nodes as ir

ROOT_FINDERS = frozenset({"bisect", "brenth", "brentq", "newton", "ridder", "toms748"})
POSITION_OF_ARGS = {"newton": 3}


def is_root_finder(target: Any) -> bool:
    """Whether a callable is a root finder of scipy.optimize for one unknown."""
    module = getattr(target, "__module__", None) or ""
    return module.startswith("scipy.optimize") and getattr(target, "__name__", "") in ROOT_FINDERS


def equation_of(call: ir.Call) -> ir.Call | None:
    """The equation at the root, as a call of the user's function: `f(root, *args)`; None where the call does not say which."""
    if not call.args or not isinstance(call.args[0], ir.Name):
        return None
    keywords = dict(call.keywords)
    if keywords.get("full_output") is not None or None in keywords or any(isinstance(arg, ir.Starred) for arg in call.args):
        return None
    position = POSITION_OF_ARGS.get(call.target.__name__, 3)
    extra = keywords.get("args") or (call.args[position] if len(call.args) > position else ir.Display("tuple", ()))
    items = extra.items if isinstance(extra, ir.Display) and extra.kind == "tuple" else (extra,)
    function = call.args[0]
    return ir.Call(function, (call, *items), span=call.span)
