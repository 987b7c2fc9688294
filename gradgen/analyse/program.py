"""The functions of a program: each read once, analysed once for each set of varying parameters, and found from its calls.

Never transforms; it only says what a call means.
"""
from __future__ import annotations

import functools
import types
from collections.abc import Callable, Mapping
from typing import Any

from gradgen.analyse.activity import activity, carrying
from gradgen.analyse.binding import (
    SPREAD,
    beside,
    bind_arguments,
    bound_method,
    called_instance,
    called_object,
    inputs_of,
    is_of_a_library,
    own_call,
    owner_of,
    text_for,
)
from gradgen.analyse.flow.searches import calls_chosen, searching_variable
from gradgen.analyse.flow.ways import on_known_ways
from gradgen.analyse.intermediate import versions_asked_for
from gradgen.analyse.kinds.arrays import Kinds
from gradgen.analyse.kinds.outside import may_hand_on
from gradgen.analyse.kinds.spread import apart
from gradgen.analyse.kinds.values import Outside, holds_array, kind_of_outside
from gradgen.analyse.kinds.variables import find_kinds
from gradgen.analyse.reading import read_function
from gradgen.analyse.reads import Analysed as Analysed
from gradgen.analyse.reads import CallSite as CallSite
from gradgen.analyse.reads import Handed, Keys, result_varies
from gradgen.analyse.reads import Read as Read
from gradgen.analyse.sharing.aliases import joint_stores
from gradgen.analyse.sharing.by_kinds import spelled_by_kinds
from gradgen.analyse.solvers.calls import first_step
from gradgen.analyse.surroundings import handed as handing
from gradgen.analyse.surroundings import live
from gradgen.analyse.surroundings.classes import kind_of_record, owner_given
from gradgen.analyse.surroundings.given import numbers_given
from gradgen.analyse.surroundings.instances import Instances
from gradgen.analyse.surroundings.recursions import kinds_again
from gradgen.analyse.versions import Versions, versions_of
from gradgen.errors import GradgenError
from gradgen.ir import nodes as ir
from gradgen.ir.closures import Closure
from gradgen.ir.finding import found_in
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import AnyKind, joined_all
from gradgen.read.resolve import MISSING
from gradgen.rules.solvers import solver_of
from gradgen.rules.spelling import operation_of

IsVaried = Callable[[ir.Expr], bool]


