"""The chain rule: from a program and its facts to the backward parts of its gradient, and to tangents.

Reverse mode lies here, forward mode in `forward`, which uses much of it. Never prints.

Read first, in this order: reverse.py (one function from its facts to its gradient), control.py (walks the statements in the
user's order, and has each planned), assigning.py and stores.py (which adjoints a statement hands on), statement.py (its plan:
what the lines read, and by which names), local.py and terms.py (the chain rule through one expression), settling.py (name,
recompute or keep an inner value), backward.py (the plans turned round), writing.py (the lines of one plan). Plans are made before
any line is written, as only all of them together say what has to be recorded.

- The way of one function: `reverse`, `module`, `control`, `planning`, `assigning`, `statement`, `settling`, `writing`,
  `backward`, `gradient`.
- The chain rule through one expression, for each thing that can stand in it: `local`, `contributions`, `terms`, `totals`,
  `evaluation`, `calls`, `direct`, `sums`, `sequences`, `comprehensions`, `composed`, `complexes`, `vectorised`, `walruses`,
  `elements`, `powers`.
- The plan and the lines of one statement, named and spelled as by hand: `plans`, `settled`, `sharing`, `repeating`, `naming`,
  `standing`, `renaming`, `anew`, `ahead`, `spelling`, `sides`.
- Operations on arrays: `arrays`, `walk`, `substituted`, `array_results`, `results_read`, `array_lists`, `array_text`, `swaps`,
  `places`, `sizes`, `entrywise`, `selected`.
- Stores into containers and arrays: `stores`, `array_stores`, `undoing`, `first_stores`, `zeroing`, `unfilled`, `unread`,
  `cut_stores`, `cut_results`.
- Loops and exits turned round, and what they keep: `turning`, `iterables`, `growing`, `counting`, `continues`, `tapes`,
  `packing`, `logs`, `tries`, `raising`, `checkpoints`, `replaying`, `recursive`.
- Solvers, by what their results solve: `solving`, `solvers`, `equations`, `odes`, `bisections`.
- Results and names: `results`, `result_kinds`, `names`, `holding`.
- What generated code looks at when it runs, and what is refused: `guards`, `seeds`, `apart`, `checks`, `own_elements`,
  `effects`, `moving`, `refusing`, `pointed`, `started`, `saying`, `unknown_calls`, `left_behind`, `hooks`.
- Last passes over the lines: `together`, `short`, `finishing`, `ownership`, `nothings`, `listed`, `scaled`, `pruning`, `pairs`.
- What both modes ask of calls: `program_calls`.
"""
