"""Cases of largest elements that are subtracted for safety: where they cancel nothing passes through them, elsewhere all does.

Never holds expected values.
"""
from __future__ import annotations

from .case import Case

HEADER = "import numpy as np"

CASES = [
    Case("top = np.max(x)\nreturn top + np.log(np.sum(np.exp(x - top)))", x=(5,)),
    Case("top = np.max(x)\nreturn 2 * top + np.log(np.sum(np.exp(x - top)))", x=(5,)),
    Case("top = np.max(x)\nreturn top + np.log(np.mean(np.exp(2 * (x - top))))", x=(5,)),
    Case("top = x.min()\nreturn np.log(np.mean(np.exp(x - top))) + top", x=(3, 4)),
    Case("top = x.max(axis=1)\nreturn top + np.log(np.sum(np.exp(x - top[:, None]), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1)\nreturn top + np.log(np.sum(np.exp(x - top), axis=1))", x=(4, 4)),
    Case("top = x.max(axis=0)\nreturn top + np.log(np.sum(np.exp(x - top), axis=0))", x=(3, 4)),
    Case("top = x.max(axis=0)\nreturn np.sum(top) + np.log(np.sum(np.exp(x - top)))", x=(3, 4)),
    Case("e = np.exp(x - x.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=1, keepdims=True)", x=(3, 4)),
    Case("e = np.exp(x - x.max(axis=1, keepdims=True))\nreturn e / e.sum(axis=0, keepdims=True)", x=(3, 4)),
    Case("e = np.exp(x - np.max(x, axis=-1, keepdims=True))\nreturn e * e / np.sum(e, axis=-1, keepdims=True)", x=(3, 4)),
    Case("z = x - np.max(x)\nreturn z[0] - z[1] + z * 0.5 - z / 2", x=(5,)),
    Case("z = x - np.max(x)\nreturn z[0] - z[1] + z", x=(5,)),
    Case("top = np.max(x)\nfor k in range(3):\n    top = top + np.log(np.sum(np.exp(x - top)))\nreturn top", x=(5,)),
    Case("y = 0\nfor row in x:\n    top = np.max(row)\n    y = y + top + np.log(np.sum(np.exp(row - top)))\nreturn y", x=(3, 4)),
    Case("total = 0.0\nfor row in x:\n    total = total + np.exp(row[0] - np.max(row))\nreturn total", x=(3, 4)),
    Case("top = x.max()\nif top > 0:\n    return top + np.log(np.sum(np.exp(x - top)))\nreturn np.log(np.sum(x ** 2))", x=(5,)),
    Case("top = np.max(x)\nif top > 0:\n    return top + np.log(np.sum(np.exp(x - top)))\nreturn np.sum(x - top)", x=(5,)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top[:, 0] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top[..., 0] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top[:, -1] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn np.squeeze(top, 1) + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top.squeeze(-1) + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top[0] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top[:, 0][::-1] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn 2 * top[..., 0] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn top[1, 0] + np.log(np.sum(np.exp(x - top), axis=1))", x=(3, 4)),
    Case("top = x.max(axis=1, keepdims=True)\nreturn np.sum(np.exp(x - top), axis=1)[:, None] + top[:, 0]", x=(4, 4)),
    Case("e = np.exp(x - np.max(x))\nreturn -np.log(e[0] / np.sum(e))", x=(4,)),
    Case("e = np.exp(x - np.max(x))\ny = np.zeros(4)\ny[0] = e[2]\ny[1] = e[1]\ny[1] += e[0]\nreturn y @ x / np.sum(e)", x=(4,)),
    Case("e = np.exp(x - np.max(x))\ny = np.zeros_like(e)\ny[0] = e[2]\ny[1] = e[1] ** 2\nreturn y @ x / np.sum(e)", x=(4,)),
    Case("e = np.exp(x - np.max(x))\ny = np.zeros_like(e)\ny[0] = 1.0\ny[1] = e[1]\nreturn y @ x / np.sum(e)", x=(4,)),
    Case("e = np.exp(x - np.max(x))\ny = np.ones(4)\ny[0] = e[0]\ny[1] = e[1]\nreturn y @ x / np.sum(e)", x=(4,)),
    Case("m = np.max(x)\ny = np.zeros(4)\ny[0] = x[0] - m\nreturn y[0] - y[1] + m", x=(4,)),
    Case("m = np.max(x)\nz = x - m\ny = np.zeros(4)\ny -= z\nreturn np.sum(y) - 3 * m", x=(4,)),
]
