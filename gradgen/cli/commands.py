"""The commands of `gradgen`: what each takes, says and exits with.

Never does the work itself. Exit codes: 0 fine, 1 findings, 2 what was asked for cannot be understood or found.
"""
from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Literal, ParamSpec

import click

from gradgen import __version__
from gradgen.cli import completion, output
from gradgen.cli.generated_files import MODES, Mode
from gradgen.cli.targets import Target, find_targets, works_on_arrays
from gradgen.errors import ArgumentError, GradgenError

P = ParamSpec("P")
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
EPILOG = """\b
Functions are named FILE.py::FUNC (FILE.py::Class.method for a method).
FILE.py alone means every function in it that is decorated with
@differentiable.

\b
Exit codes: 0 fine, 1 findings, 2 not understood or not found.
Colours are left out where NO_COLOR is set or the output is no terminal.

\b
Completion of commands, files and functions:
  bash  eval "$(_GRADGEN_COMPLETE=bash_source gradgen)"   in ~/.bashrc
  zsh   eval "$(_GRADGEN_COMPLETE=zsh_source gradgen)"    in ~/.zshrc
  fish  _GRADGEN_COMPLETE=fish_source gradgen | source    in config.fish
"""


def finding(code: int = 1) -> None:
    """Leave with that exit code."""
    sys.exit(code)


def refusals_are_findings(command: Callable[P, None]) -> Callable[P, None]:
    """Print what gradgen refuses, and exit with 1."""

    @wraps(command)
    def run(*args: P.args, **keywords: P.kwargs) -> None:
        try:
            command(*args, **keywords)
        except GradgenError as error:
            output.complain(str(error))
            finding()

    return run


targets_argument = click.argument(
    "targets", nargs=-1, required=True, metavar="FILE.py::FUNC...", shell_complete=completion.complete_target
)
wrt_option = click.option(
    "--wrt",
    metavar="NAMES",
    help="Parameters to differentiate with respect to: `a,b` gives a tuple of two, `a` a bare gradient, `a,` a tuple of one."
    " Left out: what the decorator names, else all that can vary.",
)
at_option = click.option(
    "--at", multiple=True, metavar="ARGUMENTS", help="The point, as the arguments of a call: `a=5,b=3,c=2`. Expressions work."
)
like_option = click.option(
    "--like", metavar="ARGUMENTS",
    help="For functions of arrays: the kinds of the arguments, as those of a call. `X=float[20,3],y=float[20]` are arrays of"
    " floats of such shapes, `int[20]` is one of whole numbers; expressions work. What is left out is a number.",
)
mode_option = click.option(
    "--mode", type=click.Choice(MODES), default="value_and_grad", show_default=True, help="What the generated function returns."
)

checkpoint_option = click.option(
    "--checkpoint", type=click.IntRange(min=1), metavar="K",
    help="Keep the values that K turns of a loop begin with, and run the other turns again from these.",
)


@click.group(context_settings=SETTINGS, epilog=EPILOG)
@click.version_option(__version__, message="gradgen %(version)s")
def cli() -> None:
    """Write the gradient code of Python functions, and check it.

    gradgen reads a function and writes a Python function that computes its gradient by the chain rule:
    plain code that you can read, keep and run without gradgen.
    """


@cli.command()
@targets_argument
@wrt_option
@at_option
@like_option
@mode_option
@checkpoint_option
@refusals_are_findings
def show(
    targets: Sequence[str], wrt: str | None, at: Sequence[str], like: str | None, mode: Mode, checkpoint: int | None
) -> None:
    """Print the generated gradient code.

    With --at the code is run at that point, and beside every forward line stands its value, beside every backward
    line the adjoint: the derivative of the result with respect to that variable.

    \b
      gradgen show course.py::J
      gradgen show course.py::J --at a=5,b=3,c=2
      gradgen show model.py::loss --wrt W --like "W=float[3],X=float[20,3],y=float[20]"
    """
    from gradgen.cli.generated_files import generated_function
    from gradgen.cli.points import arguments_of, example_of

    found = find_targets(targets)
    for number, target in enumerate(found):
        if len(found) > 1:
            output.say_code(("\n\n" if number else "") + f"# {target.shown}\n")
        point = arguments_of(at, target.function)
        example = example_of(like, target.function)
        example = point.args if example is None and point is not None else example
        generated = generated_function(target, mode, wrt, example, checkpoint)
        _note_kinds(target, example)
        if point is None:
            output.say_code(generated.source)
        else:
            _show_values(target, generated, point.args, point.kwargs)


