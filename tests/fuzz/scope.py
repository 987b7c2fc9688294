"""What is certainly bound at a point of a program that is being written, by kind of value.

Never chooses; it only keeps account, so that the written program reads nothing unbound and indexes nothing out of range.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Callable_:
    """Something to call with floats: how many it takes, the parameters' names, how many have defaults, how many results."""

    name: str
    parameters: tuple[str, ...]
    defaults: int = 0
    results: int = 1
    takes_list: bool = False
    keywords: bool = True


@dataclass(slots=True)
class Scope:
    """Names that are bound, by kind. Lists, tuples: the number of items that are certainly there."""

    floats: list[str] = field(default_factory=list)
    ints: list[str] = field(default_factory=list)
    bools: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)
    tuples: dict[str, int] = field(default_factory=dict)
    dicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    matrices: dict[str, tuple[int, int]] = field(default_factory=dict)
    objects: list[str] = field(default_factory=list)
    callables: list[Callable_] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    constants: list[str] = field(default_factory=list)
    results: int = 1
    loops: int = 0
    no_append: bool = False
    breakable: bool = False
    returns: bool = True
    in_try: bool = False
    inner: bool = False

    def copy(self, **changes: object) -> Scope:
        """The same account to be carried on separately, in a branch, say."""
        made = replace(
            self,
            floats=list(self.floats),
            ints=list(self.ints),
            bools=list(self.bools),
            strings=list(self.strings),
            lists=dict(self.lists),
            tuples=dict(self.tuples),
            dicts=dict(self.dicts),
            matrices=dict(self.matrices),
            objects=list(self.objects),
            callables=list(self.callables),
            frozen=list(self.frozen),
            constants=list(self.constants),
        )
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    def become(self, other: Scope) -> None:
        """What is bound there is what is bound here."""
        for kind in ("floats", "ints", "bools", "strings", "lists", "tuples", "dicts", "matrices", "objects", "callables"):
            setattr(self, kind, getattr(other, kind))

    def kind_of(self, name: str) -> str | None:
        """The kind under which a name is bound now, or None."""
        for kind in ("floats", "ints", "bools", "strings", "lists", "tuples", "dicts", "matrices", "objects"):
            if name in getattr(self, kind):
                return kind
        return "callables" if any(c.name == name for c in self.callables) else None

    def forget(self, name: str) -> None:
        """The name is not certainly bound to what it was."""
        for names in (self.floats, self.ints, self.bools, self.strings, self.objects):
            if name in names:
                names.remove(name)
        for table in (self.lists, self.tuples, self.dicts, self.matrices):
            table.pop(name, None)
        self.callables = [c for c in self.callables if c.name != name]

    def bind_float(self, name: str) -> None:
        """The name now holds a float; the most recent one comes last."""
        self.forget(name)
        self.floats.append(name)

    def bind_int(self, name: str) -> None:
        """The name now holds a small int that nothing differentiates."""
        self.forget(name)
        self.ints.append(name)

    def free_to_assign(self) -> list[str]:
        """Floats that the program may rebind here."""
        return [name for name in self.floats if name not in self.frozen]

    def keep_common(self, *others: Scope) -> None:
        """After branches: only what every way through has bound stays bound."""
        for other in others:
            for kind in ("floats", "ints", "bools", "strings", "objects"):
                mine, theirs = getattr(self, kind), getattr(other, kind)
                setattr(self, kind, [name for name in mine if name in theirs])
            self.lists = {n: min(k, other.lists[n]) for n, k in self.lists.items() if n in other.lists}
            self.tuples = {n: k for n, k in self.tuples.items() if other.tuples.get(n) == k}
            self.dicts = {n: k for n, k in self.dicts.items() if other.dicts.get(n) == k}
            self.matrices = {n: k for n, k in self.matrices.items() if other.matrices.get(n) == k}
            self.callables = [c for c in self.callables if c in other.callables]
