"""Which parameters a function takes for containers: those that it goes into itself, and those that it hands to such a function.

Never looks at what a call brings.
"""
from __future__ import annotations

import functools

from gradgen.analyse.kinds.kind import container_versions
from gradgen.analyse.program import Program, Read
from gradgen.analyse.reads import CallSite


def taken_for_containers(site: CallSite, program: Program, around: frozenset[Read] = frozenset()) -> frozenset[str]:
    """The parameters of what a call runs that hold containers there; `around` are the functions that are being asked about."""
    read = site.read
    if read in around:
        return frozenset()
    known = program.taken_for_containers
    if read not in known or around:
        versions = program.versions_in(read)
        calls = functools.partial(program.site, read=read, versions=versions)
        below = functools.partial(taken_for_containers, program=program, around=around | {read})
        held = container_versions(read.function, versions, calls, below)
        found = frozenset(name for name, version in versions.of_parameter.items() if version in held)
        if around:
            return found
        known[read] = found
    return known[read]
