"""Groups of columns, or rows, of a sparse matrix that have no row, or column, in common: one product tells them all.

Never computes a derivative.
"""
from __future__ import annotations

from collections.abc import Collection, Sequence


def groups_of(lines: Sequence[Collection[int]], across: int) -> list[list[int]]:
    """Lines by their group, each given by the places across it that are not 0; the longest first, the first group that fits."""
    taken: list[set[int]] = [set() for _ in range(across)]
    groups: list[list[int]] = []
    for line in sorted(range(len(lines)), key=lambda each: (-len(lines[each]), each)):
        if not lines[line]:
            continue
        others: set[int] = set().union(*(taken[place] for place in lines[line]))
        group = next(number for number in range(len(groups) + 1) if number not in others)
        if group == len(groups):
            groups.append([])
        groups[group].append(line)
        for place in lines[line]:
            taken[place].add(group)
    return groups


def turned(lines: Sequence[Collection[int]], across: int) -> list[set[int]]:
    """The same places seen from the other side."""
    found: list[set[int]] = [set() for _ in range(across)]
    for number, line in enumerate(lines):
        for place in line:
            found[place].add(number)
    return found
