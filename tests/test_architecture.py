"""The shape of the code base holds: layers, docstrings, file sizes, what an import costs, what tracked text may say.

Never tests behaviour.
"""
from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gradgen"
LINE_LIMIT = 400

# A module may import from strictly lower layers, and from its own package. Numbers leave no room for a circle.
LAYER = {
    "__main__": 20,
    "cli": 19,
    "__init__": 18,
    "decorated": 17,
    "examined": 16,
    "api": 15,
    "pickled": 14,
    "matrices": 14,
    "compose": 13,
    "direct": 13,
    "sparse": 1,
    "dispatch": 12,
    "generate": 11,
    "ahead": 10,
    "asked": 9,
    "described": 9,
    "needed": 9,
    "looked_at": 9,
    "pointed": 9,
    "pipeline": 8,
    "emit": 7,
    "transform": 6,
    "simplify": 5,
    "analyse": 4,
    "read": 3,
    "marks": 0,
    "flat": 0,
    "rules": 2,
    "judge": 1,
    "show": 1,
    "ir": 0,
    "codes": 0,
    "errors": -1,
}
HEAVY = ("sympy", "mpmath", "numpy", "scipy", "astor", "click", "rich", "jinja2")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    """The layer's name: `gradgen.rules.scalar` -> `rules`, `gradgen` itself -> `__init__`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(module: str, tree: ast.AST, known: dict[str, Path]) -> Iterator[tuple[int, str]]:
    """Line and full name of every gradgen module imported anywhere in the tree, inside functions too."""
    package = module if known[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                anchor = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
                base = f"{anchor}.{base}" if base else anchor
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if full in known else base
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def upward_imports(module: str, tree: ast.AST, known: dict[str, Path]) -> list[str]:
    """Every import of this module that does not run downwards, as `file:line: what`."""
    room = room_of(module)
    wrong = []
    for line, target in imports_of(module, tree, known):
        if target.split(".")[0] != "gradgen" or room_of(target) == room != "__init__":
            continue
        target_room = room_of(target)
        if LAYER[target_room] >= LAYER[room]:
            wrong.append(f"{module}:{line}: {room} may not import {target_room} ({target})")
    return wrong


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_only_downwards(module: str) -> None:
    assert room_of(module) in LAYER, f"{module} stands in no layer: give it one in LAYER"
    assert upward_imports(module, ast.parse(MODULES[module].read_text()), MODULES) == []


def test_an_import_inside_a_function_counts_as_an_import() -> None:
    known = {"gradgen.rules.x": PACKAGE / "rules" / "x.py", "gradgen.emit.y": PACKAGE / "emit" / "y.py"}
    upward = ("from gradgen.emit import y", "from ..emit.y import z", "import gradgen.emit.y", "import_module('gradgen.emit.y')")
    for text in upward:
        tree = ast.parse(f"def f():\n    {text}\n")
        assert len(upward_imports("gradgen.rules.x", tree, known)) == 1, text
    assert upward_imports("gradgen.emit.y", ast.parse("from gradgen.rules.x import a"), known) == []


ROOMS = ("read", "analyse", "transform", "emit", "rules")
LARGE = [path.parent for room in ROOMS for path in sorted((PACKAGE / room).rglob("__init__.py"))]


@pytest.mark.parametrize("package", LARGE, ids=lambda package: str(package.relative_to(PACKAGE)))
def test_a_large_package_says_where_each_of_its_modules_belongs(package: Path) -> None:
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text())) or ""
    modules = {path.stem for path in package.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    assert sorted(re.findall(r"`(\w+)`", docstring.partition("\n- ")[2])) == sorted(modules | folders)


def test_the_contributors_page_names_every_room() -> None:
    page = (ROOT / "docs" / "contributing.md").read_text()
    rooms = {path.name for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    rooms -= {"__init__.py", "__main__.py"}
    assert [room for room in sorted(rooms) if not re.search(rf"`gradgen/{re.escape(room)}/?`", page)] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    edges = {
        module: {target for _, target in imports_of(module, ast.parse(path.read_text()), MODULES) if target in MODULES} - {module}
        for module, path in MODULES.items()
    }
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, "circle: " + " -> ".join((*trail[trail.index(module):], module))
        if module not in done:
            for target in sorted(edges[module]):
                walk(target, (*trail, module))
            done.add(module)

    for module in edges:
        walk(module, ())


def test_astor_is_imported_in_exactly_one_file_and_that_file_is_in_emit() -> None:
    users = [
        module
        for module, path in MODULES.items()
        if any(target.split(".")[0] == "astor" for _, target in imports_of(module, ast.parse(path.read_text()), MODULES))
    ]
    assert len(users) == 1 and users[0].startswith("gradgen.emit"), users


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_its_one_job_and_then_what_it_never_does(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text())
    if not tree.body:
        return  # an empty __init__.py has no job
    docstring = ast.get_docstring(tree)
    assert docstring, f"{module} has no docstring"
    first, _, rest = docstring.partition("\n\n")
    assert first.rstrip().endswith((".", ":")), f"{module}: its docstring's first paragraph is no sentence"
    assert re.search(r"\bnever\b|\bnothing\b", docstring, re.IGNORECASE), f"{module} does not say what it never does"


def test_no_file_of_the_package_has_a_second_job() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in MODULES.values()}
    long = {name: count for name, count in lengths.items() if count > LINE_LIMIT}
    assert not long, f"beyond {LINE_LIMIT} lines: {long}"


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_gradgen_brings_no_heavy_package() -> None:
    loaded = run_python("import sys, gradgen; print(*sorted({name.split('.')[0] for name in sys.modules}))").split()
    assert "gradgen" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_import_gradgen_takes_under_60_ms() -> None:
    # Time on the processor, which other work on the machine does not stretch.
    code = "import time; start = time.process_time(); import gradgen; print(time.process_time() - start)"
    run_python(code)  # writes the bytecode
    best = min(float(run_python(code)) for _ in range(8))
    assert best < 0.060, f"import gradgen took {best * 1000:.0f} ms at best"


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode == 0:
        files = [ROOT / name for name in done.stdout.split("\0") if name]
    else:  # an unpacked archive: everything that is not made by a tool
        files = [path for part in ("gradgen", "tests", "samples", "docs") for path in (ROOT / part).rglob("*")]
        files = [path for path in files if "__pycache__" not in path.parts] + list(ROOT.glob("*.*"))
    return [path for path in files if path.is_file()]


def tracked_texts() -> Iterator[tuple[str, str]]:
    for path in tracked_files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text()
        except UnicodeDecodeError:
            continue  # a picture


def test_tracked_text_names_no_absolute_path_of_a_machine_and_no_registry_host() -> None:
    # Put together here so that this file does not hold what it looks for.
    place = r"(?<![\w.~])/(?:" + "|".join(("work", "root", "home/[a-z]", "Users/[A-Za-z]", "opt/wheels")) + r")(?:/|\b)"
    hosts = (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"), ("deb", "debian"), ("proxy", "golang"))
    wanted = re.compile("|".join([place, *(re.escape(".".join(host)) for host in hosts)]))
    own = str(Path(__file__).resolve().relative_to(ROOT))
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in tracked_texts()
        if name != own
        for number, line in enumerate(text.splitlines(), 1)
        if wanted.search(line)
    ]
    assert found == []


def test_no_residue_is_left_in_the_code() -> None:
    words = r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"
    swallowed = r"except(?: (?:Base)?Exception)?\s*:\s*pass\b"
    left_out = r"(?:mark|pytest)\.(?:sk" + r"ip|xf" + r"ail)"
    residue = re.compile("|".join((words, swallowed, left_out)))
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in tracked_texts()
        if re.fullmatch(r"gradgen/.*\.py|tests/(?:.*/)?(?:test_|conftest)\w*\.py", name)
        for match in residue.finditer(text)
    ]
    assert found == []
