"""Example calls for pyXSteam 0.4.10: the steam tables IAPWS-IF97 in static methods, and the unit-converting object before them.

Holds no expected values.
"""
from __future__ import annotations

from tests.real_code.entries import Catalogue, Group

_TABLES = "the package's tests (test_Regions.py, test_RegionBorders.py), which quote the verification tables of IAPWS-IF97"
_MKS = "the package's tests (test_MKS.py), after the original XSteam script"

_REGIONS = """
Region1.v1_pT(3.0, 300.0)
Region1.h1_pT(3.0, 300.0)
Region1.u1_pT(80.0, 300.0)
Region1.s1_pT(80.0, 300.0)
Region1.Cp1_pT(3.0, 500.0)
Region1.Cv1_pT(3.0, 500.0)
Region1.w1_pT(3.0, 500.0)
Region1.T1_ph(3.0, 500.0)
Region1.T1_ps(80.0, 3.0)
Region1.p1_hs(90.0, 0.1)
Region1.p1_hs(1500.0, 3.4)
Region1.T1_prho(3.0, 990.0)
Region2.v2_pT(0.0035, 300.0)
Region2.h2_pT(0.0035, 700.0)
Region2.u2_pT(30.0, 700.0)
Region2.s2_pT(30.0, 700.0)
Region2.Cp2_pT(30.0, 700.0)
Region2.Cv2_pT(0.0035, 700.0)
Region2.w2_pT(0.0035, 300.0)
Region2.T2_ph(0.001, 3000.0)
Region2.T2_ph(5.0, 4000.0)
Region2.T2_ph(60.0, 3200.0)
Region2.T2_ps(0.1, 7.5)
Region2.T2_ps(8.0, 6.0)
Region2.T2_ps(80.0, 5.75)
Region2.p2_hs(2800.0, 6.5)
Region2.p2_hs(3600.0, 6.0)
Region2.p2_hs(2800.0, 5.1)
Region2.T2_prho(3.0, 12.0)
Region3.p3_rhoT(500.0, 650.0)
Region3.u3_rhoT(200.0, 650.0)
Region3.h3_rhoT(500.0, 750.0)
Region3.s3_rhoT(500.0, 650.0)
Region3.Cp3_rhoT(200.0, 650.0)
Region3.Cv3_rhoT(500.0, 750.0)
Region3.w3_rhoT(500.0, 650.0)
Region3.T3_ph(20.0, 1700.0)
Region3.T3_ph(50.0, 2400.0)
Region3.v3_ph(50.0, 2000.0)
Region3.v3_ph(100.0, 2700.0)
Region3.T3_ps(20.0, 3.7)
Region3.T3_ps(50.0, 4.5)
Region3.v3_ps(100.0, 4.0)
Region3.v3_ps(20.0, 5.0)
Region3.p3_hs(1700.0, 3.8)
Region3.p3_hs(2600.0, 5.1)
Region3.h3_pT(25.0, 650.0)
Region3.T3_prho(25.0, 500.0)
Region4.p4_T(300.0)
Region4.p4_T(600.0)
Region4.T4_p(0.1)
Region4.T4_p(10.0)
Region4.h4_s(1.0)
Region4.h4_s(3.8)
Region4.h4_s(5.0)
Region4.h4_s(7.0)
Region4.p4_s(1.5)
Region4.p4_s(5.0)
Region4.h4L_p(0.1)
Region4.h4L_p(18.0)
Region4.h4V_p(0.1)
Region4.h4V_p(18.0)
Region4.x4_ph(1.0, 1000.0)
Region4.x4_ps(1.0, 4.0)
Region4.T4_hs(1800.0, 5.3)
Region4.T4_hs(2400.0, 6.0)
Region5.h5_pT(0.5, 1500.0)
Region5.v5_pT(8.0, 1500.0)
Region5.u5_pT(8.0, 2000.0)
Region5.Cp5_pT(0.5, 1500.0)
Region5.s5_pT(8.0, 1500.0)
Region5.Cv5_pT(8.0, 2000.0)
Region5.w5_pT(0.5, 1500.0)
Region5.T5_ph(0.5, 5219.76332)
Region5.T5_ps(0.5, 9.65408431)
Region5.T5_prho(0.5, 0.7219)
"""


