"""What a derivative is: tables of rows, one a fact, and what is asked of them.

Never looks at a program.

A row is text in the notation of the generated code, `y = sin(x)` and `dx += dy * cos(x)`; notation.py says what becomes of it,
parsing.py reads it when its operation is first asked for, registry.py finds the row for an operation and what is known of its
operands. A new operation is a row in the table of its family, or in a topic of `whole` where it works on whole arrays: there
the lines may be made by a small function of the facts (shape, axis, options). spelling.py says which Python callables are which
operation.

- Tables of numbers: `operators`, `mathematics`, `elementwise`, `special`, `spherical`, `orthogonal`, `elliptic`, `shares`,
  `stats`, `splines`, `statistics_of_lists`.
- The notation: `notation`, `rows`, `parsing`, `conditions`, `shapes`, `transposes`, `evaluation`, `table`.
- Asking for rules: `registry`, `spelling`, `user`, `complexes`, `compositions`, `selecting`, `solvers`.
- Text that generated modules carry: `helpers`, `carried`, `checking`, `parametric`, `steering`, `structured`,
  `variants`, `zeros`.
- Operations on whole arrays, a topic each: `whole`.
"""