def _note_kinds(target: Target, example: tuple[Any, ...] | None) -> None:
    """Say what a text is for whose function works on arrays, where nothing said of which shapes."""
    if example is None and works_on_arrays(target):
        shapes = '--like "X=float[20,3],y=float[20]"'
        output.complain(f"{target.shown} works on arrays: {shapes} and the like say of which shapes; this text is for numbers")


def _note_point(target: Target, at: Sequence[str], like: str | None, is_fine: bool) -> None:
    """Say what a judge needs to be told who came to no verdict."""
    if is_fine or at:
        return
    if "." in target.name and next(iter(inspect.signature(target.primal).parameters), "") == "self":
        owner = target.name.rpartition(".")[0]
        output.complain(f'{target.shown} is a method: --at "self={owner}(...),x=0.5" and the like say of which object, and where')
    elif like is None:
        _note_kinds(target, None)


def _show_values(target: Target, generated: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    from gradgen.show.annotate import annotated

    parameters = inspect.signature(generated, follow_wrapped=False).parameters
    if any(parameters[seed].default is inspect.Parameter.empty for seed in (*generated.seeds, *generated.tangents)):
        raise click.UsageError("--at needs a function whose seeds may be left out: not one of --mode vjp, jvp or hvp")
    run = annotated(generated.source, generated.__name__, args, keywords)
    output.say_code(run.to_text())
    if run.error is not None:
        output.complain(f"{target.shown} raised {type(run.error).__name__}: {run.error}")
        finding()


@cli.command()
@targets_argument
@click.option(
    "-o", "--output", "out", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; `-` for the terminal.",
)
@wrt_option
@like_option
@mode_option
@checkpoint_option
@click.option("--watch", is_flag=True, help="Write again whenever the sources change, until Ctrl-C.")
def write(
    targets: Sequence[str], out: Path, wrt: str | None, like: str | None, mode: Mode, checkpoint: int | None, watch: bool
) -> None:
    """Write gradient code to a file.

    The file runs without gradgen. Its first lines say what it was made from, so that `gradgen check` can tell later
    whether it is still up to date. All functions named must fit into one file.

    \b
      gradgen write course.py::J -o course_grad.py
      gradgen write course.py -o course_grad.py --watch
    """
    if watch and str(out) == "-":
        raise click.UsageError("--watch writes a file: name one with -o")
    if watch:
        from gradgen.cli.watching import write_and_watch

        write_and_watch(targets, out, wrt, mode, like, checkpoint)
    else:
        _write(targets, out, wrt, mode, like, checkpoint)


@refusals_are_findings
def _write(targets: Sequence[str], out: Path, wrt: str | None, mode: Mode, like: str | None, checkpoint: int | None) -> None:
    from gradgen.cli.generated_files import file_text, write_atomically
    from gradgen.cli.targets import Unusable, shown_path

    found = find_targets(targets)
    if str(out) == "-":
        output.say_code(file_text(found, mode, wrt, out, like, checkpoint))
        return
    if any(out.exists() and out.samefile(target.file) for target in found):
        raise Unusable(f"{shown_path(out)} is the source itself: name another file with -o")
    is_new = write_atomically(out, file_text(found, mode, wrt, out, like, checkpoint))
    for target in found:
        _note_kinds(target, None if like is None else ())
    names = ", ".join(target.name for target in found)
    click.echo(f"wrote {shown_path(out)}: {names}" if is_new else f"{shown_path(out)} is up to date: {names}")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="OUT.py...")
