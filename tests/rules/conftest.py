"""The order of the tests of rows.

Never holds fixtures: they stand with the tests that use them.
"""
from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one operation's slopes stand together: what one has found by differences another process need not find."""
    places = [place for place, item in enumerate(items) if item.path.stem in ("test_slopes", "test_second_slopes")]
    grouped = sorted((items[place] for place in places), key=lambda item: item.name.partition("[")[2])
    for place, item in zip(places, grouped, strict=True):
        items[place] = item
