"""What the names of a generated text stand for beside the user's own: modules that it imports, its helpers.

Never loads the text itself.
"""
from __future__ import annotations

import importlib
import math
import types
from collections.abc import Mapping

from gradgen.emit.assembling import Module
from gradgen.emit.helpers import in_module
from gradgen.emit.load import helper_code
from gradgen.errors import KindsError, NonDifferentiableError
from gradgen.rules.helpers import HELPERS, helper_texts
from gradgen.rules.steering import STEERING


def numpy_needed(is_driven: bool, text: str) -> dict[str, object]:
    """NumPy, where a driver of a function of arrays needs it; the text imports it for its helpers."""
    return {"np": importlib.import_module("numpy")} if is_driven and "import numpy as np" in text else {}


def names_needed(module: Module, outside: Mapping[str, object]) -> dict[str, object]:
    """What the generated text needs beside the user's own names `outside`: modules it imports itself, and its helpers."""
    result: dict[str, object] = {}
    helpers: dict[str, object] = {
        "math": math, "types": types, "NonDifferentiableError": NonDifferentiableError, "TypeError": KindsError,
    }
    if "\nimport types\n" in f"\n{module.text}":
        result["types"] = types  # for helpers of a text that this one was made of
    if "\nimport math\n" in f"\n{module.text}" and "math" not in outside:
        result["math"] = math
    wanted = dict.fromkeys(name for text in module.functions for name in text.helpers)
    wanted |= dict.fromkeys(name for name in module.carried if name not in STEERING)
    if "class NonDifferentiableError(" in module.text:
        wanted["NonDifferentiableError"] = None
    texts = helper_texts(wanted)
    if any("np." in text for text in texts):
        helpers["np"] = importlib.import_module("numpy")
    if any("scipy.integrate." in text for text in texts):
        importlib.import_module("scipy.integrate")
        helpers["scipy"] = importlib.import_module("scipy")
    for text in texts:
        if not text.startswith("class NonDifferentiableError"):
            exec(helper_code(text), helpers)
    for function in module.functions:
        for name, alias in function.imports.items():
            result[alias] = importlib.import_module(name)
    named = {name.split(",")[0] for name in wanted if name in HELPERS}
    return result | {in_module(name, module.apart): helpers[name] for name in named}
