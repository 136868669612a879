"""Reads function bodies: SQL, PL/pgSQL and DO blocks.

PL/pgSQL's own parser hands out the SQL inside it as text without a place. The text is searched for from the
line its statement starts on, and all snippets of one body are parsed in one call.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from confiture_linter.parse import Node, ParseFailure, RawStatement, parse_plpgsql, parse_statements
from confiture_linter.statements.branches import ASKS_FOR_TABLE, tables_asked_for
from confiture_linter.statements.certain import catches_all, certain_defaults, certain_expressions
from confiture_linter.statements.dynamic import UNKNOWN_NAME, KnownText, known_text
from confiture_linter.statements.facts import (
    Body,
    Branch,
    ColumnUse,
    Dynamic,
    Fill,
    Handler,
    Query,
    Ref,
    Statement,
    Step,
    Variable,
)
from confiture_linter.statements.glued import assignment, concatenated, constants
from confiture_linter.statements.leaving import leaves
from confiture_linter.statements.names import COMMON_TYPES, canonical_word
from confiture_linter.statements.script import Compiler, query
from confiture_linter.statements.stand_ins import renamed
from confiture_linter.statements.variables import FILLING, Filled, folded, variable_type
from confiture_linter.statements.walk import QUERY_KINDS, Walk

Summarise = Callable[[RawStatement, bytes, int], list[Statement]]


class _Snippet(NamedTuple):
    """One piece of SQL inside PL/pgSQL, made into a statement."""

    text: str
    at: int
    """Byte offset in the file of the first character of `text` after `skip`."""
    skip: int
    """Bytes put in front to make an expression a statement."""
    key: int = 0
    """Identity of the node it is from, where rows of it are put into a variable."""


_DECLARED = len("SELECT NULL::")
"""Bytes in front of the type of a declared variable."""

_PLAIN = re.compile(r"\s*(?:(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)|\d+|'[^'\\]*')\s*\Z")
"""A variable, a field of a record or a literal: an expression that names nothing of the schema."""

_CHOICES = frozenset({"PLpgSQL_stmt_if", "PLpgSQL_stmt_case", "PLpgSQL_stmt_fori"})

_EMPTY = Body((), (), (), (), (), (), 0, "", -1, 0, 0)


def sql_body(text: str, start: int, variables: tuple[str, ...], summarise: Summarise) -> Body:
    """Read the text of a LANGUAGE sql function whose first byte stands at `start` in the file."""
    data = text.encode()
    try:
        statements = parse_statements(text, len(data))
    except ParseFailure as failure:
        at = start + failure.offset if failure.offset >= 0 else start
        return _EMPTY._replace(problem=failure.message, problem_at=at, start=start, end=start + len(data))
    reader = _Reader(data, start, variables, summarise)
    reader.typed = True
    for statement in statements:
        reader.statement(statement, start)
    reader.certain.append((start, start + len(data)))
    if len(statements) == 1 and ("pg_" in text or "information_schema" in text):
        # What it asks of the system a script may ask through it.
        reader.script = (Step("leave", "", query({statements[0].kind: statements[0].node})),)
    return reader.body(len(statements), ends=True)


def atomic_body(node: Any, walk: Walk, start: int, end: int, variables: tuple[str, ...]) -> Body:
    """Read the parsed body of BEGIN ATOMIC … END or RETURN."""
    inner = Walk(walk.base)
    _atomic(node, inner)
    walk.refs.extend(inner.refs)
    return _EMPTY._replace(
        queries=tuple(inner.queries),
        refs=tuple(inner.refs),
        variables=variables,
        start=start,
        end=end,
        returns=1,
        certain=((start, end),),
    )


def _atomic(node: Any, walk: Walk) -> None:
    if isinstance(node, list):
        for item in node:
            _atomic(item, walk)
        return
    for kind, child in node.items():
        if kind in QUERY_KINDS:
            walk.top(kind, child)
        elif kind == "List":
            _atomic(child.get("items", []), walk)
        elif kind == "ReturnStmt":
            walk.top("SelectStmt", {"targetList": [{"ResTarget": {"val": child.get("returnval", {})}}]})


def plpgsql_body(
    text: str, start: int, parsed: Node, variables: tuple[str, ...], summarise: Summarise, *, in_do: bool
) -> Body:
    """Read a PL/pgSQL body; `parsed` is what PL/pgSQL's parser says of it, `in_do` whether it runs at once."""
    reader = _Reader(text.encode(), start, variables, summarise)
    reader.in_do = in_do
    reader.function(parsed["PLpgSQL_function"])
    return reader.body(reader.returns, ends=reader.ends_in_return)


