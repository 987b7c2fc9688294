"""Finds products that several lines of one backward group would compute again, and lets them be computed once.

Never changes what a line says, only how it is spelled; never looks beyond the group.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field, replace
from gradgen.simplify.fold import same
from gradgen.simplify.keys import key_of
from gradgen.transform.expressions.contributions import CallLine, Temporary
from gradgen.transform.expressions.terms import Term, as_term, product_of
from gradgen.transform.expressions.totals import collected
from gradgen.transform.lines.plans import Update
from gradgen.transform.names import Names, computed, described

LEAST = 1  # operations that a line with a numbered name must save
Atom = tuple[int, str]  # +1 above the line, -1 below it; what stands there


@dataclass(slots=True)
class Slot:
    """A line to be: a sum of terms. `name` is what it assigns where other lines of the group may read that instead.

    Other lines do where `is_read`; they may stand before it where it `is_movable`, since then it is written before them.
    """

    terms: list[Term]
    name: str | None = None
    is_movable: bool = False
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """A new line for a product that is used more than once: `name = term`."""

    name: str
    term: Term


@dataclass(slots=True)
class _Use:
    slot: Slot
    index: int
    keeps_adjoint: bool
    _atoms: list[tuple[Atom, ir.Expr]] | None = None

    @property
    def term(self) -> Term:
        return self.slot.terms[self.index]

    def atoms(self) -> list[tuple[Atom, ir.Expr]]:
        if self._atoms is None:
            self._atoms = self._found()
        return self._atoms

    def _found(self) -> list[tuple[Atom, ir.Expr]]:
        term = self.term
        above = term.numerator if self.keeps_adjoint or term.adjoint is None else (term.adjoint, *term.numerator)
        below = [((-1, key_of(factor)), factor) for factor in term.denominator]
        return [*[((1, key_of(factor)), factor) for factor in above], *below]


def share(slots: list[Slot], name_for: Callable[[Term, int], str | None]) -> list[Shared]:
    """Spell the slots with shared products.

    `name_for` names a product of which so many operations would be saved; None where it is not worth a line.
    """
    made: list[Shared] = []
    divisors: dict[str, list[str]] = {}
    rejected: set[tuple[Atom, Atom]] = set()
    while True:
        uses = list(_uses(slots))
        for pair, members in _common_pairs(uses):
            if pair in rejected:
                continue
            common = _common(pair, members)
            below = _divisors(common, divisors)
            has_more = any(len(use.atoms()) > len(common) for use in members)
            own = [use.term.adjoint for use in members if use.term.is_apart]  # whose factors are not combined by themselves
            is_bare = any(adjoint is None or (1, key_of(adjoint)) not in common for adjoint in own)
            if is_bare or _is_factored_out(members, uses) or has_more and len(set(below)) < len(below):
                rejected.add(pair)
                continue
            source = _source(common, members, slots)
            if source is not None:
                _reuse(source, common, members)
                break
            first = min(members, key=lambda use: slots.index(use.slot))
            whole = _restricted(first, common)
            sign = -1 if all(use.term.coefficient < 0 for use in members) else 1  # a minus that all have is written once
            whole = replace(whole, coefficient=sign)
            name = name_for(whole, (len(members) - 1) * (len(common) - (1 if sign > 0 else 0)))
            if name is None:
                rejected.add(pair)
                continue
            made.append(Shared(name, whole))
            divisors[key_of(ir.Name(name))] = below
            for use in members:
                _replace(use, common, ir.Name(name), sign)
            break
        else:
            return made


def _divisors(common: Sequence[Atom], divisors: Mapping[str, list[str]]) -> list[str]:
    """What a product divides by. One that divides by the same twice is not shared: `dz / r / r` may leave the floats where
    `dz * x / r / r` does not."""
    below = [key for place, key in common if place < 0]
    return below + [each for place, key in common if place > 0 for each in divisors.get(key, ())]


def _uses(slots: Sequence[Slot]) -> Iterator[_Use]:
    for slot in slots:
        if len(slot.terms) == 1:
            if not slot.terms[0].guards:
                yield _Use(slot, 0, False)
            continue
        adjoints = [None if term.adjoint is None else key_of(term.adjoint) for term in slot.terms]
        for index, term in enumerate(slot.terms):
            if not term.guards:
                is_factored = adjoints.count(adjoints[index]) > 1 and not term.is_apart
                yield _Use(slot, index, is_factored)


def _common_pairs(uses: Sequence[_Use]) -> list[tuple[tuple[Atom, Atom], list[_Use]]]:
    """The pairs of atoms that several terms hold, each with these; the most common one first."""
    found: dict[tuple[Atom, Atom], list[_Use]] = {}
    several, once = set[Atom](), set[Atom]()
    for use in uses:
        own = {atom for atom, _ in use.atoms()}
        several |= once & own
        once |= own
    shared = [[atom for atom, _ in use.atoms() if atom in several] for use in uses] if several else []
    if sum(len(atoms) > 1 for atoms in shared) < 2:
        return []
    for use, atoms in zip(uses, shared, strict=True):
        pairs: dict[tuple[Atom, Atom], None] = {}
        for at, left in enumerate(atoms):
            for right in atoms[at + 1 :]:
                if left[0] > 0 or right[0] > 0:
                    pairs[min(left, right), max(left, right)] = None
        for pair in pairs:
            found.setdefault(pair, []).append(use)
    return sorted(((pair, members) for pair, members in found.items() if len(members) > 1), key=lambda each: -len(each[1]))


def _is_factored_out(members: Sequence[_Use], uses: Sequence[_Use]) -> bool:
    """Whether the members are all the terms of one line with an adjoint: what they have in common is written once anyway."""
    slot = members[0].slot
    if not members[0].keeps_adjoint or any(use.slot is not slot for use in members):
        return False
    adjoint = members[0].term.adjoint
    alike = [use for use in uses if use.slot is slot and _same_adjoint(use.term.adjoint, adjoint)]
    return len(alike) == len(members)


def _same_adjoint(left: ir.Expr | None, right: ir.Expr | None) -> bool:
    return left is right or left is not None and right is not None and same(left, right)


def _common(pair: tuple[Atom, Atom], members: Sequence[_Use]) -> list[Atom]:
    """The atoms that all members hold: the pair and whatever else, each as often as all have it."""
    lists = [[atom for atom, _ in use.atoms()] for use in members]
    common: list[Atom] = []
    for atom in dict.fromkeys((*pair, *lists[0])):
        common += [atom] * min(each.count(atom) for each in lists)
    return common


def _source(common: Sequence[Atom], members: Sequence[_Use], slots: list[Slot]) -> _Use | None:
    """A member whose slot is nothing but the common product and stands, or can be put, before the others."""
    order = {id(slot): index for index, slot in enumerate(slots)}
    first = min(order[id(use.slot)] for use in members)
    for use in members:
        is_whole = len(use.slot.terms) == 1 and len(use.atoms()) == len(common) and abs(use.term.coefficient) == 1
        is_first = order[id(use.slot)] == first or slots[first].is_movable and use.slot.is_movable
        if is_whole and is_first and use.slot.name is not None:
            return use
    return None


def _reuse(source: _Use, common: Sequence[Atom], members: Sequence[_Use]) -> None:
    source.slot.is_read = True
    sign = -1 if source.term.coefficient < 0 else 1
    assert source.slot.name is not None
    for use in members:
        if use.slot is not source.slot:
            _replace(use, common, ir.Name(source.slot.name), sign)


def _restricted(use: _Use, common: Sequence[Atom]) -> Term:
    """The common product as a term of its own."""
    wanted = list(common)
    above: list[ir.Expr] = []
    below: list[ir.Expr] = []
    for atom, factor in use.atoms():
        if atom in wanted:
            wanted.remove(atom)
            (above if atom[0] > 0 else below).append(factor)
    return Term(above[0], 1, tuple(above[1:]), tuple(below))


def _replace(use: _Use, common: Sequence[Atom], name: ir.Name, sign: int) -> None:
    term, wanted = use.term, list(common)
    adjoint = term.adjoint
    above: list[ir.Expr] = []
    below: list[ir.Expr] = []
    found_in_adjoint = False
    for position, (atom, factor) in enumerate(use.atoms()):
        is_adjoint = position == 0 and term.adjoint is not None and not use.keeps_adjoint
        if atom in wanted:
            wanted.remove(atom)
            found_in_adjoint = found_in_adjoint or is_adjoint
        elif not is_adjoint:
            (above if atom[0] > 0 else below).append(factor)
    if found_in_adjoint:
        adjoint = name
    else:
        above.insert(0, name)
    use.slot.terms[use.index] = replace(
        term, adjoint=adjoint, coefficient=sign * term.coefficient, numerator=tuple(above), denominator=tuple(below)
    )


def _is_product(left: Term, right: Term) -> bool:
    """Whether two terms are the same product, whatever the order of their factors."""
    return left.coefficient == right.coefficient and _factor_keys(left) == _factor_keys(right)


def _factor_keys(term: Term) -> list[Atom]:
    above = term.numerator if term.adjoint is None else (term.adjoint, *term.numerator)
    return sorted([*((1, key_of(factor)) for factor in above), *((-1, key_of(factor)) for factor in term.denominator)])


# --- a plan's lines as slots ----------------------------------------------------------------------------------------------


def shared_lines(
    lines: Sequence[Temporary | CallLine | Update], fresh: frozenset[str], last: frozenset[str], names: Names, target: str,
    reached: Sequence[tuple[ir.Op, Term]],
) -> list[Temporary | CallLine | Update]:
    """The lines of a group with what they have in common computed once.

    `fresh` are the variables whose adjoint begins in this group, so that another line may read it; the updates of the variables
    in `last` are written after everything else. What is an adjoint that has `reached` an operation is called after its value.
    """
    has_calls = any(isinstance(line, CallLine) for line in lines)
    slots: list[Slot] = []
    made_of: dict[int, Temporary | CallLine | Update] = {}
    before: dict[int, list[Term]] = {}
    bases = [line.base for line in lines if isinstance(line, Update)]  # one that has several lines is not what its first one says
    for line in lines:
        slot = Slot([])
        if isinstance(line, Temporary) and not line.guards and not line.path:
            term = as_term(line.value)
            slot = Slot([] if term is None else [term], line.name)
        elif isinstance(line, Update):
            is_fresh = line.base in fresh and not line.is_container and not has_calls and bases.count(line.base) == 1
            name = names.adjoint(line.base) if is_fresh else None
            slot = Slot(collected(line.terms), name, not has_calls and line.base not in last)
        slots.append(slot)
        made_of[id(slot)], before[id(slot)] = line, list(slot.terms)
    if sum(_may_share(term) for slot in slots for term in slot.terms) < 2:
        return list(lines)
    flowing = {_root(term.adjoint) for slot in slots for term in slot.terms} - {None}
    flowing.update(slot.name for slot in slots if slot.name is not None)

    def name_for(term: Term, saved: int) -> str | None:
        match term:
            case Term(ir.Name(id=above), 1, (), (ir.Name(id=below),)) if _is_short(above, below):
                quotient = names.fresh(f"{above}_over_{below.rpartition('.')[2]}")
                flowing.update({quotient} if above in flowing else ())
                return quotient
        has_number = any(isinstance(factor, ir.Const) for factor in (*term.numerator, *term.denominator))
        if saved < (LEAST + 1 if has_number else LEAST):
            return None
        if _root(term.adjoint) not in flowing:
            value = product_of(term)
            return names.fresh(described(value) or computed(value) or "factor")
        of = next((op for op, each in reached if _is_product(each, term)), None)
        name = names.numbered(f"d{target}") if of is None else names.of_adjoint(of, target)
        flowing.add(name)
        return name

    _hand_on_guarded(slots)
    numbers: set[ir.Expr] = set()
    for slot in slots:
        slot.terms = [_with_number_apart(term, numbers) for term in slot.terms]
    made = [replace(each, term=_with_number_in_front(each.term, numbers)) for each in share(slots, name_for)]
    for slot in slots:
        slot.terms = [_with_number_in_front(term, numbers) for term in slot.terms]
    if not made and not any(slot.is_read for slot in slots) and all(slot.terms == before[id(slot)] for slot in slots):
        return list(lines)
    waiting: dict[str, Slot | Shared] = {each.name: each for each in made}
    waiting |= {slot.name: slot for slot in slots if slot.is_read and slot.name is not None}
    writer = _Writer(made_of, before, waiting)
    for slot in slots:
        if has_calls and isinstance(made_of[id(slot)], Update):  # the writer of calls wants all temporaries before the updates
            read = {name for each in slots if isinstance(made_of[id(each)], Update) for name in _names_in(each)}
            for each in made:
                if each.name in read:
                    writer.write(each)
        writer.write(slot)
    return writer.lines


@dataclass(slots=True)
class _Writer:
    """Turns slots into lines: of what line each was made, with which terms; `waiting` are those that others read, by name."""

    made_of: Mapping[int, Temporary | CallLine | Update]
    before: Mapping[int, list[Term]]
    waiting: Mapping[str, Slot | Shared]
    lines: list[Temporary | CallLine | Update] = field(default_factory=list)
    done: set[int] = field(default_factory=set)

    def write(self, item: Slot | Shared) -> None:
        """A line, after those that it reads."""
        if id(item) in self.done:
            return
        self.done.add(id(item))
        for name in _names_in(item):
            if name in self.waiting:
                self.write(self.waiting[name])
        if isinstance(item, Shared):
            self.lines.append(Temporary(item.name, product_of(item.term), ()))
            return
        line = self.made_of[id(item)]
        if item.terms == self.before[id(item)] or isinstance(line, CallLine):
            self.lines.append(line)
        elif isinstance(line, Update):
            self.lines.append(replace(line, terms=tuple(item.terms)))
        else:
            self.lines.append(replace(line, value=product_of(item.terms[0])))


def _may_share(term: Term) -> bool:
    """Whether a term has factors enough for two of them, or its test, to be another's too."""
    return bool(term.guards) or term.complexity + (term.adjoint is not None) > 1