@click.option("--diff", is_flag=True, help="Show what would change.")
@click.option("--write", "rewrite", is_flag=True, help="Write the stale files anew.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(files: Sequence[Path], diff: bool, rewrite: bool, as_json: bool) -> None:
    """Tell whether generated files are up to date.

    Each is made again in memory from the functions that its first lines name, and compared. A directory means every
    generated file in it. Exits with 1 if one is stale, even if --write has written it anew, or cannot be checked.

    \b
      gradgen check course_grad.py
      gradgen check src --diff
      gradgen check src --write
    """
    from gradgen.cli.generated_files import generated_below, standing_of

    standings = [standing_of(file, rewrite) for given in files for file in generated_below(given)]
    if as_json:
        wanted = ("file", "status", "why", *(("diff",) if diff else ()))
        rows = [{name: getattr(each, name) for name in wanted} for each in standings]
        click.echo(json.dumps({"files": rows}, indent=2, ensure_ascii=False))
    else:
        for each in standings:
            click.echo(f"{each.file}: {each.status}" + (f": {each.why}" if each.why else ""))
            if diff and each.diff:
                output.say_code(each.diff, "diff")
        if not standings:
            click.echo("no generated file there")
    if any(each.status != "up to date" for each in standings):
        finding()


@cli.command()
@targets_argument
@wrt_option
@at_option
@like_option
@click.option("--sympy", is_flag=True, help="Ask SymPy, and no other judge that is not named.")
@click.option("--numeric", is_flag=True, help="Ask numerical differences, and no other judge that is not named.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def verify(
    targets: Sequence[str], wrt: str | None, at: Sequence[str], like: str | None, sympy: bool, numeric: bool, as_json: bool,
) -> None:
    """Have the generated gradients judged by SymPy and numerically.

    SymPy differentiates the function by itself and compares with what the generated code gives for symbols; numerical
    differences compare at points, random ones or the one of --at. Exits with 1 if a partial derivative differs, or if
    neither judge comes to a verdict.

    \b
      gradgen verify course.py::J
      gradgen verify course.py::J --at a=5,b=3,c=2 --json
    """
    from gradgen.cli.verdicts import Judgement, judged

    found = find_targets(targets)
    judgements: list[Judgement] = []
    with output.progress(len(found), "verifying") as now:
        for number, target in enumerate(found):
            now(target.shown, number)
            judge: Literal["sympy", "numeric"] | None = None if sympy is numeric else "sympy" if sympy else "numeric"
            judgements.append(judged(target, wrt, at, like, judge))
            if not as_json:
                judgements[-1].say()
                _note_point(target, at, like, judgements[-1].is_fine)
    if as_json:
        click.echo(json.dumps({"functions": [each.to_dict() for each in judgements]}, indent=2, ensure_ascii=False))
    if not all(each.is_fine for each in judgements):
        finding()


@cli.command()
@targets_argument
@wrt_option
@like_option
@click.option("--text", "notation", flag_value="text", help="A line for each value (the default).")
@click.option("--dot", "notation", flag_value="dot", help="Graphviz.")
@click.option("--mermaid", "notation", flag_value="mermaid", help="Mermaid, for Markdown.")
@click.option("--svg", "notation", flag_value="svg", help="A picture.")
@click.option(
    "-o", "--output", "out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write to; `-` for the terminal."
)
@refusals_are_findings
def graph(targets: Sequence[str], wrt: str | None, like: str | None, notation: str | None, out: Path | None) -> None:
    """Show the computation graph: what each value is made from.

    Without a notation, the ending of the file to write says which (.svg, .dot, .gv, .mmd), else it is text.

    \b
      gradgen graph course.py::J
      gradgen graph course.py::J -o course.svg
    """
    from gradgen.cli.generated_files import generated_function, write_atomically
    from gradgen.cli.points import example_of

    endings = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".mermaid": "mermaid"}
    if out is not None and notation is None and out.suffix.lower() not in (*endings, "", ".txt"):
        raise click.UsageError(f"-o {out}: the endings {', '.join(endings)} and .txt say which notation; or name one, as --svg")
    notation = notation or endings.get(out.suffix.lower() if out else "", "text")
    out = None if str(out) == "-" else out
    found = find_targets(targets)
    if out is not None and len(found) > 1:
        raise click.UsageError("-o takes one function: name it FILE.py::FUNC")
    for target in found:
        example = example_of(like, target.function)
        try:
            generated = generated_function(target, "value_and_grad", wrt, example)
        except ArgumentError as error:
            if error.findings[0].code != "GG403":  # of several results there is a graph, though no gradient
                raise
            generated = generated_function(target, "vjp", wrt, example)
        text: str = getattr(generated.graph, f"to_{notation}")()
        if out is None:
            click.echo(text, nl=False)
        else:
            write_atomically(out, text)


@cli.command()
@click.argument("code", required=False, shell_complete=completion.complete_code)
def explain(code: str | None) -> None:
    """Explain an error code.

    What it means, an example that fails, and what to write instead. Without a code, lists all of them.

    \b
      gradgen explain GG104
    """
    from gradgen.show.explain import page_of, pages

    if code is None:
        click.echo("".join(f"{each}  {title}\n" for each, title in pages().items()), nl=False)
        return
    page = page_of(code)
    if page is None:
        raise click.UsageError(f"there is no error code {code!r}; `gradgen explain` lists them")
    output.say_page(page)


@cli.command()
@click.argument("name", required=False)
def rules(name: str | None) -> None:
    """List the derivative rules, or show those of one operation.

    \b
      gradgen rules
      gradgen rules tanh
      gradgen rules np.arctan2
    """
    from gradgen.cli.rule_list import near, overview
    from gradgen.rules.table import describe

    if name is None:
        click.echo(overview(), nl=False)
        return
    text = describe(name)
    if text is None:
        close = near(name)
        output.complain(f"there is no rule for {name!r}" + (f"; did you mean {' or '.join(close)}?" if close else ""))
        finding(2)
    click.echo(text)
