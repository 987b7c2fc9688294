"""Example calls for psychrolib 2.5.0: the ASHRAE formulae of moist air, in SI and in IP units.

Holds no expected values.
"""
from __future__ import annotations

from tests.real_code.entries import Catalogue, Group

# The loops run until they are as close as differences can see: with the package's own tolerance its values move in steps.
_CLOSE = "\npsychrolib.PSYCHROLIB_TOLERANCE = 1e-11"
_SI = """
GetTKelvinFromTCelsius(20.0)
GetTCelsiusFromTKelvin(293.15)
GetTWetBulbFromTDewPoint(40.0, 7.0, 101325.0)
GetTWetBulbFromRelHum(40.0, 0.14, 101325.0)
GetRelHumFromTDewPoint(25.0, 15.0)
GetRelHumFromTDewPoint(-5.0, -10.0)
GetRelHumFromTWetBulb(40.0, 20.0, 101325.0)
GetTDewPointFromRelHum(25.0, 0.8)
GetTDewPointFromTWetBulb(40.0, 20.0, 101325.0)
GetVapPresFromRelHum(25.0, 0.8)
GetVapPresFromRelHum(-5.0, 0.6)
GetRelHumFromVapPres(25.0, 2535.0)
dLnPws_(-20.0)
dLnPws_(25.0)
GetTDewPointFromVapPres(15.0, 103.24)
GetTDewPointFromVapPres(15.0, 872.6)
GetTDewPointFromVapPres(60.0, 12351.3)
GetVapPresFromTDewPoint(-20.0)
GetVapPresFromTDewPoint(50.0)
GetTWetBulbFromHumRatio(30.0, 0.0192281274241096, 95461.0)
GetTWetBulbFromHumRatio(-1.0, 0.00120399819933844, 95461.0)
GetHumRatioFromTWetBulb(30.0, 25.0, 95461.0)
GetHumRatioFromTWetBulb(-1.0, -5.0, 95461.0)
GetHumRatioFromRelHum(25.0, 0.5, 101325.0)
GetRelHumFromHumRatio(25.0, 0.01, 101325.0)
GetHumRatioFromTDewPoint(15.0, 101325.0)
GetTDewPointFromHumRatio(25.0, 0.01, 101325.0)
GetHumRatioFromVapPres(3169.7, 95461.0)
GetVapPresFromHumRatio(0.0213603998047487, 95461.0)
GetSpecificHumFromHumRatio(0.006)
GetHumRatioFromSpecificHum(0.00596421471)
GetDryAirEnthalpy(25.0)
GetDryAirDensity(25.0, 101325.0)
GetDryAirVolume(25.0, 101325.0)
GetTDryBulbFromEnthalpyAndHumRatio(81316.0, 0.02)
GetHumRatioFromEnthalpyAndTDryBulb(81316.0, 30.0)
GetSatVapPres(-60.0)
GetSatVapPres(-5.0)
GetSatVapPres(25.0)
GetSatVapPres(150.0)
GetSatHumRatio(-20.0, 101325.0)
GetSatHumRatio(50.0, 101325.0)
GetSatAirEnthalpy(-5.0, 101325.0)
GetSatAirEnthalpy(25.0, 101325.0)
GetVaporPressureDeficit(25.0, 0.01, 101325.0)
GetDegreeOfSaturation(25.0, 0.01, 101325.0)
GetMoistAirEnthalpy(30.0, 0.02)
GetMoistAirVolume(30.0, 0.02, 95461.0)
GetTDryBulbFromMoistAirVolumeAndHumRatio(0.940855374352943, 0.02, 95461.0)
GetMoistAirDensity(30.0, 0.02, 95461.0)
GetStandardAtmPressure(-500.0)
GetStandardAtmPressure(1000.0)
GetStandardAtmTemperature(1000.0)
GetSeaLevelPressure(101226.5, 105.0, 17.19)
GetStationPressure(102484.0, 105.0, 17.19)
CalcPsychrometricsFromTWetBulb(40.0, 20.0, 101325.0)[0:7]
CalcPsychrometricsFromTDewPoint(40.0, 7.0, 101325.0)[0:7]
CalcPsychrometricsFromRelHum(40.0, 0.14, 101325.0)[0:7]
"""

