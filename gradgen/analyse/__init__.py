"""Facts about a program: what varies, what is kept, what shares data, of which kind a value is.

Never changes a program.

Read first, in this order: program.py (each function is read once, and analysed once for each set of parameters that vary),
versions.py (each binding has a version, so that reads and bindings are a plain graph), activity.py (two walks over that graph:
which versions vary, which are useful), kinds/ (the kinds of values), recording/ (what has to be recorded, once the backward
lines are known). Every other module answers one question about a function: its first line says which. Facts lie in maps
beside the tree, by node or by version; a walk over a large function first asks `ir.finding` whether there is anything to look at.

- Which function runs where, read and bound once: `program`, `reading`, `reads`, `binding`, `bindings`; what its
  surroundings know: `surroundings`.
- Versions and activity: `versions`, `activity`, `intermediate`, `graph`.
- Of which kind a value is: `kinds`.
- What is recorded, and what may be read, or run, a second time: `recording`.
- Which names share an object or its data, and who would see a store: `sharing`.
- Where control flow goes, and what a loop is at heart: `flow`.
- Where there is no slope, or a wrong one would come out: `slopes`.
- What solvers and mapped functions are given: `solvers`.
"""
