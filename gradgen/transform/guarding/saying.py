"""What generated code says where it raises: the line that does, and its message.

Never decides what raises.
"""
from __future__ import annotations

from gradgen.errors import Finding
from gradgen.ir import nodes as ir
from gradgen.transform.gradient import ForwardEdits


def message_of(finding: Finding) -> str:
    """What generated code says where it raises what was found."""
    name = finding.file.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{name}:{finding.line}:{finding.column + 1}: {finding.code}: {finding.message}"


def raised(edits: ForwardEdits, message: str) -> ir.Exit:
    """The line that says that there is no derivative."""
    edits.needed.add("NonDifferentiableError")
    return ir.Exit("raise", ir.Call(ir.Name("NonDifferentiableError", "global"), (ir.Const(message),)))
