"""Why nothing is known of what is called, and what to write instead: the words of a refusal.

Never decides whether a call is refused.
"""
from __future__ import annotations

from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir

MADE = "what is called is made by another call, and is not known before the function runs"
DEFINE = "Define the function where it is called, or hand what it captures to a function that has a name."


def words_of(call: ir.Call, versions: Versions) -> dict[str, str]:
    """The detail and the advice of the refusal of a call; empty where there is no more to say than of any."""
    func = call.func
    if isinstance(call.target, type):
        return {
            "detail": f"what an object of {call.target.__name__} holds is not followed: its class does more than to keep what "
                      "it is given and to read it",
            "advice": "Hand the values to functions, or make it a dataclass whose methods store nothing.",
        }
    if isinstance(func, ir.Attribute):
        return _of_method(func, versions)
    made = _sources(func, versions) if isinstance(func, ir.Name) else [func]
    if any(isinstance(each, ir.Call) for each in made):
        return {"detail": MADE, "advice": DEFINE}
    if isinstance(func, ir.Name) and _is_given(func, versions):
        return {
            "detail": f"{func.id} is handed in: it may be a function, or an object with a method `__call__`",
            "advice": "Hand in a function that is known where the derivative is made (`gradgen.grad(lambda x: f(x, g))`), "
                      "or call one by its name.",
        }
    return {}


def _of_method(func: ir.Attribute, versions: Versions) -> dict[str, str]:
    owner = func.base
    if func.name == "copy" and isinstance(owner, ir.Name):
        return {
            "detail": f"whether {owner.id} is a list, a dict or an array is not known before the function runs",
            "advice": f"Write `list({owner.id})` or `dict({owner.id})`; arrays are copied by `np.copy({owner.id})`.",
        }
    is_taken = isinstance(owner, ir.Item) or isinstance(owner, ir.Name) and any(
        not isinstance(each, ir.Call) for each in _sources(owner, versions)
    )
    if is_taken:
        return {
            "detail": f"the object whose method {func.name}() is called comes out of a container",
            "advice": "Call the methods of objects that have names in the module, each by its name.",
        }
    return {}


def _sources(name: ir.Name, versions: Versions) -> list[ir.Expr]:
    version = versions.of_read.get(name)
    return [] if version is None else [each for each in version.sources if not isinstance(each, Version)]


def _is_given(name: ir.Name, versions: Versions) -> bool:
    version = versions.of_read.get(name)
    return version is not None and version.kind == "parameter"
