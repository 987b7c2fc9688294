"""Text: the user's own lines with an edit list, gradgen's statements printed, and a module around them.

Never decides what a function does.

Read first, in this order: assembling.py (a module of several functions), module.py (one function), forward.py (the user's lines,
and what is inserted between and inside of them), lines.py (gradgen's own statements, one shape at a time), load.py (the live
function of a text).

- One function: `module`, `forward`, `own`, `lines`, `python`, `arithmetic`, `wrap`, `powers`, `asking`, `again`, `renumber`,
  `shared`, `numbering`, `known_calls`, `kept_apart`.
- The module around it: `assembling`, `surroundings`, `constants`, `helpers`, `homonyms`, `merging`, `inner_imports`, `annotated`.
- Whole matrices out of derivatives along directions: `drivers`, `blocks`, `parts`, `structured`, `at_one_go`, `directions`,
  `directed`.
- The live function: `load`, `rebinding`, `respecialising`.
"""
