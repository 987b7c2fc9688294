"""What an annotation's text says that a parameter can hold.

Never evaluates the annotations.
"""
from __future__ import annotations

import pytest

from gradgen.read.annotations import alternatives, is_passive


@pytest.mark.parametrize(
    ("annotation", "allowed"),
    [
        ("float", {"float"}),
        ("Optional[str]", {"str", "None"}),
        ("typing.Optional['int']", {"int", "None"}),
        ("'str | None'", {"str", "None"}),
        ("Union[int, float]", {"int", "float"}),
        ('Literal["a", 2, None]', {"str", "int", "None"}),
        ("np.ndarray", {"np.ndarray"}),
        ("list[str]", {"list[str]"}),
        ("not (python", {"not (python"}),
    ],
)
def test_the_classes_that_an_annotation_allows(annotation: str, allowed: set[str]) -> None:
    assert alternatives(annotation) == allowed
    assert is_passive(annotation) == (allowed <= {"str", "int", "None"})


def test_without_an_annotation_anything_may_vary() -> None:
    assert not is_passive(None)
