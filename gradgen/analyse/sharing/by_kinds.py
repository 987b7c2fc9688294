"""Spells otherwise what only the kinds of values tell how to read: writes through views, lists beside arrays, lists
that are joined.

Never does so itself; stored_back, lists_as_arrays and joined_by_kinds do.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.reads import Read
from gradgen.analyse.sharing.joined_by_kinds import with_joined_lists
from gradgen.analyse.sharing.lists_as_arrays import with_lists_as_arrays
from gradgen.analyse.sharing.stored_back import with_views_stored_back


def spelled_by_kinds(read: Read, kinds_of: Callable[[Read], Kinds], owner: object) -> Read:
    """A function as read, a method of `owner` it may be, spelled as the kinds of its values ask for."""
    read = with_lists_as_arrays(with_joined_lists(read, kinds_of, owner), kinds_of, owner)
    return with_views_stored_back(read, kinds_of, owner)
