"""Cases of polynomials.

Never holds expected values.
"""
from __future__ import annotations

import numpy as np

from .case import Case

HEADER = (
    "import numpy as np\nfrom numpy.polynomial import Chebyshev, Hermite, Laguerre, Legendre, Polynomial\n"
    "from numpy.polynomial import chebyshev, hermite, hermite_e, laguerre, legendre\n"
    "from numpy.polynomial import polynomial as P\nXS = np.array([0.0, 0.4, 1.1, 1.7, 2.5, 3.2])"
)
LEVELS = np.array([0.4, 0.9, 1.7, 0.6, 1.2])
SERIES = ("chebyshev.cheb", "legendre.leg", "hermite.herm", "hermite_e.herme", "laguerre.lag")
CASES = [
    *(Case("np.polyval(p, x)", p=(4,), x=shape, single=False) for shape in ((3,), (2, 3), ())),
    Case("np.polyval([a, b, 1.0], x)", a=0.7, b=1.3, x=(3,)),
    *(Case("P.polyval(x, p)", p=(4,), x=shape, single=False) for shape in ((3,), (2, 3), ())),
    *(Case(f"np.{name}(p{more})", p=(4,)) for name in ("polyder", "polyint") for more in ("", ", 2", ", m=3")),
    Case("np.polyint(p, k=1.5)", p=(4,)),
    *(Case(f"P.{name}(p{more})", p=(4,), single=False) for name in ("polyder", "polyint") for more in ("", ", 2")),
    *(Case(f"{module}der(p, 1, 2.0) * {module}int(p, k=a, lbnd=0.5)[1:4]", p=(4,), a=0.7, single=False)
      for module in ("P.poly", "chebyshev.cheb", "laguerre.lag")),
    Case("P.polypow(p, 2)[1:] + P.polymulx(p)[0]", p=(4,), single=False),
    *(Case(f"{module}mul(p, q) * {module}pow(p, 2)[1:] + {module}mulx(p)[0]", p=(4,), q=(3,), single=False) for module in SERIES),
    *(Case(f"{module}fromroots(r)", r=(3,), single=False) for module in SERIES),
    *(Case(f"{module}roots(p)", p=np.array([-1.2, 0.3, 4.0]), single=False) for module in SERIES),
    *(Case(f"{module}val2d(x, y, p)", x=(3,), y=(3,), p=(3, 4), single=False) for module in ("P.poly", *SERIES)),
    *(Case(f"{module}val3d(x, y, z, p)", x=(3,), y=(3,), z=(3,), p=(2, 3, 2), single=False) for module in ("P.poly", *SERIES)),
    *(Case(f"P.polyval(x, p{each})", x=(4,), p=(3, 4), single=False) for each in ("", ", tensor=False")),
    Case("np.polyfit(XS, y, 2)", y=(6, 2), single=False),
    *(Case(f"{module}.polymul(a, b)", a=(4,), b=(2,), single=False) for module in ("np", "P")),
    *(Case(f"{module}.{name}(a, b)", a=(n,), b=(m,), single=False) for module in ("np", "P") for name in ("polyadd", "polysub")
      for n, m in ((4, 2), (2, 4))),
    Case("np.polyfit(x, y, 2)", x=(6,), y=(6,), single=False),
    Case("np.polyfit(XS, y, deg=1, w=w)", y=(6,), w=(6,), positive=True, single=False),
    Case("a, b = np.polyfit(XS, y, 1)\nreturn a * 2 + b", y=(6,), single=False),
    Case("P.polyfit(x, y, 2)", x=(6,), y=(6,), single=False),
    Case("np.polyfit(x, y, 2, w=w) + P.polyfit(x, y, 2, w=w)", x=np.array([0.0, 1, -1, 2, 3]), y=(5,), w=LEVELS, single=False),
    Case("np.polyfit(XS, y, 1, cov=True)[0]", y=(6,), single=False, refused="GG106"),
    *(Case(f"{name}val(x, p)", p=(4,), x=shape, single=False)
      for name in ("chebyshev.cheb", "legendre.leg", "hermite.herm", "hermite_e.herme", "laguerre.lag") for shape in ((3,), ())),
    *(Case(f"{name}(x, 3) @ p", p=(4,), x=(3,), single=False)
      for name in ("chebyshev.chebvander", "legendre.legvander", "hermite.hermvander", "hermite_e.hermevander",
                   "laguerre.lagvander")),
    Case("chebyshev.chebvander(x, 2)", x=(2, 3), single=False, refused="GG106"),
    Case("hermite.hermval(x, np.arange(8.0).reshape(4, 2) / 7)", x=(3,), single=False),
    Case("chebyshev.chebval(np.array([0.2, 0.7, 1.1]), p)", p=(4, 2), single=False),
    Case("y * laguerre.lagval(np.array([0.2, 0.7, 1.1]), np.ones((4, 2)))", y=(3,), single=False),
    *(Case(f"{name}(p{more})", p=(4,), single=False) for more in ("", ", 2")
      for name in ("chebyshev.chebder", "legendre.legder", "hermite.hermder", "hermite_e.hermeder", "laguerre.lagder")),
    Case("np.poly1d(p)(x)", p=(4,), x=(3,), single=False),
    Case("q = np.poly1d(p)\nreturn q(x) * q(0.5)", p=(4,), x=(3,), single=False),
    Case("Polynomial(p)(x)", p=(4,), x=(3,), single=False),
    Case("Chebyshev(p)(x)", p=(4,), x=(3,), single=False),
    Case("Polynomial(p, domain=[0, 1])(x)", p=(4,), x=(3,), single=False),
    Case("Polynomial(p, domain=[0, 4], window=[-1, 1]).deriv(2)(x)", p=(4,), x=(3,), single=False),
    *(Case(f"({name}(p) * 2 - {name}(q) / a + {name}(p) * {name}(q) ** 2)(x) + (-{name}(q))(a)", p=(4,), q=(3,), x=(3,), a=0.7,
           single=False) for name in ("np.poly1d", "Polynomial", "Chebyshev")),
    *(Case(f"f = {name}(p)\ng = f.deriv()\nreturn g(x) * f(x) + f.integ(2)(x)", p=(4,), x=(3,), single=False)
      for name in ("np.poly1d", "Polynomial", "Chebyshev", "Legendre", "Laguerre")),
    *(Case(f"f, g = {name}(p), {name}(q)\nh = 2 * f\nreturn (f * g - h)(x) / (f ** 2)(0.5)", p=(3,), q=(2,), x=(3,), single=False)
      for name in ("np.poly1d", "Polynomial")),
    *(Case(f"{name}(p).coef * 2", p=(4,), single=False) for name in ("np.poly1d", "Polynomial", "Hermite")),
    *(Case(f"{name}.fit(XS, y, 2)(x)", y=(6,), x=(3,), single=False) for name in ("Polynomial", "Legendre")),
    Case("Polynomial.fit(XS, y, deg=2, w=w).convert().coef", y=(6,), w=(6,), positive=True, single=False),
    Case("Polynomial.fit(XS, y, 2).coef", y=(6,), single=False, refused="GG107"),
    Case("Polynomial.fromroots(r)(x) + np.poly1d(r, True)(x)", r=(3,), x=(3,), single=False),
    *(Case(f"{name}(p{more})", p=(4,), single=False) for more in ("", ", 2", ", lbnd=0.5")
      for name in ("chebyshev.chebint", "legendre.legint", "hermite.hermint", "hermite_e.hermeint", "laguerre.lagint")),
    *(Case(f"{name}add(a, b) * {name}sub(b, a)", a=(4,), b=(2,), single=False)
      for name in ("chebyshev.cheb", "legendre.leg", "hermite.herm", "hermite_e.herme", "laguerre.lag")),
    *(Case(f"{name}fit(XS, y, 2{more})", y=(6,), single=False) for more in ("", ", w=1 + XS")
      for name in ("chebyshev.cheb", "legendre.leg", "hermite.herm", "hermite_e.herme", "laguerre.lag")),
    Case("chebyshev.chebfit(x, XS, 2)", x=(6,), single=False, refused="GG106"),
    Case("P.polyfit(XS, y, [0, 2])", y=(6,), single=False, refused="GG106"),
]
