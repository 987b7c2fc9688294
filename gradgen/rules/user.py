"""Rules that users add: read in the notation of the tables, held against the function's signature, and checked numerically.

Never takes a rule on trust: what cannot be checked is refused.
"""
from __future__ import annotations

import builtins
import dis
import importlib
import inspect
import itertools
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType, FrameType, ModuleType
from typing import Any, NoReturn, TypeVar

from gradgen.codes import stated
from gradgen.errors import Finding, RuleError
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass
from gradgen.rules import registry, spelling
from gradgen.rules.notation import Rule
from gradgen.rules.parsing import Origin, Pattern, parse_pattern, parse_rule

# Where a rule is tried if the user names no points: a little of everything, so that most domains are met.
TRIED = (0.37, 1.3, -0.8, 2.6, 0.05, -3.1, 14.0)
SEEDS = (1.7, -0.6, 0.9, 1.1)
ENOUGH = 3
_LETTERS = "uvwrst"
TOLERANCE = 1e-6
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
F = TypeVar("F", bound=Callable[..., Any])


def register(
    pattern: str,
    *lines: str,
    function: Callable[..., Any] | None = None,
    at: Sequence[Sequence[float]] = (),
    refused: str = "",
    reason: str = "there is no rule for its derivative by that operand",
) -> Rule:
    """Adds a rule for a function of one's own, or replaces it: `register("y = mylib.soft(x)", "dx += dy * mylib.hard(x)")`.

    The function is the one that the pattern names where the rule is written, or `function`. `at` are points to check the rule at,
    each one number for each operand; without it points are tried until three are in the function's domain. `refused` names,
    between blanks, operands that nothing can be differentiated by, with the `reason` that a refusal gives.

    Raises RuleError: those of `parsing.parse_rule`, GG307 if the rule is not the function's slope or could not be checked, GG308
    if it does not fit the function's signature, GG310 if the function cannot be found or has a rule of gradgen's own.
    """
    frame = _caller()
    origin = Origin(frame.f_code.co_filename, frame.f_lineno) if frame else Origin()
    names = {**frame.f_globals, **frame.f_locals} if frame else {}
    wrong = next((each for each in lines if not isinstance(each, str)), None)
    if wrong is not None:
        _refuse("GG301", "a backward line is text", repr(wrong), origin, f"Write it as such: {suggest_rule('mylib.soft', 1)}")
    parsed = parse_pattern(pattern, origin)
    if not parsed.is_call:
        _refuse("GG301", "a rule of your own must be for a function: `y = f(x)`", pattern, origin)
    found, operation = _function(parsed.operation, function, names)
    if found is None:
        _refuse("GG310", f"{parsed.operation} is no function here", pattern, origin, "Import it first, or pass it as function=.")
    own = spelling.operation_of(found)
    if own is not None and not spelling.is_adopted(found):
        _refuse("GG310", f"{parsed.operation} has a rule already", pattern, origin, f"It is gradgen's operation {own}.")
    named = Pattern(operation, parsed.parameters, parsed.defaults, parsed.results, True)
    _check_signature(named, pattern, found, origin)

    def operation_named(name: str) -> str | None:
        called, canonical = _function(name, None, names)
        if called is None:
            return name if name in registry.operations() else None
        if _is_importable(called, canonical) and spelling.operation_of(called) in (None, canonical):
            spelling.allow(canonical)
            return canonical
        return spelling.operation_of(called)

    rule = parse_rule(
        named, (pattern, *lines), operation_named=operation_named, cost=10, refused=refused.split(),
        reason=reason if refused else "", origin=origin,
    )
    _check_slopes(rule, found, at, origin)
    registry.put(rule, _is_entrywise(rule, found, at))
    spelling.adopt(found, operation)
    return rule


