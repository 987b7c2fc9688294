"""The wheel: it installs, it carries everything the package needs and nothing else, and what it declares is what is used.

Never tests what the package does.
"""
from __future__ import annotations

import ast
import configparser
import email
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OWN = ("gradgen", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as `pip install .` builds it, from a copy of the tree."""
    folder = tmp_path_factory.mktemp("build")
    for name in OWN:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", "out", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (folder / "out").glob("*.whl")
    return zipfile.ZipFile(built)


def metadata(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = (each for each in wheel.namelist() if each.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode()


def test_the_wheel_holds_every_module_the_type_marker_and_the_pages_of_explain(wheel: zipfile.ZipFile) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "gradgen").rglob("*")
        if path.suffix in (".py", ".md", ".typed") or path.name == "py.typed"
    }
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert "gradgen/py.typed" in held
    assert held == wanted


def test_the_wheel_declares_what_is_imported_and_nothing_more(wheel: zipfile.ZipFile) -> None:
    found = email.message_from_string(metadata(wheel, "METADATA"))
    declared = [text for text in found.get_all("Requires-Dist", []) if "extra ==" not in text]
    required = {re.split(r"[<>=!~ ;\[]", text)[0].lower() for text in declared}
    assert required == {"sympy", "astor", "numpy", "click", "rich", "jinja2"}
    imported = set()
    for path in (ROOT / "gradgen").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            imported |= {name.split(".")[0] for name in names}
    foreign = {name.lower() for name in imported if name not in sys.stdlib_module_names} - {"gradgen"}
    assert foreign <= required | {"mpmath"}  # mpmath is a dependency of sympy's


def test_version_and_python_are_those_of_setup_cfg(wheel: zipfile.ZipFile) -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    found = email.message_from_string(metadata(wheel, "METADATA"))
    import gradgen

    assert found["Version"] == gradgen.__version__ == config["metadata"]["version"]
    assert found["Requires-Python"] == ">=3.11"
    assert found["License"] == "MIT" or found["License-Expression"] == "MIT"


def test_the_installed_package_works_from_any_directory(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    (tmp_path / "own.py").write_text("def f(x):\n    return x * x\n")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "gradgen", "show", "own.py::f", "--at", "x=3"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "# (9, 6)" in done.stdout
    where = subprocess.run(
        [sys.executable, "-c", "import gradgen; print(gradgen.__file__)"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True, check=True,
    )
    assert where.stdout.startswith(str(tmp_path / "site"))


def test_the_console_script_is_the_same_as_python_m(wheel: zipfile.ZipFile) -> None:
    assert "gradgen = gradgen.__main__:main" in metadata(wheel, "entry_points.txt")
    from gradgen.__main__ import main

    assert callable(main)


def test_the_pre_commit_hook_runs_a_command_that_exists_on_files_that_it_names() -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    entry = re.search(r"^  entry: gradgen (\w+)$", hook, re.MULTILINE)
    files = re.search(r"^  files: (\S+)$", hook, re.MULTILINE)
    from gradgen.cli.commands import cli

    assert entry and entry[1] in cli.commands
    assert files and re.search(files[1], "samples/course_grad.py") and not re.search(files[1], "samples/course.py")
