"""Statement trees into Python text, plain or in the odd styles that people write.

Never changes what the program means.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

COMMENTS = (
    "# the usual",
    "# why: see [3], p. 12",
    "# naïve, but Größe stays finite",
    "#",
    "# dx = 1",
    "#!keep",
    "# return 0",
    "# type: ignore",
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One header (`if x > 0`, `else`, `case 1`), without its colon, and its suite."""

    header: str
    body: list[Node]


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound statement: its clauses, one after the other."""

    clauses: list[Clause]


Node = str | Compound


@dataclass(frozen=True, slots=True)
class Style:
    """How likely each oddity is; `unit` is one step of indentation."""

    unit: str = "    "
    comment: float = 0.0
    oneline: float = 0.0
    semicolon: float = 0.0
    continuation: float = 0.0


def render(nodes: list[Node], style: Style, rng: random.Random, depth: int = 0) -> str:
    """The text of a suite, each line ended by a newline."""
    return "".join(line + "\n" for line in _lines(nodes, style, rng, style.unit * depth))


def _lines(nodes: list[Node], style: Style, rng: random.Random, indent: str) -> list[str]:
    lines: list[str] = []
    joinable = False
    for node in nodes:
        if rng.random() < style.comment / 2:
            lines.append(rng.choice(("", indent, indent + "  ")) + rng.choice(COMMENTS))
            joinable = False
        if isinstance(node, str):
            text = _wrapped(node, style, rng)
            if joinable and rng.random() < style.semicolon:
                lines[-1] += rng.choice(("; ", ";", " ; ")) + text
            else:
                lines.append(indent + text)
            joinable = "\n" not in text and "#" not in text
            if joinable and rng.random() < style.comment:
                lines[-1] += "  " + rng.choice(COMMENTS)
                joinable = False
            continue
        joinable = False
        for clause in node.clauses:
            lines += _clause_lines(clause, style, rng, indent)
    return lines


def _clause_lines(clause: Clause, style: Style, rng: random.Random, indent: str) -> list[str]:
    head = f"{indent}{clause.header}:"
    simple = [node for node in clause.body if isinstance(node, str) and "\n" not in node]
    if len(simple) == len(clause.body) <= 2 and not clause.header.startswith("match ") and rng.random() < style.oneline:
        return [head + " " + "; ".join(simple)]
    if rng.random() < style.comment:
        head += "  " + rng.choice(COMMENTS)
    return [head, *_lines(clause.body, style, rng, indent + style.unit)]


def _wrapped(text: str, style: Style, rng: random.Random) -> str:
    """A line broken inside parentheses, or by a backslash, now and then."""
    if rng.random() >= style.continuation or "'" in text or '"' in text:
        return text
    for sign in (" + ", " * ", ", ", " - "):
        at = text.find(sign, text.find("= ") + 1)
        if at > 0 and text.find("= ") > 0 and not text.startswith(("for ", "def ")):
            cut = at + len(sign.rstrip())
            inside = text[:at].count("(") + text[:at].count("[") > text[:at].count(")") + text[:at].count("]")
            return f"{text[:cut]}{'' if inside else ' ' + chr(92)}\n        {text[cut:].lstrip()}"
    return text
