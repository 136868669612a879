"""A PL/pgSQL body as a small program, for what puts SQL together and can be worked out without a server.

Kept only for bodies that execute strings, or DO blocks that call functions: `catalog.evaluate` runs them on
the catalog. What it cannot express becomes `unknown`, and whatever depends on that stays unknown.
"""

from collections.abc import Callable, Iterable
from typing import Any

from confiture_linter.parse import Node, ParseFailure, parse_statements
from confiture_linter.statements.facts import Statement, Step, Value
from confiture_linter.statements.leaving import ELOG_ERROR
from confiture_linter.statements.names import constant, qualified, strings, type_name

UNKNOWN = Value("unknown")
_Statements = Callable[[str, int], tuple[Statement, ...]]
"""Summarises SQL that stands in the body as it is."""


def value(node: Any) -> Value:
    """An expression as far as it can be worked out."""
    if not node:
        return UNKNOWN
    for kind, body in node.items():
        reader = _VALUES.get(kind)
        return reader(body) if reader is not None else UNKNOWN
    return UNKNOWN


def _constant(node: Node) -> Value:
    if node.get("isnull"):
        return Value("null")
    for field, kind in (("sval", "string"), ("ival", "number"), ("fval", "number"), ("boolval", "boolean")):
        if field in node:
            return Value(kind, constant({"A_Const": node}) or "")
    return UNKNOWN


def _column(node: Node) -> Value:
    names = strings(node.get("fields"))
    return Value("variable", ".".join(names)) if len(names) == len(node.get("fields", ())) else UNKNOWN


def _operator(node: Node) -> Value:
    kind, name = node.get("kind", ""), (strings(node.get("name")) or [""])[-1]
    left, right = value(node.get("lexpr")), node.get("rexpr", {})
    if kind == "AEXPR_IN":
        return Value("in" if name == "=" else "not in", "", (left, *map(value, _items(right))))
    if kind == "AEXPR_OP_ANY" and name == "=":
        return Value("any", "", (left, value(right)))
    if kind in ("AEXPR_LIKE", "AEXPR_ILIKE"):
        return Value("operator", "like" if name in ("~~", "~~*") else "not like", (left, value(right)))
    return Value("operator", name, (left, value(right))) if kind == "AEXPR_OP" else UNKNOWN


def _items(node: Any) -> list[Any]:
    return list(node.get("List", {}).get("items", ()) if isinstance(node, dict) else node)


def _boolean(node: Node) -> Value:
    words = {"AND_EXPR": "and", "OR_EXPR": "or", "NOT_EXPR": "not"}
    return Value(words.get(node.get("boolop", ""), "unknown"), "", tuple(map(value, node.get("args", ()))))


def _call(node: Node) -> Value:
    schema, name = qualified(node.get("funcname"))
    parts = []
    for argument in node.get("args", ()):
        named = argument.get("NamedArgExpr")
        parts.append(
            Value("named", named.get("name", ""), (value(named.get("arg")),)) if named else value(argument)
        )
    return Value("call", f"{schema}.{name}" if schema else name, tuple(parts))


def _sub_select(node: Node) -> Value:
    kind = node.get("subLinkType")
    inner = query(node.get("subselect", {}))
    if kind == "EXISTS_SUBLINK":
        return Value("exists", "", (inner,))
    if kind == "ARRAY_SUBLINK":
        return Value("array of", "", (inner,))
    return Value("scalar", "", (inner,)) if kind == "EXPR_SUBLINK" else UNKNOWN


def _element(node: Node) -> Value:
    """`array[number]`."""
    steps = node.get("indirection", ())
    index = steps[0].get("A_Indices", {}) if len(steps) == 1 else {}
    if "uidx" not in index or index.get("is_slice"):
        return UNKNOWN
    return Value("element", "", (value(node.get("arg")), value(index["uidx"])))


def _case(node: Node) -> Value:
    """CASE: what is compared (unknown for none), condition and result of each WHEN, and ELSE."""
    simple = "arg" in node
    parts = [value(node.get("arg"))]
    for item in node.get("args", ()):
        when = item.get("CaseWhen", {})
        parts += (value(when.get("expr")), value(when.get("result")))
    otherwise = value(node["defresult"]) if "defresult" in node else Value("null")
    return Value("case", "simple" if simple else "", (*parts, otherwise))


