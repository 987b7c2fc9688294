"""What the commands print: plain text into pipes and files, colour on a terminal, errors on standard error.

Never decides what is said. NO_COLOR, and TERM=dumb, are heeded by rich.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress


def is_rich() -> bool:
    """Whether standard output is a terminal that a person looks at."""
    return sys.stdout.isatty()


@cache
def _console() -> Console:
    """The terminal: one for all that is printed, so that a progress bar and what appears above it know of each other."""
    from rich.console import Console

    return Console()


def say_code(text: str, language: str = "python") -> None:
    """Code: the very bytes into a pipe, highlighted on a terminal."""
    if not is_rich():
        click.echo(text, nl=False)
        return
    from rich.syntax import Syntax

    code = Syntax(text.rstrip("\n"), language, theme="ansi_dark", background_color="default")
    _console().print(code, soft_wrap=True)


def say_page(markdown: str) -> None:
    """A Markdown page: as it is into a pipe, rendered on a terminal."""
    if not is_rich():
        click.echo(markdown, nl=False)
        return
    from rich.markdown import Markdown

    _console().print(Markdown(markdown), width=min(_console().width, 100))


def say(renderable: Any) -> None:
    """Something that has a text and, for a terminal, a `__rich__`: a verdict."""
    if not is_rich():
        click.echo(str(renderable))
        return
    _console().print(renderable)


def complain(text: str) -> None:
    """A finding, to standard error."""
    click.echo(text, err=True)


@contextmanager
def progress(total: int, of_what: str) -> Iterator[Any]:
    """A callable that says what is worked on now and how many are done; shown on a terminal only, and gone afterwards."""
    if not sys.stderr.isatty():
        yield lambda name, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # On standard error where only that is a terminal; else on the console that prints, above the bar, what is done.
    console = _console() if is_rich() else Console(stderr=True)
    bar: Progress = Progress(*columns, console=console, transient=True)
    with bar:
        task = bar.add_task(of_what, total=total)
        yield lambda name, done: bar.update(task, description=f"{of_what} {name}", completed=done)
