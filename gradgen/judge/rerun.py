"""Running a user's function, or the text of its gradient, on exact numbers in place of floats.

Never touches the user's own objects: functions, namespaces, classes and containers are copied before they are changed.
"""
from __future__ import annotations

import builtins
import copy
import functools
import operator
import sys
import types
from collections.abc import Callable
from enum import Enum
from typing import Any

from gradgen.judge.arrays import exact_array, is_array
from gradgen.judge.exact import Exact, World
from gradgen.judge.rewrite import DIVIDE, EXACT, IN_PLACE, POWER, compiled, exact_code
from gradgen.judge.standins import modules_for, replacements

FOREIGN = frozenset(sys.stdlib_module_names) | {"numpy", "scipy", "sympy", "mpmath"}
OWN_NAMESPACE = "__main__"


def _is_foreign(module: str | None) -> bool:
    """Whether code of that module runs as it is: the standard library's and the numerical packages'."""
    return module is None or (module != OWN_NAMESPACE and module.partition(".")[0] in FOREIGN)


class Rerun:
    """Copies of functions and texts that compute with the numbers of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._modules = modules_for(world)
        self._replaced = replacements(self._modules)
        self._copies: dict[int, tuple[Any, Any]] = {}  # id -> (original, kept alive; its copy)
        self._builtins = self._own_builtins()

    def text(self, source: str) -> dict[str, Any]:
        """The namespace that the module text leaves behind."""
        namespace = self._namespace("gradient")
        exec(compiled(source, "<gradient>", exactly=True), namespace)
        standing_in = vars(self._modules["gradgen.marks"])
        namespace.update((name, standing_in[name]) for name in ("fixed_point",) if name in namespace)  # carried by the text
        return namespace

    def convert(self, obj: Any) -> Any:
        """What stands in for the object where exact numbers are about; the object itself where nothing has to."""
        if isinstance(obj, Exact | int | str | bytes | None | Enum):
            return obj
        if isinstance(obj, float):
            return self.world.constant(float(obj)) if obj == obj else self.world.infinite(obj)
        if obj is float:
            return self.world.number
        if id(obj) in self._replaced:
            return self._replaced[id(obj)][1]
        if id(obj) in self._copies:
            return self._copies[id(obj)][1]
        if is_array(obj):
            return self._remember(obj, exact_array(obj, self.world.exact) if obj.dtype.kind in "fO" else obj.copy())
        for kinds, convert in _CONVERSIONS:
            if isinstance(obj, kinds):
                return convert(self, obj)
        if isinstance(getattr(obj, "primal", None), types.FunctionType):
            return self._remember(obj, self.convert(obj.primal))  # a decorated function: calling it calls its primal
        return self._instance(obj)

    def _remember(self, original: Any, replacement: Any) -> Any:
        self._copies[id(original)] = (original, replacement)
        return replacement

    def _module(self, module: types.ModuleType) -> Any:
        if module.__name__ in self._modules:
            return self._modules[module.__name__]
        return module if _is_foreign(module.__name__) else self._remember(module, _ModuleView(self, module))

    def _function(self, function: types.FunctionType) -> Any:
        if _is_foreign(function.__module__):
            return function
        code = exact_code(function)
        namespace = self._namespace_of(function)
        cells = tuple(types.CellType() for _ in function.__closure__ or ())
        twin = types.FunctionType(code, namespace, function.__name__, None, cells)
        self._remember(function, twin)
        twin.__defaults__ = self.convert(function.__defaults__)
        twin.__kwdefaults__ = self.convert(function.__kwdefaults__)
        twin.__qualname__ = function.__qualname__
        for cell, original in zip(cells, function.__closure__ or (), strict=True):
            try:
                cell.cell_contents = self.convert(original.cell_contents)
            except ValueError:
                continue  # not yet filled
        self._fill(namespace, function.__globals__, code)
        return twin

    def _namespace_of(self, function: types.FunctionType) -> dict[str, Any]:
        known = self._copies.get(id(function.__globals__))
        if known is not None:
            return known[1]  # type: ignore[no-any-return]
        namespace = self._namespace(function.__globals__.get("__name__", "?"))
        self._remember(function.__globals__, namespace)
        return namespace

    def _fill(self, namespace: dict[str, Any], original: dict[str, Any], code: types.CodeType) -> None:
        for name in code.co_names:
            if name in original and name not in namespace:
                namespace[name] = self.convert(original[name])
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self._fill(namespace, original, constant)

    def _namespace(self, name: str) -> dict[str, Any]:
        return {
            "__name__": name,
            "__builtins__": self._builtins,
            EXACT: self.world.constant,
            DIVIDE: self._arithmetic(operator.truediv),
            POWER: self._arithmetic(operator.pow),
            IN_PLACE: _in_place,
        }

    def _arithmetic(self, op: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """The operator, exact on plain numbers too; whole powers of ints stay ints."""

        def exactly(a: Any, b: Any) -> Any:
            if isinstance(a, int) and isinstance(b, int) and op is operator.pow and b >= 0:
                return a**b
            if isinstance(a, int | float) and isinstance(b, int | float):
                return op(self.world.exact(a), self.world.exact(b))
            return op(a, b)

        return exactly

    def _method(self, method: types.MethodType) -> Any:
        function, owner = self.convert(method.__func__), self.convert(method.__self__)
        return types.MethodType(function, owner)

    def _partial(self, obj: functools.partial[Any]) -> Any:
        return functools.partial(self.convert(obj.func), *self.convert(obj.args), **self.convert(obj.keywords))

    def _cached(self, obj: Any) -> Any:
        return self.convert(obj.__wrapped__)

    def _list(self, obj: list[Any]) -> Any:
        replacement: list[Any] = self._remember(obj, type(obj)())
        replacement.extend(self.convert(item) for item in obj)
        return replacement

    def _tuple(self, obj: tuple[Any, ...]) -> Any:
        items = [self.convert(item) for item in obj]
        if all(new is old for new, old in zip(items, obj, strict=True)):
            return obj
        make = getattr(type(obj), "_make", tuple)
        return make(items)

    def _dict(self, obj: dict[Any, Any]) -> Any:
        replacement: dict[Any, Any] = self._remember(obj, {})
        replacement.update((self.convert(key), self.convert(value)) for key, value in obj.items())
        return replacement

    def _class(self, cls: type) -> Any:
        """A subclass whose methods compute with exact numbers."""
        if _is_foreign(cls.__module__) or issubclass(cls, BaseException | Enum):
            return cls
        try:
            twin = types.new_class(cls.__name__, (cls,), exec_body=lambda body: body.update(__module__=cls.__module__))
        except TypeError:
            return cls
        self._remember(cls, twin)
        for base in reversed([base for base in cls.__mro__ if not _is_foreign(base.__module__)]):
            for name, attribute in vars(base).items():
                replacement = self._attribute(attribute)
                if replacement is not attribute:
                    setattr(twin, name, replacement)
        return twin

    def _attribute(self, attribute: Any) -> Any:
        if isinstance(attribute, property):
            return property(*(part and self.convert(part) for part in (attribute.fget, attribute.fset, attribute.fdel)))
        if isinstance(attribute, functools.cached_property):
            return property(self.convert(attribute.func))
        if isinstance(attribute, staticmethod | classmethod):
            return type(attribute)(self.convert(attribute.__func__))
        return self.convert(attribute) if isinstance(attribute, types.FunctionType | float) else attribute

    def _instance(self, obj: Any) -> Any:
        """A copy of an instance of a user's class, of the subclass above, its floats exact."""
        cls = type(obj)
        if _is_foreign(cls.__module__) or not cls.__flags__ & 0x200:  # Py_TPFLAGS_HEAPTYPE: a class written in Python
            return obj
        twin_class = self.convert(cls)
        try:
            twin = copy.copy(obj)
            object.__setattr__(twin, "__class__", twin_class)
        except TypeError:
            return obj
        self._remember(obj, twin)
        slots = [name for base in cls.__mro__ for name in getattr(base, "__slots__", ())]
        for name in [*vars(obj), *slots] if hasattr(obj, "__dict__") else slots:
            if hasattr(obj, name):
                object.__setattr__(twin, name, self.convert(getattr(obj, name)))
        return twin

    def _own_builtins(self) -> dict[str, Any]:
        def kind(*args: Any) -> Any:
            return self.world.number if len(args) == 1 and isinstance(args[0], Exact) else type(*args)

        def importer(name: str, scope: Any = None, locals_: Any = None, fromlist: Any = (), level: int = 0) -> Any:
            if not level and name in self._modules:
                return self._modules[name if fromlist else name.partition(".")[0]]
            return self.convert(__import__(name, scope, locals_, fromlist, level))

        def power(base: Any, exponent: Any, mod: Any = None) -> Any:
            return self._arithmetic(operator.pow)(base, exponent) if mod is None else pow(base, exponent, mod)

        silent = {"print": lambda *_, **__: None}
        return {**vars(builtins), "float": self.world.number, "type": kind, "__import__": importer, "pow": power, **silent}


def _in_place(name: str, old: Any, value: Any) -> Any:
    """What `old op= value` leaves: an array of exact numbers is changed itself, also by a number, which NumPy would refuse."""
    if is_array(old) and old.dtype.kind == "O" and hasattr(value, "expr"):
        old[...] = getattr(operator, name)(old, value)
        return old
    return getattr(operator, f"i{name}")(old, value)


class _ModuleView(types.ModuleType):
    """A user's module whose attributes are converted when they are read."""

    def __init__(self, rerun: Rerun, module: types.ModuleType) -> None:
        super().__init__(module.__name__)
        vars(self).update(_rerun=rerun, _module=module)

    def __getattr__(self, name: str) -> Any:
        view = vars(self)
        return view["_rerun"].convert(getattr(view["_module"], name))


_CONVERSIONS: tuple[tuple[Any, Callable[[Rerun, Any], Any]], ...] = (
    (types.ModuleType, Rerun._module),
    (types.FunctionType, Rerun._function),
    (types.MethodType, Rerun._method),
    (functools.partial, Rerun._partial),
    (functools._lru_cache_wrapper, Rerun._cached),
    (type, Rerun._class),
    (list, Rerun._list),
    (tuple, Rerun._tuple),
    (dict, Rerun._dict),
)