_VALUES: dict[str, Callable[[Node], Value]] = {
    "A_Const": _constant,
    "A_Indirection": _element,
    "CaseExpr": _case,
    "ColumnRef": _column,
    "A_Expr": _operator,
    "BoolExpr": _boolean,
    "FuncCall": _call,
    "SubLink": _sub_select,
    "CollateClause": lambda node: value(node.get("arg")),
    "TypeCast": lambda node: Value("cast", type_name(node["typeName"]).name, (value(node.get("arg")),)),
    "NullTest": lambda node: Value(
        "is null" if node.get("nulltesttype") == "IS_NULL" else "is not null", "", (value(node.get("arg")),)
    ),
    "CoalesceExpr": lambda node: Value("coalesce", "", tuple(map(value, node.get("args", ())))),
    "A_ArrayExpr": lambda node: Value("array", "", tuple(map(value, node.get("elements", ())))),
}


def query(node: Node) -> Value:
    """A query over VALUES, an array or one relation of the system: `query`, name, outputs and a condition."""
    select = node.get("SelectStmt", {})
    if "valuesLists" in select:
        rows = (Value("row", "", tuple(map(value, _items(row)))) for row in select["valuesLists"])
        return Value("values", "", tuple(rows))
    outputs = []
    for item in select.get("targetList", ()):
        target = item.get("ResTarget", {})
        read = value(target.get("val"))
        name = target.get("name") or (read.text.rpartition(".")[2] if read.kind == "variable" else "")
        outputs.append(Value("output", name, (read,)))
    conditions: list[Value] = []
    sources = _joined(select.get("fromClause", ()), conditions)
    if (
        not select
        or sources is None
        or select.get("op", "SETOP_NONE") != "SETOP_NONE"
        or _GROUPING & select.keys()
    ):
        return UNKNOWN
    if "whereClause" in select:
        conditions.append(value(select["whereClause"]))
    source = Value("join", "", tuple(map(_source, sources))) if len(sources) != 1 else _source(sources[0])
    return Value("query", "", (source, Value("and", "", tuple(conditions)), *outputs))


def _joined(items: Iterable[Node], conditions: list[Value]) -> list[Node] | None:
    """The items of FROM, inner joins taken apart; None for any other join."""
    found: list[Node] = []
    for item in items:
        join = item.get("JoinExpr")
        if join is None:
            found.append(item)
            continue
        inner = _joined([join["larg"], join["rarg"]], conditions)
        if (
            inner is None
            or join.get("jointype") != "JOIN_INNER"
            or "usingClause" in join
            or join.get("isNatural")
        ):
            return None
        if "quals" in join:
            conditions.append(value(join["quals"]))
        found += inner
    return found


_GROUPING = frozenset({"groupClause", "havingClause", "withClause", "limitCount", "limitOffset"})


def _source(node: Node) -> Value:
    if "RangeVar" in node:
        relation = node["RangeVar"]
        name = f"{relation.get('schemaname', '')}.{relation.get('relname', '')}".lstrip(".")
        alias = relation.get("alias", {}).get("aliasname") or relation.get("relname", "")
        return Value("relation", name, (Value("string", alias),))
    if "RangeFunction" in node:
        functions = node["RangeFunction"].get("functions", ())
        call = value(next(iter(_items(functions[0])), {})) if len(functions) == 1 else UNKNOWN
        alias = node["RangeFunction"].get("alias", {})
        names = strings(alias.get("colnames")) or [alias.get("aliasname", "")]
        return Value("function", names[0], (call,))
    if "RangeSubselect" in node:
        alias = node["RangeSubselect"].get("alias", {})
        given = tuple(Value("string", name) for name in strings(alias.get("colnames")))
        return Value(
            "subselect",
            alias.get("aliasname", ""),
            (query(node["RangeSubselect"].get("subquery", {})), *given),
        )
    return UNKNOWN


