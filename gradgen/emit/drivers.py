"""Writes the functions that put whole derivatives together from directional ones: Jacobians, Hessians, forward gradients.

Never writes a derivative; what they call does.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set

from gradgen.emit.helpers import in_module
from gradgen.emit.module import signature_text
from gradgen.ir.frozen import dataclass, replace
from gradgen.ir.kinds import AnyKind, Kind
from gradgen.transform.gradient import Gradient


@dataclass(frozen=True, slots=True)
class Call:
    """The generated function that a driver calls: its name, the arguments that are handed on, its wrt and tangents or seeds;
    the helpers `apart` have other names than their own."""

    name: str
    arguments: tuple[str, ...]
    wrt: tuple[str, ...]
    keywords: tuple[str, ...]
    apart: frozenset[str] = frozenset()

    def helper(self, name: str) -> str:
        """What a helper is called in the module."""
        return in_module(name, self.apart)

    def local(self, name: str, others: Collection[str] = ()) -> str:
        """A variable of the driver's own: of this name, or the first like it that no parameter has, nor any of the others."""
        parameters = {argument.lstrip("*").partition("=")[0] for argument in self.arguments}
        while name in parameters or name in others:
            name += "_"
        return name

    def along(self, index: int) -> str:
        """The call along one of the unit directions."""
        units = (f"{name}={float(place == index)}" for place, name in enumerate(self.keywords))
        return f"{self.name}({', '.join((*self.arguments, *units))})"

    def with_direction(self, direction: str) -> str:
        """The call along a direction in its only tangent."""
        return f"{self.name}({', '.join((*self.arguments, f'{self.keywords[0]}={direction}'))})"


Lines = Callable[[Call], list[str]]
"""Writes a driver's body."""


@dataclass(frozen=True, slots=True)
class Driver:
    """What to write: the function's name and docstring, `hidden` parameters that it does not have, and its body by kind;
    `at_once` is the body where what it calls moves along many directions in one run; `helpers` are what the body calls."""

    name: str
    docstring: str
    lines: Callable[[Call], Sequence[str]]
    hidden: tuple[str, ...] = ()
    seed: str | None = None
    at_once: Callable[[Call], Sequence[str]] | None = None
    helpers: tuple[str, ...] = ()


DEEPCOPY = "deepcopy"


def driver_text(
    driver: Driver, root: Gradient, wrt: tuple[str, ...], stored: Callable[[], Set[str]], apart: frozenset[str]
) -> str:
    """The text of a driver of a generated function. Where it calls it several times, the arguments that are `stored` into are
    handed on as copies: each call has them as they came. The helpers `apart` go by other names."""
    arguments = []
    copied = frozenset[str]() if driver.lines in ONE_CALL else stored()
    copy = Call(root.name, tuple(each.name for each in root.function.parameters), wrt, ()).local(DEEPCOPY)
    for parameter in root.function.parameters:
        name = parameter.name
        if name in driver.hidden or name in root.fixed:
            continue
        value = f"{copy}({name})" if name in copied else name
        marks = {"args": f"*{value}", "kwargs": f"**{value}", "keyword": f"{name}={value}"}
        arguments.append(marks.get(parameter.kind, value))
    seeds = {"": driver.seed} if driver.seed else {}
    shown = replace(root, seeds=seeds, fixed={**root.fixed, **dict.fromkeys(driver.hidden)}, are_seeds_required=False)
    call = Call(root.name, tuple(arguments), wrt, tuple(root.seeds.values()), apart)
    head = f"def {driver.name}({signature_text(shown)}):"
    doc = driver.docstring.split("\n")
    quoted = [f'    """{doc[0]}"""'] if len(doc) == 1 else [f'    """{doc[0]}', *(f"    {each}".rstrip() for each in doc[1:])]
    quoted += ['    """'] if len(doc) > 1 else []
    first = [f"from copy import {DEEPCOPY if copy == DEEPCOPY else f'{DEEPCOPY} as {copy}'}"] if copied else []
    return "\n".join([head, *quoted, *(f"    {line}" for line in (*first, *driver.lines(call)))]) + "\n"


