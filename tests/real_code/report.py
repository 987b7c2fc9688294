"""What a run found, as text: a table of packages, then refusals by construct and by place, most frequent first.

Never runs anything.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.real_code.harness import Outcome, Status, kind_of

LONG = 2.0
COLUMNS: tuple[Status, ...] = ("correct", "refused", "wrong", "internal", "unjudged", "no point")


def share_correct(outcomes: list[Outcome]) -> float:
    """Correct among all that can be judged: where differences only settle coarsely, agreement with them counts for nothing."""
    judged = [outcome for outcome in outcomes if outcome.status not in ("unjudged", "no point")]
    return sum(outcome.status == "correct" for outcome in judged) / len(judged) if judged else 0.0


def table(by_package: dict[str, list[Outcome]]) -> str:
    lines = [f"{'package':<12}{'entries':>8}" + "".join(f"{column:>10}" for column in COLUMNS) + f"{'share':>9}"]
    rows = list(by_package.items())
    if len(rows) > 1:
        rows.append(("all", [outcome for outcomes in by_package.values() for outcome in outcomes]))
    for package, outcomes in rows:
        count = Counter(outcome.status for outcome in outcomes)
        cells = "".join(f"{count[column]:>10}" for column in COLUMNS)
        lines.append(f"{package:<12}{len(outcomes):>8}{cells}{100 * share_correct(outcomes):>8.1f}%")
    return "\n".join(lines)


def refusals(outcomes: Iterable[Outcome], verbose: bool) -> str:
    """Refused entries grouped by code and construct. An entry counts once in each group it has a finding in; `alone` counts
    those that nothing else holds back."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    places: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    alone: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        keys = {(refusal.code, refusal.construct) for refusal in outcome.refusals}
        for key in keys:
            groups[key].append(outcome)
            alone[key] += len(keys) == 1
        for refusal in outcome.refusals:
            moment = " (at run time)" if refusal.at_run_time else ""
            where = f"{_short(refusal.file)}:{refusal.line}{moment}: {refusal.source_line}"
            places[refusal.code, refusal.construct][where] += 1
    lines = []
    for key in sorted(groups, key=lambda k: (-len(groups[k]), k)):
        lines.append(f"{len(groups[key]):>5} entries ({alone[key]} alone)  {key[0]}: {key[1]}")
        shown = places[key].most_common(None if verbose else 4)
        lines += [f"          {number:>4} x {where[:150]}" for where, number in shown]
        if len(places[key]) > len(shown):
            lines.append(f"               and {len(places[key]) - len(shown)} more places")
        if verbose:
            lines += [f"            - {outcome.entry.name}" for outcome in groups[key]]
    return "\n".join(lines)


def not_alone(outcomes: Iterable[Outcome], verbose: bool) -> str:
    """Texts that are right in process, but cannot be used by themselves."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.alone:
            groups[outcome.alone.split(":")[0] if outcome.alone.startswith("other") else outcome.alone].append(outcome)
    lines = [f"does not stand alone: {sum(map(len, groups.values()))}"] if groups else []
    for why, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"{len(group):>5} x {why[:180]}")
        lines += [f"            - {outcome.entry.name}" for outcome in (group if verbose else group[:2])]
    return "\n".join(lines)


def slow(outcomes: Iterable[Outcome], verbose: bool) -> str:
    """Entries whose text took longer than LONG seconds to write, the slowest first."""
    found = sorted((outcome for outcome in outcomes if outcome.seconds > LONG), key=lambda outcome: -outcome.seconds)
    lines = [f"took longer than {LONG:g} s to write: {len(found)}"] if found else []
    lines += [f"  {outcome.seconds:>5.1f} s  {outcome.entry.name}" for outcome in (found if verbose else found[:8])]
    return "\n".join(lines)


def failures(outcomes: Iterable[Outcome], verbose: bool) -> str:
    """Wrong numbers and internal errors, each with what reproduces it."""
    lines = []
    for status in ("wrong", "internal", "no point"):
        found = [outcome for outcome in outcomes if outcome.status == status]
        if not found:
            continue
        lines.append(f"{status}: {len(found)}")
        by_text: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in found:
            by_text[kind_of(outcome.text) if status == "internal" else outcome.entry.name].append(outcome)
        for text, group in sorted(by_text.items(), key=lambda item: -len(item[1])):
            if status != "internal":
                lines += [f"  {group[0].entry.name}", f"        {group[0].text}"]
            else:
                lines.append(f"  {len(group):>4} x {text}")
                shown = group if verbose else group[:3]
                lines += [f"            - {outcome.entry.name}" for outcome in shown]
                lines += [f"              {line}" for line in _last_frames(group[0].details)]
            if verbose and status != "internal":
                lines += [f"        {line}" for line in group[0].details.splitlines()]
    return "\n".join(lines)


def _last_frames(details: str) -> list[str]:
    frames = [line.strip() for line in details.splitlines() if line.strip().startswith("File ")]
    return [frame for frame in frames if "gradgen" in frame][-3:]


def _short(file: str) -> str:
    parts = Path(file).parts
    return "/".join(parts[-2:]) if "site-packages" in parts else (parts[-1] if parts else "?")
