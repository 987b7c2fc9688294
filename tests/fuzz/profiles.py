"""Which language features a random program may use, by name of the profile.

Never generates anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ARITHMETIC = ("math", "power", "reassign", "augmented", "swap", "unpack", "minmax", "abs", "constants", "reuse")
BRANCHES = (
    "branch",
    "elif",
    "ifexp",
    "boolvalue",
    "andor",
    "chained",
    "boolparam",
    "strparam",
    "nonedefault",
    "comparevalue",
    "truth",
)
LOOPS = ("for_range", "range_step", "nested_loop", "intparam", "loopvar", "for_list", "zip", "enumerate", "reversed")
WHILES = ("while_counter", "while_float", "while_true", "while_walrus")
EXITS = ("break", "continue", "loop_else", "early_return", "return_in_loop")
TRIES = ("try", "try_else", "finally", "raise", "risky", "return_in_try", "reraise")
HELPERS = ("helper", "kwcall", "default", "recursion", "multi_helper", "list_helper", "star_helper", "helper_branch")
CLOSURES = ("nested_def", "closure", "lambda", "late_binding", "function_value", "inner_default")
LISTS = (
    "list",
    "list_read",
    "list_write",
    "list_augmented",
    "append",
    "pop",
    "list_param",
    "list_loop",
    "list_swap",
    "list_method",
)
ALIASES = ("alias",)
CONTAINERS = (
    "tuple",
    "star_unpack",
    "nested_unpack",
    "dict",
    "dict_write",
    "comprehension",
    "gensum",
    "gencond",
    "tuple_param",
    "dict_param",
    "table",
    "matrix",
)
MISC = (
    "mod",
    "floordiv",
    "intcast",
    "floatcast",
    "walrus",
    "assert",
    "match",
    "dead",
    "unused",
    "fstring",
    "annotated",
    "delete",
    "guard",
    "round",
    "with",
    "object",
    "isinstance",
    "rebind",
    "global_constant",
    "chained_assign",
    "star_args",
    "keyword_only",
)
NAMES = ("names", "shadow", "unicode")
IDIOMS = ("idiom",)
RESULTS = ("tuple_result",)
EQUALITIES = ("equality",)
STYLE = ("comments", "oneline", "semicolon", "indent", "docstring", "continuation", "import_style", "annotations")

ALL = (
    *ARITHMETIC,
    *BRANCHES,
    *LOOPS,
    *WHILES,
    *EXITS,
    *TRIES,
    *HELPERS,
    *CLOSURES,
    *LISTS,
    *ALIASES,
    *CONTAINERS,
    *MISC,
    *NAMES,
    *STYLE,
    *IDIOMS,
    *RESULTS,
    *EQUALITIES,
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of features; `emphasis` are those that a program of this profile tries hard to use. `size` is in statements."""

    name: str
    features: tuple[str, ...]
    emphasis: tuple[str, ...] = ()
    size: int = 6
    allowed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        unknown = [name for name in (*self.features, *self.emphasis) if name not in ALL]
        if unknown:
            raise ValueError(f"profile {self.name}: unknown features {unknown}")
        object.__setattr__(self, "allowed", frozenset(self.features))


PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("straight", (*ARITHMETIC, "comments"), ARITHMETIC, 5),
        Profile("branches", (*ARITHMETIC, *BRANCHES, "comments"), BRANCHES),
        Profile("loops", (*ARITHMETIC, *LOOPS, "branch", "andor", "ifexp", "list", "list_read"), LOOPS),
        Profile("whiles", (*ARITHMETIC, *WHILES, "branch", "for_range", "intparam", "nested_loop", "walrus"), WHILES),
        Profile("exits", (*ARITHMETIC, *LOOPS, *WHILES, *EXITS, "branch", "elif", "andor", "list", "list_read"), EXITS),
        Profile(
            "tries",
            (*ARITHMETIC, *TRIES, "branch", "for_range", "intparam", "early_return", "break", "continue", "list", "list_read"),
            TRIES,
        ),
        Profile(
            "match",
            (*ARITHMETIC, "match", "branch", "for_range", "intparam", "strparam", "break", "continue", "early_return"),
            ("match",),
        ),
        Profile(
            "loop_else",
            (*ARITHMETIC, *EXITS, "for_range", "while_counter", "while_true", "nested_loop", "branch", "elif", "intparam"),
            ("loop_else", "break", "continue", "nested_loop"),
        ),
        Profile(
            "helpers",
            (*ARITHMETIC, *HELPERS, "branch", "for_range", "intparam", "early_return", "list", "list_read", "list_write"),
            HELPERS,
        ),
        Profile("closures", (*ARITHMETIC, *CLOSURES, "branch", "for_range", "early_return", "list", "list_read"), CLOSURES),
        Profile(
            "lists",
            (*ARITHMETIC, *LISTS, "branch", "for_range", "range_step", "intparam", "enumerate", "nested_loop", "loopvar"),
            LISTS,
        ),
        Profile("aliases", (*ARITHMETIC, *LISTS, *ALIASES, "branch", "for_range", "intparam"), (*ALIASES, *LISTS)),
        Profile(
            "containers",
            (*ARITHMETIC, *CONTAINERS, *LISTS, "branch", "for_range", "for_list", "zip", "enumerate", "intparam"),
            CONTAINERS,
        ),
        Profile("misc", (*ARITHMETIC, *MISC, "branch", "for_range", "intparam", "strparam", "comparevalue"), MISC),
        Profile(
            "names",
            (
                *ARITHMETIC,
                *NAMES,
                *STYLE,
                "branch",
                "for_range",
                "while_counter",
                "helper",
                "kwcall",
                "list",
                "list_read",
                "append",
                "lambda",
                "early_return",
            ),
            (*NAMES, *STYLE),
        ),
        Profile(
            "idioms",
            (*ARITHMETIC, *IDIOMS, "branch", "for_range", "list", "list_read", "tuple", "dict", "intparam", "list_param"),
            IDIOMS,
        ),
        Profile("equalities", (*ARITHMETIC, *EQUALITIES, "branch", "elif", "ifexp", "andor", "early_return"), EQUALITIES, 4),
        Profile(
            "results", (*ARITHMETIC, *BRANCHES, *RESULTS, "for_range", "intparam", "early_return", "list", "list_read"), RESULTS
        ),
        Profile("everything", tuple(name for name in ALL if name not in ("tuple_result", "equality")), (), 9),
    )
}
