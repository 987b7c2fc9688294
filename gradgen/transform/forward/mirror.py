"""Which versions need a tangent when the function runs: the active ones, and those that may stand in for an active one.

Never refuses.
"""
from __future__ import annotations

from gradgen.analyse.activity import Activity
from gradgen.analyse.versions import Version


def mirrored(activity: Activity) -> frozenset[Version]:
    """The versions with a tangent. Where branches or turns of a loop meet, what does not vary brings a tangent of 0."""
    found = {version for version in activity.varied if activity.is_active_version(version)}
    waiting = list(found)
    while waiting:
        version = waiting.pop()
        if version.kind not in ("phi", "store"):
            continue
        for source in activity.sources_of(version):
            if isinstance(source, Version) and source.kind != "unbound" and source not in found:
                found.add(source)
                waiting.append(source)
    return frozenset(found)
