"""Hunts: programs of a profile, one after the other, judged and counted; mismatches shrunk and shown.

Never decides whether a count is good enough.
"""

from __future__ import annotations

import builtins
import dis
import json
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import duals
from .judging import Expected, Loader, OracleError, TooSlow, Verdict, expect, judge, points_of, time_limit, wrt_at
from .programs import Point, Program, generate
from .shrink import Shrinker


@dataclass(slots=True)
class Tally:
    """Counts of a hunt: verdicts in all and by feature, refusal codes, and the programs that mismatch."""

    statuses: Counter[str] = field(default_factory=Counter)
    refused_by_code: Counter[str] = field(default_factory=Counter)
    seen_by_tag: Counter[str] = field(default_factory=Counter)
    refused_by_tag: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    mismatches: list[tuple[Program, Verdict]] = field(default_factory=list)

    def add(self, program: Program, verdict: Verdict) -> None:
        """Count one program."""
        self.statuses[verdict.status] += 1
        self.seen_by_tag.update(program.tags)
        if verdict.status == "refused":
            self.refused_by_tag.update(program.tags)
            self.refused_by_code[verdict.what] += 1
            self.examples.setdefault(verdict.what, f"{program.label}\n{verdict.details}")
        if verdict.status == "mismatch":
            self.mismatches.append((program, verdict))

    @property
    def right_share(self) -> float:
        """The share of right programs among those that were right or refused."""
        told = self.statuses["right"] + self.statuses["refused"] + self.statuses["mismatch"]
        return self.statuses["right"] / told if told else 0.0

    def report(self) -> str:
        """The counts as a table."""
        lines = [", ".join(f"{count} {status}" for status, count in self.statuses.most_common())]
        if self.refused_by_code:
            lines.append("refused: " + ", ".join(f"{code} {count}" for code, count in self.refused_by_code.most_common()))
            shares = sorted(
                ((self.refused_by_tag[t] / n, n, t) for t, n in self.seen_by_tag.items() if self.refused_by_tag[t]), reverse=True
            )
            lines.append("refused share by feature: " + ", ".join(f"{t} {share:.0%} of {n}" for share, n, t in shares[:20]))
        return "\n".join(lines)


def hunt(profile: str, seeds: Iterator[int] | range, loader: Loader) -> Tally:
    """Judge the programs of a profile with these seeds."""
    tally = Tally()
    for seed in seeds:
        program = generate(profile, seed)
        tally.add(program, judged(program, loader))
    return tally


def judged(program: Program, loader: Loader, points: list[Point] | None = None) -> Verdict:
    """The verdict, where a plain call that never ends counts as uninformative and a fault of the oracle as a mismatch."""
    try:
        return judge(program, loader, points_of(program) if points is None else points)
    except OracleError as error:
        return Verdict("mismatch", "oracle", str(error))
    except TooSlow:
        return Verdict("uninformative", "the plain call does not end")


def shrunk(program: Program, verdict: Verdict, loader: Loader, seconds: float = 60.0) -> tuple[Program, Point, Verdict]:
    """The smallest program and point with the same mismatch, and its verdict."""
    for point in points_of(program):
        if judged(program, loader, [point]).what == verdict.what:
            break
    else:
        return program, points_of(program)[0], verdict

    def outcome_of(candidate: Program, at: Point) -> tuple[type, bool, int] | None:
        """What the plain call raises, and whether there is a gradient to compare with; None for a program that makes no sense."""
        try:
            with loader.module(candidate.text) as module, time_limit(5.0):
                if unbound_names(module):
                    return None
                expected = expect(candidate, module, at)
        except (OracleError, TooSlow):
            return None
        return type(expected.error), expected.gradient is None, len(duals.flat(expected.value))

    outcome = outcome_of(program, point)

    def shows_it(candidate: Program, at: Point) -> bool:
        try:
            if outcome_of(candidate, at) != outcome:
                return False
            found = judged(candidate, loader, [at])
        except Exception:
            return False
        return found.status == verdict.status and found.what == verdict.what

    small, at = Shrinker(shows_it, seconds).shrink(program, point)
    return small, at, judged(small, loader, [at])


def unbound_names(module: types.ModuleType) -> list[str]:
    """Names that the module's functions read and that nothing binds."""
    known = {*vars(module), *dir(builtins)}
    pending = [f.__code__ for f in vars(module).values() if isinstance(f, types.FunctionType)]
    unbound: list[str] = []
    while pending:
        code = pending.pop()
        pending += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
        unbound += [i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL" and i.argval not in known]
    return unbound


def header_of(program: Program, point: Point, expected: Expected) -> str:
    """The comment line of a golden file: where to evaluate and what must come out, from the plain call and the oracle."""
    facts: dict[str, object] = {"function": program.function, "point": point, "wrt": wrt_at(program, point)}
    tuples = [name for name, value in point.items() if isinstance(value, tuple)]
    if tuples:
        facts["tuples"] = tuples
    if expected.error is not None:
        facts["raises"] = type(expected.error).__name__
    else:
        facts |= {"value": expected.value, "gradient": expected.gradient}
    return "# fuzz: " + json.dumps(facts)


def golden_text(program: Program, point: Point, loader: Loader, comment: str = "") -> str:
    """The program as a golden file."""
    with loader.module(program.text) as module:
        expected = expect(program, module, point)
    notes = f"# {comment}\n" if comment else ""
    return f"{header_of(program, point, expected)}\n{notes}{program.text}"


def write_finding(directory: Path, program: Program, point: Point, verdict: Verdict, loader: Loader) -> Path:
    """Write a shrunk mismatch as NNN.py with what was expected and got."""
    directory.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(path.stem) for path in directory.glob("[0-9]*.py") if path.stem.isdigit()), default=0)
    path = directory / f"{number:03d}.py"
    details = "\n".join(f"# {line}" for line in verdict.details.split("\n"))
    try:
        body = golden_text(program, point, loader)
    except Exception as error:
        body = f"# no expectation: {error!r}\n{program.text}"
    path.write_text(f"{body}\n# {program.label}, {verdict.what}, at {point!r}\n{details}\n", encoding="utf-8")
    return path