def decorator_for(pattern: Any, *lines: str, **options: Any) -> Callable[[F], F]:
    """Adds a rule, at once or, where the call is a decorator, for the function that it stands above: what it returns adds it.

    Raises RuleError as `register` does, then and there.
    """
    def decorate(function: F) -> F:
        register(pattern, *lines, **{**options, "function": function})
        return function

    frame = _caller()
    if not isinstance(pattern, str):
        name = getattr(pattern, "__name__", type(pattern).__name__)
        shown = suggested_for(pattern, name, 1) if callable(pattern) else suggest_rule("mylib.soft", 1)
        above = f"Write the lines above it: @{shown}" if callable(pattern) else f"Write them as text: {shown}"
        text = name if callable(pattern) else repr(pattern)
        origin = Origin(frame.f_code.co_filename, frame.f_lineno) if frame else Origin()
        _refuse("GG301", "a rule is a forward line and the backward lines that it causes", text, origin, above)
    if frame is None or not _is_decorating(frame):
        register(pattern, *lines, **options)
    return decorate


def suggest_rule(name: str, arity: int, parameters: Sequence[str] = (), by_name: Sequence[str] = ()) -> str:
    """The call that would add a rule for a function, to be completed by its derivative; `by_name` are operands that it takes by
    name alone.

    >>> suggest_rule("mylib.soft", 1)
    'gradgen.rule("y = mylib.soft(x)", "dx += dy * ...")'
    >>> suggest_rule("mylib.blend", 2)
    'gradgen.rule("z = mylib.blend(x, y)", "dx += dz * ...", "dy += dz * ...")'
    """
    operands = list(parameters) or ([["x"], ["x", "y"]][arity - 1] if arity in (1, 2) else [f"x{i}" for i in range(1, arity + 1)])
    result = next(letter for letter in ("y", "z", "w", "value", "result_") if letter not in (*operands, *by_name))
    shown = (*operands, *(f"{operand}={operand}" for operand in by_name))
    contributions = (f"d{operand} += d{result} * ..." for operand in (*operands, *by_name))
    lines = [f"{result} = {name}({', '.join(shown)})", *contributions]
    return f"gradgen.rule({', '.join(f'{chr(34)}{line}{chr(34)}' for line in lines)})"


def suggested_for(function: Any, spelled: str, arity: int) -> str:
    """The call that would add a rule for a function called with so many arguments, its own parameters' names filled in."""
    module = getattr(function, "__module__", None)
    name = spelled if "." in spelled or not module or module == "__main__" else f"{module}.{spelled}"
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # functions written in C often have none
        return suggest_rule(name, max(1, arity))
    asked = [each for each in parameters if each.default is each.empty]
    required = [each.name for each in asked if each.kind in _POSITIONAL]
    by_name = [each.name for each in asked if each.kind is each.KEYWORD_ONLY]
    return suggest_rule(name, len(required), required, by_name) if required else suggest_rule(name, max(1, arity))


# --- finding what a name stands for ---


