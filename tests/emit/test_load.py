"""Generated text as live functions: the user's live names, cells for the rest, and a text that tools can show.

Never tests what the text computes.
"""
from __future__ import annotations

import dis
import doctest
import gc
import inspect
import io
import linecache
import math
import pdb
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

import pytest

from gradgen.emit.load import Home, load, load_standalone
from gradgen.errors import InternalError
from gradgen.read.source import source_of

TEXT = '''\
"""J and its gradient."""
import math

RATE = 3.0  # from rates.py


def unbroadcast(dx, x):
    return "the text's own"


def J_grad(a, b, dJ=1.0):
    """The gradient of J.

    >>> 1 + 1
    2
    """
    v = math.sqrt(a) * RATE
    if v < 0:
        raise ValueError(v)
    return v * b * dJ
'''


def loaded(
    text: str = TEXT, name: str = "J_grad", *, label: str = "", user_globals: dict[str, Any] | None = None,
    cells: dict[str, types.CellType] | None = None, defaults: dict[str, object] | None = None,
    homes: dict[str, Home] | None = None, bindings: dict[str, object] | None = None,
) -> types.FunctionType:
    home = Home({"RATE": 2.0} if user_globals is None else user_globals, cells or {}, defaults=defaults or {})
    known: dict[str, object] = {"math": math} if bindings is None else bindings
    return load(text, name, label=label or name, home=home, bindings=known, homes=homes)


def cell(value: object) -> types.CellType:
    return types.CellType(value)


def gradgen_files() -> list[str]:
    gc.collect()
    return [file for file in linecache.cache if isinstance(file, str) and file.startswith("<gradgen ")]


# --- names ---


def test_globals_are_the_users_and_live() -> None:
    namespace: dict[str, Any] = {"RATE": 2.0}
    function = loaded(user_globals=namespace)
    assert function.__globals__ is namespace
    assert function(4.0, 1.0) == 4.0
    namespace["RATE"] = 5.0
    assert function(4.0, 1.0) == 10.0
    del namespace["RATE"]
    with pytest.raises(NameError, match="RATE"):
        function(4.0, 1.0)


def test_nothing_is_written_into_the_users_namespace() -> None:
    namespace: dict[str, Any] = {"RATE": 2.0, "N": 3}
    text = "import math\nK = 1\ndef f(x, y=N + 1, *, z=math.pi):\n    return helper(x) + y + z\n"
    text += "def helper(x):\n    return RATE * x\n"
    function = loaded(text, "f", user_globals=namespace, bindings={"math": math})
    assert function(1.0) == 2.0 + 4 + math.pi
    assert namespace == {"RATE": 2.0, "N": 3}


def test_a_binding_stands_before_the_users_global_and_the_texts_own_function() -> None:
    text = "def helper(x):\n    return 0\ndef f(x):\n    return helper(x)\n"
    function = loaded(text, "f", user_globals={"helper": lambda x: 1}, bindings={"helper": lambda x: 2})
    assert function(0) == 2


def test_changes_of_the_users_closure_cells_are_seen() -> None:
    def outer() -> tuple[Callable[[], float], Callable[[float], None]]:
        k = 1.0

        def read() -> float:
            return k

        def write(value: float) -> None:
            nonlocal k
            k = value

        return read, write

    read, write = outer()
    assert read.__closure__ is not None
    text = "def f(x):\n    def inner():\n        return x * k\n    return inner()\n"
    function = loaded(text, "f", cells={"k": read.__closure__[0]})
    assert function(2.0) == 2.0
    write(4.0)
    assert function(2.0) == 8.0


def test_a_cell_that_is_still_empty_may_be_filled_later() -> None:
    empty = types.CellType()
    function = loaded("def f(x):\n    return x * k\n", "f", cells={"k": empty})
    with pytest.raises(NameError, match="k"):
        function(2.0)
    empty.cell_contents = 3.0
    assert function(2.0) == 6.0


def test_functions_of_one_text_call_each_other_each_in_its_own_surroundings() -> None:
    text = "def f(x):\n    return g_forward(x) + K + c\n"
    text += "def g_forward(x):\n    return g_backward(x) * K + c\n"
    text += "def g_backward(x):\n    return x if x < 1 else g_backward(x - 1)\n"
    function = loaded(
        text, "f", user_globals={"K": 10.0}, cells={"c": cell(0.25)},
        homes={"g_forward": Home({"K": 2.0}, {"c": cell(0.5)})},
    )
    assert function(3.5) == 0.5 * 2.0 + 0.5 + 10.0 + 0.25
    assert "g_forward" not in function.__globals__


