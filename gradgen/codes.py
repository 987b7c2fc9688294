"""The stable codes of everything that gradgen refuses: a title, why, and the way out of each.

Never formats places; errors.Finding does.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means; `title` is completed by the construct found (`{construct}`)."""

    title: str
    reason: str
    way_out: str


UNMOVED: Final = "GG112: one end of the bisection never moved, so that it has found no root"
DISTANT: Final = "GG112: the bisection has not come close to a root"
JUMPED: Final = "GG112: the bisection has closed on a jump, not on a root"

CODES: Final[Mapping[str, Code]] = {
    "GG101": Code(
        "gradgen cannot differentiate an async function.",
        "Its result arrives later, in an order that the text does not show.",
        "Differentiate the plain function that does the arithmetic.",
    ),
    "GG102": Code(
        "gradgen cannot differentiate a function that writes {construct}.",
        "A variable of another scope would carry a varying value that nobody can follow.",
        "Pass the value in as a parameter and return it.",
    ),
    "GG104": Code(
        "gradgen cannot differentiate a generator.",
        "A derivative needs one result; a generator hands out many.",
        "Return a list, or differentiate the function that consumes the generator.",
    ),
    "GG105": Code(
        "gradgen cannot differentiate a function that calls {construct}.",
        "It reads or writes variables behind the text, so the text does not say what is computed.",
        "Write the variables out.",
    ),
    "GG106": Code(
        "gradgen cannot differentiate through {construct}.",
        "A value that varies flows through it, and there is no rule for what becomes of its derivative.",
        "Compute the value with operations that have rules (`gradgen rules` lists them), or keep what varies out of it.",
    ),
    "GG107": Code(
        "gradgen cannot differentiate a call of {construct}.",
        "A varying value goes in, and it has neither a rule nor Python source.",
        "Add a rule, for example: {suggestion}",
    ),
    "GG108": Code(
        "gradgen cannot differentiate a call of {construct}.",
        "A varying value goes in, and {detail}.",
        "{advice}",
    ),
    "GG109": Code(
        "gradgen cannot differentiate this write to {construct}.",
        "{detail} may hold the same object, and the write would change the value behind it.",
        "Write through one name only, or make a copy first.",
    ),
    "GG110": Code(
        "gradgen cannot differentiate {construct} by a value that varies here.",
        "{detail}",
        "Keep that argument constant, or write the formula out.",
    ),
    "GG111": Code("gradgen cannot differentiate {construct}.", "{detail}", "{advice}"),
    "GG112": Code(
        "gradgen cannot differentiate a loop that searches by comparisons.",
        ("{construct} moves only by which way a comparison of varying values goes, so its derivative would come "
         "out as zero or as that of the starting interval."),
        ("Give the equation to scipy.optimize.brentq or newton, which are differentiated by the implicit function "
         "theorem, or iterate with Newton's method; a plain bisection, `while high - low > tolerance`, is differentiated too."),
    ),
    "GG113": Code(
        "gradgen cannot differentiate a rounded result.",
        "The result is rounded last of all: its derivative is 0 almost everywhere, which is not what anyone means.",
        "Differentiate the function without the rounding.",
    ),
    "GG114": Code(
        "gradgen cannot run {detail} again, as checkpoint asks: {construct} forbids it.",
        "What is not kept is run again on the way back, and has to do then what it did the first time.",
        "Write it without that, move that out of it, or leave the checkpoint out.",
    ),
    "GG120": Code(
        "gradgen cannot differentiate a function whose result has no single structure.",
        "{detail}",
        "Return one number, or a tuple of the same length everywhere.",
    ),
    "GG201": Code(
        "gradgen cannot find the source of {construct}.",
        "It was not defined in a file, a notebook or anywhere else where Python keeps the text.",
        "Define it in a file.",
    ),
    "GG202": Code(
        "the source of {construct} is no longer the text that it was compiled from.",
        "The file changed after it was imported.",
        "Import it again (restart the interpreter, or importlib.reload).",
    ),
    # Rules that are malformed or mismatched: where they are refused says what is wrong.
    "GG301": Code("{construct}.", "{detail}", "{advice}"),
    "GG302": Code("{construct}.", "{detail}", "{advice}"),
    "GG303": Code("{construct}.", "{detail}", "{advice}"),
    "GG304": Code("{construct}.", "{detail}", "{advice}"),
    "GG305": Code("{construct}.", "{detail}", "{advice}"),
    "GG306": Code("{construct}.", "{detail}", "{advice}"),
    "GG307": Code("{construct}.", "{detail}", "{advice}"),
    "GG308": Code("{construct}.", "{detail}", "{advice}"),
    "GG309": Code("{construct}.", "{detail}", "{advice}"),
    "GG310": Code("{construct}.", "{detail}", "{advice}"),
    "GG115": Code(
        "gradgen cannot differentiate an operator between lists, tuples or objects.",
        "Operators are those of numbers and arrays, and what this one gives is gone through or has parts that are read.",
        "Write a joined list out (`[*a, *b]`), call a function for objects, or pass arrays.",
    ),
    "GG401": Code("{construct} is no parameter of the function.", "", "Parameters: {detail}"),
    "GG402": Code(
        "{construct} cannot be differentiated with respect to.",
        "{detail}",
        "Name another parameter in wrt=.",
    ),
    "GG403": Code(
        "grad needs a function that returns one number; {construct}.",
        "",
        "Use gradgen.vjp or gradgen.jacobian, or return one number.",
    ),
    "GG404": Code(
        "nothing to differentiate with respect to.",
        "No parameter of the function can vary continuously.",
        "Name one in wrt=.",
    ),
    "GG501": Code(
        "{construct} held.",
        "The branch taken at an equality says nothing of the slope.",
        "Evaluate beside that point, or write the formula without the case.",
    ),
    "GG900": Code(
        "internal error: {construct}",
        "gradgen checks what it writes before anyone sees it, and this check failed.",
        "Please report it with the function.",
    ),
}


USUAL: Final[Mapping[str, dict[str, str]]] = {
    "GG109": {"detail": "Another name"},
    "GG108": {
        "detail": "what is called is not known before the function runs",
        "advice": "Call a function by its name, or pass the value through operations that have rules.",
    },
}
"""What a code says where nobody knows more."""


def stated(code: str, **words: str) -> tuple[str, str, str]:
    """The title, reason and way out of a code; `words` complete them (construct, detail, suggestion, advice)."""
    entry = CODES[code]
    blanks = {"construct": "this", "detail": "", "suggestion": "", "advice": "", **USUAL.get(code, {}), **words}
    return entry.title.format(**blanks), entry.reason.format(**blanks), entry.way_out.format(**blanks)