class Compiler:
    """Turns the tree of PL/pgSQL's parser into steps."""

    def __init__(self, statements: _Statements, place: Callable[[str, int], int]) -> None:
        self.statements = statements
        self.place = place
        self.names: dict[int, str] = {}

    def function(self, node: Node) -> tuple[Step, ...]:
        """The whole body, declarations first."""
        steps: list[Step] = []
        for number, datum in enumerate(node.get("datums", ())):
            for kind, declared in datum.items():
                name = declared.get("refname", "")
                self.names[number] = name
                if kind == "PLpgSQL_recfield":
                    parent = self.names.get(declared.get("recparentno", -1), "")
                    self.names[number] = f"{parent}.{declared.get('fieldname', '')}"
                elif kind == "PLpgSQL_var" and "default_val" in declared:
                    steps.append(Step("assign", name, self._expression(declared["default_val"])))
                elif kind in ("PLpgSQL_var", "PLpgSQL_rec") and "lineno" in declared:
                    steps.append(Step("assign", name, Value("null")))
        return (*steps, *self.steps([node.get("action", {})]))

    def steps(self, nodes: Iterable[Node]) -> tuple[Step, ...]:
        """A sequence of statements."""
        found: list[Step] = []
        for node in nodes:
            for kind, body in node.items():
                handler = _STEPS.get(kind)
                if handler is not None:
                    found += handler(self, body)
        return tuple(found)

    def _expression(self, wrapped: Any) -> Value:
        text = (wrapped or {}).get("PLpgSQL_expr", {}).get("query", "")
        return self._parsed(text)

    def _parsed(self, text: str) -> Value:
        try:
            tree = parse_statements("SELECT " + text, 0)
        except ParseFailure:
            return UNKNOWN
        targets: list[Any] = tree[0].node.get("targetList", []) if len(tree) == 1 else []
        return value(targets[0].get("ResTarget", {}).get("val")) if len(targets) == 1 else UNKNOWN

    def _query(self, wrapped: Any) -> Value:
        text = (wrapped or {}).get("PLpgSQL_expr", {}).get("query", "")
        try:
            tree = parse_statements(text, 0)
        except ParseFailure:
            return UNKNOWN
        return query({tree[0].kind: tree[0].node}) if len(tree) == 1 else UNKNOWN

    def block(self, node: Node) -> list[Step]:
        """BEGIN … END; what its handlers do happens only after an error."""
        handled = "handled" if node.get("exceptions") else ""
        return [Step("block", handled, body=self.steps(node.get("body", ())))]

    def assign(self, node: Node) -> list[Step]:
        """`variable := value`."""
        text = node.get("expr", {}).get("PLpgSQL_expr", {}).get("query", "")
        target, found, rest = text.partition(":=")
        if not found:
            target, _, rest = text.partition("=")
        return [Step("assign", target.strip().lower().replace('"', ""), self._parsed(rest))]

    def condition(self, node: Node) -> list[Step]:
        """IF … ELSIF … ELSE."""
        otherwise = self.steps(node.get("else_body", ()))
        for item in reversed(node.get("elsif_list", ())):
            branch = item.get("PLpgSQL_if_elsif", {})
            otherwise = (
                Step(
                    "if",
                    "",
                    self._expression(branch.get("cond")),
                    self.steps(branch.get("stmts", ())),
                    otherwise,
                ),
            )
        return [
            Step(
                "if", "", self._expression(node.get("cond")), self.steps(node.get("then_body", ())), otherwise
            )
        ]

    def case(self, node: Node) -> list[Step]:
        """CASE: a chain of IF; with an operand PL/pgSQL has already put it into a variable."""
        subject = self._expression(node["t_expr"]) if "t_expr" in node else None
        otherwise = self.steps(node.get("else_stmts", ()))
        for item in reversed(node.get("case_when_list", ())):
            branch = item.get("PLpgSQL_case_when", {})
            test = self._expression(branch.get("expr"))
            if subject is not None and test.kind in ("in", "operator") and test.parts:
                test = test._replace(parts=(subject, *test.parts[1:]))
            otherwise = (Step("if", "", test, self.steps(branch.get("stmts", ())), otherwise),)
        return list(otherwise)

    def execute(self, node: Node) -> list[Step]:
        """EXECUTE."""
        wrapped = node.get("query", {})
        text = wrapped.get("PLpgSQL_expr", {}).get("query", "")
        steps = [Step("execute", "", self._expression(wrapped), at=self.place(text, node.get("lineno", 1)))]
        return steps + self._forget(node.get("target"))

    def sql(self, node: Node) -> list[Step]:
        """A statement of SQL, perhaps with INTO."""
        wrapped = node.get("sqlstmt", {})
        text = wrapped.get("PLpgSQL_expr", {}).get("query", "")
        at = self.place(text, node.get("lineno", 1))
        if node.get("into"):
            names = _targets(node.get("target"))
            return [Step("fetch", ",".join(names), self._query(wrapped), at=at)]
        return [Step("sql", at=at, statements=self.statements(text, at))]

    def perform(self, node: Node) -> list[Step]:
        """PERFORM."""
        wrapped = node.get("expr") or {}
        text = wrapped.get("PLpgSQL_expr", {}).get("query", "")
        at = self.place(text, node.get("lineno", 1))
        return [Step("fetch", "", self._query(wrapped), at=at)]

    def over_rows(self, node: Node) -> list[Step]:
        """FOR … IN query."""
        names = _targets(node.get("var")) or _targets(node.get("row"))
        return [
            Step("for", ",".join(names), self._query(node.get("query")), self.steps(node.get("body", ())))
        ]

    def over_text(self, node: Node) -> list[Step]:
        """FOR … IN EXECUTE: what it returns is not known."""
        names = _targets(node.get("var")) or _targets(node.get("row"))
        return [Step("for", ",".join(names), UNKNOWN, self.steps(node.get("body", ())))]

    def over_array(self, node: Node) -> list[Step]:
        """FOREACH … IN ARRAY."""
        name = self.names.get(node.get("varno", -1), "")
        return [Step("foreach", name, self._expression(node.get("expr")), self.steps(node.get("body", ())))]

    def over_numbers(self, node: Node) -> list[Step]:
        """FOR … IN a..b."""
        name = (_targets(node.get("var")) or [""])[0]
        bounds = Value(
            "range", "", (self._expression(node.get("lower")), self._expression(node.get("upper")))
        )
        return [
            Step(
                "foreach",
                name,
                UNKNOWN if node.get("step") or node.get("reverse") else bounds,
                self.steps(node.get("body", ())),
            )
        ]

    def loop(self, node: Node) -> list[Step]:
        """LOOP and WHILE: how often is not known."""
        return [Step("if", "", UNKNOWN, self.steps(node.get("body", ())))]

    def _forget(self, target: Any) -> list[Step]:
        return [Step("assign", name, UNKNOWN) for name in _targets(target)]

    def leave(self, node: Node) -> list[Step]:
        """RETURN."""
        return [Step("leave")]

    def fail(self, node: Node) -> list[Step]:
        """RAISE, if it is an exception."""
        return [Step("leave", "error")] if node.get("elog_level", ELOG_ERROR) >= ELOG_ERROR else []


