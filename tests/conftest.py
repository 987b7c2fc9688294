"""Options of the test run.

Never holds fixtures: they stand with the tests that use them.
"""
from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true",
        help="write anew what gradgen generates for the cases in tests/golden, and fail listing what changed",
    )
