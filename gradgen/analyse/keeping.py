"""Says whether a function may keep or change what it is given.

Never says what a caller does about it.
"""
from __future__ import annotations

from gradgen.analyse.program import Program, Read, is_quiet
from gradgen.analyse.stability import private_containers
from gradgen.ir import nodes as ir


def keeps_arguments(program: Program, read: Read) -> bool:
    """Whether a function, or one that it calls, stores into anything but containers of its own, or acts in a way unknown."""
    seen: set[Read] = set()
    waiting = [read]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        program.analyse(current, ())
        own = private_containers(current.function)
        for node in ir.nodes_of(current.function):
            match node:
                case ir.ItemTarget(base=ir.Name(id=name)) | ir.Append(base=ir.Name(id=name)) if name in own:
                    continue
                case ir.ItemTarget() | ir.AttributeTarget() | ir.Append():
                    return True
                case ir.Assign(augmented=str(), value=ir.Op(args=(_, ir.Display() | ir.Comprehension()))):
                    return True  # `q += [...]` changes the list in place
                case ir.Evaluate(value=ir.Call(func=ir.Attribute(base=ir.Name(id=name)))) if name in own:
                    continue
                case ir.Evaluate(value=value) if not (isinstance(value, ir.Call) and is_quiet(value)):
                    return True
                case ir.Inert(construct=construct) if construct.startswith("this statement"):
                    return True
                case ir.Call():
                    site = program.site(node, current, program.versions[current])
                    if site is not None:
                        waiting.append(site.read)
    return False
