"""What is measured: generated code against hand-written, gradients against their functions, generation against size, the import.

Never prints; each measure is a list of rows.
"""
from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import gradgen
from samples.pendulum import final_angle
from tests.benchmarks import array_examples, handwritten
from tests.benchmarks.programs import function_in, many_parameters, module_of, product, straight_line
from tests.benchmarks.timing import interleaved, timed

HAND_LIMIT = 1.15
MEMORY_LIMIT = 1.1
GUARD_SECONDS = 15e-9  # per parameter that a scalar guard has to look at
IMPORT_LIMIT = 0.060
PRODUCT_LIMIT = 2.5
GENERATION_LIMIT = 5.0
TAPE_BYTES, TAPE_RATIO = 2_000_000, 3.0
PENDULUM_STEPS = 100_000
EXAMPLES: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("J", None, (5.0, 3.0, 2.0)),
    ("loss", ("w1", "w2", "b"), (0.5, -0.3, 0.1, 1.0, 2.0, 1.0)),
    ("compound", None, (0.3, 50)),
    ("kepler", None, (1.2, 0.4)),
)


@dataclass(frozen=True)
class Row:
    """One line of the table; `limit` is empty where there is none."""

    what: str
    measured: str
    limit: str = ""
    is_over: bool = False


def against_hand() -> Iterator[Row]:
    """Generated code against the text that a person wrote."""
    for name, wrt, args in EXAMPLES:
        generated = gradgen.value_and_grad(getattr(handwritten, name), wrt)
        pair = interleaved(partial(generated, *args), partial(getattr(handwritten, f"{name}_value_and_grad"), *args))
        limit = HAND_LIMIT * pair.second + GUARD_SECONDS * len(args)
        yield Row(
            f"{name}: generated / hand-written", f"{pair.ratio:.3f}  ({pair.first * 1e9:.0f} ns / {pair.second * 1e9:.0f} ns)",
            f"{limit / pair.second:.3f}", pair.first > limit,
        )


def against_hand_of_arrays() -> Iterator[Row]:
    """Generated code for arrays against the text that a person wrote: seconds, and the most memory that a call takes."""
    for example in array_examples.MEASURED:
        point = example.point()
        generated = gradgen.value_and_grad(example.primal, example.wrt, like=point)
        calls = [partial(each, *point) for each in (generated, example.by_hand)]
        seconds = min(timed(calls[1], 1) for _ in range(3))
        pair = interleaved(calls[0], calls[1], rounds=max(5, min(101, int(2 / max(seconds, 2e-3)))))
        yield Row(
            f"{example.name} {example.size}: generated / hand-written",
            f"{pair.ratio:.3f}  ({pair.first * 1e6:.0f} us / {pair.second * 1e6:.0f} us)", f"{HAND_LIMIT}",
            pair.ratio > HAND_LIMIT,
        )
        growth = peak(calls[0]) / peak(calls[1])
        yield Row(f"{example.name} {example.size}: memory", f"{growth:.2f}", f"{MEMORY_LIMIT}", growth > MEMORY_LIMIT)


def peak(call: Callable[[], Any]) -> int:
    """The most bytes that a call holds at a time."""
    call()
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def against_function(folder: Path, counts: tuple[int, ...] = (2, 4, 8, 16, 32, 64)) -> Iterator[Row]:
    """Value and gradient against the function alone, for more and more parameters."""
    for count in counts:
        with module_of(many_parameters(count), folder, f"parameters_{count}") as module:
            function = function_in(module)
            generated = gradgen.value_and_grad(function)
            args = [0.5 + 0.01 * n for n in range(count)]
            pair = interleaved(partial(generated, *args), partial(function, *args), rounds=101)
            yield Row(f"value and gradient / function, {count} parameters", f"{pair.ratio:.2f}", "5", pair.ratio > 5)


def bounded_memory(states: tuple[int, ...] = (20, 500), steps: int = PENDULUM_STEPS) -> Iterator[Row]:
    """The gradient of many steps of a pendulum with few kept states, against the one that keeps all: peak memory and time."""
    arguments = (0.5, 0.0, 1.0, 0.1, 1e-4, steps)
    whole = gradgen.value_and_grad(final_angle)
    for most in states:
        few = gradgen.value_and_grad(final_angle, checkpoint=most)
        few(*arguments[:-1], 2)
        tracemalloc.start()
        few(*arguments)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        ratio = min(_seconds(few, arguments) for _ in range(3)) / min(_seconds(whole, arguments) for _ in range(3))
        what = f"{steps:,} steps, {most} states"
        yield Row(f"{what}: bytes at the peak", f"{peak:,}", f"{TAPE_BYTES:,}", peak > TAPE_BYTES)
        yield Row(f"{what}: time / with a tape of all", f"{ratio:.2f}", f"{TAPE_RATIO:.0f}", ratio > TAPE_RATIO)