def test_a_cell_of_one_function_does_not_hide_the_global_of_another() -> None:
    text = "def f(x):\n    return g(x) + K\ndef g(x):\n    return K * x\n"
    namespace = {"K": 10.0}
    function = loaded(text, "f", user_globals=namespace, homes={"g": Home(namespace, {"K": cell(2.0)})})
    assert function(1.0) == 12.0


def test_super_finds_its_class_through_the_users_cell() -> None:
    class Base:
        def value(self) -> float:
            return 3.0

    class Derived(Base):
        def value(self) -> float:
            return super().value()

    assert Derived.value.__closure__ is not None
    text = "def f(self):\n    return 2 * super().value()\n"
    function = loaded(text, "f", cells={"__class__": Derived.value.__closure__[0]})
    assert function(Derived()) == 6.0


def opcodes_of(function: types.FunctionType, name: str) -> set[str]:
    found = [each for each in dis.get_instructions(function) if name in each.argrepr.split()]
    return {each.opname for each in found}


def test_names_are_looked_up_as_fast_as_in_a_plain_function() -> None:
    function = loaded()
    assert opcodes_of(function, "RATE") == {"LOAD_GLOBAL"}
    assert opcodes_of(function, "math") <= {"LOAD_DEREF", "LOAD_CLOSURE"} and opcodes_of(function, "math")
    assert type(function.__globals__) is dict
    plain = load_standalone("def f(x, n):\n    return x * RATE if n else abs(x)\n", "f")
    same = loaded("def f(x, n):\n    return x * RATE if n else abs(x)\n", "f")
    assert same.__code__.co_code == plain.__code__.co_code
    assert same.__code__.co_names == plain.__code__.co_names


# --- the function object ---


def test_defaults_are_evaluated_in_the_users_surroundings_or_given() -> None:
    text = "def f(a, b=N + 1, c=-1.5, *, d, e=k, g=len('ab')):\n    return a, b, c, d, e, g\n"
    surroundings: dict[str, Any] = {"user_globals": {"N": 3}, "cells": {"k": cell(7)}, "bindings": {}}
    function = loaded(text, "f", **surroundings)
    assert function(1, d=2) == (1, 4, -1.5, 2, 7, 2)
    marker = object()
    given = loaded(text, "f", **surroundings, defaults={"b": marker, "e": None})
    assert given(1, d=2) == (1, marker, -1.5, 2, None, 2)
    assert str(inspect.signature(function)) == "(a, b=4, c=-1.5, *, d, e=7, g=2)"


def test_given_defaults_keep_the_texts_own_from_being_evaluated() -> None:
    function = loaded("def f(a=GONE):\n    return a\n", "f", defaults={"a": 5})
    assert function() == 5


def test_annotations_stay_text_and_are_never_evaluated() -> None:
    function = loaded("def f(a: Unknown[0], *b: int, c: 'x' = 1, **d: float) -> float:\n    return a\n", "f")
    assert function.__annotations__ == {"a": "Unknown[0]", "b": "int", "c": "'x'", "d": "float", "return": "float"}


def test_the_function_has_the_name_module_and_doc_of_the_text() -> None:
    function = loaded(user_globals={"RATE": 1.0, "__name__": "course"})
    assert (function.__name__, function.__qualname__, function.__module__) == ("J_grad", "J_grad", "course")
    assert inspect.getdoc(function) == "The gradient of J.\n\n>>> 1 + 1\n2"
    inner = loaded("def f(x):\n    def g(): return x\n    return g\n", "f")(1)
    assert inner.__qualname__ == "f.<locals>.g"


def test_future_imports_of_the_text_hold() -> None:
    text = "from __future__ import annotations\ndef f(x):\n    def g(y: Unknown): return y\n    return g\n"
    assert loaded(text, "f")(1).__annotations__ == {"y": "Unknown"}


if sys.version_info >= (3, 12):

    def test_a_type_parameter_that_the_body_reads_is_there() -> None:
        function = loaded("def f[T](x: T):\n    y: T = x\n    return y, T\n", "f")
        assert function(2.0)[0] == 2.0 and function(2.0)[1].__name__ == "T"


def test_a_text_without_the_function_is_an_error_of_ours() -> None:
    with pytest.raises(InternalError, match="no function 'g'"):
        loaded("def f(): pass\n", "g")


def test_what_python_warned_of_in_the_users_text_is_not_said_again() -> None:
    assert loaded("def f(x):\n    return x is 1, '\\d'\n", "f")(2.0) == (False, "\\d")


