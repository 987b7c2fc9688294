"""Example calls for astral 3.2: where the sun and the moon are, chains of small functions of one float.

Holds no expected values.
"""
from __future__ import annotations

from tests.real_code.entries import Catalogue, Group

# Julian centuries 0.1191 to 0.1201 are the years 2011 and 2012; the place is London.
_TESTS = "the package's own tests (test_sun_calc.py, moon/, test_julian.py)"
_LONDON = """\
import datetime
from astral import Observer, SunDirection
from astral.moon import moon_position
NOON = datetime.datetime(2019, 8, 29, 14, 34, 0, tzinfo=datetime.timezone.utc)
DAY = datetime.date(2019, 8, 29)
"""

CATALOGUE = Catalogue(
    package="astral",
    groups=(
        Group("astral", _TESTS, calls="""
            dms_to_float(51.4733)
            dms_to_float(51.4733, 90.0)
            refraction_at_zenith(40.0)
            refraction_at_zenith(87.5)
            refraction_at_zenith(93.0)
        """),
        Group("astral.julian", _TESTS, calls="""
            julianday_to_juliancentury(2455927.5)
            juliancentury_to_julianday(0.119986311)
        """),
        Group("astral.sidereal", _TESTS, prelude=_LONDON, calls="""
            lmst(NOON, -0.1)
        """),
        Group("astral.sun", _TESTS, prelude=_LONDON, calls="""
            geom_mean_long_sun(0.1199863108829569)
            geom_mean_long_sun(-1.329130732)
            geom_mean_anomaly_sun(0.1199863108829569)
            eccentric_location_earth_orbit(0.1199863108829569)
            sun_eq_of_center(0.1199863108829569)
            sun_true_long(0.1199863108829569)
            sun_true_anomoly(0.1199863108829569)
            sun_rad_vector(0.1199863108829569)
            sun_apparent_long(0.1199863108829569)
            mean_obliquity_of_ecliptic(0.1199863108829569)
            obliquity_correction(0.1199863108829569)
            sun_rt_ascension(0.1199863108829569)
            sun_declination(0.1199863108829569)
            var_y(0.1199863108829569)
            eq_of_time(0.1199863108829569)
            hour_angle(51.509, 10.1, 90.8333, SunDirection.RISING)
            hour_angle(51.509, 10.1, 90.8333, SunDirection.SETTING)
            adjust_to_horizon(12000.0)
            adjust_to_obscuring_feature((10.0, 100.0))
            adjust_to_obscuring_feature((-5.0, 100.0))
            zenith_and_azimuth(Observer(51.5, -0.12), NOON)[0:2]
            zenith_and_azimuth(Observer(51.5, -0.12), NOON, with_refraction=False)[0:2]
            zenith(Observer(51.5, -0.12), NOON)
            zenith(Observer(51.5, -0.12), NOON, with_refraction=False)
            azimuth(Observer(51.5, -0.12), NOON)
            elevation(Observer(51.5, -0.12), NOON)
            elevation(Observer(51.5, -0.12), NOON, with_refraction=False)
        """),
        Group("astral.moon", _TESTS, prelude=_LONDON, calls="""
            interpolate(0.8, 0.9, 1.1, 0.5)
            moon_mean_longitude(4383.5)
            moon_mean_anomoly(4383.5)
            moon_argument_of_latitude(4383.5)
            moon_mean_elongation_from_sun(4383.5)
            longitude_lunar_ascending_node(4383.5)
            sun_mean_longitude(4383.5)
            sun_mean_anomoly(4383.5)
            venus_mean_longitude(4383.5)
            moon_position(4383.5).right_ascension
            moon_position(4383.5).declination
            moon_position(4383.5).distance
            azimuth(Observer(51.5, -0.12), NOON)
            elevation(Observer(51.5, -0.12), NOON)
            zenith(Observer(51.5, -0.12), NOON)
        """),
    ),
    modules=("astral", "astral.julian", "astral.sidereal", "astral.sun", "astral.moon"),
    omitted={
        **dict.fromkeys(("now", "today"), "the clock"),
        **dict.fromkeys(("hours_to_time", "minutes_to_timedelta", "day_fraction_to_time"), "returns a time in whole units"),
        **dict.fromkeys(
            ("time_to_hours", "time_to_seconds", "julianday", "julianday_modified", "julianday_2000", "gmst", "phase"),
            "takes a date or a time",
        ),
        "julianday_to_datetime": "returns a date",
        **dict.fromkeys(
            (
                "time_of_transit", "time_at_elevation", "noon", "midnight", "dawn", "sunrise", "sunset", "dusk", "daylight",
                "night", "twilight", "golden_hour", "blue_hour", "rahukaalam", "sun", "riseset", "moonrise", "moonset",
            ),
            "returns dates and times in whole microseconds",
        ),
        "sgn": "returns -1, 0 or 1",
        "moon_transit_event": "returns an event with a whole hour and minute",
    },
)