_MKS_CALLS = """
TABLE.tsat_p(1.0)
TABLE.tsat_s(1.5)
TABLE.t_ph(1.0, 100.0)
TABLE.t_ps(1.0, 1.0)
TABLE.t_hs(100.0, 0.2)
TABLE.psat_s(1.5)
TABLE.psat_t(100.0)
TABLE.p_hs(84.0, 0.296)
TABLE.p_hrho(50.0, 10.0)
TABLE.hV_p(1.0)
TABLE.hL_p(1.0)
TABLE.hV_t(100.0)
TABLE.hL_t(100.0)
TABLE.h_pt(1.0, 20.0)
TABLE.h_ps(1.0, 1.0)
TABLE.h_px(1.0, 0.5)
TABLE.h_prho(1.0, 2.0)
TABLE.h_tx(100.0, 0.5)
TABLE.vV_p(1.0)
TABLE.vL_p(1.0)
TABLE.vV_t(100.0)
TABLE.vL_t(100.0)
TABLE.v_pt(1.0, 100.0)
TABLE.v_ph(1.0, 1000.0)
TABLE.v_ps(1.0, 5.0)
TABLE.rhoV_p(1.0)
TABLE.rhoL_p(1.0)
TABLE.rhoV_t(100.0)
TABLE.rhoL_t(100.0)
TABLE.rho_pt(1.0, 100.0)
TABLE.rho_ph(1.0, 1000.0)
TABLE.rho_ps(1.0, 1.0)
TABLE.sV_p(0.1)
TABLE.sL_p(0.1)
TABLE.sV_t(50.0)
TABLE.sL_t(100.0)
TABLE.s_pt(1.0, 20.0)
TABLE.s_ph(1.0, 84.01181117)
TABLE.uV_p(1.0)
TABLE.uL_p(1.0)
TABLE.uV_t(100.0)
TABLE.uL_t(100.0)
TABLE.u_pt(1.0, 100.0)
TABLE.u_ph(1.0, 1000.0)
TABLE.u_ps(1.0, 1.0)
TABLE.CpV_p(1.0)
TABLE.CpL_p(1.0)
TABLE.CpV_t(100.0)
TABLE.CpL_t(100.0)
TABLE.Cp_pt(1.0, 100.0)
TABLE.Cp_ph(1.0, 200.0)
TABLE.Cp_ps(1.0, 1.0)
TABLE.CvV_p(1.0)
TABLE.CvL_p(1.0)
TABLE.CvV_t(100.0)
TABLE.CvL_t(100.0)
TABLE.Cv_pt(1.0, 100.0)
TABLE.Cv_ph(1.0, 200.0)
TABLE.Cv_ps(1.0, 1.0)
TABLE.wV_p(1.0)
TABLE.wL_p(1.0)
TABLE.wV_t(100.0)
TABLE.wL_t(100.0)
TABLE.w_pt(1.0, 100.0)
TABLE.w_ph(1.0, 200.0)
TABLE.w_ps(1.0, 1.0)
TABLE.my_pt(1.0, 100.0)
TABLE.my_ph(1.0, 100.0)
TABLE.my_ps(1.0, 1.0)
TABLE.pr_pt(1.0, 60.0)
TABLE.pr_ph(1.0, 200.0)
TABLE.tcL_p(1.0)
TABLE.tcV_p(1.0)
TABLE.tcL_t(25.0)
TABLE.tcV_t(25.0)
TABLE.tc_pt(1.0, 25.0)
TABLE.tc_ph(1.0, 100.0)
TABLE.tc_hs(100.0, 0.34)
TABLE.st_t(100.0)
TABLE.st_p(1.0)
TABLE.x_ph(1.0, 1000.0)
TABLE.x_ps(1.0, 4.0)
TABLE.vx_ph(1.0, 418.0)
TABLE.vx_ps(1.0, 4.0)
TABLE.pmelt_t(-10.0, hint=1)
TABLE.pmelt_t(-20.0, hint=3)
TABLE.pmelt_t(-10.0)
TABLE.pmelt_t(20.0)
TABLE.pmelt_t(150.0)
TABLE.psubl_t(-30.0)
"""

_CONVERTER = "\n".join(
    f"CONVERTER.{direction}SIunit_{quantity}(2.5)"
    for quantity in ("p", "T", "h", "v", "s", "u", "Cp", "Cv", "w", "tc", "st", "my")
    for direction in ("to", "from")
) + "\n" + "\n".join(f"CONVERTER.{direction}SIunit_{quantity}(0.4)" for quantity in ("x", "vx") for direction in ("to", "from"))

