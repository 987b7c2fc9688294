"""The page of each error code, as the wheel carries it.

Never renders; the command line does. docs/errors/ holds the same pages for readers of the repository.
"""
from __future__ import annotations

import re
from importlib import resources


def page_of(code: str) -> str | None:
    """The Markdown page of a code (`GG104`, `gg104`, `104`), or None if there is none."""
    found = re.fullmatch(r"(?:GG)?(\d{3})", code.strip().upper())
    if not found:
        return None
    page = resources.files("gradgen.show") / "errors" / f"GG{found[1]}.md"
    return page.read_text(encoding="utf-8") if page.is_file() else None


def pages() -> dict[str, str]:
    """Every code that has a page, with the page's title, in order."""
    folder = resources.files("gradgen.show") / "errors"
    if not folder.is_dir():
        return {}
    titles = {}
    for page in sorted(folder.iterdir(), key=lambda each: each.name):
        if page.name.endswith(".md"):
            first = page.read_text(encoding="utf-8").partition("\n")[0]
            titles[page.name.removesuffix(".md")] = first.lstrip("# ").partition(": ")[2]
    return titles