def with_numpy(text: str) -> str:
    """A module's text with NumPy imported as `np` where it is read."""
    if not re.search(r"\bnp\.", text) or "import numpy as np" in text:
        return text
    return f"import numpy as np\n{'' if text.startswith(('import ', 'from ')) else chr(10) * 2}{text}"


def rows(call: Call) -> list[str]:
    """Each direction's result is a row: `H[i][j]`."""
    named = [call.local(f"{name}_row") for name in call.wrt]
    return [*(f"{name} = {call.along(index)}" for index, name in enumerate(named)), f"return {_tuple(named)}"]


def slope_by_element(call: Call) -> list[str]:
    """The tangent along the direction of ones, for a function that works element by element."""
    x, = call.wrt
    return [f"return {call.with_direction(f'np.ones({x}.shape)')}[1]"]


def rows_of_array(kinds: Mapping[str, AnyKind]) -> Lines:
    """The results along each unit direction of an array, of the array's shape twice."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        shape = _directions(x, kinds[x])
        whole = "" if _is_vector(kinds[x]) else f".reshape(2 * {x}.shape)"
        rows, direction = call.local("rows"), call.local("direction")
        return [f"{rows} = [{call.with_direction(direction)} for {direction} in {shape}]", f"return np.array({rows}){whole}"]
    return lines


def columns_of_array(kinds: Mapping[str, AnyKind]) -> Lines:
    """The tangents along each unit direction of an array: its axes come last."""
    def lines(call: Call) -> list[str]:
        x, = call.wrt
        columns, direction, whole = map(call.local, ("columns", "direction", "whole"))
        made = [f"{columns} = [{call.with_direction(direction)}[1] for {direction} in {_directions(x, kinds[x])}]",
                f"{whole} = np.stack({columns}, axis=-1)"]
        return [*made, f"return {whole}" if _is_vector(kinds[x]) else f"return {whole}.reshape({whole}.shape[:-1] + {x}.shape)"]
    return lines


def _is_vector(kind: AnyKind) -> bool:
    return isinstance(kind, Kind) and kind.shape is not None and len(kind.shape) == 1


def _directions(name: str, kind: AnyKind) -> str:
    units = f"np.eye({name}.size)"
    return units if _is_vector(kind) else f"{units}.reshape(-1, *{name}.shape)"


def row(call: Call) -> list[str]:
    """The one direction's result."""
    return [f"return {call.along(0)}"]


def slope(call: Call) -> list[str]:
    """The one direction's tangent."""
    return [f"return {call.along(0)}[1]"]


def slopes(call: Call) -> list[str]:
    """Each direction's tangent of a number."""
    named = [call.local(f"{name}_slope") for name in call.wrt]
    return [*(f"{call.local('_')}, {name} = {call.along(index)}" for index, name in enumerate(named)), f"return {_tuple(named)}"]


def columns(call: Call) -> list[str]:
    """Each direction's tangent of several numbers is a column: `J[i][j]`."""
    named = [call.local(f"{name}_column") for name in call.wrt]
    return [*(f"{call.local('_')}, {name} = {call.along(index)}" for index, name in enumerate(named)),
            f"return tuple(zip({', '.join(named)}))"]


def seeded_rows(call: Call) -> list[str]:
    """Each result's gradient is a row: `J[i][j]`."""
    named = [call.local(f"{seed.removeprefix('d')}_row") for seed in call.keywords]
    return [*(f"{name} = {call.along(index)}" for index, name in enumerate(named)), f"return {_tuple(named)}"]


def _tuple(parts: Sequence[str]) -> str:
    return f"({parts[0]},)" if len(parts) == 1 else ", ".join(parts)


ONE_CALL: Collection[object] = (row, slope, slope_by_element)
"""The bodies that call the function once."""