CATALOGUE = Catalogue(
    package="pyXSteam",
    groups=(
        Group("pyXSteam.Regions", _TABLES, calls=_REGIONS),
        Group("pyXSteam.RegionBorders", _TABLES, calls="""
            B23p_T(623.15)
            B23T_p(16.5291643)
            p3sat_h(1700.0)
            p3sat_h(2400.0)
            p3sat_s(3.8)
            p3sat_s(5.2)
            hB13_s(3.7)
            TB23_hs(2600.0, 5.1)
        """),
        Group("pyXSteam.IAPWS_R14", "the package's tests (test_R14.py)", calls="""
            pmelt_T_iceIh(260.0)
            pmelt_T_iceIII(254.0)
            pmelt_T_iceV(265.0)
            pmelt_T_iceVI(320.0)
            pmelt_T_iceVII(550.0)
            psubl_T(230.0)
        """),
        # The reduced densities and temperatures of the tests, times 358 kg/m3 and 643.89 K.
        Group("pyXSteam.IAPWS_R4", "the package's tests (test_HeavyWater.py)", calls="""
            myHW_rhoT_R4(787.6, 643.89)
            tcHW_rhoT_R4(787.6, 643.89)
            myHW_rhoT_R4(1095.0, 300.0)
            tcHW_rhoT_R4(1095.0, 300.0)
        """),
        Group("pyXSteam.TransportProperties", "the package's tests (test_TransportProperties.py, test_R12.py)", calls="""
            my_AllRegions_pT(10.0, 500.0)
            my_AllRegions_pT(0.1, 700.0)
            my_AllRegions_ph(10.0, 1000.0)
            my_AllRegions_ph(0.5, 3000.0)
            tc_ptrho(10.0, 500.0, 838.0)
            tc_ptrho(0.1, 700.0, 0.31)
            Surface_Tension_T(300.0)
            Surface_Tension_T(450.0)
        """),
        Group("pyXSteam.XSteam", _MKS, label="MKS", prelude="TABLE = XSteam(XSteam.UNIT_SYSTEM_MKS)\n", calls=_MKS_CALLS),
        Group(
            "pyXSteam.XSteam", "the points of test_MKS.py in US units", label="FLS",
            prelude="TABLE = XSteam(XSteam.UNIT_SYSTEM_FLS)\n",
            calls="""
            TABLE.tsat_p(14.5)
            TABLE.psat_t(212.0)
            TABLE.hV_p(14.5)
            TABLE.h_pt(14.5, 68.0)
            TABLE.v_pt(14.5, 250.0)
            TABLE.s_pt(14.5, 68.0)
            TABLE.Cp_pt(14.5, 250.0)
            TABLE.w_pt(14.5, 250.0)
            TABLE.my_pt(14.5, 250.0)
            TABLE.tc_pt(14.5, 77.0)
            TABLE.st_t(212.0)
            TABLE.x_ph(14.5, 430.0)
        """,
        ),
        Group(
            "pyXSteam.XSteam", "points of IAPWS-IF97 in bare units", label="bare",
            prelude="TABLE = XSteam(XSteam.UNIT_SYSTEM_BARE)\n",
            calls="""
            TABLE.h_pt(50.0, 750.0)
            TABLE.h_pt(0.5, 1500.0)
            TABLE.v_ph(50.0, 2000.0)
            TABLE.t_ph(50.0, 2400.0)
            TABLE.t_ps(30.0, 6.0)
            TABLE.t_hs(2600.0, 5.1)
            TABLE.t_ph(0.5, 5219.76332)
            TABLE.t_ps(0.5, 9.65408431)
            TABLE.h_prho(0.5, 0.7219)
            TABLE.h_ps(0.5, 9.65408431)
        """,
        ),
        Group(
            "pyXSteam.XSteam_HW", "the package's tests (test_HeavyWater.py)", label="MKS",
            prelude="TABLE = XSteam_HW(XSteam_HW.UNIT_SYSTEM_MKS)\n",
            calls="""
            TABLE.my_rhoT(1000.0, 50.0)
            TABLE.tc_rhoT(1000.0, 50.0)
        """),
        Group(
            "pyXSteam.UnitConverter", "a plain number: all conversions are affine", label="FLS",
            prelude="CONVERTER = UnitConverter(UnitConverter.__UNIT_SYSTEM_FLS__)\n",
            calls=_CONVERTER,
        ),
        Group(
            "pyXSteam.UnitConverter", "a plain number: all conversions are affine", label="MKS",
            prelude="CONVERTER = UnitConverter(UnitConverter.__UNIT_SYSTEM_MKS__)\n",
            calls=_CONVERTER,
        ),
    ),
    modules=(
        "pyXSteam.Regions", "pyXSteam.RegionBorders", "pyXSteam.RegionSelection", "pyXSteam.IAPWS_R14", "pyXSteam.IAPWS_R4",
        "pyXSteam.TransportProperties", "pyXSteam.XSteam", "pyXSteam.XSteam_HW", "pyXSteam.UnitConverter",
    ),
    aliases={"TABLE": ("XSteam", "XSteam_HW"), "CONVERTER": ("UnitConverter",)},
    omitted={
        **dict.fromkeys(("region_pT", "region_ph", "region_ps", "region_hs", "region_prho"), "returns the number of a region"),
        **dict.fromkeys(
            (
                "XSteam.specificGasConstant", "XSteam.criticalTemperatur", "XSteam.criticalPressure", "XSteam.criticalDensity",
                "XSteam.triplePointTemperatur", "XSteam.triplePointPressure", "XSteam.zeroPointTemperature",
                "XSteam_HW.criticalTemperatur", "XSteam_HW.criticalPressure", "XSteam_HW.criticalDensity",
            ),
            "takes no argument",
        ),
        "UnitConverter.set_unitSystem": "sets the unit system, has no result",
    },
)
