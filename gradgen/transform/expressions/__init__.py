"""The chain rule through one expression, for each thing that can stand in it.

Never decides by which names the lines read what they need; `lines` does. Read first: local.py (the walk), contributions.py and
terms.py (what reaches a leaf, and how it is added up).

- `local`, `contributions`, `terms`, `totals`, `evaluation`, `calls`, `callees`, `direct`, `sums`, `sequences`, `comprehensions`,
  `composed`, `complexes`, `vectorised`, `walruses`, `elements`, `powers`, `parted`, `shown`.
"""
