"""Functions of arrays whose derivatives in each mode are kept as text in golden/, with arguments for their shapes.

Never holds derivatives.
"""
from __future__ import annotations

from typing import Any

import numpy as np


def chain(x: Any) -> Any:
    return np.sum((x[1:] - x[:-1] ** 2) ** 2)


def layer(x: Any, A: Any) -> Any:
    return np.tanh(A @ x)


def energy(w: Any, b: Any, X: Any) -> Any:
    z = X @ w + b
    return np.mean(z**2)


def fitted(A: Any, b: Any) -> Any:
    x = np.linalg.solve(A, b)
    return x / np.max(x)


def logistic(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def log_likelihood(S: Any, r: Any) -> Any:
    w, V = np.linalg.eigh(S)
    u = V.T @ r
    return np.sum(np.log(w)) + np.sum(u**2 / w)


V, M, X = np.linspace(0.5, 1.5, 3), np.eye(3) + 0.1, np.ones((5, 3))
CASES: tuple[tuple[str, Any, tuple[Any, ...], dict[str, Any]], ...] = (
    ("jvp", chain, (V,), {}), ("hvp", chain, (V,), {}), ("hessian", chain, (V,), {}),
    ("jvp", layer, (V, M), {}), ("jacobian", layer, (V, M), {"wrt": "x"}), ("jacobian", energy, (V, 0.5, X), {"wrt": ("w", "b")}),
    ("hvp", energy, (V, 0.5, X), {"wrt": ("w", "b")}), ("hessian", energy, (V, 0.5, X), {"wrt": ("w", "b")}),
    ("jvp", fitted, (M, V), {}), ("jacobian", fitted, (M, V), {"mode": "reverse"}), ("derivative", logistic, (V,), {}),
    ("jvp", log_likelihood, (M, V), {}),
)
