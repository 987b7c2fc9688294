"""Which function runs where, and what its surroundings know: modules, closures, classes, objects.

Never looks at kinds or at what varies. Read first: watched.py (what the text relies on), classes.py and instances.py (whose
methods are called).

- `watched`, `places`, `handed`, `handed_twice`, `classes`, `instances`, `objects`, `curves`, `series`, `recursions`, `told`,
  `given`, `live`, `iterators`.
"""
