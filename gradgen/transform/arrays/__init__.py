"""Operations on arrays: rules applied to whole arrays, adjoints fitted to the shapes of their operands.

Never plans a statement. Read first: operations.py, then walk.py.

- `operations`, `walk`, `substituted`, `results`, `results_read`, `lists`, `text`, `swaps`, `places`, `sizes`, `entrywise`,
  `selected`.
"""
