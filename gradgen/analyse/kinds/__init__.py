"""Of which kind a value is: a number, an array of some rank, a container of them, anything else.

Never looks at what varies. Read first: kind.py, then variables.py (each variable's kind, to a fixed point) and arrays.py (each
expression's).

- `kind`, `values`, `variables`, `arrays`, `indexing`, `outside`, `stacks`, `dicts`, `rows`, `conversions`, `listed`,
  `methods`, `literals`, `spread`, `wholes`, `wrapping`, `elementwise`, `collected`, `collecting`, `dtypes`, `floats`,
  `texts`.
"""