_IP = """
GetTRankineFromTFahrenheit(70.0)
GetTFahrenheitFromTRankine(529.67)
GetTWetBulbFromTDewPoint(100.0, 40.0, 14.696)
GetTWetBulbFromRelHum(100.0, 0.13, 14.696)
GetRelHumFromTDewPoint(77.0, 59.0)
GetRelHumFromTWetBulb(100.0, 65.0, 14.696)
GetTDewPointFromRelHum(77.0, 0.8)
GetTDewPointFromTWetBulb(100.0, 65.0, 14.696)
GetVapPresFromRelHum(77.0, 0.8)
GetRelHumFromVapPres(77.0, 0.36778)
dLnPws_(-4.0)
dLnPws_(77.0)
GetTDewPointFromVapPres(59.0, 0.014974)
GetTDewPointFromVapPres(140.0, 1.7914)
GetVapPresFromTDewPoint(41.0)
GetTWetBulbFromHumRatio(86.0, 0.0187193288418892, 14.175)
GetTWetBulbFromHumRatio(30.2, 0.00114657481090184, 14.1751)
GetHumRatioFromTWetBulb(86.0, 77.0, 14.175)
GetHumRatioFromTWetBulb(30.2, 23.0, 14.175)
GetHumRatioFromRelHum(77.0, 0.5, 14.696)
GetRelHumFromHumRatio(77.0, 0.01, 14.696)
GetHumRatioFromTDewPoint(59.0, 14.696)
GetTDewPointFromHumRatio(77.0, 0.01, 14.696)
GetHumRatioFromVapPres(0.45973, 14.175)
GetVapPresFromHumRatio(0.0208473311024865, 14.175)
GetSpecificHumFromHumRatio(0.006)
GetHumRatioFromSpecificHum(0.00596421471)
GetDryAirEnthalpy(77.0)
GetDryAirDensity(77.0, 14.696)
GetDryAirVolume(77.0, 14.696)
GetTDryBulbFromEnthalpyAndHumRatio(42.6168, 0.02)
GetHumRatioFromEnthalpyAndTDryBulb(42.6168, 86.0)
GetSatVapPres(-4.0)
GetSatVapPres(122.0)
GetSatHumRatio(-4.0, 14.696)
GetSatHumRatio(122.0, 14.696)
GetSatAirEnthalpy(77.0, 14.696)
GetVaporPressureDeficit(77.0, 0.01, 14.696)
GetDegreeOfSaturation(77.0, 0.01, 14.696)
GetMoistAirEnthalpy(86.0, 0.02)
GetMoistAirVolume(86.0, 0.02, 14.175)
GetTDryBulbFromMoistAirVolumeAndHumRatio(14.7205749002918, 0.02, 14.175)
GetMoistAirDensity(86.0, 0.02, 14.175)
GetStandardAtmPressure(3000.0)
GetStandardAtmTemperature(3000.0)
GetSeaLevelPressure(14.681662559, 344.488, 62.942)
GetStationPressure(14.8640475, 344.488, 62.942)
CalcPsychrometricsFromTWetBulb(100.0, 65.0, 14.696)[0:7]
CalcPsychrometricsFromTDewPoint(100.0, 40.0, 14.696)[0:7]
CalcPsychrometricsFromRelHum(100.0, 0.13, 14.696)[0:7]
"""

CATALOGUE = Catalogue(
    package="psychrolib",
    groups=(
        Group(
            module="psychrolib",
            label="SI",
            source="the package's tests (test_psychrolib_si.py), after ASHRAE Handbook - Fundamentals (2017) ch. 1",
            setup=f"psychrolib.SetUnitSystem(psychrolib.SI){_CLOSE}",
            calls=_SI,
        ),
        Group(
            module="psychrolib",
            label="IP",
            source="the package's tests (test_psychrolib_ip.py), after ASHRAE Handbook - Fundamentals (2017) ch. 1",
            setup=f"psychrolib.SetUnitSystem(psychrolib.IP){_CLOSE}",
            calls=_IP,
        ),
    ),
    modules=("psychrolib",),
    omitted={
        "SetUnitSystem": "sets the unit system, has no result",
        "GetUnitSystem": "takes nothing and returns an enumeration member",
        "isIP": "takes nothing and returns a bool",
    },
)
