"""The command line: what each command prints, writes and exits with, and what it says to a mistaken call.

Never tests derivatives; expected numbers are those of the course example, worked out by hand.
"""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gradgen.cli.commands import cli
from gradgen.cli.merge import merged
from gradgen.cli.targets import Unusable
from gradgen.cli.verdicts import Judgement
from gradgen.judge.verdict import Status, Verdict

COURSE = """\
from gradgen import differentiable


@differentiable
def J(a, b, c):
    u = b * c
    v = a + u
    J = 3 * v
    return J


def plain(x):
    return x * x


class Box:
    @differentiable
    def area(self, side):
        return side * side

    @staticmethod
    def volume(side):
        return side * side * side


@differentiable(wrt="x")
def line(x, y):
    return x * y
"""
J_BACKWARD = """\
    # backward
    # J = 3 * v
    dv = 3 * dJ
    # v = a + u
    da = dv
    du = dv
    # u = b * c
    db = du * c
    dc = du * b
    return J, (da, db, dc)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working directory, with course.py in it; what the commands import is forgotten afterwards."""
    (tmp_path / "course.py").write_text(COURSE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


def run(*arguments: str, code: int = 0) -> Result:
    """The command in this process; its exit code must be `code`."""
    result = CliRunner().invoke(cli, arguments, prog_name="gradgen")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


# --- show ---


def test_show_prints_the_generated_code_as_it_is(folder: Path) -> None:
    out = run("show", "course.py::J").stdout
    assert "\ndef J_value_and_grad(a, b, c, dJ=1.0):\n" in f"\n{out}" and out.endswith(J_BACKWARD)


def test_show_at_a_point_puts_value_and_adjoint_beside_their_lines(folder: Path) -> None:
    out = run("show", "course.py::J", "--at", "a=5,b=3,c=2").stdout
    notes = [re.sub(r" {2,}", "  ", line.strip()) for line in out.splitlines() if "  # " in line.lstrip()]
    assert notes == [
        "u = b * c  # u = 6",
        "v = a + u  # v = 11",
        "J = 3 * v  # J = 33",
        "dv = 3 * dJ  # dv = 3",
        "da = dv  # da = 3",
        "du = dv  # du = 3",
        "db = du * c  # db = 6",
        "dc = du * b  # dc = 9",
        "return J, (da, db, dc)  # (33, (3, 6, 9))",
    ]
    assert len({line.rindex("# ") for line in out.splitlines() if re.search(r"\S +# \w+ = ", line)}) == 1
    compile(out, "shown", "exec")


@pytest.mark.parametrize("at", [["5,3,2"], ["a=5", "b=3,c=2"], ["5, c=1+1, b=pi/pi*3"], ["c=2,b=sqrt(9),a=len(Box.__name__)+2"]])
def test_a_point_is_written_as_the_arguments_of_a_call(folder: Path, at: list[str]) -> None:
    options = [part for each in at for part in ("--at", each)]
    assert "# J = 33" in run("show", "course.py::J", *options).stdout


def test_show_takes_wrt_and_mode(folder: Path) -> None:
    bare = run("show", "course.py::J", "--wrt", "b").stdout
    assert bare.endswith("return J, db\n") and "dc" not in bare
    single = run("show", "course.py::J", "--wrt", "b,").stdout
    assert single.endswith("return J, (db,)\n")
    both = run("show", "course.py::J", "--wrt", "c, a").stdout
    assert both.endswith("return J, (dc, da)\n")
    gradient = run("show", "course.py::J", "--mode", "grad").stdout
    assert "def J_grad(" in gradient and gradient.endswith("return da, db, dc\n")


def test_a_decorator_s_wrt_is_kept_unless_another_is_named(folder: Path) -> None:
    assert "dy" not in run("show", "course.py::line").stdout
    assert "dy" in run("show", "course.py::line", "--wrt", "x,y").stdout


def test_functions_that_nobody_decorated_and_methods_can_be_named(folder: Path) -> None:
    assert "def plain_value_and_grad(x, dplain=1.0):" in run("show", "course.py::plain").stdout
    assert "def volume_value_and_grad(side, dvolume=1.0):" in run("show", "course.py::Box.volume").stdout


def test_what_python_gives_a_class_by_itself_is_not_offered(folder: Path) -> None:
    (folder / "pipe.py").write_text(
        "from dataclasses import dataclass\nfrom typing import NamedTuple\n\n\nclass Pipe(NamedTuple):\n    d: float\n\n"
        "    def area(self):\n        return self.d**2\n\n\n@dataclass\nclass Tank:\n    h: float\n\n"
        "    def __call__(self, x):\n        return self.h * x\n"
    )
    offered = run("show", "pipe.py::nothing", code=2).stderr
    assert "pipe.py::Pipe.area, pipe.py::Tank.__call__\n" in offered
    assert "_replace" not in offered and "__repr__" not in offered and "__init__" not in offered


def test_a_file_alone_means_its_decorated_functions_in_order(folder: Path) -> None:
    text = "from gradgen import differentiable as d\n@d\ndef zz(x):\n    return x\n@d\ndef aa(x):\n    return x * x\n"
    (folder / "two.py").write_text(text)
    out = run("show", "two.py").stdout
    assert re.findall(r"^# (two.*)$", out, re.MULTILINE) == ["two.py::zz", "two.py::aa"]


def test_an_exception_of_the_function_is_shown_with_the_values_up_to_it(folder: Path) -> None:
    (folder / "bad.py").write_text("def f(x):\n    y = x - 1\n    return 1 / y\n")
    result = run("show", "bad.py::f", "--at", "x=1", code=1)
    assert "# y = 0" in result.stdout
    assert result.stderr == "bad.py::f raised ZeroDivisionError: division by zero\n"


def test_a_refusal_is_a_finding_and_names_file_and_line(folder: Path) -> None:
    (folder / "gen.py").write_text("def f(x):\n    yield x\n")
    result = run("show", "gen.py::f", code=1)
    assert "gen.py:2:5: GG104" in result.stderr and result.stdout == ""


# --- what cannot be understood: exit code 2 ---


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["show", "nofile.py::J"], "there is no file 'nofile.py'"),
        (["show", "J"], "FILE.py::FUNC"),
        (["show", "course.py::"], "names no function"),
        (["show", "course.py::K"], "course.py has no function 'K'"),
        (["show", "course.py::plane"], "did you mean plain"),
        (["show", "course.py::__name__"], "is no function but 'str'"),
        (["show", "nothing.py"], "name one of its own: nothing.py::f"),
        (["show", "broken.py::f"], "SyntaxError"),
        (["show", "raising.py::f"], "raising.py\", line 3, in <module>\n    1 / 0\n"),
        (["show", "exiting.py::f"], "SystemExit"),
        (["show", "course.py::J", "--at", "a=5"], "missing a required argument: 'b'"),
        (["show", "course.py::J", "--at", "a=5,b=3,c=2,d=1"], "unexpected keyword argument 'd'"),
        (["show", "course.py::J", "--at", "a=5)"], "is no list of arguments"),
        (["show", "course.py::J", "--at", "a=nope,b=3,c=2"], "NameError"),
        (["show", "course.py::J", "--mode", "vjp", "--at", "5,3,2"], "seeds may be left out"),
        (["show", "course.py::J", "--mode", "jvp", "--at", "5,3,2"], "seeds may be left out"),
        (["show"], "Missing argument"),
        (["write", "course.py::J"], "Missing option '-o'"),
        (["write", "course.py::J", "-o", "course.py"], "is the source itself"),
        (["check", "nofile.py"], "does not exist"),
        (["graph", "course.py", "-o", "x.svg"], "takes one function"),
        (["graph", "course.py::J", "-o", "x.png"], ".svg, .dot"),
        (["show", "course.py:J"], "a function is named FILE.py::FUNC"),
        (["show", "course.py::Box"], "is a class; name one of its methods: course.py::Box.area"),
        (["write", "course.py::J", "-o", "-", "--watch"], "--watch writes a file"),
        (["explain", "GG000"], "there is no error code 'GG000'"),
        (["rules", "tanhh"], "did you mean tanh"),
        (["show", "course.py::J", "--like", "a=float[3,-1]"], "no array has the shape (3, -1)"),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_a_mistaken_call_is_answered_with_what_is_wrong(folder: Path, arguments: list[str], complaint: str) -> None:
    (folder / "nothing.py").write_text("def f(x):\n    return x\n")
    (folder / "broken.py").write_text("def f(x:\n")
    (folder / "raising.py").write_text("print('noise')\n\n1 / 0\n")
    (folder / "exiting.py").write_text("raise SystemExit(7)\n")
    result = run(*arguments, code=2)
    assert complaint in result.stderr
    assert result.stdout == ""
    assert "gradgen/cli" not in result.stderr


