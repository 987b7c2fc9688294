"""Cases of padding, insertion, windows, and of lists that are made of arrays.

Never holds expected values.
"""
from __future__ import annotations

from .case import Case

CASES = [
    Case("p = np.pad(x, ((1, 2), (0, 1)), 'linear_ramp', end_values=3.0)\n"
         "return p[:4, :3] * np.pad(x, 1, 'mean', stat_length=2)[:4, :3]",
         x=(3, 4)),
    Case("np.pad(x, 2, 'symmetric', reflect_type='odd') * np.pad(x, 2, 'maximum')", x=(3, 4)),
    Case("np.pad(x, 1, constant_values=c) * np.pad(x, 1, 'median') + np.pad(x, 1, 'minimum')", x=(3, 4), c=0.7),
    Case("np.insert(x, 1, v, axis=0) * np.insert(x, 2, x[0], axis=0)", x=(3, 4), v=(4,)),
    Case("np.insert(x, [1, 3], [v[1], 2.0])[:5] * np.insert(x, 2, v[:2])[:5]", x=(4,), v=(3,)),
    Case("np.trim_zeros(x, 'f') * np.trim_zeros(x)", x=(4,)),
    Case("np.resize(x, (2, 5)) * np.resize(x, (5,))", x=(3,)),
    Case("np.lib.stride_tricks.sliding_window_view(x, 2) * np.lib.stride_tricks.sliding_window_view(x, (2,), axis=0)", x=(4,)),
    Case("a, b = np.unstack(x[:2])\nreturn a * b * np.unstack(x, axis=1)[2][1]", x=(3, 4)),
    Case("np.dsplit(x, 2)[0] * np.array(x[0], ndmin=3)[:, :, :2] * x.view()[:, :, 1:3]", x=(2, 3, 4)),
    Case("np.require(x, requirements='C') * np.astype(x, float)", x=(3,)),
    Case("np.take(x, [0, 9], mode='clip') * np.take(x, [0, 13], 1, mode='wrap')[0] * np.choose([0, 1], x[:2, :2])", x=(3, 4)),
    Case("np.sort(x, axis=None)[1:4] * np.compress([True, False, True, True], x)", x=(2, 3)),
    Case("max(abs(x)) * sum(x.tolist()[1:]) + sum(x * x, 1.5) * list(x)[1] + sum(x.flat) * np.array(sorted(x))", x=(4,)),
]
