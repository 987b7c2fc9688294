"""The rules as text for people: the whole table and one operation's rules; `python -m gradgen.rules.table` prints docs/rules.md.

Never says anything that is not in the rules themselves, but for the words around them.
"""
from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from gradgen.rules.conditions import Condition
from gradgen.rules.helpers import HELPERS
from gradgen.rules.notation import Rule
from gradgen.rules.registry import MOST_IN_NUMPY, SEQUENCES, TABLES, array_operations, operations, rules_for
from gradgen.rules.rows import Row
from gradgen.rules.spelling import SPELLINGS
from gradgen.rules.whole.replacing import STORING

INTRODUCTION = """\
# Rules

A rule is a forward line and the backward lines that it causes, in the notation of the generated code: `dx` is the derivative of
the final output with respect to `x`, and `+=` means *contributes*. Generated code spells functions as the user's own code does,
so that one row serves `math.exp`, `np.exp` and `from math import exp`.

- *where y = 2*: the row holds where `y` is that literal. *y is passive*: where no derivative by `y` is asked for. The first
  row that holds is used.
- `... if c else 0`: where `c` does not hold the contribution is absent, not multiplied by 0.
- `dx += 0`: the function moves in steps, or not at all; its derivative is 0 wherever there is one.
- *refuses n*: a derivative by that operand is refused, never taken as 0.
- *raises*: at these values there is no derivative, and generated code raises `NonDifferentiableError`.

The tests hold every row against the slope of the real function over its whole domain, and SymPy proves the rows of the functions
that it knows. `gradgen rules NAME` prints the rows of one function. For a function that has no row, `gradgen.rule` adds one in
the same notation: `gradgen.rule("y = mylib.soft(x)", "dx += dy * ...")` is checked against the function when it is added.
"""


def rules_table() -> str:
    """All rules as a page of Markdown: the text of docs/rules.md."""
    parts = [INTRODUCTION]
    for title, rows in TABLES.items():
        parts.append(f"## {title}\n")
        parts.append("| forward | backward | written |\n|---|---|---|")
        parts.extend(_table_line(rule) for rule in _rules_of(rows))
        parts.append("")
    names = ", ".join(f"`{name}`" for name in sorted(SEQUENCES))
    parts.append(f"## Sequences\n\nFunctions of sequences of numbers have no rows; their derivatives are loops: {names}.\n")
    return "\n".join(parts)


def describe(name: str) -> str | None:
    """The rules of one operation as plain text, by its own name or a spelling (`exp`, `math.exp`, `np.exp`, `**`).

    None if there are none of that name.
    """
    operation = _operation_called(name)
    if operation is None:
        return f"{name}: of a sequence, differentiated as the loop that it stands for" if name in SEQUENCES else None
    lines = []
    for rule in rules_for(operation):
        notes = _notes(rule)
        lines.append(rule.text[0] + (f"    # {'; '.join(notes)}" if notes else ""))
        lines.extend(f"    {line}" for line in _backward(rule))
    written = _written(operation, 1)
    if written:
        lines.append(f"written: {', '.join(written)}")
    return "\n".join(lines)


def _operation_called(name: str) -> str | None:
    if name in operations() | array_operations():
        return name
    module, _, attribute = name.rpartition(".")
    first, dot, rest = module.partition(".")
    first = {"np": "numpy", "sp": "scipy", "special": "scipy.special", "": "builtins"}.get(first, first)
    if attribute in STORING and first in ("numpy", "builtins") and not rest:
        return STORING[attribute]
    for family, table in SPELLINGS.items():
        for operation, names in table.items():
            if family == f"{first}{dot}{rest}" and attribute in names and rules_for(operation):
                return operation
    return _operators().get(name)


@cache
def _operators() -> dict[str, str]:
    """`+` to add, `-` to sub (and not neg): the sign between the operands of a two-sided forward line."""
    found = {}
    for row in TABLES["Operators and built-in functions"]:
        words = row.text[0].split()
        if len(words) == 5 and not words[3].isalnum():
            found[words[3]] = next(rule.operation for rule in _rules_of((row,)))
    return found


def _rules_of(rows: tuple[Row, ...]) -> Iterator[Rule]:
    """The parsed rules of a table's rows, in the order of the table."""
    named = operations() | array_operations()
    texts = {(rule.text, _condition(rule)): rule for operation in named for rule in rules_for(operation)}
    for row in rows:
        yield texts[row.text, row.when.text if row.when else ""]


def _condition(rule: Rule) -> str:
    return rule.when.text if isinstance(rule.when, Condition) else ""


def _notes(rule: Rule) -> list[str]:
    notes = [f"where {_condition(rule)}"] if _condition(rule) else []
    if rule.refused:
        names = [name for name in (each.removeprefix("*") for each in rule.parameters) if name in rule.refused]
        notes.append(f"refuses {' and '.join(names)}: {rule.reason}")
    return notes


def _backward(rule: Rule) -> list[str]:
    """The backward lines; for a row that says 0 of every operand, that."""
    lines = []
    for line in rule.text[1:]:
        if line.startswith("assert "):
            test, _, reason = line.removeprefix("assert ").partition(", '")
            lines.append(f"raises unless {test}: {reason.removesuffix(chr(39))}")
        else:
            lines.append(line)
    if rule.maker is not None:
        lines = ["as shapes and keywords ask"]
    if not lines and not rule.refused:
        lines = [f"d{name.removeprefix('*')} += 0" for name in rule.parameters if name not in rule.defaults]
    return lines


def _written(operation: str, arity: int) -> list[str]:
    """Every spelling of an operation of so many operands, operators' functions left out."""
    found = [
        name if family == "builtins" else f"{family}.{name}"
        for family, table in SPELLINGS.items()
        if family != "operator" and (family in ("builtins", "math") or arity <= MOST_IN_NUMPY.get(operation, arity))
        for name in table.get(operation, ())
    ]
    found += [f"numpy.{name}" for name, replaced in STORING.items() if replaced == operation]
    return found or (["in derivatives only"] if operation in HELPERS else [])


def _table_line(rule: Rule) -> str:
    arity = len(rule.parameters) - len(rule.defaults)
    forward = "; ".join([_code(rule.text[0]), *_notes(rule)])
    backward = "<br>".join(line if line.startswith(("raises", "as shapes")) else _code(line) for line in _backward(rule))
    return f"| {forward} | {backward} | {', '.join(_written(rule.operation, arity))} |"


def _code(text: str) -> str:
    escaped = text.replace("|", r"\|")
    return f"`{escaped}`"


if __name__ == "__main__":
    print(rules_table(), end="")
