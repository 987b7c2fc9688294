"""`dataclass` as the standard library has it, but that frozen instances are frozen for the type checker alone.

Never lets an instance compare otherwise than a frozen one does.

Programs are made of many small nodes. A dataclass that is frozen at run time takes four times as long to make, as each of its
fields goes through `object.__setattr__`; `mypy --strict` finds the same assignments.
"""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    def dataclass(*, frozen: bool = False, eq: bool = True, **options: Any) -> Callable[[type], type]:
        """A class decorator; `frozen` ones that compare by their fields have a hash of these."""
        return dataclasses.dataclass(eq=eq, unsafe_hash=frozen and eq, **options)
