"""Cases of Fourier transforms and of cosine and sine transforms: complex on the way, real at the end, or with complex seeds.

Never holds expected values.
"""
from __future__ import annotations

from .case import Case

HEADER = "import numpy as np\nimport scipy.fft\nfrom scipy import fft as sfft"
NORMS = ("", ", norm='ortho'", ", norm='forward'", ", norm='backward'")
CASES = [
    *(Case(f"np.abs(np.fft.fft(x{more}))", x=(6,), single=False) for more in (*NORMS, ", n=8", ", n=4, norm='forward'")),
    *(Case(f"np.abs(np.fft.fft(x{more}))**2", x=(3, 5), single=False) for more in ("", ", axis=0", ", n=7", ", n=2, axis=0")),
    *(Case(f"np.fft.ifft(x{more})", x=(6,), single=False) for more in (*NORMS, ", 9", ", 3")),
    *(Case(f"np.abs(np.fft.rfft(x{more}))**2", x=(6,), single=False) for more in (*NORMS, ", n=9", ", 4")),
    *(Case(f"np.abs(np.fft.rfft(x{more}))", x=(5,), single=False) for more in ("", ", 8", ", n=3, norm='ortho'")),
    *(Case(f"np.fft.irfft(x + 1j * h{more})", x=(5,), h=(5,), single=False) for more in (*NORMS, ", n=9", ", n=12", ", 3")),
    Case("np.fft.irfft(np.fft.rfft(x, axis=0), n=5, axis=0)", x=(5, 3), single=False),
    Case("np.fft.irfft(x)", x=(4,), single=False),
    *(Case(f"np.fft.hfft({z}{more})", x=(4,), single=False) for z in ("x", "x * (1 + 2j)") for more in NORMS),
    *(Case(f"np.fft.ihfft(x{more})", x=(6,), single=False) for more in (*NORMS, ", n=9")),
    *(
        Case(f"np.abs(np.fft.{name}(x{more}))", x=(4, 3), single=False)
        for name in ("fft2", "ifft2", "rfft2", "fftn", "ifftn", "rfftn")
        for more in ("", ", norm='ortho'", ", axes=(1, 0)", ", s=(2, 4), axes=(1, 0)", ", s=(5, 2), axes=(0, 1)")
    ),
    *(
        Case(f"np.fft.{name}(np.fft.rfftn(x{axes}){more}{axes})", x=(4, 6), single=False)
        for name in ("irfft2", "irfftn") for more in ("", ", s=(4, 6)", ", s=(3, 8)")
        for axes in (", axes=(0, 1)", ", axes=(1, 0)")
    ),
    Case("np.fft.irfft2(np.fft.rfft2(x), s=x.shape)", x=(4, 5), single=False),
    Case("np.fft.irfftn(np.fft.rfftn(x))", x=(4, 6), single=False),
    Case("scipy.fft.irfftn(scipy.fft.rfftn(x), s=x.shape)", x=(4, 5), single=False),
    *(Case(f"np.fft.fftshift(x{more})", x=(4, 5)) for more in ("", ", axes=1", ", axes=(0,)")),
    *(Case(f"np.fft.ifftshift(x{more})", x=(4, 5)) for more in ("", ", axes=0")),
    Case("np.fft.irfft(1j * np.fft.rfftfreq(6, 0.5) * np.fft.rfft(x), 6)", x=(6,), single=False),
    Case("np.real(np.fft.ifft(np.fft.fftfreq(6) * np.fft.fft(x)))", x=(6,), single=False),
    Case("np.fft.irfft(np.fft.rfft(x, 8) * np.fft.rfft(h, 8), 8)", x=(5,), h=(4,), single=False),
    Case("scipy.fft.irfft(scipy.fft.rfft(x) * 2)", x=(6,), single=False),
    Case("np.abs(sfft.fft(x, norm='forward'))", x=(6,), single=False),
    Case("np.abs(sfft.fft(x, workers=2))", x=(6,), single=False, refused="GG106"),
    Case("np.abs(np.fft.fft(x, norm=n))", x=(6,), n="ortho", single=False, refused="GG106"),
    *(
        Case(f"scipy.fft.{name}(x, {kind}{norm})", x=(5,), single=False)
        for name in ("dct", "idct", "dst", "idst") for kind in (1, 2, 3, 4) for norm in NORMS[:3]
    ),
    *(
        Case(f"scipy.fft.{name}(x{more})", x=(3, 4), single=False) for name in ("dctn", "idctn", "dstn", "idstn")
        for more in ("", ", type=3", ", axes=(0,)", ", norm='ortho'")
    ),
    Case("scipy.fft.dct(x, axis=0)", x=(3, 4), single=False),
    Case("scipy.fft.dct(x, n=4)", x=(5,), single=False),
    Case("scipy.fft.dct(x, type=1, n=7, norm='forward')", x=(5,), single=False),
    Case("scipy.fft.idstn(x, s=(4, 2), axes=(0, 1))", x=(3, 4), single=False),
]
