"""Loops and exits turned round, and what they keep for it.

Never looks into the statements of a body. Read first: turning.py, then tapes.py and replaying.py (turns that are run again from
kept states).

- `turning`, `iterables`, `growing`, `counting`, `continues`, `tapes`, `packing`, `logs`, `tries`, `raising`, `checkpoints`,
  `replaying`, `recursive`.
"""
