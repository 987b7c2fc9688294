"""How a run of the user's code or of a gradient's text on exact numbers can fail.

Never says what follows from it; the verdict does.
"""
from __future__ import annotations


class NoStandInError(Exception):
    """The judge cannot follow the function here: no SymPy counterpart, or a value went through code that it does not see."""


class NoIntegerError(TypeError):
    """A parameter was used where Python wants an int; `.names` says which, if it is known."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__("'float' object cannot be interpreted as an integer")
        self.names = names


class RefusedError(Exception):
    """The gradient's text refuses the point (NonDifferentiableError): no verdict there."""


class WrongError(Exception):
    """The gradient's text fails at a point where the primal does not."""
