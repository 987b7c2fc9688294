"""Runs a page of documentation: its Python blocks in order in one namespace, its commands, and compares what they print.

Never decides which pages there are.

On a page
- a `python` block runs; an `output` block after it, or a `text` block with nothing between but blank lines, is what it prints;
- `python title="course.py"` also writes the block to that file, so that commands and errors can name it;
- `python raises` must raise a GradgenError, and its message is then what the block prints;
- a `pycon` block is a doctest;
- in a `console` block every line that begins with `$ ` is run, and the lines up to the next one are its output;
- a line that is `...` stands for any lines.
"""
from __future__ import annotations

import contextlib
import doctest
import io
import linecache
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = {"python", "pycon", "console", "output", "text", "mermaid", "dot", "toml", "yaml", "ini", "json", "diff", "svg"}
RUN = ("gradgen", "python", "cat", "head", "ls")
LEFT_TO_THE_READER = ("make", "pip", "git", "cd", "source", "pre-commit", "eval")
FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,})(?P<info>[^`]*)$")


@dataclass(frozen=True)
class Block:
    """A fenced block: language, the words after it, text, first line, and whether no prose parts it from the block before."""

    language: str
    options: tuple[str, ...]
    text: str
    line: int
    follows_directly: bool


class PageError(AssertionError):
    """What a page says is not so."""


def blocks_of(page: str) -> list[Block]:
    """The fenced blocks of a Markdown text, in order."""
    blocks: list[Block] = []
    lines = page.splitlines()
    number = 0
    blank_since_last = False
    while number < len(lines):
        fence = FENCE.match(lines[number])
        if not fence:
            blank_since_last = blank_since_last and not lines[number].strip()
            number += 1
            continue
        start = number + 1
        number = start
        while number < len(lines) and lines[number].strip() != fence["ticks"]:
            number += 1
        if number == len(lines):
            raise PageError(f"line {start}: the block is never closed")
        words = shlex.split(fence["info"].strip())
        indent = len(fence["indent"])
        text = "".join(f"{line[indent:]}\n" for line in lines[start:number])
        blocks.append(Block(words[0] if words else "", tuple(words[1:]), text, start + 1, blank_since_last))
        blank_since_last = True
        number += 1
    return blocks


def run_page(page: str, folder: Path, name: str = "page", changed: dict[int, str] | None = None) -> int:
    """Run everything on the page, in `folder`, which must be the working directory; the number of blocks that ran.

    Raises PageError where what is printed differs; where `changed` is given, it gets instead what the blocks on those lines
    should hold. Any other exception of a block comes through with a note.
    """
    namespace: dict[str, Any] = {"__name__": f"docs_{re.sub(r'[^A-Za-z0-9_]', '_', name)}"}
    ran = 0
    printed: str | None = None
    for block in blocks_of(page):
        if block.language not in LANGUAGES:
            raise PageError(f"{name}:{block.line}: a block in {block.language!r}: say which of {sorted(LANGUAGES)}")
        if block.language in ("output", "text"):
            if printed is not None and (block.language == "output" or block.follows_directly):
                with _kept(changed, block, printed):
                    compare_output(block.text, printed, f"{name}:{block.line}")
            printed = None
            continue
        printed = None
        if block.language == "python":
            printed = run_python(block, folder, name, namespace)
        elif block.language == "pycon":
            run_doctest(block, name, namespace)
        elif block.language == "console":
            shown, text = run_console(block, folder, name)
            with _kept(changed, block, text):
                for (command, wanted), (_, got) in zip(shown, commands_of(text), strict=True):
                    compare_output(wanted, got, f"{name}:{block.line}: $ {command}")
        else:
            continue
        ran += 1
    return ran


@contextlib.contextmanager
def _kept(changed: dict[int, str] | None, block: Block, text: str) -> Iterator[None]:
    """Where there is a place for changes, put the block's new text there instead of raising PageError."""
    try:
        yield
    except PageError:
        if changed is None:
            raise
        changed[block.line] = text


def rewritten(page: str, changed: Mapping[int, str]) -> str:
    """The page with new texts in the blocks that begin on those lines."""
    lines = page.splitlines()
    for block in reversed(blocks_of(page)):
        if block.line in changed:
            indent = " " * (len(lines[block.line - 2]) - len(lines[block.line - 2].lstrip()))
            new = [f"{indent}{line}".rstrip() for line in changed[block.line].rstrip().splitlines()]
            lines[block.line - 1 : block.line - 1 + len(block.text.splitlines())] = new
    return "\n".join(lines) + "\n"


def compare_output(shown: str, got: str, where: str) -> None:
    """Raise PageError unless the page shows what was printed, apart from blanks at line ends."""
    wanted = [line.rstrip() for line in shown.rstrip().splitlines()]
    pattern = "\n".join(r"(?:.*)" if line.strip() == "..." else re.escape(line) for line in wanted)
    pattern = pattern.replace("\n(?:.*)\n", r"\n(?:.*\n)*?").replace("\n(?:.*)", r"(?:\n.*)*").replace("(?:.*)\n", r"(?:.*\n)*?")
    text = "\n".join(line.rstrip() for line in got.rstrip().splitlines())
    if not re.fullmatch(pattern, text):
        raise PageError(f"{where}: the page shows\n{shown.rstrip()}\n--- but this is printed:\n{text}")


def run_python(block: Block, folder: Path, name: str, namespace: dict[str, Any]) -> str:
    """Execute the block from a real file, named as from `folder`, so that its functions have source; hand back what it prints,
    the folder's own path left out.
    """
    titles = [option.removeprefix("title=") for option in block.options if option.startswith("title=")]
    if titles:
        file, text = folder / titles[0], block.text
    else:  # line numbers as on the page
        titles = [f"{Path(name).stem}_{block.line}.py"]
        file, text = folder / titles[0], "\n" * (block.line - 1) + block.text
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    linecache.checkcache(titles[0])
    out = io.StringIO()
    expects_error = "raises" in block.options
    from gradgen.errors import GradgenError

    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, titles[0], "exec"), namespace)
        except GradgenError as error:
            if not expects_error:
                error.add_note(f"in the block at {name}:{block.line}")
                raise
            print(error)
        except Exception as error:
            error.add_note(f"in the block at {name}:{block.line}")
            raise
        else:
            if expects_error:
                raise PageError(f"{name}:{block.line}: the block was to raise, and did not")
    return out.getvalue().replace(f"{folder}{os.sep}", "")


def run_doctest(block: Block, name: str, namespace: dict[str, Any]) -> None:
    """Run the block as a doctest."""
    test = doctest.DocTestParser().get_doctest(block.text, namespace, f"{name}:{block.line}", name, block.line)
    report = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=report.write, clear_globs=False)
    namespace.update(test.globs)
    if runner.failures:
        raise PageError(report.getvalue())


def commands_of(text: str) -> list[tuple[str, str]]:
    """The commands of a console block and the output shown below each."""
    found = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command = f"{command}\n{more}"
        found.append((command, shown))
    return found


def run_console(block: Block, folder: Path, name: str) -> tuple[list[tuple[str, str]], str]:
    """Run the block's commands: those it shows with the output it shows, and the block's text as it should be."""
    if not block.text.startswith("$ "):
        raise PageError(f"{name}:{block.line}: a console block begins with `$ `")
    commands = commands_of(block.text)
    text = ""
    for command, shown in commands:
        program = command.split()[0]
        if program in LEFT_TO_THE_READER:
            text += f"$ {command}\n{shown}"
            continue
        if program not in RUN:
            raise PageError(f"{name}:{block.line}: nobody said how to run {program!r}")
        done = subprocess.run(
            ["bash", "-c", f'gradgen() {{ "{sys.executable}" -m gradgen "$@"; }}\n{command}'],
            cwd=folder,
            env={
                **os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONPATH": str(Path(__file__).parents[1]),
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        printed = done.stdout.replace(f"{folder}{os.sep}", "")
        text += f"$ {command}\n{printed}" + ("" if printed.endswith("\n") or not printed else "\n")
    return commands, text
