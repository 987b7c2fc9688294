"""Long hunts from the command line: `python -m tests.fuzz --profile loops --count 5000 --seed 1`.

Never part of the test run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from .hunting import Tally, judged, shrunk, write_finding
from .judging import Loader
from .profiles import PROFILES
from .programs import generate


def main() -> int:
    """Hunt; exit 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("--profile", default="all", help=f"one of {', '.join(PROFILES)}, or all")
    parser.add_argument("--count", type=int, default=500, help="programs per profile")
    parser.add_argument("--seed", type=int, default=1, help="the first one's number is a million times this")
    parser.add_argument("--out", type=Path, default=Path("fuzz-findings"), help="where shrunk mismatches go")
    parser.add_argument("--keep", type=int, default=2, help="how many of each kind to shrink and write, per profile")
    parser.add_argument("--patience", type=float, default=40.0, help="seconds to shrink each for")
    parser.add_argument("--refusals", action="store_true", help="print an example of each refusal")
    parser.add_argument("--show", metavar="PROFILE:SEED", help="print that program and its verdict, no more")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found = 0
    with tempfile.TemporaryDirectory() as directory:
        loader = Loader(Path(directory))
        if options.show:
            profile, seed = options.show.split(":")
            program = generate(profile, int(seed))
            print(program.text)
            print(judged(program, loader))
            return 0
        for profile in PROFILES if options.profile == "all" else [options.profile]:
            found += _hunt(profile, options, loader)
    return 1 if found else 0


def _hunt(profile: str, options: argparse.Namespace, loader: Loader) -> int:
    tally, kinds, started = Tally(), Counter[str](), time.monotonic()
    for seed in range(options.seed * 1_000_000, options.seed * 1_000_000 + options.count):
        program = generate(profile, seed)
        verdict = judged(program, loader)
        tally.add(program, verdict)
        if verdict.status != "mismatch":
            continue
        kind = verdict.what
        kinds[kind] += 1
        if kinds[kind] <= options.keep:
            small, point, shown = shrunk(program, verdict, loader, options.patience)
            path = write_finding(options.out, small, point, shown, loader)
            print(f"{profile}: {kind}: {path}", flush=True)
    print(f"== {profile}: {time.monotonic() - started:.0f} s: {tally.report()}")
    for kind, count in kinds.most_common():
        print(f"   mismatch {kind}: {count}")
    if options.refusals:
        for code, example in tally.examples.items():
            print(f"-- {code}: {example}\n")
    sys.stdout.flush()
    return len(tally.mismatches)


if __name__ == "__main__":
    sys.exit(main())
