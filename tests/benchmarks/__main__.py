"""Prints the table of all measures.

Never fails: `over` marks what is beyond its limit.
"""
from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks import measures


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in (
            measures.against_hand(), measures.against_hand_of_arrays(), measures.import_time(), measures.generation(folder),
            measures.product_text(folder), measures.against_function(folder), measures.hessian_products(folder),
            measures.bounded_memory(),
        ):
            for row in rows:
                limit = f"limit {row.limit}" if row.limit else ""
                print(f"{row.what:50} {row.measured:42} {limit:22} {'over' if row.is_over else ''}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
