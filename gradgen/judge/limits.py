"""Running code under a limit of CPU time, in any thread, and a user's code without what it prints and warns.

Never waits and never leaves a timer behind; code inside C that does not return to Python is not interrupted.
"""
from __future__ import annotations

import contextlib
import gc
import io
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any


class OutOfTime(BaseException):
    """The stretch took longer than it was given. No Exception, so that `except Exception` on the way does not swallow it."""


@contextlib.contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime inside the block after so many seconds of CPU time.

    The main thread is interrupted by a timer; other threads, and systems without one, look at the clock at each call.
    A limit inside a limit ends no later than the outer one.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    with _by_timer(seconds) if in_main_thread and hasattr(signal, "setitimer") else _by_tracing(seconds):
        yield


@contextlib.contextmanager
def _by_timer(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        if not _is_deaf(frame):
            raise OutOfTime

    start = time.process_time()
    outer_handler = signal.signal(signal.SIGVTALRM, stop)
    outer_left, _ = signal.getitimer(signal.ITIMER_VIRTUAL)
    # Repeated: where an exception would be lost, the next one is raised.
    first = min(seconds, outer_left) if outer_left else seconds
    signal.setitimer(signal.ITIMER_VIRTUAL, max(first, 1e-3), 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, outer_handler)
        if outer_left:
            left = outer_left - (time.process_time() - start)
            signal.setitimer(signal.ITIMER_VIRTUAL, max(left, 1e-3), 0.05)


def _is_deaf(frame: FrameType | None) -> bool:
    """Whether an exception raised in a frame would be lost: in a destructor, and in what the garbage collector calls."""
    codes = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        if frame.f_code in codes or frame.f_code.co_name == "__del__":
            return True
        frame = frame.f_back
    return False


@contextlib.contextmanager
def _by_tracing(seconds: float) -> Iterator[None]:
    end = time.thread_time() + seconds
    outer = sys.gettrace()

    def trace(frame: FrameType, event: Any, argument: Any) -> Any:
        if time.thread_time() > end:
            raise OutOfTime
        return outer(frame, event, argument) if outer is not None else None

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(outer)


def quietly(seconds: float, work: Callable[..., Any], *args: Any) -> Any:
    """The result of `work(*args)`, user's code, without what it prints and warns. Raises TimeoutError where it does not end."""
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), cpu_limit(seconds):
            warnings.simplefilter("ignore")
            return work(*args)
    except OutOfTime:
        raise TimeoutError(f"no result after {seconds:g} s") from None