def _seconds(function: Any, arguments: tuple[Any, ...]) -> float:
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


def generation(folder: Path, counts: tuple[int, ...] = (1_000, 3_000, 10_000)) -> Iterator[Row]:
    """Seconds to differentiate straight-line code of growing length."""
    found: list[float] = []
    for count in counts:
        with module_of(straight_line(count), folder, f"line_{count}") as module:
            start = time.process_time()
            gradgen.value_and_grad(function_in(module))
            found.append(time.process_time() - start)
        growth = "" if len(found) == 1 else f"  ({1e6 * found[-1] / count:.0f} us each, first {1e6 * found[0] / counts[0]:.0f})"
        is_superlinear = found[-1] / count > 1.5 * found[0] / counts[0]
        yield Row(
            f"{count:,} assignments differentiated", f"{found[-1]:.2f} s{growth}", f"{GENERATION_LIMIT:.0f} s, linear",
            found[-1] > GENERATION_LIMIT or is_superlinear,
        )


def product_text(folder: Path, counts: tuple[int, ...] = (8, 16, 32, 64)) -> Iterator[Row]:
    """Characters of the gradient of a product of many factors."""
    first = 0.0
    for count in counts:
        with module_of(product(count), folder, f"product_{count}") as module:
            size = len(gradgen.value_and_grad(function_in(module)).source) / count
        first = first or size
        yield Row(f"product of {count} factors, characters per factor", f"{size:.0f}", f"{2 * first:.0f}", size > 2 * first)


def written_call(function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """A call with its keywords written out, as a person writes it: keywords that are unpacked cost more than named ones."""
    names = [f"a{place}" for place in range(len(args))]
    given = ", ".join((*names, *(f"{name}=k_{name}" for name in keywords)))
    values = {"function": function, **dict(zip(names, args, strict=True))}
    return eval(f"lambda: function({given})", values | {f"k_{name}": each for name, each in keywords.items()})


def hessian_products(
    folder: Path, counts: tuple[int, ...] = (2, 8, 32), sizes: tuple[int, ...] = (100, 1_000, 100_000)
) -> Iterator[Row]:
    """Hessian products against gradients, for more and more parameters and longer and longer arrays."""
    cases: list[tuple[str, Any, Any, tuple[Any, ...]]] = [
        (name, getattr(handwritten, name), wrt, args) for name, wrt, args in EXAMPLES
    ]
    for size in sizes:
        cases.append((f"an array of {size:,}", rosenbrock, "x", (np.linspace(-1.0, 1.0, size),)))
    with contextlib.ExitStack() as opened:
        for count in counts:
            module = opened.enter_context(module_of(many_parameters(count), folder, f"product_{count}"))
            cases.append((f"{count} parameters", function_in(module), None, tuple(0.5 + 0.01 * n for n in range(count))))
        for name, function, wrt, args in cases:
            gradient, product = gradgen.grad(function, wrt, like=args), gradgen.hvp(function, wrt, like=args)
            along = dict.fromkeys(product.tangents, args[0] if "array" in name else 1.1)
            pair = interleaved(written_call(product, args, along), written_call(gradient, args, {}), rounds=51)
            yield Row(f"Hessian product / gradient, {name}", f"{pair.ratio:.2f}", f"{PRODUCT_LIMIT}", pair.ratio > PRODUCT_LIMIT)


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def import_time(runs: int = 15) -> Iterator[Row]:
    """Milliseconds that `import gradgen` takes in a new interpreter."""
    program = "import time; start = time.process_time(); import gradgen; print(time.process_time() - start)"
    outputs = [subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True) for _ in range(runs)]
    cost = statistics.median(float(output.stdout) for output in outputs)
    yield Row("import gradgen", f"{1e3 * cost:.0f} ms", f"{1e3 * IMPORT_LIMIT:.0f} ms", cost > IMPORT_LIMIT)
