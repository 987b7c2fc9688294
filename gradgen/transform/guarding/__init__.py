"""What generated code looks at when it runs, and what is refused before there is any.

Never writes a derivative. Read first: guards.py and seeds.py (the first lines of a gradient), refusing.py (what is refused).

- `guards`, `seeds`, `apart`, `checks`, `own_elements`, `effects`, `moving`, `refusing`, `parted`, `pointed`, `started`, `saying`,
  `unknown_calls`, `left_behind`, `hooks`, `in_place`.
"""
