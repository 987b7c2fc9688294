"""Where there is no slope, or a wrong one would come out: kinks, equalities, poles, values that are rounded or cut off.

Never differentiates. Read first: kinks.py and truths.py (equalities), meetings.py (kinks that meet).

- `kinks`, `truths`, `disguised`, `windows`, `partings`, `sided`, `signs`, `meetings`, `poles`, `started`, `operators`,
  `joined`, `asking`, `below`, `across`, `filled`, `jumps`, `rounded`, `selection`, `shifts`.
"""
