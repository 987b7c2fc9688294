"""Where the nodes and edges of a directed graph go on a page: layers from left to right, few crossings, short straight edges.

Never draws, and knows nothing of what the nodes mean.

The steps are those of Sugiyama, Tagawa and Toda (1981): break circles, layer by longest path, give long edges a bend in every
layer they pass, order each layer by barycentres, then place by least squares under the order.
"""
from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GAP_BETWEEN_NODES = 18.0
BEND_HEIGHT = 10.0
LONGEST_BENT_EDGE = 30  # in layers; a longer one is drawn straight through, so that the work stays linear
SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place: the centre and the size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """`boxes` by node; `bends` by edge: the (left, right, y) stretches that the edge passes between its ends, in its direction.

    An edge in `against` runs from right to left, as the closing edge of a circle does; its bends then run the same way.
    """

    boxes: Mapping[str, Box]
    bends: Mapping[tuple[str, str], tuple[tuple[float, float, float], ...]]
    against: frozenset[tuple[str, str]]
    width: float
    height: float


def layout(
    sizes: Mapping[str, tuple[float, float]],
    edges: Sequence[tuple[str, str]],
    late: frozenset[str] = frozenset(),
    gap: float = 56.0,
) -> Layout:
    """Place nodes of the given (width, height) in layers `gap` apart; `late` nodes stand right before their first use.

    The same arguments give the same numbers; the order of `sizes` and `edges` breaks ties.
    """
    pairs = list(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    against = _closing_edges(list(sizes), pairs)
    forward = list(dict.fromkeys((b, a) if (a, b) in against else (a, b) for a, b in pairs))
    layer = _layers(list(sizes), forward, late)

    item_layer: dict[str, int] = dict(layer)
    heights = {node: height for node, (_, height) in sizes.items()}
    chains: dict[tuple[str, str], list[str]] = {}
    for a, b in forward:
        between = range(layer[a] + 1, layer[b])
        chains[a, b] = [f"{a}\0{b}\0{k}" for k in between] if len(between) < LONGEST_BENT_EDGE else []
        for bend, k in zip(chains[a, b], between, strict=False):
            item_layer[bend] = k
            heights[bend] = BEND_HEIGHT
    before: dict[str, list[str]] = {item: [] for item in item_layer}
    after: dict[str, list[str]] = {item: [] for item in item_layer}
    for a, b in forward:
        path = [a, *chains[a, b], b]
        if len(path) == 2 and layer[b] - layer[a] > 1:
            continue
        for left, right in zip(path, path[1:], strict=False):
            after[left].append(right)
            before[right].append(left)

    columns = _ordered(item_layer, before, after)
    y = _heights(columns, heights, before, after)
    widths = [max((sizes[item][0] for item in column if item in sizes), default=0.0) for column in columns]
    lefts = [0.0]
    for width in widths:
        lefts.append(lefts[-1] + width + gap)
    top = min((y[item] - heights[item] / 2 for item in y), default=0.0)
    boxes = {
        node: Box(lefts[layer[node]] + widths[layer[node]] / 2, y[node] - top, width, height)
        for node, (width, height) in sizes.items()
    }
    bends = {}
    for a, b in forward:
        stretches = tuple(
            (lefts[item_layer[bend]], lefts[item_layer[bend]] + widths[item_layer[bend]], y[bend] - top) for bend in chains[a, b]
        )
        bends[a, b] = stretches
        bends[b, a] = tuple((right, left, at) for left, right, at in reversed(stretches))
    bottom = max((y[item] + heights[item] / 2 for item in y), default=0.0)
    return Layout(boxes, bends, frozenset(against), max(lefts[-1] - gap, 0.0), bottom - top)


def _closing_edges(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges that lead back to a node still being walked; turning them round leaves no circle."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    for a, b in edges:
        after[a].append(b)
    state: dict[str, int] = {}  # 1 on the path, 2 done
    closing: set[tuple[str, str]] = set()
    for root in nodes:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(after[root]))]
        while stack:
            node, rest = stack[-1]
            for target in rest:
                if state.get(target) == 1:
                    closing.add((node, target))
                elif target not in state:
                    state[target] = 1
                    stack.append((target, iter(after[target])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return closing


def _layers(nodes: Sequence[str], edges: Sequence[tuple[str, str]], late: frozenset[str]) -> dict[str, int]:
    """Each node one layer right of the rightmost node that feeds it; what nothing feeds stands leftmost."""
    after: dict[str, list[str]] = {node: [] for node in nodes}
    waiting = dict.fromkeys(nodes, 0)
    for a, b in edges:
        after[a].append(b)
        waiting[b] += 1
    layer = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if waiting[node] == 0]
    for node in ready:  # grows while it is walked
        for target in after[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    for node in late:
        if layer[node] == 0 and after[node]:
            layer[node] = min(layer[target] for target in after[node]) - 1
    return layer


def _ordered(layer: Mapping[str, int], before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> list[list[str]]:
    """The layers, each ordered so that few edges cross: the best of several barycentre sweeps."""
    columns: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for item, k in layer.items():
        columns[k].append(item)
    best, fewest = [list(column) for column in columns], _crossings(columns, after)
    for sweep in range(SWEEPS):
        rightwards = sweep % 2 == 0
        neighbours = before if rightwards else after
        for k in range(1, len(columns)) if rightwards else range(len(columns) - 2, -1, -1):
            rank = {item: i for i, item in enumerate(columns[k - 1 if rightwards else k + 1])}
            own = {item: float(i) for i, item in enumerate(columns[k])}
            for item in columns[k]:
                if neighbours[item]:
                    own[item] = sum(rank[other] for other in neighbours[item]) / len(neighbours[item])
            columns[k].sort(key=own.__getitem__)
        count = _crossings(columns, after)
        if count < fewest:
            best, fewest = [list(column) for column in columns], count
    return best


def _crossings(columns: Sequence[Sequence[str]], after: Mapping[str, list[str]]) -> int:
    """How many pairs of edges between neighbouring layers cross."""
    total = 0
    for left, right in zip(columns, columns[1:], strict=False):
        rank = {item: i for i, item in enumerate(right)}
        seen: list[int] = []
        for item in left:
            targets = sorted(rank[target] for target in after[item])
            total += sum(len(seen) - bisect_right(seen, target) for target in targets)
            for target in targets:
                insort(seen, target)
    return total


def _heights(
    columns: Sequence[Sequence[str]],
    height: Mapping[str, float],
    before: Mapping[str, list[str]],
    after: Mapping[str, list[str]],
) -> dict[str, float]:
    """The vertical centre of every item: as near to its neighbours' mean as the order and the gaps in its layer allow."""
    y: dict[str, float] = {}
    for column in columns:
        _place(column, [0.0] * len(column), height, y)
    for sweep in range(2 * SWEEPS):
        rightwards = sweep % 2 == 0
        for column in columns if rightwards else reversed(columns):
            wanted = []
            for item in column:
                near = (before if rightwards else after)[item] or (after if rightwards else before)[item]
                wanted.append(sum(y[other] for other in near) / len(near) if near else y[item])
            _place(column, wanted, height, y)
    return y


def _place(column: Sequence[str], wanted: Sequence[float], height: Mapping[str, float], y: dict[str, float]) -> None:
    """Write the y of a column's items: least squares to what is wanted, order and gaps kept (pooling adjacent violators)."""
    offsets = []
    at = 0.0
    for i, item in enumerate(column):
        if i:
            at += (height[column[i - 1]] + height[item]) / 2 + GAP_BETWEEN_NODES
        offsets.append(at)
    pools: list[tuple[float, int]] = []  # mean of (wanted - offset), size
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while pools and pools[-1][0] >= mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    index = 0
    for mean, size in pools:
        for _ in range(size):
            y[column[index]] = mean + offsets[index]
            index += 1