@dataclass(eq=False)
class Program:
    """All functions reached from one root."""

    reads: dict[Any, Read] = field(default_factory=dict)
    versions: dict[Read, Versions] = field(default_factory=dict)
    kinds: dict[Read, Kinds] = field(default_factory=dict)
    result_kinds: dict[Read, AnyKind] = field(default_factory=dict)
    outside: dict[Read, dict[str, Outside]] = field(default_factory=dict)
    sites: dict[tuple[Read, ir.Call], CallSite | None] = field(default_factory=dict)
    analyses: dict[tuple[Any, tuple[str, ...]], Analysed] = field(default_factory=dict)
    assumed: dict[tuple[Any, tuple[str, ...]], bool] = field(default_factory=dict)
    carried: dict[Read, set[str]] = field(default_factory=dict)
    rested_on: set[Any] = field(default_factory=set)
    handed: dict[Any, Handed] = field(default_factory=dict)
    keys: dict[tuple[str, ...], Keys] = field(default_factory=dict)
    receivers: dict[tuple[Read, str], Any] = field(default_factory=dict)
    instances: dict[tuple[Read, str], type | None] = field(default_factory=dict)  # the classes of objects that are made
    taken_for_containers: dict[Read, frozenset[str]] = field(default_factory=dict)
    asked: dict[tuple[Read, tuple[str, ...]], frozenset[ir.Expr]] = field(default_factory=dict)
    poles: dict[tuple[Read, tuple[str, ...]], frozenset[type[BaseException]]] = field(default_factory=dict)
    orders: dict[tuple[Read, tuple[str, ...]], tuple[Any, ...]] = field(default_factory=dict)
    brought: set[Read] = field(default_factory=set)  # functions whose calls hand out arrays
    recursive: set[Read] = field(default_factory=set)  # nested functions that call themselves, by the name they are known by
    passes_kinds: bool = False  # whether functions without arrays tell what they call of the kinds that they are for

    # --- reading ---

    def read(
        self, function: types.FunctionType, given: Mapping[str, Any] | None = None, owner: Any = None,
        kinds: Mapping[str, AnyKind] | None = None, captures: tuple[str, ...] = (), made: type | None = None,
        known: type | None = None,
    ) -> Read:
        """A live function, read; raises SourceError where it has no text. `given` are functions that its parameters hold, `owner`
        the object that it is a method of: what it calls may differ by it; `kinds` are those of its arguments, `captures` the
        variables that functions it is given read, `made` the class whose instance it makes, `known` that of its object."""
        given, kinds = dict(given or {}), dict(kinds or {})
        held = sorted((name, id(value)) for name, value in given.items())
        key = (function, *held, id(owner), *sorted(kinds.items(), key=lambda item: item[0]), made, known)
        if key not in self.reads:
            self.reads[key] = read_function(function, given, owner, kinds, captures, made, known)
            self.reads[key] = spelled_by_kinds(self.reads[key], self.kinds_of, owner)
            self.reads[key] = on_known_ways(self.reads[key], self.kinds_of, self.live_value)
        return self.reads[key]

    def nested(self, define: ir.Define, outer: Read, kinds: Mapping[str, AnyKind] | None = None) -> Read:
        """A function defined inside of another."""
        key = (define, *sorted((kinds or {}).items(), key=lambda item: item[0]))
        if key not in self.reads:
            where = (outer.positions, outer.scope, define.function, outer.refusals, outer.live, outer.file)
            self.reads[key] = Read(*where, define.captures, {}, dict(kinds or {}), outer=outer)
        return self.reads[key]

    # --- kinds ---

    def kinds_of(self, read: Read) -> Kinds:
        """The kinds of a function's values."""
        if read not in self.kinds:
            of_call = functools.partial(self._kind_of_call, read, versions := self.versions_in(read))
            given, value_of = read.kinds or numbers_given(read.function), functools.partial(self.live_value, read=read)
            of_live = functools.partial(self._kind_of_live, read)
            self.kinds[read] = Kinds(versions, given, of_call, of_live, value_of, around=self.kinds)
            find_kinds(
                self.kinds[read], read, self.passes_kinds and bool(read.kinds), functools.partial(self._do_calls_bring, read)
            )
        return self.kinds[read]

    def _do_calls_bring(self, read: Read) -> bool:
        """Whether a function that works on arrays hands on one, or what may be one as its surroundings bring some."""
        calls, versions = found_in(read.function, ir.Call), self.versions_in(read)
        for call in calls:
            site = self.site(call, read, versions)
            if site is None:
                function, _ = self.function_of(call, read, versions)
                is_known = solver_of(call.target) is not None or operation_of(function) is not None
                if function is None or is_known or is_of_a_library(function):
                    continue
            elif not self.kinds_of(site.read).has_arrays:
                continue
            kind = self._kind_of_call(read, versions, call, lambda expr: None)
            may_be = site is not None and (site.read in self.brought or may_hand_on(
                kind, site.read, self.versions_in(site.read).returns, functools.partial(self.live_value, read=site.read)
            ))
            if may_be or holds_array(kind, surely=True):
                self.brought.add(read)
                for each in calls:  # they are handed other kinds
                    self.sites.pop((read, each), None)
                return True
        return False

    def _kinds_given(self, arguments: Mapping[str, ir.Expr], read: Read) -> dict[str, AnyKind]:
        """The kinds of a call's arguments, where something is known of them and the caller has arrays or is for certain kinds."""
        kinds = self.kinds.get(read)
        given = arguments.items() if kinds is not None and (kinds.has_arrays or read.kinds) else ()
        return {name: kinds.of(value) for name, value in given if kinds is not None and name != SPREAD}

    def _kind_of_call(self, read: Read, versions: Versions, call: ir.Call, of: Callable[[ir.Expr], AnyKind]) -> AnyKind:
        site = self.site(first_step(call) or call, read, versions)
        if site is None:
            return kind_of_record(call, of)
        if site.read not in self.result_kinds:
            self.result_kinds[site.read] = None  # what a recursive call hands out is not known
            found = self.kinds_of(site.read)
            results = [found.of(stmt.value) for stmt in self.versions_in(site.read).returns if stmt.value is not None]
            self.result_kinds[site.read] = joined_all(results)
        return self.result_kinds[site.read]

    def _kind_of_live(self, read: Read, expr: ir.Expr) -> AnyKind:
        value = self.live_value(expr, read) if isinstance(expr, ir.Name | ir.Attribute) else MISSING
        is_told = not (value is MISSING or callable(value) or isinstance(value, types.ModuleType))
        return kind_of_outside(self.outside.setdefault(read, {}), expr, value) if is_told else None

    # --- analysing ---

    def versions_in(self, read: Read) -> Versions:
        """The versions of a function's variables, whatever varies."""
        if read not in self.versions:
            self.versions[read] = versions_of(read.function, read.captures)
        return self.versions[read]

    def analyse(self, read: Read, wrt: tuple[str, ...]) -> Analysed:
        """Versions and activity of a function for what varies."""
        key = (read, wrt)
        if key not in self.analyses:
            self.assumed[key] = False
            versions, kinds = self.versions_in(read), self.kinds_of(read)
            varies = functools.partial(self.call_varies, read, versions)
            carries = functools.partial(self.call_carries, read, versions)
            before, asked = set(self.analyses), versions_asked_for(read.function, versions, wrt).values()
            moving = [versions.of_parameter[name] for name in handing.moved_by(read.given, wrt)]
            joint = joint_stores(read.function, versions, kinds, functools.partial(self.site, read=read, versions=versions))
            while True:  # a recursive call is first taken to do nothing; what turns out otherwise is taken up
                facts = activity(read.function, versions, (*asked, *moving), varies, carries, joint)
                found = Analysed(read, wrt, versions, facts, result_varies(versions, facts), kinds)
                carried = {name for name, version in versions.of_parameter.items() if version in facts.useful}
                is_confirmed = found.result_varies == self.assumed[key] and carried <= self.carried.get(read, set())
                self.carried[read] = carried | self.carried.get(read, set())
                if is_confirmed or not {key, read} & self.rested_on:
                    break
                for made in set(self.analyses) - before:  # what was found meanwhile may rest on what was assumed
                    del self.analyses[made]
                self.assumed[key] = found.result_varies or self.assumed[key]
            del self.assumed[key]
            self.rested_on -= {key} if any(other is read for other, _ in self.assumed) else {key, read}
            self.analyses[key] = found
        return self.analyses[key]

    def call_varies(self, read: Read, versions: Versions, call: ir.Call, is_varied: IsVaried) -> bool:
        """Whether the result of a call varies, given which expressions do."""
        varying = [child for child in inputs_of(call) if is_varied(child)]
        if solver_of(call.target) is not None:
            return bool(varying)
        carried = self._carried_by_method(read, call)
        if carried is not None:
            return any(map(is_varied, carried))
        if (site := self.site(call, read, versions)) is None:
            return bool(varying)
        active = self.active_parameters(site, is_varied)
        if SPREAD in site.arguments and is_varied(site.arguments[SPREAD]):
            return True
        if not active:
            return bool(varying) and site.receiver is not None and is_varied(site.receiver)
        key = (site.read, active)
        if key in self.assumed:
            self.rested_on.add(key)
            return self.assumed[key]
        try:
            found = self.analyse(site.read, active)
            # a result found by a search moves with what steers the search, though no value flows there
            return found.result_varies or self.searches(found)
        except GradgenError:
            return True

    def searches(self, found: Analysed) -> bool:
        """Whether a function finds its result by comparisons of varying values: in a loop, or by calling itself."""
        loops = found_in(found.read.function, ir.For, ir.While)
        if any(searching_variable(node, found.activity) is not None for node in loops):
            return True
        return not found.result_varies and self.searches_by_recursion(found)

    def searches_by_recursion(self, found: Analysed) -> bool:
        """Whether tests of varying values choose between calls of the function itself."""
        sites = (self.site(call, found.read, found.versions) for call in calls_chosen(found.read.function, found.activity))
        return any(site is not None and site.read is found.read for site in sites)

    def call_carries(self, read: Read, versions: Versions, call: ir.Call) -> list[ir.Expr] | None:
        """The arguments of a call through which a derivative may pass; None where that is not known."""
        if (carried := self._carried_by_method(read, call)) is not None:
            return carried
        site = None if solver_of(call.target) is not None else self.site(call, read, versions)
        if site is None:
            return None
        if any(key[0] is site.read for key in self.assumed):
            self.rested_on.add(site.read)
        else:
            found = self.analyse(site.read, site.read.parameters)
            if self.searches(found) or self.searches_by_recursion(found):
                return [value for name, value in site.arguments.items() if name == SPREAD or name in site.given]
            if site.read not in self.carried:
                self.analyse(site.read, ())
        return [value for name, value in site.arguments.items() if name == SPREAD or name in self.carried.get(site.read, ())]

    def _carried_by_method(self, read: Read, call: ir.Call) -> list[ir.Expr] | None:
        """The operands of a method of an array that its rules pass a derivative on to; None for other calls."""
        kinds = self.kinds.get(read)
        return carrying(op) if kinds is not None and kinds.has_arrays and (op := kinds.operation(call)) is not None else None

    def active_parameters(self, site: CallSite, is_varied: IsVaried) -> tuple[str, ...]:
        """The parameters that receive something that varies, in the callee's order."""
        return tuple(name for name in site.given if is_varied(site.arguments[name]))

    # --- finding what a call runs ---

    def site(self, call: ir.Call, read: Read, versions: Versions) -> CallSite | None:
        """What a call runs, where that is a Python function known before the call; None otherwise."""
        if solver_of(call.target) is not None:
            return None
        if read in self.kinds and self.kinds[read].is_settling:
            return self._site(call, read, versions)
        if (read, call) not in self.sites:  # a nested function has one text for all kinds
            self.sites[read, call] = self._site(call, read, versions)
        return self.sites[read, call]

    def _site(self, call: ir.Call, read: Read, versions: Versions) -> CallSite | None:
        func = call.func
        if isinstance(func, Closure) and func.definition is not None:
            definition = func.definition
            arguments = bind_arguments(call, definition.function.parameters, None, versions, read.given)
            reads = {name.id: name for name in func.reads}
            if arguments is None:
                return None
            arguments |= {name: reads[name] for name in definition.captures}
            return CallSite(self.nested(definition, read, self._kinds_given(arguments, read)), arguments)
        version = versions.of_read.get(func) if isinstance(func, ir.Name) and func.scope == "local" else None
        define = version.node if version is not None and version.kind == "function" else None
        if isinstance(define, ir.Define):
            assert isinstance(func, ir.Name)
            if (arguments := bind_arguments(call, define.function.parameters, None, versions, read.given)) is None:
                return None
            captured = {name: ir.Name(name, span=call.span) for name in define.captures}
            versions.of_read.update({name: versions.captured[func][key] for key, name in captured.items()})
            found = self.nested(define, read, self._kinds_given(given_to := {**arguments, **captured}, read))
            self.recursive |= {found} if versions.captured[func].get(define.name) is version else set()
            return CallSite(found, given_to)
        if read in self.recursive and version is not None and version is versions.of_parameter.get(read.function.name):
            own = own_call(call, read, versions)
            return own if own is None or self._kinds_given(own.arguments, read) == dict(read.kinds) else None
        if isinstance(call.target, Handed):
            return self._site_of_handed(call, call.target, read, versions)
        if version is not None and version.name in read.captures and (other := beside(call, version.name, read, versions)):
            self.recursive.add(found := self.nested(other[0], read.outer or read, self._kinds_given(other[1], read)))
            return CallSite(found, other[1])
        if version is None or isinstance(call.target, types.FunctionType):  # not local, handed in, or imported here
            function, receiver = self.function_of(call, read, versions)
        else:
            function, receiver = called_instance(func, self.live_value(func, read), self.class_of(func, read, versions))
        made = call.target if isinstance(call.target, type) else None
        if function is None or is_of_a_library(function):
            return None
        try:
            found = self.read(function, made=made)
        except GradgenError:
            return None
        opened = apart(call, self.kinds.get(read))
        if (arguments := bind_arguments(opened, found.function.parameters, receiver, versions, read.given)) is None:
            return None
        held = {name: self._function_held(value, name, found, read, versions) for name, value in arguments.items()}
        bound = ir.names_bound(found.function.body)
        given = {name: each for name, each in held.items() if each is not None and name not in bound}
        given |= {**handing.by_default(found, arguments), **handing.keys_given(found, arguments, self.keys, versions, read.given)}
        captured_values = handing.captured_by(arguments, given, versions, read.given)
        if captured_values is None:
            return None
        arguments = {key: value for key, value in arguments.items() if not isinstance(given.get(key), Handed)} | captured_values
        owner = None if receiver is None else self.live_value(receiver, read)
        kinds = kinds_again(found, read, self._kinds_given(arguments, read), self.reads)
        of = receiver or owner_given(call, lambda at: self.class_of(at, read, versions), lambda at: self.live_value(at, read))
        known = self.class_of(of, read, versions) if of is not None else None
        if given or owner is not None or kinds or known is not None:
            found = self.read(function, given, owner, kinds, tuple(captured_values), made, known)
        if of is not None and found.function.parameters:
            self.receivers[found, found.function.parameters[0].name] = MISSING if receiver is None else owner
            self.instances[found, found.function.parameters[0].name] = known
        return CallSite(found, arguments, receiver)

    def _site_of_handed(self, call: ir.Call, handed: Handed, read: Read, versions: Versions) -> CallSite | None:
        """What a call runs of a nested function or lambda that the function was given."""
        define = handed.define
        arguments = bind_arguments(call, define.function.parameters, None, versions, read.given)
        if arguments is None or not set(handed.names.values()) <= versions.of_parameter.keys():
            return None
        for name, variable in handed.names.items():
            arguments[name] = made = ir.Name(variable, span=call.span)
            versions.of_read[made] = versions.of_parameter[variable]
        return CallSite(self.nested(define, handed.outer, self._kinds_given(arguments, read)), arguments)

    def _function_held(self, value: ir.Expr, parameter: str, found: Read, read: Read, versions: Versions) -> Any:
        """The function that an argument is, where that is known before the call."""
        define, outer = handing.definition_of(value, versions), read
        held: Any = MISSING
        if define is None and isinstance(value, ir.Name):
            held = read.given.get(value.id, MISSING) if value.scope == "local" else self.live_value(value, read)
        if isinstance(held, Handed):
            define, outer = held.define, held.outer
        if define is not None:
            names = handing.names_apart(define, parameter, found)
            return self.handed.setdefault((define, *names.items()), Handed(define, outer, names))
        return held if held is not MISSING and handing.is_function(held) else None

    def function_of(self, call: ir.Call, read: Read, versions: Versions) -> tuple[types.FunctionType | None, ir.Expr | None]:
        """The Python function behind a call and the receiver that it is bound to."""
        target, func = call.target, call.func
        if target is None and isinstance(func, ir.Attribute):
            owner = self.live_value(func.base, read)
            made = self.class_of(func.base, read, versions)
            known = owner if isinstance(owner, type) else made if owner is MISSING else type(owner)
            is_known = known is not None and not issubclass(known, types.ModuleType)
            return bound_method(known, owner, func) if known is not None and is_known else (None, None)
        if target is None and isinstance(func, ir.Name) and func.scope != "local":
            target = None if (held := self.live_value(func, read)) is MISSING else held
        target = text_for(target, call, self.kinds_of(read).of)
        if isinstance(target, types.MethodType) and isinstance(target.__func__, types.FunctionType):
            return target.__func__, owner_of(func)
        if target is None or isinstance(target, types.FunctionType):
            return target, None
        return called_object(target, func)

    @functools.cached_property
    def class_of(self) -> Callable[[ir.Expr, Read, Versions], type | None]:
        """The class of an object that a function makes, is called on as a method of it, or is given."""
        return Instances(self).class_of

    def constant_value(self, expr: ir.Expr, read: Read, versions: Versions) -> Any:
        """As live_value, and through local names that only stand for such an object."""
        return live.constant_value(expr, read, versions, self.receivers)

    def live_value(self, expr: ir.Expr, read: Read) -> Any:
        """The object that an expression stands for, where it cannot be rebound by the function: globals, and a bound self."""
        return live.live_value(expr, read, self.receivers)
