"""What gradgen raises says where: findings, and the messages that generated code raises by itself."""
from __future__ import annotations

import pytest

from gradgen import NonDifferentiableError


@pytest.mark.parametrize(("text", "place"), [
    ("roots.py:12: GG112: not close", ("roots.py", 12, 0)),
    ("roots.py:12:7: GG112: not close", ("roots.py", 12, 6)),
    ("C:/lib/roots.py:12:7: GG112: not close", ("C:/lib/roots.py", 12, 6)),
])
def test_what_generated_code_raises_is_found_at_its_place(text: str, place: tuple[str, int, int]) -> None:
    (found,) = NonDifferentiableError(text).findings
    assert (found.code, found.message) == ("GG112", "not close")
    assert (found.file, found.line, found.column) == place
