"""Random programs of every profile: gradgen's derivatives against dual numbers, and how many programs it refuses.

Never hunts at random: the programs are numbered, and the numbers are the same in every run.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from .hunting import Tally, hunt, shrunk
from .judging import Loader
from .profiles import PROFILES

# How many programs of each profile, and the share of them that gradgen must differentiate rather than refuse.
PLAN: dict[str, tuple[int, float]] = {
    "straight": (100, 0.78),
    "branches": (70, 0.75),
    "loops": (70, 0.29),
    "whiles": (70, 0.42),
    "exits": (70, 0.49),
    "tries": (60, 0.43),
    "match": (60, 0.70),
    "loop_else": (60, 0.72),
    "helpers": (60, 0.74),
    "closures": (60, 0.30),
    "lists": (60, 0.18),
    "aliases": (60, 0.18),
    "containers": (60, 0.40),
    "misc": (60, 0.45),
    "names": (60, 0.40),
    "idioms": (60, 0.40),
    "results": (60, 0.68),
    "equalities": (60, 0.78),
    "everything": (60, 0.08),
}


def test_every_profile_is_planned() -> None:
    assert sorted(PLAN) == sorted(PROFILES)


def shown(tally: Tally, loader: Loader) -> str:
    """The first mismatches in full, shrunk."""
    parts = []
    for program, verdict in tally.mismatches[:2]:
        small, point, found = shrunk(program, verdict, loader, 10.0)
        parts.append(f"{program.label}: {found.what} at {point!r}\n{small.text}\n{found.details}")
    return f"{len(tally.mismatches)} mismatches\n\n" + "\n\n".join(parts)


@pytest.mark.parametrize("profile", PLAN)
def test_random_programs_are_right_or_refused(profile: str, tmp_path: Path) -> None:
    count, floor = PLAN[profile]
    loader = Loader(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # what the random programs themselves deserve
        tally = hunt(profile, range(count), loader)
    print(f"{profile}: {tally.report()}")
    assert not tally.mismatches, shown(tally, loader)
    assert tally.right_share >= floor, tally.report()