def _caller() -> FrameType | None:
    """The frame outside of gradgen that asked for the rule."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == "gradgen":
        frame = frame.f_back
    return frame


def _function(text: str, given: Callable[..., Any] | None, names: Mapping[str, Any]) -> tuple[Callable[..., Any] | None, str]:
    """The live function behind a dotted name and the name it has at home (`m.soft` is `mylib.soft`)."""
    first, *rest = text.split(".")
    found: Any = given
    owner: Any = None
    if given is None:
        found = names.get(first, getattr(builtins, first, sys.modules.get(first)))
        for part in rest:
            owner, found = found, getattr(found, part, None)
    if not callable(found):
        return None, text
    if isinstance(owner, ModuleType):
        return found, f"{owner.__name__}.{rest[-1]}"
    home = f"{getattr(found, '__module__', None)}.{getattr(found, '__qualname__', '')}"
    return found, home if given is not None or _is_importable(found, home) else text


def _is_decorating(frame: FrameType) -> bool:
    """Whether the call that runs in a frame stands above a definition: what `def` or `class` is about is made before the
    statement ends. Functions without a name, as of lambdas and comprehensions, stand in any expression."""
    made: object = None
    for instruction in dis.get_instructions(frame.f_code):
        if instruction.offset > frame.f_lasti:
            if instruction.opname == "MAKE_FUNCTION" and isinstance(made, CodeType):
                if not made.co_name.startswith("<") or made.co_name.startswith("<generic"):
                    return True
            if instruction.opname.startswith(("POP_TOP", "STORE", "RETURN")):
                return False
            made = instruction.argval if isinstance(instruction.argval, CodeType) else made
    return False


def _is_importable(function: Any, dotted: str) -> bool:
    """Whether `import module` and the dotted name give the function in any program."""
    module, _, name = dotted.rpartition(".")
    return module not in ("", "__main__") and getattr(sys.modules.get(module), name, None) is function


def _refuse(code: str, message: str, row: str, origin: Origin, way_out: str = "", reason: str = "") -> NoReturn:
    texts = stated(code, construct=message, detail=reason, advice=way_out)
    raise RuleError(Finding(code, *texts, file=origin.file, line=origin.line, source_line=row))


# --- holding the rule against the function ---


def _check_signature(pattern: Pattern, row: str, function: Callable[..., Any], origin: Origin) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # functions written in C often have none; the check of the slopes calls them anyway
    positional = [p for p in signature.parameters.values() if p.kind in _POSITIONAL]
    if any(p.kind == p.VAR_POSITIONAL for p in signature.parameters.values()):
        return
    by_name = {p.name: p for p in signature.parameters.values() if p.kind == p.KEYWORD_ONLY}
    required = [p.name for p in positional if p.default is p.empty]
    asked = [name for name, p in by_name.items() if p.default is p.empty]
    names = [name for name in pattern.operands if name not in by_name]
    fits = len(required) <= len(names) <= len(positional) and not any(name.startswith("*") for name in pattern.parameters)
    fits = fits and all(p.kind == p.POSITIONAL_ONLY or p.name == name for p, name in zip(positional, names, strict=False))
    if not fits or not set(asked) <= set(pattern.operands):
        name = pattern.operation.removeprefix("__main__.")
        wanted = suggest_rule(name, len(required), required, asked)
        _refuse("GG308", f"the rule's operands are not those of {name}{signature}", row, origin, f"Write {wanted}")


def _called(function: Callable[..., Any], names: Sequence[str], values: Sequence[Any]) -> Any:
    """The function at operands with these names: those that it takes by name alone are given so."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # functions written in C often have none
        return function(*values)
    by_name = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY}
    given = list(zip(names, values, strict=True))
    keywords = {name: value for name, value in given if name in by_name}
    return function(*(value for name, value in given if name not in by_name), **keywords)


@dataclass(frozen=True, slots=True)
class _Trial:
    """The function at one point: its operands by name, in order."""

    function: Callable[..., Any]
    names: tuple[str, ...]
    point: tuple[float, ...]

    def results(self, point: Sequence[float]) -> tuple[Any, ...]:
        value = _called(self.function, self.names, point)
        return value if isinstance(value, tuple) else (value,)

    def objective(self, index: int) -> Callable[[float], float]:
        """A seeded sum of the results, as a function of one operand."""

        def objective(x: float) -> float:
            moved = self.results((*self.point[:index], x, *self.point[index + 1:]))
            return float(sum(seed * result for seed, result in zip(SEEDS, moved, strict=False)))

        return objective


def _check_slopes(rule: Rule, function: Callable[..., Any], at: Sequence[Sequence[float]], origin: Origin) -> None:
    from gradgen.judge.numeric import ridders
    from gradgen.rules.evaluation import adjoints

    checked = 0
    left_out = {name: default.value for name, default in rule.defaults.items() if isinstance(default, ir.Const)}
    for trial in _trials(rule, function, at):
        seeds = SEEDS[: len(rule.results)]
        try:
            at_hand = left_out | dict(zip(trial.names, trial.point, strict=True))
            said = adjoints(rule, at_hand, trial.results(trial.point), seeds)
        except (ArithmeticError, ValueError):
            continue
        judged = False
        for index, operand in enumerate(trial.names):
            if operand in rule.refused:
                continue
            slope, error = ridders(trial.objective(index), trial.point[index])
            if not error <= 1e-4 * max(1.0, abs(slope)):
                continue
            judged = True
            if not abs(said[operand] - slope) <= TOLERANCE * max(abs(slope), 1e-3) + 10 * error:
                where = ", ".join(f"{name}={value:g}" for name, value in zip(trial.names, trial.point, strict=True))
                line = next((text for text in rule.text[1:] if text.startswith(f"d{operand} ")), rule.text[0])
                shown = rule.operation.removeprefix("__main__.")
                ratio = said[operand] / seeds[0], slope / seeds[0]
                _refuse(
                    "GG307", f"at {where} the rule says that {shown} has the slope {ratio[0]:.10g} by {operand}, "
                    f"but it has {ratio[1]:.10g}", line, origin, "Mend the line, or name points of the function's domain in at=.",
                )
        checked += judged
        if checked >= max(ENOUGH, len(at)):
            return
    if not checked:
        handed_out = _results_handed_out(rule, function, at)
        if handed_out not in (0, len(rule.results)):
            results = ", ".join(_LETTERS[:handed_out])
            first = rule.parameters[0].removeprefix("*")
            _refuse(
                "GG308", f"the rule has other results than {rule.operation}, which hands out {handed_out}", rule.text[0], origin,
                f'Write gradgen.rule("{results} = {rule.operation}({", ".join(rule.parameters)})", "d{first} += du * ...", ...)',
            )
        _refuse(
            "GG307", f"the rule of {rule.operation} could not be checked: no point tried is in its domain", rule.text[0], origin,
            f"Name some: at=[({', '.join('...' for _ in rule.parameters)},)].",
        )