# --- write and check ---


def test_a_written_file_says_how_it_was_made_runs_alone_and_is_up_to_date(folder: Path) -> None:
    out = folder / "made" / "course_grad.py"
    assert run("write", "course.py::J", "-o", str(out)).stdout == "wrote made/course_grad.py: J\n"
    text = out.read_text()
    assert text.splitlines()[1] == "# gradgen: value_and_grad ../course.py::J" and text.endswith(J_BACKWARD)
    assert str(folder) not in text
    namespace: dict[str, object] = {}
    exec(text, namespace)
    assert namespace["J_value_and_grad"](5, 3, 2) == (33, (3, 6, 9))  # type: ignore[operator]
    assert run("check", str(out)).stdout == "made/course_grad.py: up to date\n"


def test_writing_again_touches_nothing_and_gives_the_same_bytes(folder: Path) -> None:
    run("write", "course.py::J", "-o", "g.py")
    before = ((folder / "g.py").read_bytes(), (folder / "g.py").stat().st_mtime_ns)
    assert run("write", "course.py::J", "-o", "g.py").stdout == "g.py is up to date: J\n"
    assert before == ((folder / "g.py").read_bytes(), (folder / "g.py").stat().st_mtime_ns)
    assert sorted(each.name for each in folder.iterdir() if each.suffix == ".py") == ["course.py", "g.py"]


