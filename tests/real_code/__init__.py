"""Published engineering code, differentiated and judged: `python -m tests.real_code --package psychrolib`.

Never holds expected values: differences of the published functions' own values are the judge.
"""
