"""The kinds of the arguments with which functions call themselves: of arrays that get shorter from call to call, only the ranks.

Never follows calls; the program finds what they run.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping

from gradgen.analyse.reads import Read
from gradgen.ir.kinds import AnyKind, Kind, unknown

MANY_READS = 64
MOST_ALIKE = 8


def kinds_again(
    found: Read, caller: Read, kinds: dict[str, AnyKind], reads: Mapping[object, Read],
) -> dict[str, AnyKind]:
    """The kinds of a call's arguments for which the function `found` is to be read: as given, but that those of a function that
    calls itself with arrays of other lengths say nothing of lengths, lest it be read for each of them."""
    if kinds == caller.kinds or not (found.live is caller.live or _is_read_too_often(found, reads.values())):
        return kinds
    return {name: _of_any_length(name, kind) for name, kind in kinds.items()}


def _is_read_too_often(found: Read, reads: Collection[Read]) -> bool:
    """Whether functions that call each other have been read for one length after the other."""
    return len(reads) > MANY_READS and sum(each.live is found.live for each in reads) > MOST_ALIKE


def _of_any_length(name: str, kind: AnyKind) -> AnyKind:
    if not isinstance(kind, Kind) or not kind.shape:
        return kind
    return Kind(tuple(unknown(f"{name}.{axis}") for axis in range(len(kind.shape))), kind.dtype)
