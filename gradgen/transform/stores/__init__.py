"""Stores into containers and arrays: whose adjoint is handed on, what is undone, which zeros need not be made.

Never follows data under another name; gradgen.analyse.sharing does. Read first: containers.py and arrays.py.

- `containers`, `arrays`, `undoing`, `first_stores`, `zeroing`, `unfilled`, `unread`, `cut_stores`, `cut_results`,
  `lost`.
"""
