"""What the plans of one function's statements share: its facts, the names that are taken, and the plans made so far.

Never makes a plan: statement.py does for one statement, assigning.py says what an assignment or a result hands on.
"""
from __future__ import annotations

from collections.abc import Mapping

from gradgen.analyse.activity import Activity
from gradgen.analyse.recording.needs import BackwardReads
from gradgen.analyse.recording.steadiness import Changes
from gradgen.analyse.sharing.views import ArrayFacts
from gradgen.analyse.versions import Version
from gradgen.ir import nodes as ir
from gradgen.ir.frozen import dataclass, field
from gradgen.ir.kinds import Shape
from gradgen.read.refusals import Refusals
from gradgen.transform.expressions.callees import Callees
from gradgen.transform.expressions.local import Linearizer
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.lines.plans import Plan
from gradgen.transform.lines.standing import Standing
from gradgen.transform.names import Names


@dataclass(slots=True)
class Planner:
    """What is known while the statements of one function are planned, and their plans. `outputs` are the names of its result, or
    of its results.

    `wants_number` says that the results must be numbers: not those of callees, which may hand out anything. While a stretch
    `is_logging`, a statement notes one value of a variable.
    """

    activity: Activity
    names: Names
    refusals: Refusals
    comments: Mapping[ir.Stmt, str]
    variables: frozenset[str]
    changes: Changes
    aliased: frozenset[str]
    containers: frozenset[str]
    sequences: frozenset[str]
    held: frozenset[Version]
    outputs: tuple[str, ...]
    is_tuple: bool
    callees: Callees
    arrays: ArrayFacts
    is_plain: bool = False
    has_named: bool = True
    wants_number: bool = False
    standing: Standing = field(default_factory=Standing)
    edits: ForwardEdits = field(default_factory=ForwardEdits)
    plans: dict[ir.Stmt, Plan] = field(default_factory=dict)
    reads: dict[ir.Stmt, BackwardReads] = field(default_factory=dict)
    takes_floats: bool = False  # whether arguments that are arrays of floats were looked at
    is_short: bool = False  # whether arguments are arrays of fewer bits than Python's floats have
    handled: set[ir.Walrus] = field(default_factory=set)
    following: dict[Version, bool] = field(default_factory=dict)
    is_logging: bool = False

    @property
    def unstable(self) -> frozenset[str]:
        return self.changes.ahead

    @property
    def iterated(self) -> frozenset[str]:
        """The variables whose elements a loop can go through: lists, tuples and arrays."""
        return self.sequences | frozenset(self.arrays.variables)

    def is_active_target(self, target: ir.Node) -> bool:
        return self.activity.is_active_version(self.activity.versions.of_node.get(target))

    def ends_adjoint(self, target: ir.NameTarget) -> bool:
        """Whether binding `target` to what does not vary leaves an adjoint behind that must not flow on."""
        version = self.activity.versions.of_node.get(target)
        return version is not None and version in self.activity.useful and version not in self.activity.varied

    def seed_shape(self, expr: ir.Expr) -> Shape | None:
        """The shape of an expression's adjoint."""
        return self.arrays.kinds.shape(expr) if self.arrays.kinds.has_arrays else ()

    def linearizer(self, target: str, root: ir.Expr) -> Linearizer:
        made = Linearizer(
            self.activity, self.names, self.refusals, target, root, self.is_plain, self.callees, self.containers,
            self.sequences, self.standing, self.arrays.kinds,
        )
        made.unstable, made.changed_later = self.unstable, self.arrays.mutated
        made.is_result_changed = bool(self.arrays.mutated)
        return made