def _with_number_apart(term: Term, numbers: set[ir.Expr]) -> Term:
    """The term with its coefficient as one more factor, which other terms may share."""
    if abs(term.coefficient) == 1:
        return term
    number = ir.Const(abs(term.coefficient))
    numbers.add(number)
    return replace(term, coefficient=1 if term.coefficient > 0 else -1, numerator=(number, *term.numerator))


def _with_number_in_front(term: Term, numbers: set[ir.Expr]) -> Term:
    """The term with such a factor as its coefficient again."""
    if numbers.isdisjoint(term.numerator):
        return term
    coefficient: int | float = term.coefficient
    rest: list[ir.Expr] = []
    for factor in term.numerator:
        if factor in numbers and isinstance(factor, ir.Const) and isinstance(factor.value, (int, float)):
            coefficient *= factor.value
        else:
            rest.append(factor)
    return replace(term, coefficient=coefficient, numerator=tuple(rest))


def _names_in(item: Slot | Shared) -> Iterator[str]:
    for term in [item.term] if isinstance(item, Shared) else item.terms:
        for factor in (term.adjoint, *term.numerator, *term.denominator):
            if factor is not None:
                yield from [name.id for name in ir.names_read(factor)]


def _hand_on_guarded(slots: Sequence[Slot]) -> None:
    """`dy = -dx` where both are the same product under the same test."""
    seen: dict[tuple[object, ...], tuple[str, int | float]] = {}
    for slot in slots:
        if len(slot.terms) != 1 or not slot.terms[0].guards:
            continue
        term = slot.terms[0]
        factors = [key_of(factor) for factor in (term.adjoint, *term.numerator) if factor is not None]
        key = (*map(key_of, term.guards), "", *sorted(factors), "", *sorted(map(key_of, term.denominator)))
        if key in seen and abs(seen[key][1]) == abs(term.coefficient):
            name, coefficient = seen[key]  # of a slot before
            slot.terms[0] = Term(ir.Name(name), 1 if coefficient == term.coefficient else -1)
        elif slot.name is not None:
            seen[key] = slot.name, term.coefficient


def _root(adjoint: ir.Expr | None) -> str | None:
    """The variable that an adjoint is, or is a part of."""
    while isinstance(adjoint, ir.Item):
        adjoint = adjoint.base
    return adjoint.id if isinstance(adjoint, ir.Name) else None


def _is_short(above: str, below: str) -> bool:
    return len(above) + len(below) <= 12 and not above[-1].isdigit() and not below[-1].isdigit()