def refused_body(message: str, start: int, end: int, at: int) -> Body:
    """A body that PL/pgSQL's parser refuses for what stands at `at`."""
    return _EMPTY._replace(problem=message, problem_at=at, start=start, end=end)


def unread_body(start: int, end: int) -> Body:
    """A body that PL/pgSQL's parser cannot read because it knows no types of the schema."""
    return _EMPTY._replace(dynamic=(Dynamic(start, ()),), start=start, end=end)


def parse_routine(text: str) -> Node | ParseFailure:
    """Parse one CREATE FUNCTION or DO statement with PL/pgSQL's parser."""
    try:
        functions = parse_plpgsql(text)
    except ParseFailure as failure:
        return failure
    return functions[0] if functions else ParseFailure("PL/pgSQL's parser found no function", -1)


class _Reader:
    """Collects what one body does."""

    def __init__(self, data: bytes, start: int, variables: tuple[str, ...], summarise: Summarise) -> None:
        self.data = data
        self.start = start
        self.variables = dict.fromkeys(variables)
        self.summarise = summarise
        self.queries: list[Query] = []
        self.refs: list[Ref] = []
        self.statements: list[Statement] = []
        self.handlers: list[Handler] = []
        self.dynamic: list[Dynamic] = []
        self.assigns: dict[str, None] = {}
        self.into_loose: list[int] = []
        self.transactions: list[int] = []
        self.returns = 0
        self.ends_in_return = False
        self.typed = False
        """Whether terms of expressions are read: what PostgreSQL looks at when the function is made."""
        self._executes = False
        self._chooses = False
        """Whether something in it is done under a condition, or more than once."""
        self.in_do = False
        """Whether it is a DO block, whose calls happen now."""
        self.snippets: list[_Snippet] = []
        self.lines: list[int] = []
        self.problem = ""
        self.problem_at = -1
        self.script: tuple[Step, ...] = ()
        self.uses: list[ColumnUse] = []
        self.declared: list[Variable] = []
        self.fills: list[tuple[str, int, int, int]] = []
        """Variables, the identities of the nodes they are filled from (0 for what is not known), and where."""
        self.marks: list[tuple[int, int]] = []
        """Begin and end of everything that has been found in the text so far."""
        self.blocks: list[tuple[int, int, int]] = []
        """Line of BEGIN, begin and end of every block, outer ones first."""
        self.branches: list[Branch] = []
        self._asks = 0
        self._leavings = 0
        """How many statements so far leave the function."""
        self._asked: dict[str, str] = {}
        """Variables that PL/pgSQL makes for CASE, and what stands behind CASE."""
        self._found: dict[tuple[int, bytes], int] = {}
        """Lines and texts that were searched for from there, and where they were found."""
        self._seen: dict[str, int] = {}
        """Names of records and where the declaration found last ends."""
        self.rows: dict[int, Query] = {}
        """Queries by the identity of their node."""
        self.labels: list[str] = []
        self.sure: frozenset[int] = frozenset()
        """Identities of the expressions that are evaluated in any case."""
        self.certain: list[tuple[int, int]] = []
        """Where they stand."""
        self.undone_whole = False

    def body(self, returns: int, *, ends: bool) -> Body:
        return Body(
            tuple(self.queries),
            tuple(self.refs),
            tuple(self.statements),
            tuple(self.variables),
            tuple(self.handlers),
            tuple(self.dynamic),
            returns,
            self.problem,
            self.problem_at,
            self.start,
            self.start + len(self.data),
            tuple(self.assigns),
            tuple(self.into_loose),
            ends,
            transactions=tuple(self.transactions),
            script=self.script,
            uses=tuple(self.uses),
            declared=tuple(self.declared),
            fills=tuple(Fill(name, self._rows_of(key), *where) for name, key, *where in self.fills),
            labels=tuple(self.labels),
            branches=tuple(self.branches),
            asked=self._asks,
            plain=not (self.dynamic or self._executes),
            certain=tuple(sorted(set(self.certain))),
            undone_whole=self.undone_whole,
        )

    def _rows_of(self, key: int) -> Query | None:
        if key < 0:
            opened = self.filled.opened.get(-key - 1, [])
            key = opened[0] if len(opened) == 1 else 0
        return self.rows.get(key)

    # -- PL/pgSQL ----------------------------------------------------------------------------------

    def function(self, node: Node) -> None:
        at = self.data.find(b"\n")
        self.lines = [0]
        while at >= 0:
            self.lines.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        self.datums = node.get("datums", ())
        action = node.get("action", {})
        self.sure = certain_expressions(action)
        self.undone_whole = catches_all(action)
        begin = action.get("PLpgSQL_stmt_block", {}).get("lineno", 0)
        declared = [value for datum in self.datums for value in datum.values()]
        self.sure |= certain_defaults(value for value in declared if value.get("lineno", begin + 1) <= begin)
        for datum in self.datums:
            self._datum(datum)
        self.filled = Filled(self.datums)
        if b"alias" in self.data.lower():
            for alias in _ALIAS.finditer(self.data):
                self.variables[folded(alias[1].decode())[0]] = None
        self.ends_in_return = bool(action) and leaves([action])
        self._statement(action)
        self._scope_declared()
        self._parse_snippets()
        if self.dynamic or self._executes or (self._chooses and self.statements):
            self.script = Compiler(self._summarised, self._find).function(node)

    def _summarised(self, text: str, at: int) -> tuple[Statement, ...]:
        """SQL that stands in the body as it is, less queries, which change nothing."""
        try:
            raws = parse_statements(text, len(text.encode()))
        except ParseFailure:
            return ()
        return tuple(
            s for raw in raws if raw.kind not in QUERY_KINDS for s in self.summarise(raw, self.data, at)
        )

    def _datum(self, datum: Node) -> None:
        for kind, value in datum.items():
            if kind == "PLpgSQL_row":
                continue
            name = value.get("refname")
            if name:
                self.variables[name] = None
            written = value.get("datatype", {}).get("PLpgSQL_type", {}).get("typname", "")
            if kind == "PLpgSQL_rec" and name and not written and value.get("lineno"):
                written = self._record_type(name, value["lineno"])
                if not written:
                    self.declared.append(Variable(name, None))
            if written and value.get("lineno"):
                self._declared_type(written, value["lineno"])
                row = variable_type(written)
                if row is not None:
                    self.declared.append(Variable(name, row, written.lower().endswith("%rowtype")))
            for field in ("default_val", "cursor_explicit_expr"):
                if field in value:
                    self._expression(value[field], value.get("lineno", 1))

    def _record_type(self, name: str, line: int) -> str:
        """The type of a variable that libpg_query, which knows no types of the schema, takes for a record."""
        begin = max(self._line_start(line) - self.start, self._seen.get(name, 0))
        found = re.compile(
            rb'(?<![\w"])"?'
            + re.escape(name.encode())
            + rb'"?\s+(?:constant\s+)?((?:("[^"]+"|[a-z_]\w*)\s*\.\s*)?("[^"]+"|[a-z_]\w*)(?:\s*%\s*rowtype)?)'
            rb"\s*(?:\[\]\s*)?[;:=]",
            re.IGNORECASE,
        ).search(self.data, begin)
        written = found[1].decode() if found is not None else ""
        if found is not None:
            self._seen[name] = found.end()
        return "" if written.lower() in ("record", "cursor", "refcursor", "default") else written

    def _scope_declared(self) -> None:
        """Tell rows and records apart that several blocks declare under one name."""
        records = [
            (value["refname"], value["lineno"])
            for datum in self.datums
            for kind, value in datum.items()
            if kind == "PLpgSQL_rec" and "lineno" in value
        ]
        names = [name for name, _ in records]
        if len(set(names)) == len(names):
            return
        homes: dict[str, list[int]] = {}
        for name, line in records:
            later = homes.get(name, [-1])[-1] + 1
            home = (n for n in range(later, len(self.blocks)) if self.blocks[n][0] >= line)
            homes.setdefault(name, []).append(next(home, len(self.blocks) - 1))
        for number, variable in enumerate(self.declared):
            places = homes.get(variable.name, [])
            if names.count(variable.name) > 1 and places:
                _, begin, end = self.blocks[places.pop(0)]
                self.declared[number] = variable._replace(begin=begin, end=end)

    def _declared_type(self, written: str, line: int) -> None:
        lowered = written.lower()
        if canonical_word(lowered) in COMMON_TYPES or lowered in ("unknown", "refcursor"):
            return
        at = self._find(written.partition("%")[0], line)
        if lowered.endswith("%rowtype"):
            parts = folded(written[:-8])
            self.refs.append(Ref("relation", parts[-2] if len(parts) > 1 else "", parts[-1], at, "declare"))
        elif lowered.endswith("%type"):
            parts = folded(written[:-5])
            if len(parts) > 1:
                schema = parts[-3] if len(parts) > 2 else ""
                self.refs.append(Ref("relation", schema, parts[-2], at, "declare", -1, parts[-1]))
            elif parts[0] not in self.variables:
                self.uses.append(ColumnUse("", parts[0], at))
        else:
            self.snippets.append(_Snippet(f"SELECT NULL::{written}", at, _DECLARED))

    def _statement(self, node: Node) -> None:
        for kind, body in node.items():
            line = body.get("lineno", 1) if isinstance(body, dict) else 1
            self._leavings += kind in ("PLpgSQL_stmt_return", "PLpgSQL_stmt_raise")
            if kind == "PLpgSQL_stmt_return":
                self.returns += 1 if "lineno" in body else 0
            elif kind == "PLpgSQL_stmt_dynexecute":
                self._executes = True
                self._execute(body.get("query"), line)
            elif kind == "PLpgSQL_stmt_perform":
                self._executes = self._executes or self.in_do
            elif kind in ("PLpgSQL_stmt_dynfors", "PLpgSQL_stmt_return_query", "PLpgSQL_stmt_open"):
                dynamic = body.get("query") if kind == "PLpgSQL_stmt_dynfors" else body.get("dynquery")
                if dynamic:
                    self._execute(dynamic, line)
                self.returns += kind == "PLpgSQL_stmt_return_query"
            elif kind == "PLpgSQL_stmt_return_next":
                self.returns += 1
            elif kind in _CHOICES:
                self._chooses = True
            elif kind == "PLpgSQL_exception_block":
                self._handlers(body)
            elif kind in ("PLpgSQL_stmt_commit", "PLpgSQL_stmt_rollback"):
                self.transactions.append(self._line_start(line))
            elif kind == "PLpgSQL_stmt_assign":
                self._assign(body)
            elif kind == "PLpgSQL_stmt_execsql" and body.get("into") and not body.get("strict"):
                self._loose_into(body.get("sqlstmt", {}).get("PLpgSQL_expr", {}).get("query", ""), line)
            if isinstance(body, dict):
                self._within(kind, body, line)

    def _within(self, kind: str, body: Node, line: int) -> None:
        """What one statement contains and fills, and where it stands."""
        if "label" in body:
            self.labels.append(body["label"])
        first, block = len(self.marks), len(self.blocks)
        if kind == "PLpgSQL_stmt_block":
            self.blocks.append((line, -1, -1))
        elif kind == "PLpgSQL_stmt_case" and "t_expr" in body:
            asked = f'"__Case__Variable_{body.get("t_varno", "")}__"'
            query = self._asked[asked] = body["t_expr"].get("PLpgSQL_expr", {}).get("query", "")
            self._asks += len(ASKS_FOR_TABLE.findall(query))
        self._targets(body.get("target"), line)
        self._children(body, line)
        begin, end = self._extent(first)
        if kind == "PLpgSQL_stmt_block":
            self.blocks[block] = (line, begin, end)
        if kind in FILLING:
            places = (begin, end if kind in _LOOPS else begin)
            self.fills += ((name, key, *places) for name, key in self.filled.by(kind, body))

    def _extent(self, first: int) -> tuple[int, int]:
        """From where to where everything stands that was found since the mark `first`."""
        marks = self.marks[first:]
        return (min(begin for begin, _ in marks), max(end for _, end in marks)) if marks else (-1, -1)

    def _branch(self, node: Node, first: int, returns: int) -> None:
        """What is done under a condition, if that is one over the name of the trigger's table."""
        query = (node.get("cond") or node.get("expr") or {}).get("PLpgSQL_expr", {}).get("query", "")
        variable, _, rest = query.partition(" ")
        if variable in self._asked:
            query = f"{self._asked[variable]} {rest}"
        elif (asked := len(ASKS_FOR_TABLE.findall(query))) > 0:
            self._asks += asked
        if ASKS_FOR_TABLE.search(query):
            self._asked_branch(first, returns, tables_asked_for(query))

    def _asked_branch(self, first: int, returns: int, tables: tuple[str, ...] = ()) -> None:
        begin, end = self._extent(first)
        self.branches.append(Branch(begin, end, tables, self._leavings > returns))

    def _targets(self, target: Any, line: int) -> None:
        """The variables that INTO fills; GET DIAGNOSTICS gives a number instead."""
        for body in target.values() if isinstance(target, dict) else ():
            names = [field.get("name", "") for field in body.get("fields", ())] or [body.get("refname", "")]
            for name in names:
                if name:
                    self.assigns[name.lower()] = None
                if name and "." in name:
                    self._field_target(name, self._find_word(name.lower(), line))

    def _field_target(self, target: str, at: int) -> None:
        """`record.field` that something is put into."""
        parts = folded(target)
        self.marks.append((at, at + len(target)))
        if len(parts) == 2 and "[" not in target:
            self.uses.append(ColumnUse(parts[0], parts[1], at))

    def _children(self, body: Node, line: int) -> None:
        line = body.get("lineno", line)
        asks = self._asks
        for field, value in body.items():
            if isinstance(value, dict):
                if field == "PLpgSQL_expr":
                    self._snippet(value, line)
                elif "PLpgSQL_expr" in value:
                    self._snippet(value["PLpgSQL_expr"], line)
                elif field not in ("target", "row", "var"):
                    if field.startswith("PLpgSQL_"):
                        self._statement({field: value})
                    else:
                        self._nested(value, line)
            elif isinstance(value, list):
                first, leavings = len(self.marks), self._leavings
                for item in value:
                    if isinstance(item, dict):
                        if "PLpgSQL_expr" in item:
                            self._snippet(item["PLpgSQL_expr"], line)
                        else:
                            self._nested(item, line)
                if field in ("then_body", "stmts"):
                    self._branch(body, first, leavings)
                elif field in ("else_body", "else_stmts") and self._asks > asks:
                    self._asked_branch(first, leavings)

    def _nested(self, value: Node, line: int) -> None:
        if any(key.startswith("PLpgSQL_") for key in value):
            for key, child in value.items():
                if isinstance(child, dict) and "lineno" not in child:
                    child["lineno"] = line
                self._statement({key: child})
        else:
            self._children(value, line)

    def _loose_into(self, query: str, line: int) -> None:
        if query.lstrip()[:6].lower() == "select":
            self.into_loose.append(self._find(query, line))

    def _assign(self, body: Node) -> None:
        query = body.get("expr", {}).get("PLpgSQL_expr", {})
        target = assignment(query.get("query", ""))[0]
        if target:
            self.assigns[target.lower().replace(" ", "")] = None
            if "." in target:
                self._field_target(target, self._find(target, body.get("lineno", 1)))

    def _handlers(self, body: Node) -> None:
        for item in body.get("exc_list", ()):
            exception = item.get("PLpgSQL_exception", {})
            conditions = tuple(
                condition.get("PLpgSQL_condition", {}).get("condname", "")
                for condition in exception.get("conditions", ())
            )
            action = exception.get("action", ())
            at = self._find_word("when", exception.get("lineno", 1))
            self.handlers.append(Handler(conditions, at, not action))

    def _execute(self, wrapped: Node | None, line: int) -> None:
        """EXECUTE: a constant is analysed, anything else is dynamic."""
        expression = (wrapped or {}).get("PLpgSQL_expr", {})
        query = expression.get("query", "")
        at = self._find(query, line)
        self._mark(expression, at, len(query.encode()))
        try:
            tree = parse_statements("SELECT " + query, 0)
        except ParseFailure:
            self.dynamic.append(Dynamic(at, ()))
            return
        value = tree[0].node["targetList"][0]["ResTarget"]["val"] if tree[0].node.get("targetList") else {}
        known = known_text(value, self.data, at - self.start - len("SELECT "))
        parsed = self._constant_sql(known, id(expression)) if known is not None else False
        if known is not None and parsed and known.exact:
            return
        glued: dict[str, None] = {}
        concatenated(value, glued)
        pieces: list[str] = []
        constants(value, pieces)
        glued_names = tuple(name for name in glued if name in self.variables)
        self.dynamic.append(Dynamic(at, glued_names, " ".join(pieces)))

    def _constant_sql(self, known: KnownText, key: int) -> bool:
        """Read SQL that is known, or known but for some names; whether it can be parsed."""
        try:
            statements = parse_statements(known.text, len(known.text.encode()))
        except ParseFailure:
            return False
        counts = len(self.refs), len(self.queries), len(self.statements), len(self.uses)
        query = None
        for statement in statements:
            query = self.statement(statement, self.start + known.at)
        if known.names:
            for items, count in zip(
                (self.refs, self.queries, self.statements, self.uses), counts, strict=True
            ):
                items[count:] = renamed(tuple(items[count:]), known.names)  # type: ignore[index]
            self.refs[counts[0] :] = [
                r for r in self.refs[counts[0] :] if UNKNOWN_NAME not in (r.schema, r.name)
            ]
        if query is not None and known.exact and len(statements) == 1:
            self.rows[key] = renamed(query, known.names)
        return True

    def _expression(self, wrapped: Node, line: int) -> None:
        if "PLpgSQL_expr" in wrapped:
            self._snippet(wrapped["PLpgSQL_expr"], line)

    def _mark(self, expression: Node, at: int, length: int) -> None:
        """Note where an expression, or a statement, stands."""
        self.marks.append((at, at + length))
        if id(expression) in self.sure:
            self.certain.append((at, at + length))

    def _snippet(self, expression: Node, line: int) -> None:
        query = expression.get("query", "")
        mode = expression.get("parseMode", 0)
        if mode == 2 and (plain := _PLAIN.match(query)):
            self._plain(plain, line)
            return
        at = self._find(query, line)
        self._mark(expression, at, len(query.encode()))
        if mode == 2:
            self.snippets.append(_Snippet("SELECT " + query, at, 7))
        elif mode >= 3:
            _, rest, skipped = assignment(query)
            if plain := _PLAIN.match(rest):
                self._plain(plain, line, query)
                return
            self.snippets.append(_Snippet("SELECT " + rest, at + skipped, 7))
        else:
            self.snippets.append(_Snippet(query, at, 0, id(expression)))

    def _plain(self, plain: re.Match[str], line: int, within: str = "") -> None:
        """A variable, a field or a literal: noted where it may be unknown."""
        qualifier, name = plain[1], plain[2]
        if name is None or (not qualifier and (name in self.variables or name.lower() in self.variables)):
            return
        if not qualifier and name.lower() in _WORDS:
            return
        at = (
            self._find(within, line) + len(within[: within.index(plain[0])])
            if within
            else self._find(plain[0], line)
        )
        at += len(plain[0]) - len(plain[0].lstrip()) if within else 0
        self.marks.append((at, at + len(plain[0])))
        self.uses.append(ColumnUse(qualifier.lower() if qualifier else "", name.lower(), at))

    def _parse_snippets(self) -> None:
        """Parse all snippets in one call; where one is refused, each by itself."""
        snippets = self.snippets
        if not snippets:
            return
        joined, starts, size = [], [], 0
        for snippet in snippets:
            starts.append(size)
            joined.append(snippet.text)
            size += len(snippet.text.encode()) + 3
        try:
            statements = parse_statements("\n;\n".join(joined), size)
        except ParseFailure:
            statements = []
        if len(statements) == len(snippets):
            for snippet, begin, statement in zip(snippets, starts, statements, strict=True):
                self._snippet_statement(statement, snippet, begin)
            return
        for snippet in snippets:
            try:
                parsed = parse_statements(snippet.text, len(snippet.text.encode()))
            except ParseFailure:
                # PL/pgSQL's parser has accepted it: it was cut out wrongly, and stays unread
                self.dynamic.append(Dynamic(snippet.at, ()))
                continue
            for statement in parsed:
                self._snippet_statement(statement, snippet, 0)

    def _snippet_statement(self, statement: RawStatement, snippet: _Snippet, begin: int) -> None:
        known = len(self.refs)
        queries = len(self.queries)
        query = self.statement(statement, snippet.at - snippet.skip - begin)
        if snippet.key and query is not None:
            self.rows[snippet.key] = query
        if snippet.skip == _DECLARED:
            self.refs[known:] = [ref._replace(use="declare") for ref in self.refs[known:]]
            del self.queries[queries:]

    # -- places ------------------------------------------------------------------------------------

    def _line_start(self, line: int) -> int:
        index = min(max(line - 1, 0), len(self.lines) - 1)
        return self.start + self.lines[index]

    def _find(self, text: str, line: int) -> int:
        """Where `text` stands, from `line` on. PL/pgSQL blanks INTO out, so a prefix must do."""
        begin = self._line_start(line) - self.start
        gap = text.find("    ")
        sought = (text[:gap] if gap > 0 else text).strip().encode()
        found = self._next(sought, begin)
        if (known := self._found.get((line, sought))) is not None:
            # The same text twice in one line: this is the second one.
            again = self._next(sought, known + len(sought))
            found = again if again >= 0 and self.data.find(b"\n", begin, again) < 0 else known
        self._found[line, sought] = found
        if found < 0:
            found = self.data.find(sought)
        return self.start + (found if found >= 0 else begin)

    def _next(self, sought: bytes, begin: int) -> int:
        """Where a text, or what it was before PL/pgSQL put other words in front, stands next; -1 if nowhere."""
        found, rewritten = self.data.find(sought, begin), self._find_rewritten(sought, begin)
        return rewritten if rewritten >= 0 and (found < 0 or rewritten < found) else found

    def _find_rewritten(self, sought: bytes, begin: int) -> int:
        """Where a text would start that PL/pgSQL has put other words in front of; -1 if it is none."""
        if sought.startswith(b"SELECT"):
            cut = len(b"SELECT")
            found = self.data.find(sought[cut:], begin)
            written = self.data[max(found - len(b"PERFORM"), 0) : max(found, 0)]
            return found - cut if written.lower() == b"perform" else -1
        if sought.startswith(b'"__Case__Variable_'):
            cut = sought.find(b" IN (") + len(b" IN (")
            found = self.data.find(sought[cut:-1], begin)
            return found - cut if found >= 0 else -1
        return -1

    def _find_word(self, word: str, line: int) -> int:
        begin = self._line_start(line) - self.start
        found = self.data.lower().find(word.encode(), begin)
        return self.start + (found if found >= 0 else begin)

    # -- SQL inside --------------------------------------------------------------------------------

    def statement(self, raw: RawStatement, base: int) -> Query | None:
        """Note one statement of the body whose text starts at `base` in the file, and return it if it is a query."""
        if raw.kind in QUERY_KINDS:
            walk = Walk(base, typed=self.typed)
            query = walk.top(raw.kind, raw.node)
            if query.sources or query.target is not None or query.children:
                # The rest are expressions over variables: they name functions at most.
                self.queries.append(query)
            elif query.fields:
                self.queries.append(query)
            else:
                self.uses.extend(query.columns)
            self.refs.extend(walk.refs)
            return query
        if raw.kind == "CallStmt":
            walk = Walk(base)
            called = walk.expression(raw.node.get("funccall"))
            self.uses.extend(called.columns if called is not None else ())
        for statement in self.summarise(raw, self.data, base):
            self.statements.append(statement)
            self.refs.extend(statement.refs)
        return None


_LOOPS = frozenset({"PLpgSQL_stmt_fors", "PLpgSQL_stmt_forc", "PLpgSQL_stmt_dynfors"})

_ALIAS = re.compile(rb'("[^"]+"|[A-Za-z_\x80-\xff][\w\x80-\xff]*)\s+alias\s+for\b', re.IGNORECASE)
"""`name ALIAS FOR parameter`, which PL/pgSQL's parser keeps to itself."""

_WORDS = frozenset({"true", "false", "null", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
                    "current_user", "current_role", "session_user", "user", "current_catalog", "current_schema", "default"})  # fmt: skip
"""Words that are expressions by themselves."""