def _targets(target: Any) -> list[str]:
    """The variables that are filled."""
    for body in target.values() if isinstance(target, dict) else ():
        if isinstance(body, dict):
            names = [field.get("name", "") for field in body.get("fields", ())] or [body.get("refname", "")]
            return [name.lower() for name in names if name]
    return []


_STEPS: dict[str, Callable[[Compiler, Node], list[Step]]] = {
    "PLpgSQL_stmt_block": Compiler.block,
    "PLpgSQL_stmt_assign": Compiler.assign,
    "PLpgSQL_stmt_if": Compiler.condition,
    "PLpgSQL_stmt_case": Compiler.case,
    "PLpgSQL_stmt_dynexecute": Compiler.execute,
    "PLpgSQL_stmt_execsql": Compiler.sql,
    "PLpgSQL_stmt_perform": Compiler.perform,
    "PLpgSQL_stmt_fors": Compiler.over_rows,
    "PLpgSQL_stmt_dynfors": Compiler.over_text,
    "PLpgSQL_stmt_foreach_a": Compiler.over_array,
    "PLpgSQL_stmt_fori": Compiler.over_numbers,
    "PLpgSQL_stmt_loop": Compiler.loop,
    "PLpgSQL_stmt_while": Compiler.loop,
    "PLpgSQL_stmt_return": Compiler.leave,
    "PLpgSQL_stmt_raise": Compiler.fail,
}
