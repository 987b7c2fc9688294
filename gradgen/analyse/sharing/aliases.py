"""Says into which containers nothing may be stored, for another name or place may hold the same object.

Never follows an object through memory: a store is allowed only where the object is new and nothing else can hold it.
"""
from __future__ import annotations

from collections.abc import Callable

from gradgen.analyse.activity import Activity
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.kind import container_versions
from gradgen.analyse.recording.feeding import fed_back
from gradgen.analyse.sharing.mirroring import mirrored_names
from gradgen.analyse.sharing.variables import Site, sharing
from gradgen.analyse.sharing.views import seen_stores
from gradgen.analyse.versions import Version, Versions
from gradgen.ir import nodes as ir


def aliased_containers(
    function: ir.Function, activity: Activity, kinds: Kinds, containers: frozenset[str], held: frozenset[Version], site: Site,
    makes: Callable[[ir.Call], bool], is_mirrored: bool = False,
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names through which nothing may be stored, for a container that varies may have another name or place too; all names whose
    items may change under a store; and, where each container `is_mirrored` by one of the same structure, the names of which those
    of the mirrors are bound in the same ways: what is stored through one is seen through the others there. `held` are versions
    that are containers; analyse.sharing.views looks after arrays."""
    versions = activity.versions
    found = sharing(function, versions, kinds, held, site, makes)
    moving = (each for each in versions.all if activity.is_active_version(each) and not kinds.may_hold_array(each))
    active = containers | {version.name for version in moving if not found.is_number(version)}
    varied = {version.name for version in found.stores() if version in activity.varied}
    own = {version.name for version in versions.all}
    barred, mirrored = set(), mirrored_names(found) if is_mirrored else frozenset[str]()
    for name in found.reached - mirrored:
        group = found.group(name)
        is_seen_outside = bool(group - own) and bool(group & varied)  # an object from outside, whoever reads it there
        others = group if name in found.stored_deeply else group - {name}  # one list may stand in several places of another
        if (others or {name}) & active or is_seen_outside:
            barred.add(name)
    parameters = {name for name in versions.of_parameter if name in containers}
    if len(parameters) > 1:
        barred |= parameters & found.stored
    changing = {other for name in found.stored for other in found.changed_by(name)}
    return frozenset(barred), frozenset(changing), mirrored


def joint_stores(
    function: ir.Function, versions: Versions, kinds: Kinds, site: Site
) -> tuple[tuple[frozenset[Version], frozenset[Version]], ...]:
    """What stores into containers that another name may show make of them, and the versions of those names: where one of the
    first varies, any of the second may. No order is looked at. So for what turns of a loop change of what it goes through."""
    held = frozenset(each for each in container_versions(function, versions, site) if not kinds.may_hold_array(each))
    found = sharing(function, versions, kinds, held, site)
    result = []
    for name in sorted(found.reached):
        group = found.group(name)
        shown = (each for each in versions.all if each.name in group and not kinds.may_hold_array(each))
        result.append((
            frozenset(each for each in found.stores() if each.name == name),
            frozenset(each for each in shown if not found.is_number(each)),
        ))
    return (*result, *seen_stores(function, kinds), *fed_back(function, versions, kinds))
