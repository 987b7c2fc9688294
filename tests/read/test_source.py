"""From a live function to its text: found wherever Python keeps it, proved by compiling it, refused when it is stale.

Never tests what is done with the text.
"""
from __future__ import annotations

import ast
import csv
import doctest
import functools
import importlib
import importlib.util
import inspect
import io
import json.decoder
import linecache
import os
import pydoc
import sys
import textwrap
import types
import unittest.mock
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gradgen.errors import SourceError
from gradgen.read.source import FunctionSource, source_of

_TURN = [0]


def module_of(path: Path, text: str) -> Any:
    """The module that a file with this text is."""
    path.write_text(text, encoding="utf-8")
    _TURN[0] += 1
    os.utime(path, (_TURN[0], _TURN[0]))  # no two versions of a file share their time
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def rewritten(path: Path, text: str) -> None:
    """Change a file behind the back of what was imported from it."""
    path.write_text(text, encoding="utf-8")
    _TURN[0] += 1
    os.utime(path, (_TURN[0], _TURN[0]))


def run(text: str, name: str, **globals_: Any) -> types.FunctionType:
    """Define a function as a notebook, a REPL or a generator does: by exec, with its text in linecache."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": "notebook", **globals_}
    exec(compile(text, name, "exec", dont_inherit=True), namespace)
    function = namespace["f"]
    assert isinstance(function, types.FunctionType)
    return function


# --- what is found ---


def test_a_function_of_a_file_is_its_lines_and_what_follows_in_its_comments(tmp_path: Path) -> None:
    text = "def f(a,  # first\n      b=2):\n    # what it does\n    return a * b  # the product\n    # done\n"
    source = source_of(module_of(tmp_path / "m.py", f"X = 1\n\n\n{text}\n\n# other\nY = 2\n").f)
    assert source.text == text
    assert (source.first_line, source.column, source.file) == (4, 0, str(tmp_path / "m.py"))
    assert isinstance(source.node, ast.FunctionDef) and source.node.lineno == 1


def test_a_method_loses_its_indentation_but_its_strings_keep_theirs(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", textwrap.dedent('''\
        class A:
            class B:
                @staticmethod
                def f(x):
                    """One.

                    Two.
                    """
                    s = "a\\
                    b"

                    y = (x +
          # far left
                         1)
                    return y, s
        '''))
    source = source_of(module.A.B.f)
    assert source.text == textwrap.dedent('''\
        @staticmethod
        def f(x):
            """One.

                    Two.
                    """
            s = "a\\
                    b"

            y = (x +
        # far left
                 1)
            return y, s
        ''')
    assert source.column == 8 and source.first_line == 3
    assert source.place(2, 4) == (4, 12)
    assert source.place(5, 0) == (7, 0)  # inside of the string nothing was taken
    assert source.place(10, 4) == (12, 12)
    assert source.place(11, 0) == (13, 2)  # the comment had but two columns to give


def test_only_what_python_takes_for_a_line_is_one(tmp_path: Path) -> None:
    text = "class A:\n\f\n    def f(x):\n        s = '\x0b\u2028\x1c'\n        return '''\n      kept'''\n"
    source = source_of(module_of(tmp_path / "m.py", text).A.f)
    assert source.text == "def f(x):\n    s = '\x0b\u2028\x1c'\n    return '''\n      kept'''\n"
    assert source_of(run(source.text, "<separators>")).text == source.text


def test_tabs_are_taken_as_they_are(tmp_path: Path) -> None:
    source = source_of(module_of(tmp_path / "m.py", "class A:\n\tdef f(x):\n\t\tif x:\n\t\t\treturn 1\n\t\treturn 2\n").A.f)
    assert source.text == "def f(x):\n\tif x:\n\t\treturn 1\n\treturn 2\n"


def test_private_names_and_super_mean_what_they_mean_in_their_class(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", textwrap.dedent("""\
        safe = super

        class _A:
            def f(self, __x):
                def inner():
                    return __class__, self.__y, __x
                return super().__init__(), inner
        """))
    assert source_of(module._A.f).text.startswith("def f(self, __x):\n    def inner():")
    inner = next(const for const in module._A.f.__code__.co_consts if isinstance(const, types.CodeType))
    cells = tuple(types.CellType(1) for _ in inner.co_freevars)
    source = source_of(types.FunctionType(inner, {}, "inner", None, cells))
    assert source.text == "def inner():\n    return __class__, self.__y, __x\n"


def test_nested_and_recursive_functions_keep_their_closures(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", textwrap.dedent("""\
        import math as m
        def outer(k):
            def f(x):
                nonlocal k
                k += 1
                return f(x - k) if x > 0 else m.sqrt(g(x))
            def g(x): return x
            return f
        def g(x): return -x
        """))
    assert source_of(module.outer(1)).text.splitlines()[-1] == "    return f(x - k) if x > 0 else m.sqrt(g(x))"
    assert source_of(module.g).text == "def g(x): return -x\n"


def test_decorators_belong_to_the_text_wherever_they_begin(tmp_path: Path) -> None:
    text = "import functools\n\nclass A:\n    @(\n        property)\n    @functools.cache\n    def f(self):\n        return 1\n"
    module = module_of(tmp_path / "m.py", text)
    source = source_of(module.A.__dict__["f"].fget.__wrapped__)
    assert source.text == "@(\n    property)\n@functools.cache\ndef f(self):\n    return 1\n"


def test_a_decorated_function_is_the_one_that_runs(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", textwrap.dedent("""\
        import functools

        def twice(fn):
            @functools.wraps(fn)
            def wrapper(*args):
                return 2 * fn(*args)
            return wrapper

        @twice
        def f(x):
            return x
        """))
    assert source_of(module.f).text == "@functools.wraps(fn)\ndef wrapper(*args):\n    return 2 * fn(*args)\n"
    assert source_of(module.f.__wrapped__).text == "@twice\ndef f(x):\n    return x\n"


def test_conditional_definitions_of_one_name_are_told_apart(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", "if not __name__:\n    def f(x): return x\nelse:\n    def f(x): return x + 1\n")
    assert source_of(module.f).text == "def f(x): return x + 1\n"


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0, "lambda x: x + 1"),
        (1, "lambda x: x + 1.0"),
        (2, "lambda x: x + True"),
        (3, "lambda y: y + 1"),
        (4, "lambda x, *y: x + 1"),
        (5, "lambda x: (x + 1)"),
        (6, "lambda x: 'é' + x"),
        (7, "lambda x=(lambda z: z): x(1)"),
        (8, "lambda z: z"),
        (9, "lambda x: -0.0"),
        (10, "lambda x: 0.0"),
        (11, "lambda x: math.sin(x)"),
        (12, "lambda x: math.cos(x)"),
    ],
)
def test_lambdas_on_one_line_are_told_apart_by_their_code(tmp_path: Path, index: int, text: str) -> None:
    line = ("fs = ['é', lambda x: x + 1, lambda x: x + 1.0, lambda x: x + True, lambda y: y + 1, lambda x, *y: x + 1, "
            "lambda x: (x + 1), lambda x: 'é' + x, lambda x=(lambda z: z): x(1), lambda x: -0.0, lambda x: 0.0, "
            "lambda x: math.sin(x), lambda x: math.cos(x)]\n")
    functions = module_of(tmp_path / "m.py", line + "import math\n").fs[1:]
    functions.insert(8, functions[7].__defaults__[0])
    source = source_of(functions[index])
    assert source.text == text
    assert isinstance(source.node, ast.Lambda)
    start = line.index(", " + text) + 2 if index != 8 else line.index(text)
    assert source.place(1, 0) == (1, start)
    assert ast.get_source_segment(source.text, source.node) == source.text


def test_a_lambda_over_several_lines_parses_to_positions_of_its_text(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", "def make(k):\n    return (lambda x:\n            x +  # é\n        k)\n")
    source = source_of(module.make(2))
    assert source.text == "lambda x:\n            x +  # é\n        k"
    assert isinstance(source.node, ast.Lambda)
    assert (source.node.col_offset, source.node.body.lineno, source.node.body.col_offset) == (0, 2, 12)
    assert source.place(1, 0) == (2, 12) and source.place(3, 8) == (4, 8)


@pytest.mark.parametrize("name", ["<ipython-input-1-2f>", "<python-input-0>", "<gradgen f>"])
def test_text_that_only_linecache_keeps_is_found(name: str) -> None:
    source = source_of(run("import math\n\ndef f(x):\n    return math.sin(x)\n", name))
    assert source.text == "def f(x):\n    return math.sin(x)\n" and source.file == name and source.first_line == 3


def test_a_cell_under_a_future_import_of_an_earlier_cell_is_found() -> None:
    import __future__

    text = "def f(x):\n    def g(y: unknown) -> unknown:\n        return y\n    return g(x)\n"
    linecache.cache["<cell>"] = (len(text), None, text.splitlines(keepends=True), "<cell>")
    namespace: dict[str, Any] = {}
    exec(compile(text, "<cell>", "exec", __future__.annotations.compiler_flag, dont_inherit=True), namespace)
    assert source_of(namespace["f"]).text == text


def test_a_function_of_a_doctest_is_found() -> None:
    text = """
    >>> def f(x):
    ...     return x ** 2
    >>> print(source_of(f).text)
    def f(x):
        return x ** 2
    <BLANKLINE>
    """
    test = doctest.DocTestParser().get_doctest(text, {"source_of": source_of}, "t", None, 0)
    result = doctest.DocTestRunner(verbose=False).run(test, out=io.StringIO().write)
    assert (result.failed, result.attempted) == (0, 2)


def test_a_function_of_a_zipped_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("zipped_for_gradgen.py", "def f(x):\n    return x + 1\n")
    monkeypatch.syspath_prepend(str(tmp_path / "z.zip"))
    assert source_of(importlib.import_module("zipped_for_gradgen").f).text == "def f(x):\n    return x + 1\n"


def test_a_function_that_is_traced_is_found() -> None:
    def f(x: float) -> float:
        for i in range(3):
            x = x * i
        return x

    before = sys.gettrace()
    sys.settrace(lambda *_: lambda *_: None)  # type: ignore[arg-type,return-value]
    try:
        for _ in range(20):
            f(1.0)
        source = source_of(f)  # type: ignore[arg-type]
    finally:
        sys.settrace(before)
    assert source.text.startswith("def f(x: float) -> float:\n    for i in range(3):\n")


def test_generators_and_async_functions_are_delivered_too(tmp_path: Path) -> None:
    module = module_of(tmp_path / "m.py", "def f(x):\n    yield x\nasync def g(x):\n    return x\n")
    assert source_of(module.f).text == "def f(x):\n    yield x\n"
    assert isinstance(source_of(module.g).node, ast.AsyncFunctionDef)


if sys.version_info >= (3, 12):

    def test_type_parameters_and_nested_f_strings_are_read(tmp_path: Path) -> None:
        header = "def f[T: (int, float), *Ts](self, x: T) -> T:\n"
        text = f"class A:\n    {header}        y: T = x\n        return f'{{\n            x =}}', T\n"
        source = source_of(module_of(tmp_path / "m.py", text).A.f)
        assert source.text == f"{header}    y: T = x\n    return f'{{\n            x =}}', T\n"


def test_a_function_whose_asserts_pytest_rewrote_is_found() -> None:
    def f(x: float) -> float:
        assert x > 0, "positive"
        return x * 2.5

    assert any(name.startswith("@py") for name in f.__code__.co_varnames), "pytest rewrites this module"
    assert source_of(f).text == 'def f(x: float) -> float:\n    assert x > 0, "positive"\n    return x * 2.5\n'


def functions_of(module: types.ModuleType) -> Iterator[types.FunctionType]:
    waiting: list[Any] = list(vars(module).values())
    while waiting:
        value = waiting.pop()
        if isinstance(value, type) and value.__module__ == module.__name__:
            waiting.extend(getattr(each, "__func__", each) for each in vars(value).values())
        elif isinstance(value, types.FunctionType) and value.__code__.co_filename == module.__file__:
            yield value


@pytest.mark.parametrize("module", [csv, functools, inspect, json.decoder, pydoc, unittest.mock], ids=lambda each: each.__name__)
def test_every_function_of_the_standard_library_is_found(module: types.ModuleType) -> None:
    functions = list(functions_of(module))
    assert len(functions) > 3
    for function in functions:
        source = source_of(function)
        assert source.original_lines[0] == inspect.getsourcelines(function)[0][0]


# --- what is refused ---

GOOD = "import math\n\ndef f(x, y=1):\n    s = 'a'\n    return math.sin(x) * 2 + g(y)\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("* 2", "* 3"),
        ("* 2", "* 2.0"),
        ("* 2", "/ 2"),
        ("'a'", "'b'"),
        ("s =", "t ="),
        ("sin", "cos"),
        ("g(y)", "h(y)"),
        ("g(y)", "y(g)"),
        ("(x, y=1)", "(y, x=1)"),
        ("(x, y=1)", "(x, /, y=1)"),
        ("(x, y=1)", "(x, *, y=1)"),
        ("return", "yield"),
        ("return", "print"),
        ("def f", "def h"),
        ("\ndef", "\n\ndef"),
        ("math.sin(x)", "sin(x)("),
    ],
)
def test_a_file_that_changed_after_its_import_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "m.py"
    function = module_of(path, GOOD).f
    assert source_of(function).text.startswith("def f(x, y=1):")
    rewritten(path, GOOD.replace(old, new, 1))
    with pytest.raises(SourceError) as caught:
        source_of(function)
    assert caught.value.code == "GG202"
    assert str(caught.value).startswith(f"{path}:3:")


def test_a_sign_of_zero_that_changed_is_refused(tmp_path: Path) -> None:
    function = module_of(tmp_path / "m.py", "def f(x): return x + 0.0\n").f
    rewritten(tmp_path / "m.py", "def f(x): return x + -0.0\n")
    with pytest.raises(SourceError, match="GG202"):
        source_of(function)


def test_a_change_elsewhere_in_the_file_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    function = module_of(path, GOOD).f
    rewritten(path, GOOD.replace("return", "return  ") + "# a comment\nZ = 3\n")
    assert source_of(function).text == "def f(x, y=1):\n    s = 'a'\n    return   math.sin(x) * 2 + g(y)\n"


def test_a_change_inside_of_a_nested_function_or_class_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    text = "def f(x):\n    class A:\n        def g(self):\n            return [2 * y for y in x]\n    return A\n"
    function = module_of(path, text).f
    assert source_of(function).text == text
    rewritten(path, text.replace("2 * y", "3 * y"))
    with pytest.raises(SourceError, match="GG202"):
        source_of(function)


def test_a_function_without_text_is_refused() -> None:
    namespace: dict[str, Any] = {}
    exec(compile("def f(x): return x", "<a text that nobody keeps>", "exec"), namespace)
    with pytest.raises(SourceError) as caught:
        source_of(namespace["f"])
    assert caught.value.code == "GG201" and "f" in str(caught.value)


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    function = module_of(tmp_path / "m.py", GOOD).f
    (tmp_path / "m.py").unlink()
    with pytest.raises(SourceError, match="GG201"):
        source_of(function)


@pytest.mark.parametrize("thing", [len, int, "text", print])
def test_what_is_no_python_function_is_refused(thing: Any) -> None:
    with pytest.raises(SourceError, match="GG201"):
        source_of(thing)


def sample(x: float) -> float:
    return x


def test_what_python_warned_of_before_is_not_said_again(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function = module_of(path, "def f(x):\n    return x is 1, '\\d'\n").f
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert source_of(function).text == "def f(x):\n    return x is 1, '\\d'\n"


def test_the_function_itself_comes_along() -> None:
    source = source_of(sample)
    assert isinstance(source, FunctionSource) and source.function is sample
    wanted: Callable[[float], float] = sample
    assert source.function is wanted
