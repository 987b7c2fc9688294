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


def symmetric_groups(lines: Sequence[Collection[int]]) -> list[int]:
    """The group of each line of a symmetric matrix, -1 for those without entries: of two entries that mirror each other one is
    alone in its group's product.

    A star colouring: lines that have an entry in common differ, and no path of four lines takes two groups alone (Coleman and
    Moré 1984). Greedy, the longest first (Gebremedhin, Tarafdar, Manne and Pothen 2007): `barred` are, for a line w, the groups
    of those of its neighbours that have another neighbour of w's group.
    """
    near = [set(line) - {number} for number, line in enumerate(lines)]
    group = [-1] * len(lines)
    around: list[dict[int, list[int]]] = [{} for _ in lines]  # the neighbours that have a group, by it
    barred: list[set[int]] = [set() for _ in lines]
    for line in sorted(range(len(lines)), key=lambda each: (-len(lines[each]), each)):
        if not lines[line]:
            continue
        others: set[int] = set()
        for other in near[line]:
            others |= {group[other]} | barred[other] if group[other] >= 0 else around[other].keys()
        own = group[line] = next(number for number in range(len(others) + 1) if number not in others)
        for other in near[line]:
            alike = around[other].setdefault(own, [])
            alike.append(line)
            if group[other] >= 0 and len(alike) > 1:
                for each in alike if len(alike) == 2 else (line,):
                    barred[each].add(group[other])
        for alike in around[line].values():
            for each in alike if len(alike) > 1 else ():
                barred[each].add(own)
    return group


def turned(lines: Sequence[Collection[int]], across: int) -> list[set[int]]:
    """The same places seen from the other side."""
    found: list[set[int]] = [set() for _ in range(across)]
    for number, line in enumerate(lines):
        for place in line:
            found[place].add(number)
    return found
