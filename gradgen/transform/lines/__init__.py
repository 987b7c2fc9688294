"""The plan and the lines of one statement, named and spelled as by hand.

Never finds a derivative. Read first: plans.py (what a plan is), settled.py (which inner values have names).

- `plans`, `settled`, `sharing`, `repeating`, `naming`, `standing`, `renaming`, `anew`, `ahead`, `spelling`, `sides`.
"""