def test_wrt_and_mode_are_kept_in_the_header(folder: Path) -> None:
    run("write", "course.py::J", "-o", "g.py", "--wrt", "a, c", "--mode", "grad")
    assert "# gradgen: grad course.py::J wrt=a,c\n" in (folder / "g.py").read_text()
    assert run("check", "g.py").stdout == "g.py: up to date\n"


MODEL = """\
import numpy as np


def loss(w, b, X, y):
    z = X @ w + b
    return np.mean(np.logaddexp(0, z) - y * z)
"""
LIKE = "X=float[20,3], y=float[20],w=float[3]"


def test_the_kinds_of_arrays_are_said_by_like_and_kept_in_the_header(folder: Path) -> None:
    (folder / "model.py").write_text(MODEL)
    shown = run("show", "model.py::loss", "--wrt", "w,b", "--like", LIKE).stdout
    assert "for arrays w[i], X[i, j], y[i]" in shown and "    dw = X.T @ dz\n    db = dz.sum()\n" in shown
    run("write", "model.py::loss", "--wrt", "w,b", "--like", LIKE, "-o", "model_grad.py")
    header = (folder / "model_grad.py").read_text().splitlines()[1]
    assert header == "# gradgen: value_and_grad model.py::loss wrt=w,b like=X=float[20, 3], y=float[20], w=float[3]"
    assert run("check", "model_grad.py").stdout == "model_grad.py: up to date\n"
    (folder / "model_grad.py").write_text((folder / "model_grad.py").read_text().replace("y=float[20], ", "Q=float[20], "))
    assert "does not fit loss(w, b, X, y)" in run("check", "model_grad.py", code=1).stdout
    assert "from X, w, b" in run("graph", "model.py::loss", "--like", LIKE).stdout


def test_verify_judges_arrays_element_by_element(folder: Path) -> None:
    (folder / "model.py").write_text(MODEL)
    result = run("verify", "model.py::loss", "--wrt", "w", "--like", "X=float[4,2],y=float[4],w=float[2]")
    assert result.exit_code == 0 and "  w[1]   proved" in result.stdout and "  w[1]   agrees" in result.stdout


def test_values_of_arrays_stand_beside_their_lines(folder: Path) -> None:
    (folder / "model.py").write_text(MODEL)
    shown = run("show", "model.py::loss", "--wrt", "b", "--at", "w=np.ones(2),b=0.0,X=np.zeros((2, 2)),y=np.ones(2)").stdout
    assert "# db = -0.5" in shown


