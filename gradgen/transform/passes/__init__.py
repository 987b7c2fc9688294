"""Last passes over the lines of a gradient, which leave its numbers as they are.

Never adds a derivative. Read first: finishing.py, which has their order.

- `together`, `short`, `finishing`, `ownership`, `nothings`, `listed`, `scaled`, `pruning`, `pairs`.
"""
