"""`python -m gradgen` and the console script: starts the command line.

Never defines a command.
"""
from __future__ import annotations


def main() -> None:
    """Run the command line on sys.argv and exit with its code."""
    from gradgen.cli.commands import cli

    cli(prog_name="gradgen")


if __name__ == "__main__":
    main()
