"""How fast gradgen and what it writes are: `python -m tests.benchmarks` prints a table. No test depends on a clock.

Never says whether a derivative is right.
"""
