"""Example calls for iapws 1.5.5: the IAPWS releases on water, steam, heavy water, seawater and moist air.

Holds no expected values.
"""
from __future__ import annotations

from tests.real_code.entries import Catalogue, Group

_DOCSTRING = "the functions' own docstrings, which quote the verification tables of the IAPWS releases"

CATALOGUE = Catalogue(
    package="iapws",
    groups=(
        Group("iapws._iapws", _DOCSTRING, calls="""
            _Ice(250.0, 100.0)["v", "h", "s"]
            _Ice(273.152519, 0.101325)["a", "u", "cp"]
            _Liquid(260.0)["rho", "h", "s"]
            _Liquid(260.0, 0.1)["v", "w"]
            _Supercooled(235.15, 0.101325)["rho", "cp", "w"]
            _Sublimation_Pressure(230.0)
            _Melting_Pressure(260.0)
            _Melting_Pressure(254.0, "III")
            _Melting_Pressure(265.0, "V")
            _Melting_Pressure(320.0, "VI")
            _Melting_Pressure(550.0, "VII")
            _Viscosity(998.0, 298.15)
            _Viscosity(600.0, 873.15)
            _ThCond(998.0, 298.15)
            _ThCond(100.0, 873.15)
            _Tension(300.0)
            _Tension(450.0)
            _Dielectric(999.242866, 298.15)
            _Dielectric(26.0569558, 873.15)
            _Refractive(997.047435, 298.15, 0.2265)
            _Refractive(30.4758534, 773.15, 0.5893)
            _Kw(1000.0, 300.0)
            _Conductivity(1000.0, 373.15)
            _D2O_Viscosity(998.0, 298.15)
            _D2O_Viscosity(600.0, 873.15)
            _D2O_ThCond(998.0, 298.15)
            _D2O_ThCond(600.0, 873.15)
            _D2O_Tension(298.15)
            _D2O_Tension(573.15)
            _D2O_Sublimation_Pressure(245.0)
            _D2O_Melting_Pressure(270.0)
            _D2O_Melting_Pressure(255.0, "III")
            _D2O_Melting_Pressure(265.0, "V")
            _D2O_Melting_Pressure(290.0, "VI")
            _Henry(500.0, "He")
            _Henry(300.0, "D2", "D2O")
            _Kvalue(600.0, "He")
            _Kvalue(300.0, "D2", "D2O")
        """),
        Group("iapws.iapws97", _DOCSTRING, calls="""
            _h13_s(3.7)
            _h13_s(3.5)
            _P23_T(623.15)
            _t_P(16.52916425)
            _t_hs(2600.0, 5.1)
            _t_hs(2800.0, 5.2)
            _PSat_T(500.0)
            _TSat_P(10.0)
            _PSat_h(1700.0)
            _PSat_h(2400.0)
            _PSat_s(3.8)
            _PSat_s(5.2)
            _h1_s(1.0)
            _h1_s(3.0)
            _h3a_s(3.8)
            _h3a_s(4.2)
            _h2ab_s(7.0)
            _h2ab_s(9.0)
            _h2c3b_s(5.5)
            _h2c3b_s(4.5)
            _Backward1_T_Ph(3.0, 500.0)
            _Backward1_T_Ph(80.0, 1500.0)
            _Backward1_T_Ps(3.0, 0.5)
            _Backward1_T_Ps(80.0, 3.0)
            _Backward1_P_hs(90.0, 0.5)
            _Backward1_P_hs(1500.0, 3.4)
            _P_2bc(3516.004323)
            _hbc_P(100.0)
            _hab_s(7.0)
            _Backward2a_T_Ph(0.001, 3000.0)
            _Backward2a_T_Ph(3.0, 4000.0)
            _Backward2b_T_Ph(5.0, 4000.0)
            _Backward2b_T_Ph(25.0, 3500.0)
            _Backward2c_T_Ph(40.0, 2700.0)
            _Backward2c_T_Ph(60.0, 3200.0)
            _Backward2a_T_Ps(0.1, 7.5)
            _Backward2a_T_Ps(2.5, 8.0)
            _Backward2b_T_Ps(8.0, 6.0)
            _Backward2b_T_Ps(90.0, 6.0)
            _Backward2c_T_Ps(20.0, 5.75)
            _Backward2c_T_Ps(80.0, 5.75)
            _Backward2a_P_hs(2800.0, 6.5)
            _Backward2a_P_hs(2800.0, 9.5)
            _Backward2a_P_hs(4100.0, 9.5)
            _Backward2b_P_hs(2800.0, 6.0)
            _Backward2b_P_hs(3600.0, 6.0)
            _Backward2b_P_hs(3600.0, 7.0)
            _Backward2c_P_hs(2800.0, 5.1)
            _Backward2c_P_hs(2800.0, 5.8)
            _Backward2c_P_hs(3400.0, 5.8)
            _h_3ab(25.0)
            _tab_P(40.0)
            _top_P(22.8)
            _twx_P(22.3)
            _tef_P(40.0)
            _txx_P(25.0, "cd")
            _txx_P(23.0, "gh")
            _txx_P(23.0, "ij")
            _txx_P(23.0, "jk")
            _txx_P(22.8, "mn")
            _txx_P(22.0, "qu")
            _txx_P(22.0, "rx")
            _txx_P(22.3, "uv")
            _Backward3a_v_Ph(20.0, 1700.0)
            _Backward3a_v_Ph(100.0, 2100.0)
            _Backward3b_v_Ph(20.0, 2500.0)
            _Backward3b_v_Ph(100.0, 2700.0)
            _Backward3a_T_Ph(20.0, 1700.0)
            _Backward3a_T_Ph(100.0, 2100.0)
            _Backward3b_T_Ph(20.0, 2500.0)
            _Backward3b_T_Ph(100.0, 2700.0)
            _Backward3a_v_Ps(20.0, 3.8)
            _Backward3a_v_Ps(100.0, 4.0)
            _Backward3b_v_Ps(20.0, 5.0)
            _Backward3b_v_Ps(100.0, 5.0)
            _Backward3a_T_Ps(20.0, 3.8)
            _Backward3a_T_Ps(100.0, 4.0)
            _Backward3b_T_Ps(20.0, 5.0)
            _Backward3b_T_Ps(100.0, 5.0)
            _Backward3a_P_hs(1700.0, 3.8)
            _Backward3a_P_hs(2000.0, 4.2)
            _Backward3a_P_hs(2100.0, 4.3)
            _Backward3b_P_hs(2400.0, 4.7)
            _Backward3b_P_hs(2600.0, 5.1)
            _Backward3b_P_hs(2700.0, 5.0)
            _Backward3x_v_PT(630.0, 50.0, "a")
            _Backward3x_v_PT(710.0, 50.0, "b")
            _Backward3x_v_PT(630.0, 20.0, "c")
            _Backward3x_v_PT(656.0, 26.0, "d")
            _Backward3x_v_PT(661.0, 26.0, "e")
            _Backward3x_v_PT(671.0, 26.0, "f")
            _Backward3x_v_PT(649.0, 23.6, "g")
            _Backward3x_v_PT(652.0, 23.6, "h")
            _Backward3x_v_PT(653.0, 23.6, "i")
            _Backward3x_v_PT(655.0, 23.5, "j")
            _Backward3x_v_PT(660.0, 23.0, "k")
            _Backward3x_v_PT(646.0, 22.6, "l")
            _Backward3x_v_PT(648.6, 22.6, "m")
            _Backward3x_v_PT(649.0, 22.6, "n")
            _Backward3x_v_PT(649.1, 22.6, "o")
            _Backward3x_v_PT(649.4, 22.6, "p")
            _Backward3x_v_PT(640.0, 21.1, "q")
            _Backward3x_v_PT(644.0, 21.1, "r")
            _Backward3x_v_PT(635.0, 19.1, "s")
            _Backward3x_v_PT(626.0, 17.0, "t")
            _Backward3x_v_PT(644.6, 21.5, "u")
            _Backward3x_v_PT(648.6, 22.5, "v")
            _Backward3x_v_PT(647.5, 22.15, "w")
            _Backward3x_v_PT(648.0, 22.11, "x")
            _Backward3x_v_PT(646.84, 22.0, "y")
            _Backward3x_v_PT(646.89, 22.0, "z")
            _Backward4_T_hs(1800.0, 5.3)
            _Backward4_T_hs(2400.0, 6.0)
            _Backward4_T_hs(2500.0, 5.5)
            _Backward2_T_Ph(3.0, 3500.0)
            _Backward2_T_Ph(25.0, 3500.0)
            _Backward2_T_Ph(60.0, 3200.0)
            _Backward2_T_Ps(0.1, 7.5)
            _Backward2_T_Ps(8.0, 6.0)
            _Backward2_T_Ps(80.0, 5.75)
            _Backward2_P_hs(2800.0, 6.5)
            _Backward2_P_hs(3600.0, 6.0)
            _Backward2_P_hs(2800.0, 5.1)
            _Backward3_v_Ph(20.0, 1700.0)
            _Backward3_v_Ph(100.0, 2700.0)
            _Backward3_T_Ph(20.0, 1700.0)
            _Backward3_T_Ph(100.0, 2700.0)
            _Backward3_v_Ps(20.0, 3.8)
            _Backward3_v_Ps(100.0, 5.0)
            _Backward3_T_Ps(20.0, 3.8)
            _Backward3_T_Ps(100.0, 5.0)
            _Backward3_P_hs(1700.0, 3.8)
            _Backward3_P_hs(2600.0, 5.1)
            _Backward3_sat_v_P(18.0, 630.0, 0)
            _Backward3_sat_v_P(21.5, 644.0, 1)
            _Backward3_v_PT(50.0, 630.0)
            _Backward3_v_PT(30.0, 650.0)
            _Backward3_v_PT(24.0, 655.0)
            _Backward3_v_PT(22.8, 649.3)
            _Backward3_v_PT(21.8, 643.0)
            _Region1(300.0, 3.0)["v", "h", "s", "cp"]
            _Region1(300.0, 80.0)["cv", "w", "alfav", "kt"]
            _Region2(700.0, 30.0)["v", "h", "s", "cp"]
            _Region2(700.0, 0.0035)["cv", "w", "alfav", "kt"]
            _Region2_meta(450.0, 1.0)["v", "h", "s", "cp"]
            _Region2_meta(450.0, 1.5)["cv", "w", "alfav", "kt"]
            _Region3(500.0, 650.0)["P", "h", "s", "cp"]
            _Region3(200.0, 650.0)["cv", "w", "alfav", "kt"]
            _Region4(3.0, 0.5)["T", "v", "h", "s"]
            _Region4(18.0, 0.3)["v", "h"]
            _Region5(1500.0, 0.5)["v", "h", "s", "cp"]
            _Region5(1500.0, 30.0)["cv", "w", "alfav", "kt"]
            Region2_cp0(1.8, 0.0035)[0:6]
            Region2_cp0(1.2, 1.0, meta=True)[0:6]
            Region5_cp0(0.6667, 0.5)[0:6]
            prop0(323.15, 0.0006112127)["v", "h", "s", "cp"]
            prop0(1500.0, 0.5)["v", "h", "cv", "w"]
        """),
        Group("iapws.iapws08", _DOCSTRING, calls="""
            _Tb(0.101325, 0.035)
            _Tf(0.101325, 0.035)
            _Triple(0.035)["Tt", "Pt"]
            _OsmoticPressure(300.0, 0.101325, 0.035)
            _ThCond_SeaWater(293.15, 0.1, 0.035)
            _Tension_SeaWater(253.15, 0.035)
            _Tension_SeaWater(300.0, 0.1)
            _solNa2SO4(530.0, 0.25, 0.75)
            _critNaCl(0.1)["Tc", "rhoc", "Pc"]
            _critNaCl(0.0005)["Tc", "rhoc", "Pc"]
            SeaWater.saline(300.0, 1.0, 0.04)["g", "gs", "gt", "gp"]
            SeaWater.saline(333.15, 5.0, 0.035)["gtt", "gtp", "gpp", "gsp"]
        """),
        Group("iapws.humidAir", _DOCSTRING, calls="""
            _virial(200.0)["Baw", "Caaw", "Caww", "Bawt"]
            _virial(300.0)["Baa", "Caaa", "Bww", "Cwww"]
            _fugacity(300.0, 1.0, 0.1)
        """),
        Group("iapws.ammonia", "one point in each of the four ranges of mole fraction", calls="""
            Ttr(0.2)
            Ttr(0.45)
            Ttr(0.7)
            Ttr(0.9)
        """),
        Group(
            "iapws.iapws95", "the coefficients of IAPWS-95 at T = 500 K, rho = 838.025 kg/m3 (release, table 6)",
            prelude="from iapws.iapws95 import IAPWS95\nCOEFFICIENTS = IAPWS95._constants\n",
            calls="""
            _phir(1.294192, 2.602547, COEFFICIENTS)
            _phird(1.294192, 2.602547, COEFFICIENTS)
            _phirt(1.294192, 2.602547, COEFFICIENTS)
        """),
    ),
    modules=("iapws._iapws", "iapws.iapws97", "iapws.iapws08", "iapws.humidAir", "iapws.ammonia", "iapws.iapws95"),
    underscored=True,
    omitted={
        "_Bound_TP": "returns the number of a region",
        "_Bound_Ph": "returns the number of a region",
        "_Bound_Ps": "returns the number of a region",
        "_Bound_hs": "returns the number of a region",
        "mainClassDoc": "returns a string",
    },
)
