"""Example calls for pymap3d 3.2.0: coordinate conversions of geodesy and astronomy, NumPy functions on scalars.

Holds no expected values.
"""
from __future__ import annotations

from tests.real_code.entries import Catalogue, Group

_TESTS = "the package's own tests: lla0 = (42, -82, 200), aer0 = (33, 70, 1000), xyz0, enu0, ned0 there"
_TIME = "from datetime import datetime\nT0 = datetime(2013, 1, 15, 12, 0, 5)\n"

# Heights that come out of a place at some kilometres are left to aer2geodetic: radii of 6e6 m cancel in them, so that differences
# cannot tell their slopes of 1e-6 and less from rounding (with 50 digits these agree).
CATALOGUE = Catalogue(
    package="pymap3d",
    groups=(
        Group("pymap3d.aer", _TESTS, prelude=_TIME, calls="""
            ecef2aer(660930.1928, -4701424.223, 4246579.605, 42.0, -82.0, 200.0)[0:3]
            geodetic2aer(42.00258197, -81.9977545, 1139.701, 42.0, -82.0, 200.0)[0:3]
            aer2geodetic(33.0, 70.0, 1000.0, 42.0, -82.0, 200.0)[0:3]
            aer2geodetic(0.576, 1.2217, 1000.0, 0.733, -1.431, 200.0, deg=False)[0:3]
            eci2aer(-3977913.8, 2640420.4, 4285460.9, 42.0, -100.0, 0.0, T0)[0:3]
            aer2eci(162.55, 55.12, 384013940.9, 28.4, -80.5, 2.7, T0)[0:3]
            aer2ecef(33.0, 70.0, 1000.0, 42.0, -82.0, 200.0)[0:3]
        """),
        Group("pymap3d.azelradec", _TESTS, prelude=_TIME, calls="""
            azel2radec(180.1, 80.0, 65.0, -148.0, T0, force_non_astropy=True)[0:2]
            radec2azel(166.5032081, 55.000011165, 65.0, -148.0, T0, force_non_astropy=True)[0:2]
        """),
        Group("pymap3d.dca", _TESTS, calls="""
            enu2dca(186.277521, 286.84222, 939.69262, 45.0)[0:3]
            dca2enu(334.55, -71.11, 939.69262, 45.0)[0:3]
            dca2ned(334.55, -71.11, 939.69262, 45.0)[0:3]
            ned2dca(286.84222, 186.277521, -939.69262, 45.0)[0:3]
            ecef2dca(660930.1928, -4701424.223, 4246579.605, 42.0, -82.0, 200.0, 45.0)[0:3]
            dca2ecef(334.55, -71.11, 939.69262, 42.0, -82.0, 200.0, 45.0)[0:3]
            geodetic2dca(42.00258197, -81.9977545, 1139.701, 42.0, -82.0, 200.0, 45.0)[0:3]
            dca2geodetic(334.55, -71.11, 939.69262, 42.0, -82.0, 200.0, 45.0)[0:2]
            aer2dca(33.0, 70.0, 1000.0, 45.0)[0:3]
            dca2aer(334.55, -71.11, 939.69262, 45.0)[0:3]
        """),
        Group("pymap3d.ecef", _TESTS, prelude=_TIME, calls="""
            geodetic2ecef(42.0, -82.0, 200.0)[0:3]
            geodetic2ecef(0.733, -1.431, 200.0, deg=False)[0:3]
            ecef2geodetic(660675.2518247, -4700948.68316, 4245737.66222)[0:3]
            ecef2geodetic(660675.2518247, -4700948.68316, 4245737.66222, deg=False)[0:3]
            ecef2enuv(5.0, 3.0, 2.0, 42.0, -82.0)[0:3]
            ecef2enu(660930.1928, -4701424.223, 4246579.605, 42.0, -82.0, 200.0)[0:3]
            enu2uvw(186.277521, 286.84222, 939.69262, 42.0, -82.0)[0:3]
            uvw2enu(254.94, -475.54, 841.94, 42.0, -82.0)[0:3]
            eci2geodetic(-2981784.0, 5207055.0, 3161595.0, T0)[0:3]
            geodetic2eci(27.88, -163.72, 408850.65, T0)[0:3]
            enu2ecef(186.277521, 286.84222, 939.69262, 42.0, -82.0, 200.0)[0:3]
        """),
        Group("pymap3d.eci", _TESTS, prelude=_TIME, calls="""
            eci2ecef(-2981784.0, 5207055.0, 3161595.0, T0, force_non_astropy=True)[0:3]
            eci2ecef_numpy(-2981784.0, 5207055.0, 3161595.0, T0)[0:3]
            ecef2eci(-5762640.0, -1682738.0, 3156028.0, T0, force_non_astropy=True)[0:3]
            ecef2eci_numpy(-5762640.0, -1682738.0, 3156028.0, T0)[0:3]
        """),
        Group("pymap3d.enu", _TESTS, calls="""
            enu2aer(186.277521, 286.84222, 939.69262)[0:3]
            enu2aer(186.277521, 286.84222, 939.69262, deg=False)[0:3]
            aer2enu(33.0, 70.0, 1000.0)[0:3]
            aer2enu(0.576, 1.2217, 1000.0, deg=False)[0:3]
            enu2geodetic(186.277521, 286.84222, 939.69262, 42.0, -82.0, 200.0)[0:2]
            geodetic2enu(42.00258197, -81.9977545, 1139.701, 42.0, -82.0, 200.0)[0:3]
            enu2ecefv(5.0, 3.0, 2.0, 42.0, -82.0)[0:3]
        """),
        Group("pymap3d.haversine", _TESTS, calls="""
            anglesep_meeus(35.0, 23.0, 84.0, 20.0)
            anglesep_meeus(0.61, 0.4, 1.47, 0.35, deg=False)
            anglesep(35.0, 23.0, 84.0, 20.0, force_non_astropy=True)
            haversine(0.7)
        """),
        Group("pymap3d.latitude", _TESTS, calls="""
            geoc2geod(42.0, 6371000.0)
            geodetic2geocentric(45.0, 0.0)
            geodetic2geocentric(48.9, 500.0)
            geocentric2geodetic(45.0, 0.0)
            geocentric2geodetic(48.7, 500.0)
            geodetic2isometric(45.0)
            geodetic2isometric(-52.0)
            isometric2geodetic(50.227466)
            conformal2geodetic(44.80768406)
            geodetic2conformal(45.0)
            geodetic2rectifying(45.0)
            rectifying2geodetic(44.855682)
            geodetic2authalic(45.0)
            authalic2geodetic(44.87170288)
            geodetic2parametric(45.0)
            parametric2geodetic(44.9037878)
            geodetic2parametric(0.785, deg=False)
        """),
        Group("pymap3d.los", _TESTS, calls="""
            lookAtSpheroid(42.0, -82.0, 200.0, 45.0, 30.0)[0:3]
            lookAtSpheroid(42.0, -82.0, 200.0, 125.0, 55.0)[0:3]
        """),
        Group("pymap3d.lox", _TESTS, calls="""
            meridian_dist(40.0)
            meridian_arc(40.0, 42.5)
            loxodrome_inverse(40.0, -80.0, 65.0, -148.0)[0:2]
            loxodrome_direct(40.0, -80.0, 1000000.0, 30.0)[0:2]
            departure(45.0, 60.0, 30.0)
        """),
        Group("pymap3d.ned", _TESTS, calls="""
            aer2ned(33.0, 70.0, 1000.0)[0:3]
            ned2aer(286.84222, 186.277521, -939.69262)[0:3]
            ned2geodetic(286.84222, 186.277521, -939.69262, 42.0, -82.0, 200.0)[0:2]
            ned2ecef(286.84222, 186.277521, -939.69262, 42.0, -82.0, 200.0)[0:3]
            ecef2ned(660930.1928, -4701424.223, 4246579.605, 42.0, -82.0, 200.0)[0:3]
            geodetic2ned(42.00258197, -81.9977545, 1139.701, 42.0, -82.0, 200.0)[0:3]
            ecef2nedv(5.0, 3.0, 2.0, 42.0, -82.0)[0:3]
        """),
        Group("pymap3d.nvector", "https://www.ffi.no/en/research/n-vector, examples in degrees", calls="""
            geodetic2nvector(42.0, -82.0)[0:3]
            nvector2geodetic(0.1034, -0.7359, 0.6691)[0:2]
            ecef2nvector(660675.2518247, -4700948.68316, 4245737.66222)[0:3]
            nvector2ecef(0.1034, -0.7359, 0.6691, 200.0)[0:3]
        """),
        Group("pymap3d.rcurve", _TESTS, calls="""
            geocentric_radius(45.0)
            parallel(45.0)
            meridian(45.0)
            transverse(45.0)
            transverse(-30.0)
            meridian(0.9, deg=False)
        """),
        Group("pymap3d.rsphere", _TESTS, prelude="from pymap3d.ellipsoid import Ellipsoid\n", calls="""
            euler(42.0, 82.0, 44.0, 100.0)
            curve(45.0)
            curve(45.0, method="norm")
            eqavol(Ellipsoid(6378137.0, 6356752.3))
            authalic(Ellipsoid(6378137.0, 6356752.3))
            rectifying(Ellipsoid(6378137.0, 6356752.3))
            triaxial(Ellipsoid(6378137.0, 6356752.3))
            triaxial(Ellipsoid(6378137.0, 6356752.3), method="norm")
            biaxial(Ellipsoid(6378137.0, 6356752.3))
            biaxial(Ellipsoid(6378137.0, 6356752.3), method="norm")
        """),
        Group("pymap3d.sidereal", _TESTS, prelude=_TIME, calls="""
            datetime2sidereal(T0, -2.5831, force_non_astropy=True)
            datetime2sidereal_vallado(T0, -2.5831)
            greenwichsrt(2456307.5)
        """),
        Group("pymap3d.spherical", _TESTS, calls="""
            geodetic2spherical(42.0, -82.0, 200.0)[0:3]
            spherical2geodetic(41.8, -82.0, 6368700.0)[0:3]
        """),
        Group("pymap3d.utils", "a point in the first octant", calls="""
            cart2pol(1.5, 2.5)[0:2]
            pol2cart(0.7, 3.0)[0:2]
            cart2sph(1.5, 2.5, 3.5)[0:3]
            sph2cart(0.7, 0.3, 4.0)[0:3]
        """),
        Group("pymap3d.vallado", _TESTS, prelude=_TIME, calls="""
            azel2radec(180.1, 80.0, 65.0, -148.0, T0)[0:2]
            radec2azel(166.5032081, 55.000011165, 65.0, -148.0, T0)[0:2]
        """),
        Group("pymap3d.vincenty", _TESTS, calls="""
            vdist(10.0, 20.0, 10.02137267, 20.0168471)[0:2]
            vdist(42.0, -82.0, 43.0, -80.0)[0:2]
            vreckon(10.0, 20.0, 3000.0, 38.0)[0:2]
            vreckon(42.0, -82.0, 200000.0, 120.0)[0:2]
        """),
    ),
    modules=(
        "pymap3d.aer", "pymap3d.azelradec", "pymap3d.dca", "pymap3d.ecef", "pymap3d.eci", "pymap3d.enu", "pymap3d.haversine",
        "pymap3d.latitude", "pymap3d.los", "pymap3d.lox", "pymap3d.ned", "pymap3d.nvector", "pymap3d.rcurve", "pymap3d.rsphere",
        "pymap3d.sidereal", "pymap3d.spherical", "pymap3d.timeconv", "pymap3d.utils", "pymap3d.vallado", "pymap3d.vincenty",
    ),
    omitted={
        "azel2radec_astropy": "needs astropy",
        "radec2azel_astropy": "needs astropy",
        "eci2ecef_astropy": "needs astropy",
        "ecef2eci_astropy": "needs astropy",
        "datetime2sidereal_astropy": "needs astropy",
        "geod2geoc": "another name of geodetic2geocentric",
        "R3": "returns a 3 by 3 array",
        "juliandate": "takes a date",
        "meanm": "takes arrays of points",
        "str2dt": "returns a date",
        "track2": "returns lists of points; their number is an argument",
    },
)
