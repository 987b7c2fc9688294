"""Writes a function's body: the user's own text with gradgen's insertions between and inside of its statements.

Never prints user code from a tree: what the user wrote is copied, and only the edited stretches are replaced.
"""
from __future__ import annotations

import re
from collections.abc import Container, Sequence

from gradgen.emit.asking import asking, let_through
from gradgen.emit.own import Line, OwnWriter, bracketed, in_brackets, joined, moved
from gradgen.ir import nodes as ir
from gradgen.ir.checkpoints import Replay
from gradgen.ir.frozen import dataclass
from gradgen.ir.texts import of_one_text
from gradgen.read.positions import Positions
from gradgen.transform.gradient import ForwardEdits
from gradgen.transform.lines.plans import Hoist

_TRAILING_COMMENT = re.compile(r"[ \t]*;?[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|$)")
_GROUPED = re.compile(r"(?:^|[^\w\s\])}\"'])\s*\($|\b(?:and|else|if|in|is|not|or|return)\s*\($")  # a bracket that is no call's
_ELSE = re.compile(r"^[ \t]*(else|finally)[ \t]*:", re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class BodyWriter(OwnWriter):
    """Collects the lines of one function body."""

    positions: Positions
    edits: ForwardEdits

    # --- the user's statements ---

    def body(self, block: ir.Block, start: int) -> None:
        """The whole body of a function whose header ends at offset `start`."""
        self.block(block, self.unit, start)

    def block(self, block: ir.Block, indent: str, previous_end: int) -> int:
        """The statements of a block after offset `previous_end`; gives back where the last one's text ends."""
        for place, stmt in enumerate(block):
            assert stmt.span is not None
            own = [line for each in of_one_text(block, place) for line in self.edits.before.get(each, ())]
            self.gap(previous_end, stmt.span.start, indent, own)
            previous_end = self.statement(stmt, indent)
        return previous_end

    def replay(self, stmt: Replay, indent: str) -> None:
        """One turn of the user's loop, with the changes that keep what its backward lines need."""
        edits, first = self.edits, stmt.definition.body[0]
        assert first.span is not None
        self.edits = (edits.whole or edits).as_rerun()
        self.block(stmt.definition.body, indent, first.span.start)
        self.edits = edits

    def gap(self, start: int, end: int, indent: str, own: Sequence[ir.Stmt] = ()) -> None:
        """Comment and blank lines between two statements; gradgen's `own` lines stand above the comment on the second."""
        between = self.positions.text[start:end]
        if between.isspace() and between.find("\n") == between.rfind("\n") and "\r" not in between:
            self.own(own, indent)
            return
        *lines, _ = (line.strip() for line in re.split(r"\r\n|\r|\n", between))
        above = next((place for place in range(len(lines), 0, -1) if not lines[place - 1].startswith("#")), 0)
        for place, stripped in enumerate(lines):
            self.own(own if place == above else (), indent)
            if stripped.startswith("#"):
                self.lines.append(Line(indent, stripped))
            elif not stripped and place > 0 and not self.is_after_blank():
                self.lines.append(Line("", ""))
        self.own(own if above == len(lines) else (), indent)

    def statement(self, stmt: ir.Stmt, indent: str) -> int:
        """One statement with its insertions but those before it; gives back where its text ends, trailing comment included."""
        assert stmt.span is not None
        edits = self.edits
        end, comment = self.trailing(stmt)
        hoists = edits.hoists.get(stmt, [])
        if stmt.span.is_empty:
            self.own(edits.after.get(stmt, ()), indent)
            return stmt.span.end
        self.hoisted_lines(hoists, indent)
        self.own(edits.between.get(stmt, ()), indent)
        if stmt in edits.replaced:
            self.replaced(stmt, edits.replaced[stmt], hoists, indent, comment)
        elif stmt in edits.dropped:
            return end
        elif isinstance(stmt, (ir.Branch, ir.For, ir.While, ir.Try, ir.With)) and self.is_touched(stmt):
            end = self.compound(stmt, indent, hoists)
        else:
            self.verbatim(self.simple(stmt, hoists), indent, comment, stmt.span.start)
        self.own(edits.after.get(stmt, ()), indent)
        return end

    def simple(self, stmt: ir.Stmt, hoists: Sequence[Hoist]) -> str:
        """A simple statement's text; `z = g(x)` is `z, g_kept = g_forward(x)` where the callee keeps something."""
        assert stmt.span is not None
        whole = next((hoist for hoist in hoists if hoist.style == "call"), None)
        if whole is None:
            return self.edited(stmt.span, hoists)
        assert isinstance(stmt, ir.Assign) and stmt.target.span is not None
        target = self.positions.slice(stmt.target.span)
        if isinstance(stmt.target, ir.TupleTarget):
            is_bracketed = target.startswith("(") and target.index(")") == len(target) - 1
            target = target if is_bracketed else f"({target})"
        text = f"{target}, {whole.kept} = {self.value_text(whole, hoists)}"
        assert stmt.value.span is not None
        others = self.positions.text[stmt.target.span.end : stmt.value.span.start].strip(" \t)").removeprefix("=").strip()
        if not others.endswith("=") or stmt.augmented is not None:
            return text
        column = self.positions.line_column(stmt.span.start)[1]  # `a = b = g(x)`: b takes over what a holds
        return f"{text}\n{' ' * column}{others} {target}"

    def trailing(self, stmt: ir.Stmt) -> tuple[int, str]:
        """Where the line of a simple statement ends, and the comment there."""
        assert stmt.span is not None
        match = _TRAILING_COMMENT.match(self.positions.text, stmt.span.end)
        if match is None:
            return stmt.span.end, ""
        return (match.start(2) if match.group(2) else match.end()), match.group(1) or ""

    def verbatim(self, text: str, indent: str, comment: str, start: int) -> None:
        """A statement's text: its first line at `indent`, the others as they stand, moved alike."""
        if not comment and text.isprintable():
            self.lines.append(Line(indent, text))
            return
        first, *rest = re.split(r"\r\n|\r|\n", text)
        _, column = self.positions.line_column(start)
        gap = self._gap_before_comment(start, comment)
        self.lines.append(Line(indent, first + (gap + comment if comment and not rest else "")))
        for index, line in enumerate(rest):
            own = moved(line, column, len(indent))
            self.lines.append(Line("", own + (gap + comment if comment and index == len(rest) - 1 else "")))

    def _gap_before_comment(self, start: int, comment: str) -> str:
        at = self.positions.text.find(comment, start) if comment else -1
        if at < 0:
            return "  "
        stretch = self.positions.text[:at]
        return stretch[len(stretch.rstrip(" \t")):] or "  "

    def is_touched(self, stmt: ir.Stmt) -> bool:
        """Whether any edit concerns a compound statement or something inside of it."""
        edits = self.edits
        tables: tuple[Container[ir.Stmt], ...] = (
            edits.before, edits.between, edits.after, edits.at_start, edits.hoists, edits.replaced, edits.dropped,
            edits.otherwise, edits.reraised, edits.pointed, edits.headers,
        )
        return any(node in table for node in ir.walk(stmt) if isinstance(node, ir.Stmt) for table in tables) or any(
            node in edits.kinks for node in ir.walk(stmt) if isinstance(node, ir.Expr)
        )

    # --- edited text ---

    def edited(self, span: ir.Span, hoists: Sequence[Hoist]) -> str:
        """The text of a stretch with hoisted values in it replaced by their names, or named in place."""
        spans = [(hoist, hoist.expr.span) for hoist in hoists]
        inside = [hoist for hoist, own in spans if own is not None and span.start <= own.start and own.end <= span.end]
        outer = [h for h in inside if not any(o is not h and self._is_inside(h, o) for o in inside)]
        result, at = [], span.start
        for hoist in sorted(outer, key=lambda h: h.expr.span.start if h.expr.span else 0):
            assert hoist.expr.span is not None
            result.append(self.plain(ir.Span(at, hoist.expr.span.start)))
            read = hoist.name if hoist.copy is None else self.text(hoist.copy)
            if hoist.style in ("line", "again"):
                before = self.positions.text[max(0, hoist.expr.span.start - 40) : hoist.expr.span.start]
                is_grouped = result[-1].endswith("(") and _GROUPED.search(before) is not None
                if is_grouped and self.positions.text.startswith(")", hoist.expr.span.end):
                    result[-1:] = [result[-1].removesuffix("("), read]
                    at = hoist.expr.span.end + 1
                    continue
                result.append(read)
            elif hoist.pair is not None:
                result.append(f"({hoist.kept} := {self.value_text(hoist, hoists)})[0]")
            else:
                named = f"{hoist.name} := {in_brackets(hoist.expr, self.value_text(hoist, hoists))}"
                text = self.positions.text
                ahead, after = text[: hoist.expr.span.start].rstrip(), text[hoist.expr.span.end :].lstrip()
                is_bracketed = ahead.endswith("(") and after.startswith(")")
                named = named if is_bracketed and hoist.copy is None else f"({named})"
                result.append(named if hoist.copy is None else named.join(re.split(rf"\b{hoist.name}\b", read)))
            at = hoist.expr.span.end
        result.append(self.plain(ir.Span(at, span.end)))
        text = joined(result)
        return text if "#" in text or not outer else self.powers(text)

    def plain(self, span: ir.Span, is_asked: bool = False) -> str:
        """The user's text, with equalities on varying values made to raise where they hold, and orders where they part; of a
        stretch that `is_asked` itself what stands inside of it."""
        result, at = [], span.start
        for compare in sorted(self.edits.kinks, key=lambda each: (each.span.start, -each.span.end) if each.span else (0, 0)):
            inner = compare.span
            if inner is None or not (at <= inner.start and inner.end <= span.end) or is_asked and inner == span:
                continue
            result.append(self.positions.text[at : inner.start])
            own = self.plain(inner, is_asked=True)
            result.append(asking(compare, own, self.positions.text, inner, self.edits, self.text))
            at = inner.end
        result.append(self.positions.text[at : span.end])
        return "".join(result)

    @staticmethod
    def _is_inside(inner: Hoist, outer: Hoist) -> bool:
        a, b = inner.expr.span, outer.expr.span
        return a is not None and b is not None and b.start <= a.start and a.end <= b.end and a != b

    def value_text(self, hoist: Hoist, hoists: Sequence[Hoist]) -> str:
        if hoist.expr.span is None:
            return self.text(hoist.expr)
        if hoist.pair is not None:
            return self.forward_call(hoist, hoists)
        text = self.edited(hoist.expr.span, [h for h in hoists if h is not hoist])
        return f"bool({text})" if hoist.name in self.edits.truths else text

    def forward_call(self, hoist: Hoist, hoists: Sequence[Hoist]) -> str:
        """`g_forward(...)` with the user's own argument text, the receiver before it and captured variables after it."""
        call, pair = hoist.expr, hoist.pair
        assert isinstance(call, ir.Call) and call.span is not None and call.func.span is not None and pair is not None
        opening = self.positions.text.index("(", call.func.span.end)
        text = self.edited(ir.Span(opening + 1, call.span.end - 1), [h for h in hoists if h is not hoist]).strip().rstrip(",")
        parts = [self.text(pair.receiver)] if pair.receiver is not None else []
        parts += [text] if text else []
        parts += [f"{name}={variable}" for name, variable in pair.captures]
        parts += [f"{name}={self.text(value)}" for name, value in pair.tangents]
        return f"{pair.forward}({', '.join(parts)})"

    def hoisted_lines(self, hoists: Sequence[Hoist], indent: str) -> None:
        for hoist in hoists:
            if hoist.style == "line":
                text = self.value_text(hoist, hoists)
                if hoist.name in self.edits.listed:
                    text = f"list({text})"
                head = f"{hoist.name}, {hoist.kept} = " if hoist.kept else f"{hoist.name} = "
                self.verbatim_value(head, text, indent, hoist.expr)

    def verbatim_value(self, head: str, text: str, indent: str, expr: ir.Expr) -> None:
        if "\n" in text:
            parts = (part.strip().removesuffix("\\").rstrip() for part in text.splitlines())
            text = f"({text})" if "#" in text or '"""' in text else " ".join(parts)
        self.lines.append(Line(indent, head + text))

    def replaced(self, stmt: ir.Stmt, lines: Sequence[ir.Stmt], hoists: Sequence[Hoist], indent: str, comment: str) -> None:
        """Gradgen's lines in a statement's place; one that carries a span keeps the user's text of the value."""
        rest = list(lines)
        if rest and rest[0].span is not None:
            first = rest.pop(0)
            assert isinstance(first, ir.Assign) and first.span is not None
            whole = next((hoist for hoist in hoists if hoist.style == "call"), None)
            target = self.text_of_target(first.target)
            if whole is not None:
                target = f"({target}), {whole.kept}" if isinstance(first.target, ir.TupleTarget) else f"{target}, {whole.kept}"
            text = self.edited(first.span, hoists) if whole is None else self.value_text(whole, hoists)
            text = text.removeprefix("return").lstrip(" \t") or "None"
            if text.startswith("\\"):
                text = text[1:].lstrip()
            self.verbatim(f"{target} = {bracketed(text)}", indent, comment, first.span.start)
        self.own(rest, indent)

    # --- compound statements ---

    def compound(self, stmt: ir.Branch | ir.For | ir.While | ir.Try | ir.With, indent: str, hoists: Sequence[Hoist]) -> int:
        inner = indent + self.unit
        first_lines, is_rerun = self.edits.at_start.get(stmt, ()), stmt in self.edits.rerun
        assert stmt.span is not None
        match stmt:
            case ir.Branch(case=ir.Case() as case):
                return self.cases(stmt, case, indent, inner)
            case ir.Branch(test=test, then=then, orelse=orelse):
                assert test.span is not None
                end = self.suite(stmt.span.start, then, indent, inner, hoists, test.span.end)
                if orelse:
                    end = self.orelse(orelse, indent, inner, end)
                return end
            case ir.While(test=test, body=body, orelse=orelse):
                assert test.span is not None
                end = self.suite(stmt.span.start, body, indent, inner, hoists, test.span.end, first_lines, is_rerun=is_rerun)
                return self.keyword(orelse, indent, inner, end) if orelse else end
            case ir.For(iterable=iterable, body=body, orelse=orelse):
                assert iterable.span is not None
                written = None
                if stmt in self.edits.headers:
                    target, along = self.edits.headers[stmt]
                    written = f"for {self.text_of_target(target)} in {self.text(along)}:"
                after = iterable.span.end
                end = self.suite(stmt.span.start, body, indent, inner, hoists, after, first_lines, None, written, is_rerun)
                return self.keyword(orelse, indent, inner, end) if orelse else end
            case ir.With(items=items, body=body):
                last = items[-1][1] or items[-1][0]
                assert last.span is not None
                return self.suite(stmt.span.start, body, indent, inner, hoists, last.span.end)
            case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
                end = self.suite(stmt.span.start, body, indent, inner, (), stmt.span.start + len("try"), first_lines)
                self.lines.extend(let_through(stmt, self.edits, indent, inner))
                for handler in handlers:
                    assert handler.span is not None
                    self.gap(end, handler.span.start, indent)
                    after = handler.span.start + len("except")
                    if handler.matches is not None and handler.matches.span is not None:
                        after = handler.matches.span.end
                    end = self.suite(handler.span.start, handler.body, indent, inner, (), after)
                if stmt in self.edits.otherwise:
                    self.lines.append(Line(indent, "else:"))
                    self.own(self.edits.otherwise[stmt], inner)
                for block in (orelse, final):
                    if block:
                        end = self.keyword(block, indent, inner, end)
                return end

    def cases(self, stmt: ir.Branch, case: ir.Case, indent: str, inner: str) -> int:
        """A match statement, case by case."""
        end = self.suite(case.match.start, (), indent, inner, (), case.subject_end)
        while True:
            self.gap(end, case.header.start, inner)
            end = self.suite(case.header.start, stmt.then, inner, inner + self.unit, (), case.header.end)
            if case.other is not None:
                self.gap(end, case.other.start, inner)
                return self.suite(case.other.start, stmt.orelse, inner, inner + self.unit, (), case.other.end)
            following = stmt.orelse[0] if stmt.orelse else None
            if not isinstance(following, ir.Branch) or following.case is None or following.case.match != case.match:
                return end
            stmt, case = following, following.case

    def orelse(self, orelse: ir.Block, indent: str, inner: str, end: int) -> int:
        first = orelse[0]
        assert first.span is not None
        is_whole = len(orelse) == 1 and first not in self.edits.before and not self._line_hoists(first)
        if isinstance(first, ir.Branch) and first.is_elif and is_whole:
            self.gap(end, first.span.start, indent)
            return self.compound(first, indent, self.edits.hoists.get(first, []))
        return self.keyword(orelse, indent, inner, end)

    def _line_hoists(self, stmt: ir.Stmt) -> bool:
        return any(hoist.style == "line" for hoist in self.edits.hoists.get(stmt, []))

    def keyword(self, block: ir.Block, indent: str, inner: str, end: int) -> int:
        """An `else:` or `finally:` and its suite."""
        first = block[0]
        assert first.span is not None
        if isinstance(first, ir.Branch) and first.is_elif:
            self.gap(end, first.span.start, indent)
            self.lines.append(Line(indent, "else:"))
            return self.opened_elif(first, inner)
        line_start = self.positions.starts[self.positions.line_column(end)[0] - 1] if end else 0
        match = _ELSE.search(self.positions.text, line_start, first.span.start)
        while match is not None and match.end() <= end:
            match = _ELSE.search(self.positions.text, match.end(), first.span.start)
        assert match is not None, "an else without its keyword"
        start = match.start(1)
        self.gap(end, start, indent)
        return self.suite(start, block, indent, inner, (), start)

    def opened_elif(self, stmt: ir.Branch, indent: str) -> int:
        """An `elif` that needs lines before it: an `if` of its own inside of an `else:`."""
        assert stmt.span is not None and stmt.test.span is not None
        self.own(self.edits.before.get(stmt, ()), indent)
        hoists = self.edits.hoists.get(stmt, [])
        self.hoisted_lines(hoists, indent)
        self.own(self.edits.between.get(stmt, ()), indent)
        end = self.suite(stmt.span.start, stmt.then, indent, indent + self.unit, hoists, stmt.test.span.end, word="if")
        if stmt.orelse:
            end = self.orelse(stmt.orelse, indent, indent + self.unit, end)
        self.own(self.edits.after.get(stmt, ()), indent)
        return end

    def suite(
        self, start: int, block: ir.Block, indent: str, inner: str, hoists: Sequence[Hoist], after: int,
        first_lines: Sequence[ir.Stmt] = (), word: str | None = None, written: str | None = None, is_rerun: bool = False,
    ) -> int:
        """A header from offset `start` to its colon, then the block below it."""
        colon = self._colon(after)
        header = self.edited(ir.Span(start, colon + 1), hoists) if written is None else written
        if word is not None:
            header = word + header.removeprefix("elif")
        match = _TRAILING_COMMENT.match(self.positions.text, colon + 1)
        comment, body_start = "", colon + 1
        if match is not None:
            comment = match.group(1) or ""
            body_start = match.start(2) if match.group(2) else match.end()
        self.verbatim(header, indent, comment, start)
        before = len(self.lines)
        self.own(first_lines, inner)
        whole = self.edits
        if is_rerun:  # before a turn is run again, it runs as the user wrote it
            self.edits = whole.as_written()
        end = self.block(block, inner, body_start)
        self.edits = whole
        if block and all(line.tree is None and (not line.text or line.text.startswith("#")) for line in self.lines[before:]):
            self.lines.append(Line(inner, "pass"))
        return end

    def _colon(self, at: int) -> int:
        text, depth = self.positions.text, 0
        while True:
            char = text[at]
            if char == "#":
                at = min(i for i in (text.find("\n", at), len(text)) if i >= 0)
                continue
            depth += (char in "([{") - (char in ")]}")
            if char == ":" and depth <= 0:
                return at
            at += 1
