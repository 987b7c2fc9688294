"""The chain rule: from a program and its facts to the backward parts of its gradient, and to tangents.

Reverse mode lies here, forward mode in `forward`, which uses much of it. Never prints.

- The order of work: `reverse`, `module`, `control`, `planning`, `assigning`, `statement`, `settling`, `writing`, `backward`,
  `gradient`.
- One expression: `local`, `contributions`, `terms`, `totals`, `evaluation`, `calls`, `direct`, `sums`, `sequences`,
  `comprehensions`, `composed`, `complexes`, `vectorised`, `walruses`, `elements`, `powers`.
- Plans and lines of one statement: `plans`, `settled`, `sharing`, `repeating`, `naming`, `standing`, `renaming`, `anew`,
  `ahead`, `spelling`, `sides`.
- Arrays: `arrays`, `walk`, `substituted`, `array_results`, `results_read`, `array_lists`, `array_text`, `swaps`, `places`,
  `sizes`, `entrywise`, `selected`.
- Stores: `stores`, `array_stores`, `undoing`, `first_stores`, `zeroing`, `unfilled`, `unread`, `cut_stores`, `cut_results`.
- Loops, exits, tapes: `turning`, `iterables`, `growing`, `counting`, `continues`, `tapes`, `packing`, `logs`, `tries`, `raising`,
  `checkpoints`, `replaying`, `recursive`.
- Solvers: `solving`, `solvers`, `equations`, `odes`, `bisections`.
- Results and names: `results`, `result_kinds`, `names`, `holding`.
- Guards and refusals: `guards`, `seeds`, `apart`, `checks`, `own_elements`, `effects`, `moving`, `refusing`, `pointed`,
  `started`, `saying`, `unknown_calls`, `left_behind`, `hooks`.
- Last passes: `together`, `short`, `finishing`, `ownership`, `nothings`, `listed`, `scaled`, `pruning`, `pairs`.
- What both modes ask of calls: `program_calls`.
"""
