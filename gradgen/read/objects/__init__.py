"""Spells a function that makes objects of the user's own classes without them: a variable for each attribute, and the lines of
methods and operators in the place of their calls.

Never runs what it reads. What cannot be said so leaves the whole text as it was: the later stages read it, or refuse it. Read
first: flattening.py (when, and what becomes of the text), values.py (what stands for an object), then editing.py and walking.py.

- The text as a whole: `flattening`, and its statements as edits: `editing`. Branches, loops and the lines of callees: `walking`;
  statements that hold no others: `assigning`; lists of objects: `rows`, those that grow: `growing`; which variables hold objects
  there: `bound`.
- Expressions: `expressions`, `operators`. Calls: `calling`, `making`, and functions that are asked of objects: `asked`.
- What stands for an object, and what its class says: `values`, `classes`.
"""
