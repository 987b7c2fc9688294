"""Where control flow goes, and what a loop is at heart.

Never looks at kinds. Read first: exits.py, then irregular.py.

- `exits`, `irregular`, `counts`, `searches`, `rebounds`, `among`, `bisections`, `ways`.
"""
