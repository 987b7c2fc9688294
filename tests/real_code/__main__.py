"""The command line of the suite: runs packages, prints the table, the refusals by construct and the wrong numbers.

Never asserts; the tests do.

    python -m tests.real_code                              all five packages
    python -m tests.real_code --package iapws --verbose    every place and every entry behind each refusal
    python -m tests.real_code --entry Region1.h1_pT        entries whose name contains this; prints the generated text too
    python -m tests.real_code --package fluids             a package that is not in the test extra, by its docstring examples
"""
from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from tests.real_code.catalogue import CATALOGUES
from tests.real_code.doctests import HELD_OUT, held_out
from tests.real_code.harness import Outcome, run
from tests.real_code.report import failures, not_alone, refusals, slow, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real_code", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", action="append", help=f"{', '.join(CATALOGUES)}; held out: {', '.join(HELD_OUT)}")
    parser.add_argument("--entry", help="only entries whose name contains this; shows the generated text")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th entry")
    parser.add_argument("--verbose", action="store_true", help="every place and entry")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one record per entry")
    options = parser.parse_args()
    from gradgen import value_and_grad

    by_package: dict[str, list[Outcome]] = {}
    for package in options.package or list(CATALOGUES):
        catalogue = CATALOGUES[package] if package in CATALOGUES else held_out(package)
        entries = [entry for entry in catalogue.entries() if not options.entry or options.entry in entry.name][:: options.every]
        started = time.monotonic()
        by_package[package] = [run(entry, value_and_grad) for entry in entries]
        print(f"{package}: {len(entries)} entries in {time.monotonic() - started:.1f} s", file=sys.stderr)
    outcomes = [outcome for found in by_package.values() for outcome in found]
    if options.entry:
        for outcome in outcomes:
            print(f"=== {outcome.entry.name}: {outcome.status}\n{outcome.source}{outcome.details}")
    parts = (refusals, failures, not_alone, slow)
    for part in (table(by_package), *(part(outcomes, options.verbose) for part in parts)):
        if part:
            print(part, end="\n\n")
    if options.json:
        options.json.write_text(json.dumps([_record(outcome) for outcome in outcomes], indent=1))
    return 1 if any(outcome.status in ("wrong", "internal") for outcome in outcomes) else 0


def _record(outcome: Outcome) -> dict[str, object]:
    return {
        "package": outcome.entry.package,
        "entry": outcome.entry.name,
        "status": outcome.status,
        "text": outcome.text,
        "details": outcome.details,
        "refusals": [asdict(refusal) for refusal in outcome.refusals],
    }


if __name__ == "__main__":
    sys.exit(main())
