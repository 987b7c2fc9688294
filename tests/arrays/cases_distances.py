"""Cases of distances between points.

Never holds expected values.
"""
from __future__ import annotations

from .case import Case

HEADER = "import numpy as np\nfrom scipy.spatial import distance\nfrom scipy.spatial.distance import cdist, pdist, squareform"
METRICS = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "cosine", "correlation")
CASES = [
    Case("cdist(x, y)", x=(4, 3), y=(2, 3), single=False),
    *(Case(f"cdist(x, y, '{metric}')", x=(3, 4), y=(2, 4), single=False) for metric in METRICS),
    Case("cdist(XA=x, XB=y, metric='minkowski', p=3)", x=(3, 4), y=(2, 4), single=False),
    Case("np.exp(-cdist(x, x, 'sqeuclidean') / 2)", x=(3, 2), single=False),
    Case("cdist(x, y, 'canberra')", x=(3, 4), y=(2, 4), single=False, refused="GG106"),
    *(Case(f"pdist(x, '{metric}')", x=(4, 3), single=False) for metric in METRICS[:4]),
    Case("pdist(x, metric='minkowski', p=3)", x=(4, 3), single=False),
    Case("squareform(pdist(x)) * w", x=(4, 2), w=(4, 4), single=False),
    *(Case(f"distance.{metric}(u, v)", u=(4,), v=(4,), single=False) for metric in METRICS if metric != "cityblock"),
    Case("distance.cityblock(u, v + 5)", u=(4,), v=(4,), single=False),
    Case("distance.minkowski(u, v + 5, 3)", u=(4,), v=(4,), single=False),
]
