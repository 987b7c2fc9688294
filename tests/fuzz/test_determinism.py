"""The text of a derivative is the same in every process, whatever the seed of string hashes.

Never judges what the text computes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .judging import Loader, points_of, wrt_at
from .programs import generate

ROOT = Path(__file__).resolve().parents[2]
PROFILES = ("branches", "loops", "exits", "helpers", "lists", "names", "idioms")
COUNT = 12


def digest() -> str:
    """One line per program: its label and a hash of the generated text, or of the name of what was raised."""
    from gradgen import value_and_grad

    lines = []
    with tempfile.TemporaryDirectory() as directory:
        loader = Loader(Path(directory))
        for profile in PROFILES:
            for seed in range(COUNT):
                program = generate(profile, seed)
                with loader.module(program.text) as module:
                    wrt = wrt_at(program, points_of(program, 1)[0])
                    try:
                        text = value_and_grad(getattr(module, program.function), wrt=wrt).source
                    except Exception as error:
                        text = type(error).__name__
                lines.append(f"{program.label} {hashlib.sha256(text.encode()).hexdigest()}")
    return "\n".join(lines)


def test_the_text_does_not_depend_on_the_hash_seed() -> None:
    texts = []
    for hash_seed in ("1", "27"):
        command = [sys.executable, "-W", "ignore", "-c", "from tests.fuzz.test_determinism import digest; print(digest())"]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True
        )
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert texts[0].count("\n") == len(PROFILES) * COUNT
