"""`gradgen write --watch`: writes once, then again whenever a Python file beside the sources changes.

Never reloads a module: each time is a fresh interpreter, so that what is written is what a first run would write.
"""
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

PAUSE = 0.3  # seconds between two looks


def write_and_watch(
    targets: Sequence[str], out: Path, wrt: str | None, mode: str, like: str | None = None, checkpoint: int | None = None
) -> None:
    """Run until interrupted. A refusal is printed, and the watch goes on."""
    command = [sys.executable, "-m", "gradgen", "write", *targets, "--output", str(out), "--mode", mode]
    command += ["--wrt", wrt] if wrt is not None else []
    command += ["--like", like] if like is not None else []
    command += ["--checkpoint", str(checkpoint)] if checkpoint is not None else []
    folders = sorted({Path(target.partition("::")[0]).resolve().parent for target in targets})
    click.echo(f"watching {', '.join(map(str, folders))}; Ctrl-C ends it", err=True)
    seen: dict[Path, tuple[int, int]] | None = None
    try:
        while True:
            now = _stamps(folders, out.resolve())
            if now != seen:
                subprocess.run(command, check=False)
                seen = now
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        click.echo("", err=True)


def _stamps(folders: Sequence[Path], out: Path) -> dict[Path, tuple[int, int]]:
    """When each Python file below the folders was last changed, and its size; what gradgen writes itself left out."""
    stamps = {}
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            hidden = any(part.startswith(".") or part == "__pycache__" for part in file.relative_to(folder).parts)
            if file != out and not hidden:
                try:
                    status = file.stat()
                except FileNotFoundError:
                    continue
                stamps[file] = (status.st_mtime_ns, status.st_size)
    return stamps
