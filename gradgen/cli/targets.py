"""From `FILE.py::FUNC` to the live function: finds the file, imports it as Python would, looks the function up.

Never differentiates anything.
"""
from __future__ import annotations

import contextlib
import difflib
import importlib
import importlib.util
import inspect
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from gradgen.decorated import Differentiable
from gradgen.ir.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A function that the command line was pointed at. `shown` is how messages name it: `course.py::J`."""

    file: Path
    name: str
    function: Callable[..., Any]

    @property
    def shown(self) -> str:
        return f"{shown_path(self.file)}::{self.name}"

    @property
    def primal(self) -> Callable[..., Any]:
        """The user's function itself."""
        return self.function.primal if isinstance(self.function, Differentiable) else self.function


class Unusable(click.ClickException):
    """What was named cannot be worked with: no such file, no such function, a file that does not import. Exit code 2."""

    exit_code = 2


def works_on_arrays(target: Target) -> bool:
    """Whether the function's text says that it works on arrays, and no annotation of which kinds."""
    from gradgen.ahead import annotated_kinds
    from gradgen.analyse.program import Program

    found = annotated_kinds(target.primal, Program())
    return found.meets_arrays and not (found.are_known and found.kinds)


def shown_path(file: Path) -> str:
    """The path as a person at this directory would write it."""
    try:
        return file.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return str(file)


def find_targets(texts: Sequence[str]) -> list[Target]:
    """The functions that `FILE.py::FUNC` and `FILE.py` (every decorated function in it) name, in that order, each once."""
    found: dict[tuple[Path, str], Target] = {}
    for text in texts:
        for target in _targets_of(text):
            found.setdefault((target.file, target.name), target)
    return list(found.values())


def _targets_of(text: str) -> list[Target]:
    path, separator, name = text.partition("::")
    file = Path(path)
    if not file.is_file():
        raise Unusable(f"there is no file {path!r}" + ("" if file.suffix == ".py" else "; a function is named FILE.py::FUNC"))
    if separator and not name:
        raise Unusable(f"{text!r} names no function after the `::`")
    if name:
        return [find_target(file, name)]
    module = imported(file)
    targets = [Target(file, name, value) for name, value in decorated_in(module)]
    if not targets:
        raise Unusable(f"no function in {path} is decorated with @differentiable; name one of its own: {_some(path, module)}")
    return targets


def find_target(file: Path, name: str) -> Target:
    """The function of that dotted name in the file."""
    module = imported(file)
    value: Any = module
    for part in name.split("."):
        if not hasattr(value, part):
            near = difflib.get_close_matches(name, [known for known, _ in functions_in(module)], n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else f"it has {_some(str(file), module)}"
            raise Unusable(f"{shown_path(file)} has no function {name!r}; {hint}")
        value = getattr(value, part)
    if isinstance(value, type):
        own = [inner for inner, member in vars(value).items() if isinstance(member, (types.FunctionType, Differentiable))]
        methods = ", ".join(f"{shown_path(file)}::{name}.{inner}" for inner in own if not inner.startswith("__"))
        raise Unusable(f"{shown_path(file)}::{name} is a class; name one of its methods: {methods or 'it has none'}")
    if not callable(value):
        raise Unusable(f"{shown_path(file)}::{name} is no function but {type(value).__name__!r}")
    return Target(file, name, value)


def _some(path: str, module: types.ModuleType) -> str:
    names = [name for name, _ in functions_in(module)]
    return ", ".join(f"{path}::{name}" for name in names[:6]) + (", ..." if len(names) > 6 else "") if names else "no functions"


def functions_in(module: types.ModuleType) -> Iterator[tuple[str, Any]]:
    """Name and value of every function and decorated function that the module itself defines, methods included; not what Python
    gives a class by itself."""
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if inspect.isclass(value):
            for inner, member in vars(value).items():
                if isinstance(member, (types.FunctionType, Differentiable)) and _is_written(inner, member, module):
                    yield f"{name}.{inner}", getattr(value, inner)
        elif isinstance(value, (types.FunctionType, Differentiable)):
            yield name, value


def _is_written(name: str, member: Any, module: types.ModuleType) -> bool:
    """Whether a method stands in the module's file, under a name that one would ask for."""
    code = getattr(inspect.unwrap(member), "__code__", None)
    is_asked_for = not name.startswith("__") or name == "__call__"
    return isinstance(member, Differentiable) or is_asked_for and code is not None and code.co_filename == module.__file__


def decorated_in(module: types.ModuleType) -> list[tuple[str, Any]]:
    """Name and value of every decorated function that the module defines, in the order of its text."""
    return [(name, value) for name, value in functions_in(module) if isinstance(value, Differentiable)]


def imported(file: Path) -> types.ModuleType:
    """The file as a module, as `python FILE.py` or, within a package, `import package.module` would make it.

    What it prints goes to standard error. Raises Unusable where it does not import, saying where it failed.
    """
    path = file.resolve()
    root = path.parent
    parts = [] if path.stem == "__init__" else [path.stem]
    while (root / "__init__.py").exists():
        parts.insert(0, root.name)
        root = root.parent
    name = ".".join(parts)
    known = sys.modules.get(name)
    if known is not None and _is_from(known, path):
        return known
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        with contextlib.redirect_stdout(sys.stderr):
            if len(parts) > 1 and (known is None):
                module = importlib.import_module(name)
                if _is_from(module, path):
                    return module
            # A lone file, or one whose name a module of another place has taken.
            return _executed(path, name if name not in sys.modules else f"{name} of {path}")
    except (Exception, SystemExit) as problem:
        raise Unusable(f"{shown_path(file)} cannot be imported:\n{_where(problem)}") from problem


def _is_from(module: types.ModuleType, path: Path) -> bool:
    origin = getattr(module, "__file__", None)
    return origin is not None and Path(origin).resolve() == path


def _executed(path: Path, name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _where(problem: BaseException) -> str:
    """The exception and the user's own lines that led to it, without those of the import system and of gradgen."""
    own = Path(__file__).resolve().parents[1]
    frames = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if not frame.filename.startswith("<frozen") and own not in Path(frame.filename).resolve().parents
        and "importlib" not in Path(frame.filename).parts
    ]
    return "".join([*traceback.format_list(frames), *traceback.format_exception_only(problem)]).rstrip()
