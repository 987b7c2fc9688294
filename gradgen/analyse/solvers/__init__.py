"""What solvers and mapped functions are given: the function, and the part of the result that varies.

Never differentiates. Read first: calls.py.

- `calls`, `odes`, `entrywise`.
"""
