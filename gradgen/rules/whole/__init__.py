"""What operations on whole arrays do, both ways: a module a topic, with its rows and how its operations are called.

Never looks at a program. Read first: topic.py (what a topic brings), tables.py (all topics put together), reductions.py (a topic
whose lines depend on the axis).

- Put together: `topic`, `tables`, `tangents`, `moving`, `moved_running`, `moved_statistics`, `carried`, `helpers`.
- Elements of arrays, moved, joined, picked: `making`, `shaping`, `rearranging`, `joining`, `padding`, `picking`, `replacing`,
  `gridding`, `structured`.
- Sums and what runs along an axis: `reductions`, `running`, `segments`, `softening`, `statistics`, `summaries`,
  `relations`, `densities`, `integration`.
- Products and matrices: `products`, `einsum`, `matrices`, `linalg`, `linalg_helpers`, `factorings`, `factors`, `diagonals`,
  `norms`, `distances`, `matrix_equations`, `matrix_functions`, `complex_matrices`, `orthogonal`.
- Signals and series: `fourier`, `cosines`, `signals`, `polynomials`, `roots`, `series`,
  `series_products`.
- Interpolation and differential equations: `interpolation`, `moved_knots`, `curves`, `chosen_slopes`, `grids`, `odes`.
"""