def _is_entrywise(rule: Rule, function: Callable[..., Any], at: Sequence[Sequence[float]]) -> bool:
    """Whether the function does with each number of arrays what it does with a number alone."""
    trials = list(itertools.islice(_trials(rule, function, at), 4))
    np = importlib.import_module("numpy")
    points = [trials[place % len(trials)] for place in (2, 0, 3, 1)]
    columns = [np.array(column, dtype=float).reshape(2, 2) for column in zip(*(trial.point for trial in points), strict=True)]
    apart = [np.array(column, dtype=float) for column in zip(*(trial.results(trial.point) for trial in points), strict=True)]
    try:
        value = _called(function, trials[0].names, columns)
        together = value if isinstance(value, tuple) else (value,)
        return len(together) == len(apart) and all(
            np.shape(whole) == (2, 2) and np.allclose(np.ravel(whole), alone, rtol=1e-9, atol=1e-12)
            for whole, alone in zip(together, apart, strict=True)
        )
    except Exception:  # whatever the user's function raises, arrays are not for it
        return False


def _results_handed_out(rule: Rule, function: Callable[..., Any], at: Sequence[Sequence[float]]) -> int:
    """How many results the function hands out at a point of its domain; 0 where no point tried is in it, or they are too many."""
    names = [name for name in (each.removeprefix("*") for each in rule.parameters) if name not in rule.defaults]
    for point in at or itertools.product(TRIED, repeat=len(names)) if len(names) < 4 else at:
        try:
            value = _called(function, names, point)
        except Exception:  # whatever the user's function raises, the point is outside of its domain
            continue
        found = len(value) if isinstance(value, tuple) else 1
        return found if found <= len(_LETTERS) else 0
    return 0


def _takes(function: Callable[..., Any], count: int) -> bool:
    """Whether a function takes so many arguments that can be told apart, by their places or by name alone."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # functions written in C often have none
        return False
    return sum(each.kind in (*_POSITIONAL, each.KEYWORD_ONLY) for each in parameters) >= count


def _trials(rule: Rule, function: Callable[..., Any], at: Sequence[Sequence[float]]) -> Iterator[_Trial]:
    """Points of the function's domain, `at` or tried ones: whole numbers for operands that are refused. Operands that may be left
    out are moved too where the points have a number for each."""
    names = tuple(name for name in (p.removeprefix("*") for p in rule.parameters) if name not in rule.defaults)
    count = len(rule.parameters)
    if rule.defaults and all(len(point) == count for point in at) and _takes(function, count):
        names = tuple(p.removeprefix("*") for p in rule.parameters)
    choices = [(1, 2, 3) if name in rule.refused else TRIED for name in names]
    shifted = (tuple(column[(i + k) % len(column)] for k, column in enumerate(choices)) for i in range(len(TRIED)))
    for point in at or itertools.chain(shifted, itertools.islice(itertools.product(*choices), 400)):
        trial = _Trial(function, names, tuple(point))
        try:
            results = trial.results(point)
            is_inside = all(math.isfinite(float(result)) for result in results) and len(results) == len(rule.results)
        except Exception:  # whatever the user's function raises, the point is outside of its domain
            is_inside = False
        if is_inside:
            yield trial
