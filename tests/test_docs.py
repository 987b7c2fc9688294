"""The documentation is true: every block of README.md and docs/ runs and prints what the page shows; links lead somewhere.

Never tests what the pages should cover; the tests of the tables that they are written from do.
"""
from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from gradgen.rules import registry
from tests.pages import FENCE, PageError, blocks_of, rewritten, run_page

ROOT = Path(__file__).resolve().parents[1]
PAGES = [path for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if path.exists()]
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_block_of_the_page_runs_and_prints_what_the_page_shows(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    if (ROOT / "samples").is_dir():
        shutil.copytree(ROOT / "samples", tmp_path / "samples", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    changed: dict[int, str] = {}
    page = path.read_text()
    is_updating = bool(request.config.getoption("--update-golden"))
    known = registry.operations()
    try:
        run_page(page, tmp_path, str(path.relative_to(ROOT)), changed if is_updating else None)
    finally:
        for operation in registry.operations() - known:  # rules that the page's blocks added
            registry.forget(operation)
    if changed:
        path.write_text(rewritten(page, changed))
        pytest.fail(f"{path.relative_to(ROOT)} shows what is printed now; the blocks on these lines changed: {sorted(changed)}")


def anchors_of(page: str) -> set[str]:
    """The anchors that viewers give to a page's headings."""
    prose = without_blocks(page)
    titles = re.findall(r"^#{1,6} +(.*?) *#*$", prose, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", re.sub(r"`|\[([^\]]*)\]\([^)]*\)", r"\1", title)) for title in titles)
    return {title.strip().lower().replace(" ", "-") for title in plain}


def without_blocks(page: str) -> str:
    """The page's prose: its fenced blocks and code spans blanked."""
    kept, inside = [], ""
    for line in page.splitlines():
        fence = FENCE.match(line)
        if inside:
            inside = "" if line.strip() == inside else inside
        elif fence:
            inside = fence["ticks"]
        else:
            kept.append(re.sub(r"`[^`]*`", "``", line) if not line.startswith("#") else line)
    return "\n".join(kept)


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    page = path.read_text()
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", without_blocks(page)):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        goal = (path.parent / place).resolve() if place else path
        if not goal.exists() or (anchor and goal.suffix == ".md" and anchor not in anchors_of(goal.read_text())):
            broken.append(target)
    assert broken == []


# --- the pages of the error codes ---

ERRORS = ROOT / "docs" / "errors"
PACKAGED = ROOT / "gradgen" / "show" / "errors"
WITHOUT_EXAMPLE = {"GG900"}  # an internal error: whoever has an example mends it


def codes_in_use() -> list[str]:
    """Every code that the package can raise; GG000 stands for a message without one and is never shown."""
    texts = (path.read_text() for path in (ROOT / "gradgen").rglob("*.py"))
    return sorted({code for text in texts for code in re.findall(r'"(GG\d{3})"', text)} - {"GG000"})


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert [path.stem for path in sorted(ERRORS.glob("GG*.md"))] == codes_in_use()


@pytest.mark.parametrize("code", codes_in_use())
def test_a_code_s_page_shows_an_example_that_raises_it_and_a_mended_one(code: str) -> None:
    page = (ERRORS / f"{code}.md").read_text()
    assert page.startswith(f"# {code}: ")
    if code in WITHOUT_EXAMPLE:
        return
    blocks = blocks_of(page)
    assert [(block.language, "raises" in block.options) for block in blocks] == [
        ("python", True), ("output", False), ("python", False), ("output", False),
    ]
    assert f": {code}: " in blocks[1].text.partition("\n")[0]
    assert blocks[3].text.strip()
    assert "## What to write instead" in page


def test_gradgen_explain_has_the_same_pages(request: pytest.FixtureRequest) -> None:
    pages = {path.name: path.read_text() for path in ERRORS.glob("GG*.md")}
    if request.config.getoption("--update-golden"):
        PACKAGED.mkdir(exist_ok=True)
        for name, text in pages.items():
            (PACKAGED / name).write_text(text)
    assert {path.name: path.read_text() for path in PACKAGED.glob("*.md")} == pages


def page(*blocks: tuple[str, str]) -> str:
    return "\n".join(f"```{info}\n{text}\n```\n" for info, text in blocks)


@pytest.mark.parametrize(
    "text, complaint",
    [
        (page(("python", "print(1)"), ("text", "2")), "1"),
        (page(("python", "print(1)"), ("output", "")), "this is printed"),
        (page(("python", "print(1)")) + "\nand then\n\n" + page(("output", "2")), "this is printed"),
        (page(("python", "print(1); print(2)"), ("text", "1")), "this is printed"),
        (page(("python", "print(1); print(3)"), ("text", "1\n...\n2")), "this is printed"),
        (page(("python raises", "1")), "was to raise"),
        (page(("pycon", ">>> 1 + 1\n3")), "Expected"),
        (page(("console", "$ python -c 'print(1)'\n2")), "this is printed"),
        (page(("console", "$ rm something")), "nobody said"),
        (page(("console", "gradgen rules")), "begins with"),
        (page(("py", "1")), "a block in 'py'"),
        ("```python\n1\n", "never closed"),
    ],
)
def test_a_page_that_does_not_tell_the_truth_is_found_out(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(PageError, match=complaint):
        run_page(text, tmp_path)


def test_a_page_that_tells_the_truth_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    text = page(
        ("python", "import inspect\ndef f(x):\n    return x * x  # kept"),
        ("python", "print(inspect.getsource(f), end='')"),
        ("text", "def f(x):\n    return x * x  # kept"),
        ("python", "for i in range(9): print(i)"),
        ("text", "0\n...\n8"),
        ("pycon", ">>> f(3)\n9"),
        ('python title="box/own.py"', "number = 7"),
        ("console", "$ cat box/own.py\nnumber = 7\n$ python -c 'print(1)'; \\\n  echo done\n1\ndone"),
        ("python raises", "from gradgen.errors import GradgenError\nraise GradgenError('so it is')"),
        ("output", "so it is"),
        ("toml", "not run"),
    )
    assert run_page(text, tmp_path) == 7
    assert [block.language for block in blocks_of(text)].count("python") == 5


def test_a_page_can_be_brought_up_to_date(tmp_path: Path) -> None:
    commands = "$ python -c 'print(1)'\n2\n$ make it\nso\n$ cat none"
    old = page(("python", "print(1)"), ("text", "2\n3"), ("console", commands), ("text", "kept"))
    new = old.replace("2\n3", "1").replace("\n2\n$", "\n1\n$")
    new = new.replace("cat none", "cat none\ncat: none: No such file or directory")
    changed: dict[int, str] = {}
    run_page(old, tmp_path, changed=changed)
    assert rewritten(old, changed) == new
    run_page(new, tmp_path)


def test_an_exception_in_a_block_says_where_on_the_page_it_happened(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run_page("\n\n" + page(("python", "1 / 0")), tmp_path, "some.md")
    assert caught.value.__notes__ == ["in the block at some.md:4"]
    assert caught.traceback[-1].lineno + 1 == 4