def test_a_text_for_numbers_of_a_function_of_arrays_comes_with_a_note(folder: Path) -> None:
    (folder / "model.py").write_text(MODEL)
    assert "works on arrays: --like" in run("show", "model.py::loss").stderr
    assert "works on arrays" not in run("show", "model.py::loss", "--like", LIKE).stderr


def test_several_functions_go_into_one_file_that_check_knows(folder: Path) -> None:
    run("write", "course.py::J", "course.py::plain", "-o", "g.py")
    text = (folder / "g.py").read_text()
    assert [line for line in text.splitlines() if line.startswith("# gradgen")] == [
        "# gradgen: value_and_grad course.py::J",
        "# gradgen: value_and_grad course.py::plain",
    ]
    namespace: dict[str, object] = {}
    exec(text, namespace)
    assert namespace["plain_value_and_grad"](3.0) == (9.0, 6.0)  # type: ignore[operator]
    assert run("check", "g.py").stdout == "g.py: up to date\n"


def stale(folder: Path) -> Path:
    """A generated file whose source has changed since."""
    (folder / "other.py").write_text("def f(x):\n    return 2 * x\n")
    run("write", "other.py::f", "-o", "g.py")
    (folder / "other.py").write_text("def f(x):\n    return 5 * x  # changed\n")
    return folder / "g.py"


