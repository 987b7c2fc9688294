"""`dataclass` and `replace` as the standard library has them, but that frozen instances are frozen for the type checker alone.

Never lets an instance compare otherwise, or show itself otherwise, than a frozen one does.

Programs are made of many small nodes, by some two hundred classes. A dataclass that is frozen at run time takes four times as
long to make, as each of its fields goes through `object.__setattr__`; `mypy --strict` finds the same assignments. And the
standard library writes and compiles a `__repr__` for each class: all share one here.
"""
from __future__ import annotations

import dataclasses
import operator
import reprlib
from collections.abc import Callable
from dataclasses import field as field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import replace as replace
else:
    _FIELDS: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {}

    @reprlib.recursive_repr()
    def _shown(self: Any) -> str:
        shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
        return f"{type(self).__qualname__}({shown})"

    def dataclass(*, frozen: bool = False, eq: bool = True, **options: Any) -> Callable[[type], type]:
        """A class decorator; `frozen` ones that compare by their fields have a hash of these."""
        standard = dataclasses.dataclass(eq=eq, repr=False, unsafe_hash=frozen and eq, **options)

        def made(cls: type) -> type:
            made = standard(cls)
            if "__repr__" not in made.__dict__:
                made.__repr__ = _shown
            return made

        return made

    def replace(instance: Any, /, **changes: Any) -> Any:
        """A new instance with other values for some of its fields."""
        cls = type(instance)
        found = _FIELDS.get(cls)
        if found is None:
            names = tuple(each.name for each in dataclasses.fields(cls) if each.init)
            get = operator.attrgetter(*names)
            found = _FIELDS[cls] = names, get if len(names) > 1 else lambda each: (get(each),)
        names, values = found
        return cls(**{**dict(zip(names, values(instance), strict=True)), **changes})