def test_a_decorator_in_the_text_is_an_error_of_ours() -> None:
    with pytest.raises(InternalError, match="decorators"):
        loaded("@cache\ndef f(): pass\n", "f")


# --- the text that tools see ---


def test_getsource_shows_the_text() -> None:
    function = loaded(label="shown")
    assert inspect.getsource(function) == TEXT[TEXT.index("def J_grad"):]
    linecache.checkcache()
    assert inspect.getsource(function) == TEXT[TEXT.index("def J_grad"):]
    assert inspect.getsourcefile(function) == "<gradgen shown>"


def test_a_form_feed_in_the_text_moves_no_line() -> None:
    function = loaded("K = '\f'\ndef f(x):\n    return x\n", "f", label="form feed")
    assert inspect.getsource(function) == "def f(x):\n    return x\n"


def test_source_of_reads_the_text_again() -> None:
    function = loaded()
    assert source_of(function).text == TEXT[TEXT.index("def J_grad"):]
    assert source_of(function).first_line == 11
    assert source_of(loaded("import math\ndef f(x):\n    return math.sin(x)\n", "f", bindings={})).first_line == 2


def test_a_traceback_shows_the_line() -> None:
    function = loaded(label="raising")
    with pytest.raises(ValueError, match="-") as caught:
        function.__globals__["RATE"] = -1.0
        function(4.0, 1.0)
    text = "".join(traceback.format_exception(caught.value))
    assert 'File "<gradgen raising>", line 19, in J_grad\n    raise ValueError(v)\n' in text


def test_the_debugger_lists_the_text() -> None:
    function = loaded()
    output = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("list\ncontinue\n"), stdout=output, nosigint=True, readrc=False)
    debugger.use_rawinput = False
    debugger.runcall(function, 4.0, 1.0)
    assert " 17  ->\t    v = math.sqrt(a) * RATE" in output.getvalue()


def test_doctest_finds_the_examples_of_a_loaded_function() -> None:
    module = types.ModuleType("course")
    function = loaded(user_globals=module.__dict__)
    module.J_grad = function  # type: ignore[attr-defined]
    tests = [test for test in doctest.DocTestFinder().find(module) if test.name == "course.J_grad"]
    assert [example.source for example in tests[0].examples] == ["1 + 1\n"]


def test_the_text_leaves_linecache_with_its_last_function() -> None:
    before = gradgen_files()
    function = loaded(label="passing")
    assert "<gradgen passing>" in gradgen_files()
    copy = loaded("def f(x):\n    return g\ndef g(x):\n    return x\n", "f", label="pair")
    inner = copy(1)
    del function, copy
    assert set(gradgen_files()) - set(before) == {"<gradgen pair>"}, "a function of the pair still lives"
    assert inspect.getsource(inner) == "def g(x):\n    return x\n"
    del inner
    assert gradgen_files() == before


def test_a_recursive_function_goes_too() -> None:
    before = gradgen_files()
    function = loaded("def f(x):\n    return f(x - 1) if x > 0 else 0\n", "f", label="recursive")
    assert function(3) == 0
    del function
    assert gradgen_files() == before


def test_living_texts_of_one_label_do_not_hide_each_other() -> None:
    first = loaded("def f(x):\n    return x + 1\n", "f", label="twin")
    second = loaded("def f(x):\n    return x + 2\n", "f", label="twin")
    assert first.__code__.co_filename == "<gradgen twin>"
    assert second.__code__.co_filename != first.__code__.co_filename
    assert inspect.getsource(first).endswith("x + 1\n") and inspect.getsource(second).endswith("x + 2\n")


def test_a_text_that_cannot_be_loaded_leaves_nothing_behind() -> None:
    before = gradgen_files()
    with pytest.raises(NameError, match="GONE"):
        loaded("def f(x=GONE):\n    return x\n", "f", label="broken")
    assert gradgen_files() == before


# --- alone ---


def test_a_standalone_text_runs_with_its_own_constants() -> None:
    function = load_standalone(TEXT, "J_grad")
    assert function(4.0, 1.0) == 6.0
    assert function.__globals__["unbroadcast"](1, 1) == "the text's own"
    assert inspect.getsource(function) == TEXT[TEXT.index("def J_grad"):]


def test_a_standalone_text_knows_no_names_of_gradgen() -> None:
    names = set(load_standalone("def f(): return 1\n", "f").__globals__)
    assert names == {"__name__", "__builtins__", "f"}
