"""The derivatives of solvers, by what their results solve.

Never looks at how a solution is found. Read first: solving.py (what both modes ask), calls.py (roots and integrals).

- `solving`, `calls`, `equations`, `odes`, `bisections`.
"""
