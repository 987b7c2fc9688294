"""Which class an object is of that a program makes: through variables that are bound again, loops, and what calls return.

Never looks at an object; classes tells what a class's instances hold.
"""
from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, Protocol

from gradgen.analyse.binding import bound_method, is_of_a_library
from gradgen.analyse.flow.exits import returns_of
from gradgen.analyse.reads import Read
from gradgen.analyse.surroundings.classes import class_made
from gradgen.analyse.versions import Version, Versions
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.kinds import Holder
from gradgen.read.resolve import MISSING

Found = frozenset[type | None]  # the classes that a value may be of: None stands for any, nothing for one that was met before
ANY: Found = frozenset({None})
NOTHING: Found = frozenset()


class Functions(Protocol):
    """The functions of a program, and what is known of them."""

    instances: dict[tuple[Read, str], type | None]

    @property
    def read(self) -> Callable[..., Read]: ...

    def versions_in(self, read: Read, /) -> Versions: ...

    def kinds_of(self, read: Read, /) -> Any: ...


class Instances:
    """The classes of the objects of one program."""

    def __init__(self, program: Functions) -> None:
        self.program = program
        self.known: dict[Version, type | None] = {}
        self.assumed: dict[Version, Found] = {}
        self.returned: dict[tuple[types.FunctionType, type | None], Found] = {}
        self.entered: dict[tuple[types.FunctionType, type | None], Found] = {}

    def class_of(self, expr: ir.Expr, read: Read, versions: Versions) -> type | None:
        """The class of what an expression gives, where that is surely an instance of one class."""
        known = self._class_made(expr, read, versions)
        kind = self.program.kinds_of(read).of(expr) if known is None and read.kinds else None
        return kind.known if isinstance(kind, Holder) else known

    def _class_made(self, expr: ir.Expr, read: Read, versions: Versions) -> type | None:
        made = class_made(expr, versions)
        if made is not None or not isinstance(expr, ir.Name | ir.Call):
            return made
        version = versions.of_read.get(expr) if isinstance(expr, ir.Name) else None
        if version is not None and version in self.known:
            return self.known[version]
        if isinstance(expr, ir.Name) and (version is None or version.kind not in ("parameter", "assign", "phi")):
            return None
        found = _one(self._of(expr, read, versions))
        is_settled = version is not None and version.kind != "parameter" and not self.assumed and not self.entered
        if is_settled and version is not None:
            self.known[version] = found
        return found

    def _of(self, expr: ir.Expr | Version, read: Read, versions: Versions) -> Found:
        if isinstance(expr, Version):
            return self._of_version(expr, read, versions)
        if (made := class_made(expr, versions)) is not None:
            return frozenset({made})
        if isinstance(expr, ir.Name):
            version = versions.of_read.get(expr)
            return ANY if version is None else self._of_version(version, read, versions)
        return self._of_call(expr, read, versions) if isinstance(expr, ir.Call) else ANY

    def _of_version(self, version: Version, read: Read, versions: Versions) -> Found:
        if version.kind == "parameter":
            known = self.program.instances.get((read, version.name))
            return ANY if known is None else frozenset({known})
        if version.kind not in ("assign", "phi") or version.kind == "assign" and len(version.sources) != 1:
            return ANY
        if version in self.assumed:
            return self.assumed[version]
        if version.kind == "assign":
            return self._of(version.sources[0], read, versions)
        self.assumed[version] = NOTHING  # what goes round a loop is what came in, if it is that on its way round
        try:
            first = self._joined(version, read, versions)
            if _one(first) is None:
                return ANY
            self.assumed[version] = first
            return first if self._joined(version, read, versions) == first else ANY
        finally:
            del self.assumed[version]

    def _joined(self, version: Version, read: Read, versions: Versions) -> Found:
        found = NOTHING
        for source in version.sources:
            found |= self._of(source, read, versions)
            if None in found:
                return ANY
        return found

    def _of_call(self, call: ir.Call, read: Read, versions: Versions) -> Found:
        """What a call returns: of a method, where the object's class is known."""
        function, known = call.target, None
        if function is None and isinstance(call.func, ir.Attribute):
            owners = self._of(call.func.base, read, versions)
            if not owners:
                return NOTHING
            known = _one(owners)
            function, receiver = (None, None) if known is None else bound_method(known, MISSING, call.func)
            known = known if receiver is not None else None
        if not isinstance(function, types.FunctionType) or is_of_a_library(function):
            return ANY
        return self._returned(function, known)

    def _returned(self, function: types.FunctionType, known: type | None) -> Found:
        key = function, known
        if key in self.returned or key in self.entered:
            return self.returned.get(key, self.entered.get(key, ANY))
        try:
            read = self.program.read(function, known=known)
        except GradgenError:
            return ANY
        if known is not None and read.function.parameters:
            self.program.instances.setdefault((read, read.function.parameters[0].name), known)
        self.entered[key] = NOTHING  # what calls itself returns what it returns otherwise, if that is so
        try:
            first = self._returned_by(read)
            self.entered[key] = first
            found = first if _one(first) is not None and self._returned_by(read) == first else ANY
        finally:
            del self.entered[key]
        if not self.entered and not self.assumed:
            self.returned[key] = found
        return found

    def _returned_by(self, read: Read) -> Found:
        versions, found = self.program.versions_in(read), NOTHING
        for stmt, _ in returns_of(read.function.body):
            found |= ANY if stmt.value is None else self._of(stmt.value, read, versions)
        return ANY if None in found else found


def _one(found: Found) -> type | None:
    return next(iter(found)) if len(found) == 1 else None