def test_check_finds_a_file_whose_source_changed_and_shows_the_difference(folder: Path) -> None:
    stale(folder)
    done = command("check", "g.py", "--diff", folder=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("g.py: stale: it is not what gradgen writes today\n--- g.py\n")
    assert re.search(r"^-.*2 \* ", done.stdout, re.MULTILINE) and re.search(r"^\+.*5 \* ", done.stdout, re.MULTILINE)
    as_json = json.loads(command("check", "g.py", "--json", folder=folder).stdout)
    assert [(each["file"], each["status"]) for each in as_json["files"]] == [("g.py", "stale")]


def test_check_finds_a_file_that_somebody_edited(folder: Path) -> None:
    run("write", "course.py::J", "-o", "g.py")
    (folder / "g.py").write_text((folder / "g.py").read_text().replace("dv = 3 * dJ", "dv = 4 * dJ"))
    assert run("check", "g.py", code=1).stdout == "g.py: stale: it is not what gradgen writes today\n"


def test_check_writes_stale_files_anew(folder: Path) -> None:
    run("write", "course.py::J", "-o", "g.py")
    text = (folder / "g.py").read_text()
    (folder / "g.py").write_text(text.replace("dv = 3 * dJ", "dv = 4 * dJ"))
    assert run("check", "g.py", "--write", code=1).stdout == "g.py: stale: written anew\n"
    assert (folder / "g.py").read_text() == text and run("check", "g.py").stdout == "g.py: up to date\n"


@pytest.mark.parametrize(
    "edit, why",
    [
        (lambda text: text.replace("# gradgen: ", "# "), "has no `# gradgen:` line"),
        (lambda text: text.replace("course.py::J", "gone.py::J"), "gone.py, which it was made from, is not there"),
        (lambda text: text.replace("course.py::J", "course.py::K"), "course.py has no function 'K'"),
        (lambda text: text.replace("course.py::J", "course.py::J wrt=zz"), "GG401"),
    ],
)
def test_what_cannot_be_checked_is_a_finding_too(folder: Path, edit: object, why: str) -> None:
    run("write", "course.py::J", "-o", "g.py")
    (folder / "g.py").write_text(edit((folder / "g.py").read_text()))  # type: ignore[operator]
    out = run("check", "g.py", code=1).stdout
    assert out.startswith("g.py: cannot be checked: ") and why in out


def test_check_of_a_directory_takes_the_generated_files_in_it(folder: Path) -> None:
    run("write", "course.py::J", "-o", "deep/er/a_grad.py")
    run("write", "course.py::plain", "-o", "b_grad.py")
    assert run("check", ".").stdout == "b_grad.py: up to date\ndeep/er/a_grad.py: up to date\n"
    assert run("check", str(folder / "deep")).stdout == "deep/er/a_grad.py: up to date\n"


def test_a_file_in_a_package_is_imported_as_part_of_it(folder: Path) -> None:
    package = folder / "pack" / "inner"
    package.mkdir(parents=True)
    for each in (package, package.parent):
        (each / "__init__.py").write_text("")
    (package / "numbers.py").write_text("factor = 7\n")
    (package / "model.py").write_text("from .numbers import factor\n\ndef f(x):\n    return factor * x\n")
    out = run("show", "pack/inner/model.py::f", "--at", "x=2").stdout
    assert "# (14, 7)" in out


def test_a_file_may_be_called_like_a_module_of_the_standard_library(folder: Path) -> None:
    (folder / "json.py").write_text("def f(x):\n    return 4 * x\n")
    assert "# (12, 4)" in run("show", "json.py::f", "--at", "3").stdout
    assert sys.modules["json"] is json


# --- verify ---


def test_verify_gives_both_judges_verdicts(folder: Path) -> None:
    out = run("verify", "course.py::J", "--at", "a=5,b=3,c=2").stdout
    assert re.search(r"^SymPy .*: proved$", out, re.MULTILINE) and re.search(r"^Numerical .*: agrees$", out, re.MULTILINE)


@pytest.mark.parametrize("judge, other", [("sympy", "numeric"), ("numeric", "sympy")])
def test_verify_asks_one_judge_alone_and_speaks_json(folder: Path, judge: str, other: str) -> None:
    found = json.loads(run("verify", "course.py::J", f"--{judge}", "--json").stdout)
    (only,) = found["functions"]
    assert only["function"] == "course.py::J" and only["fine"] is True and other not in only
    assert {partial["name"] for partial in only[judge]["partials"]} == {"a", "b", "c"}


def test_verify_of_what_is_refused_is_a_finding(folder: Path) -> None:
    (folder / "gen.py").write_text("def f(x):\n    yield x\n")
    assert "gen.py:2:5: GG104" in run("verify", "gen.py::f", code=1).stderr
    found = json.loads(run("verify", "gen.py::f", "--json", code=1).stdout)
    assert found["functions"][0]["fine"] is False and "GG104" in found["functions"][0]["error"]


@pytest.mark.parametrize(
    "statuses, error, is_fine",
    [
        (["proved", "agrees"], "", True),
        (["undecided", "agrees"], "", True),
        (["proved", "undecided"], "", True),
        (["undecided"], "", False),
        (["proved", "differs"], "", False),
        (["differs", "agrees"], "", False),
        (["proved"], "it raised", False),
        ([], "refused", False),
    ],
)
def test_a_function_is_fine_where_a_judge_confirms_and_none_objects(statuses: list[Status], error: str, is_fine: bool) -> None:
    verdicts = tuple((f"judge {number}", Verdict("", "f", status)) for number, status in enumerate(statuses))
    assert Judgement("f.py::f", verdicts, error).is_fine is is_fine


# --- graph ---


def test_graph_comes_in_every_notation(folder: Path) -> None:
    text = run("graph", "course.py::J").stdout
    assert "u = b * c" in text and text == run("graph", "course.py::J", "--text").stdout
    assert run("graph", "course.py::J", "--dot").stdout.startswith('digraph "J" {')
    assert run("graph", "course.py::J", "--mermaid").stdout.startswith("flowchart LR\n")
    assert ET.fromstring(run("graph", "course.py::J", "--svg").stdout).tag.endswith("svg")


STARTS = {"svg": "<svg", "dot": "digraph", "gv": "digraph", "mmd": "flowchart", "txt": "J"}


@pytest.mark.parametrize("ending, start", STARTS.items())
def test_the_ending_of_the_file_says_the_notation(folder: Path, ending: str, start: str) -> None:
    assert run("graph", "course.py::J", "-o", f"g.{ending}").stdout == ""
    assert (folder / f"g.{ending}").read_text().startswith(start)


# --- rules, explain, help ---


def test_a_hyphen_for_a_file_is_the_terminal(folder: Path) -> None:
    assert J_BACKWARD in run("write", "course.py::J", "-o", "-").stdout
    assert run("graph", "course.py::J", "--svg", "-o", "-").stdout.startswith("<svg")
    assert not (folder / "-").exists()


def test_of_several_results_there_is_a_graph(folder: Path) -> None:
    (folder / "pair.py").write_text("def pair(x, y):\n    return x * y, x + y\n")
    assert "from x, y  output" in run("graph", "pair.py::pair").stdout


SPRING = """\
class Spring:
    def __init__(self, k):
        self.k = k

    def energy(self, x):
        return 0.5 * self.k * x * x
"""


def test_a_method_is_written_for_any_object_and_judged_at_one(folder: Path) -> None:
    (folder / "spring.py").write_text(SPRING)
    run("write", "spring.py::Spring.energy", "-o", "spring_grad.py")
    spring: dict[str, Any] = {}
    exec(SPRING + (folder / "spring_grad.py").read_text(), spring)
    assert spring["energy_value_and_grad"](spring["Spring"](3.0), 2.0) == (6.0, 6.0)  # k x**2 / 2 and k x
    assert '--at "self=Spring(...)' in run("verify", "spring.py::Spring.energy", code=1).stderr
    assert "proved" in run("verify", "spring.py::Spring.energy", "--at", "self=Spring(3.0),x=2.0").stdout
    told = run("write", "spring.py::Spring.energy", "--like", "x=2.0", "-o", "spring_grad.py", code=2).stderr
    assert "self=Spring(...),x=2.0" in " ".join(told.split())


def test_both_judges_may_be_named(folder: Path) -> None:
    said = run("verify", "course.py::J", "--sympy", "--numeric").stdout
    assert "SymPy on" in said and "Numerical differences on" in said


def test_rules_lists_all_and_describes_one_by_any_of_its_names() -> None:
    assert re.search(r"^ +y = tanh\(x\) +dx \+= dy \* \(1 - y\*\*2\)$", run("rules").stdout, re.MULTILINE)
    texts = {run("rules", name).stdout for name in ("atan2", "math.atan2", "np.arctan2", "numpy.arctan2")}
    assert len(texts) == 1 and "z = atan2(y, x)" in texts.pop()
    assert "z = x ** y" in run("rules", "**").stdout
    assert "x = solve(a, b)" in run("rules", "np.linalg.solve").stdout
    assert "of a sequence" in run("rules", "sum").stdout
    assert "written: numpy.fill_diagonal" in run("rules", "np.fill_diagonal").stdout


@pytest.mark.parametrize("command", ["show", "write", "check", "verify", "graph", "explain", "rules"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    text = run(command, "--help").stdout
    assert f"  gradgen {command}" in text
    assert max(map(len, text.splitlines())) <= 110


def test_the_overview_names_every_command_in_a_whole_sentence() -> None:
    text = run("--help").stdout
    lines = [line for line in text.splitlines() if re.match(r"  (show|write|check|verify|graph|explain|rules) ", line)]
    assert len(lines) == 7 and not [line for line in lines if line.endswith("...")]
    assert "complet" in text.lower()


# --- as its users start it ---


def command(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gradgen", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_what_a_file_prints_at_import_does_not_get_into_the_output(folder: Path) -> None:
    (folder / "loud.py").write_text("print('hello')\ndef f(x):\n    return x * x\n")
    done = command("show", "loud.py::f", folder=folder)
    assert done.returncode == 0 and done.stderr == "hello\n"
    assert "def f_value_and_grad" in done.stdout and "hello" not in done.stdout


def on_a_terminal(*arguments: str, folder: Path, **environment: str) -> str:
    """What the command prints when standard output is a terminal."""
    import pty

    main, child = pty.openpty()
    keep = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM", "COLUMNS", "TERM")}
    process = subprocess.Popen(
        [sys.executable, "-m", "gradgen", *arguments],
        cwd=folder,
        env={**keep, "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[1]), **environment},
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=child,
    )
    os.close(child)
    parts = []
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    os.close(main)
    process.wait(timeout=120)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_no_color_takes_them_away(folder: Path) -> None:
    coloured = on_a_terminal("show", "course.py::J", folder=folder)
    plain = on_a_terminal("show", "course.py::J", folder=folder, NO_COLOR="1")
    assert "\x1b[3" in coloured
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", plain)
    assert "dv = 3 * dJ" in re.sub(r"\x1b\[[0-9;]*m", "", plain)


def seen_on_a_screen(out: str) -> str:
    """What is left to see at the end: a terminal that knows line ends, going up, and clearing a line."""
    rows, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", out):
        if part == "\n":
            row, column = row + 1, 0
            rows += [""] * (row + 1 - len(rows))
        elif part == "\r":
            column = 0
        elif part.startswith("\x1b"):
            row = max(0, row - int(part[2:-1] or 1)) if part.endswith("A") else row
            rows[row] = "" if part == "\x1b[2K" else rows[row]
        else:
            rows[row] = rows[row][:column].ljust(column) + part + rows[row][column + len(part) :]
            column += len(part)
    return "\n".join(rows)


def test_a_verdict_on_a_terminal_is_a_table(folder: Path) -> None:
    out = on_a_terminal("verify", "course.py::J", "--numeric", folder=folder)
    assert "partial" in out and "verdict" in out and "━" in out
    shown = seen_on_a_screen(out)
    assert "verifying" not in shown and "Numerical differences on the gradient of J" in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shells_completion_scripts_are_there(folder: Path, shell: str) -> None:
    done = command(folder=folder, _GRADGEN_COMPLETE=f"{shell}_source")
    assert done.returncode == 0 and "_GRADGEN_COMPLETE" in done.stdout


def test_tab_offers_the_functions_of_a_file(folder: Path) -> None:
    done = command(folder=folder, _GRADGEN_COMPLETE="zsh_complete", COMP_WORDS="gradgen show course.py::", COMP_CWORD="2")
    offered = [line.replace("\\", "") for line in done.stdout.splitlines() if "::" in line]
    assert offered == [f"course.py::{name}" for name in ("J", "plain", "Box.area", "Box.volume", "line")]


def test_watch_writes_again_when_the_source_changes_and_survives_a_mistake(folder: Path) -> None:
    source, out = folder / "slope.py", folder / "slope_grad.py"
    source.write_text("def f(x):\n    return 2 * x\n")
    watcher = subprocess.Popen(
        [sys.executable, "-m", "gradgen", "write", "slope.py::f", "-o", "slope_grad.py", "--watch"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for text in ("def f(x):\n    return 2 * x\n", "def f(x:\n", "def f(x):\n    return 345 * x\n"):
            source.write_text(text)
            wanted = re.search(r"\d+", text)
            deadline = time.monotonic() + 600
            while wanted and not (out.exists() and wanted[0] in out.read_text()):
                assert time.monotonic() < deadline and watcher.poll() is None
                time.sleep(0.05)
    finally:
        watcher.terminate()
        watcher.wait(timeout=20)


# --- one file of several modules ---

FIRST = '''import math

# from shop.py
RATE = 0.2  # per year


def helper(x):
    return math.sin(x)


def f_grad(x):
    return helper(x) * RATE
'''


def test_modules_are_merged_with_one_copy_of_what_they_share() -> None:
    second = FIRST.replace("f_grad", "g_grad").replace("import math", "import math\nimport numpy as np")
    text = merged([FIRST, second])
    assert text == FIRST.replace("import math", "import math\nimport numpy as np") + second[second.index("\n\ndef g_grad"):]


def test_what_only_shares_a_name_is_renamed_with_everything_that_uses_it() -> None:
    second = FIRST.replace("0.2", "0.5").replace("math.sin", "math.cos").replace("f_grad", "g_grad")
    text = merged([FIRST, second])
    namespace: dict[str, object] = {}
    exec(text, namespace)
    import math

    assert namespace["f_grad"](1.0) == math.sin(1.0) * 0.2  # type: ignore[operator]
    assert namespace["g_grad"](1.0) == math.cos(1.0) * 0.5  # type: ignore[operator]
    assert "RATE_2 = 0.5  # per year" in text and "def helper_2(x):" in text


def test_one_name_for_two_functions_or_for_a_variable_too_is_refused() -> None:
    with pytest.raises(Unusable, match="f_grad"):
        merged([FIRST, FIRST.replace("0.2", "0.5").replace("sin", "cos").replace("* RATE", "+ RATE")])
    clash = FIRST.replace("0.2", "0.5").replace("f_grad(x):", "g_grad(x):\n    helper = 1")
    with pytest.raises(Unusable, match="RATE|helper"):
        merged([FIRST, clash.replace("math.sin", "math.cos")])


def test_a_single_module_is_left_as_it_is() -> None:
    assert merged([FIRST]) == FIRST
