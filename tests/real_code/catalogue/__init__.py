"""The catalogues by package: example calls as data.

Never imports a package before its catalogue is asked for its entries.
"""
from __future__ import annotations

from tests.real_code.catalogue import astral_calls, iapws_calls, psychrolib_calls, pymap3d_calls, pyxsteam_calls
from tests.real_code.entries import Catalogue

CATALOGUES: dict[str, Catalogue] = {
    module.CATALOGUE.package: module.CATALOGUE
    for module in (psychrolib_calls, iapws_calls, pymap3d_calls, pyxsteam_calls, astral_calls)
}
