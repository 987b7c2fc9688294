"""What is recorded, and what may be read, or run, a second time.

Never chooses backward lines. Read first: needs.py, then steadiness.py and repeatable.py.

- `needs`, `passed_on`, `replaced`, `feeding`, `stability`, `steadiness`, `repeatable`, `getters`, `randomness`, `quiet`,
  `keeping`, `touched`, `unknown_functions`.
"""
