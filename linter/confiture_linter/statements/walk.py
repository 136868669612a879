"""Walks expressions and queries once and notes everything they name.

One `Walk` serves one statement. It keeps two things: `refs`, a flat list of the objects mentioned, and a
tree of query levels (`Query`) that says which column was named where. CTE names shadow relations while
the query they belong to is walked.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import (
    DEFAULT,
    ColumnUse,
    Comparison,
    Equality,
    Expression,
    FieldUse,
    Output,
    Query,
    Ref,
    Source,
    TypeName,
)
from confiture_linter.statements.logic import logic
from confiture_linter.statements.names import (
    COMMON_TYPES,
    constant,
    is_common_type,
    qualified,
    strings,
    type_name,
)
from confiture_linter.statements.output_names import VALUE_FUNCTIONS, output_name

COMPOSITE = "()"
"""Qualifier of the star in `(expression).*`, which stands for columns that are not known."""

_ORDERINGS = frozenset({"=", "<", "<=", ">", ">="})
_LISTS = frozenset({"AEXPR_IN", "AEXPR_OP_ANY", "AEXPR_BETWEEN"})
_COMPARISONS = frozenset({"AEXPR_OP", "AEXPR_OP_ANY", "AEXPR_IN", "AEXPR_NOT_DISTINCT"})


_Kind = tuple[tuple[ColumnUse, ...], str, tuple[str, str, int] | None, int]
"""The last four fields of an `Output`."""


class _Level:
    """A query level while it is being walked."""

    __slots__ = (
        "actions", "assigned", "bound", "bound_columns", "children", "columns", "comparisons", "conditions", "conflict",
        "conflict_at", "conflict_columns", "equalities", "fields", "grouped", "insert_query", "literals", "locking", "natural", "ordered_from", "outputs",
        "parent",        "returning", "rows", "sources", "target", "target_columns", "using",
    )  # fmt: skip

    def __init__(self, parent: "_Level | None") -> None:
        self.parent = parent
        self.sources: list[Source] = []
        self.outputs: list[Output] = []
        self.returning: list[Output] = []
        self.columns: list[ColumnUse] = []
        self.conditions: list[ColumnUse] = []
        self.literals: list[ColumnUse] = []
        self.equalities: list[Equality] = []
        self.using: list[str] = []
        self.natural = False
        self.grouped = False
        self.target: Source | None = None
        self.target_columns: list[ColumnUse] = []
        self.rows: set[int] = set()
        self.conflict: tuple[str, ...] | None = None
        self.conflict_at = -1
        self.conflict_columns: tuple[ColumnUse, ...] = ()
        self.fields: tuple[FieldUse, ...] = ()
        self.ordered_from = -1
        self.insert_query = -1
        self.children: list[Query] = []
        self.comparisons: list[Comparison] = []
        self.assigned: list[str | None] = []
        self.actions: list[str] = []
        self.locking: list[str] | None = None
        self.bound_columns: list[tuple[str, ...]] = []
        self.bound: dict[str, int] = {}
        """CTE name to its index in `children` (-1 while a recursive one is walked)."""


class Walk:
    """Collects what a statement names; `base` is added to every location."""

    __slots__ = ("base", "level", "queries", "refs")

    def __init__(self, base: int = 0) -> None:
        self.base = base
        self.refs: list[Ref] = []
        self.level: _Level | None = None
        self.queries: list[Query] = []

    def visit(self, node: Any) -> None:
        """Walk any node, or a list of nodes."""
        if type(node) is list:
            for item in node:
                self.visit(item)
            return
        for kind, body in node.items():
            if type(body) is dict:
                if kind in _LEAVES:
                    continue
                handler = _HANDLERS.get(kind)
                if handler is not None:
                    handler(self, body)
                else:
                    self.visit(body)
            elif type(body) is list:
                for item in body:
                    if type(item) is dict:
                        self.visit(item)

    # -- expressions outside a query ---------------------------------------------------------------

    def expression(self, node: Node | None, at: int = -1) -> Expression | None:
        """Walk an expression that stands outside any query and return what it names."""
        if not node:
            return None
        refs, queries, level = self.refs, self.queries, self.level
        self.refs, self.queries = [], []
        self.level = own = _Level(None)
        self.visit(node)
        result = Expression(
            at if at >= 0 else self.place(node),
            tuple(own.columns),
            tuple(self.refs),
            tuple(own.children),
            constant(node),
        )
        refs.extend(self.refs)
        self.refs, self.queries, self.level = refs, queries, level
        return result

    def place(self, node: Any) -> int:
        """Where `node` begins, plus `base`; -1 if nothing in it has a place."""
        at = _begin(node)
        return at + self.base if at >= 0 else -1

    def top(self, kind: str, node: Node) -> Query:
        """Walk a query that is a statement of its own and keep it in `queries`."""
        query = self.query(kind, node)
        self.queries.append(query)
        return query

    # -- query levels ------------------------------------------------------------------------------

    def query(self, kind: str, node: Node) -> Query:
        """Walk one query and return it; the caller decides where it belongs."""
        parent = self.level
        level = self.level = _Level(parent)
        with_clause = node.get("withClause")
        if with_clause:
            self._ctes(with_clause, level)
        command = _QUERIES[kind](self, node, level)
        self.level = parent
        target = level.target
        return Query(
            command,
            target.at if target else level.outputs[0].at if level.outputs else -1,
            tuple(level.sources),
            tuple(level.outputs),
            tuple(level.columns),
            tuple(level.equalities),
            tuple(level.using),
            level.natural,
            target,
            tuple(level.target_columns),
            tuple(sorted(level.rows)),
            "whereClause" in node or "joinCondition" in node,
            level.conflict,
            tuple(level.children),
            tuple(level.returning),
            level.grouped,
            level.insert_query,
            level.conflict_at,
            tuple(level.bound),
            tuple(level.conditions),
            tuple(level.bound_columns),
            tuple(level.literals),
            tuple(level.comparisons),
            tuple(level.assigned),
            tuple(level.actions),
            None if level.locking is None else tuple(level.locking),
            level.conflict_columns,
            level.fields,
            level.ordered_from,
        )

    def _child(self, node: Node) -> int:
        """Walk a sub-query of the current level; its index among the children."""
        level = self.level
        for kind, body in node.items():
            if kind in _QUERIES:
                query = self.query(kind, body)
                if level is None:
                    self.queries.append(query)
                    return -1
                level.children.append(query)
                return len(level.children) - 1
        self.visit(node)
        return -1

    def _ctes(self, clause: Node, level: _Level) -> None:
        for item in clause.get("ctes", ()):
            cte = item["CommonTableExpr"]
            name = cte.get("ctename", "")
            if clause.get("recursive"):
                level.bound[name] = -1
            level.bound[name] = self._child(cte.get("ctequery", {}))
            level.bound_columns.append(tuple(strings(cte.get("aliascolnames"))))

    def _select(self, node: Node, level: _Level) -> str:
        if node.get("op", "SETOP_NONE") != "SETOP_NONE":
            for side in ("larg", "rarg"):
                level.children.append(self.query("SelectStmt", node[side]))
            self._rest(node)
            return "union"
        if "fromClause" in node:
            for item in node["fromClause"]:
                self._from(item)
        for row in node.get("valuesLists", ()):
            items = row["List"].get("items", ())
            level.rows.add(len(items))
            self.visit(items)
        if "targetList" in node:
            self._targets(node["targetList"], level.outputs)
        if "whereClause" in node:
            self.conjuncts(node["whereClause"])
        if "havingClause" in node:
            self.visit(node["havingClause"])
        level.grouped = "groupClause" in node
        self._by_output(node, level)
        if "lockingClause" in node:
            level.locking = [
                locked["RangeVar"].get("relname", "")
                for item in node["lockingClause"]
                for locked in item["LockingClause"].get("lockedRels", ())
            ]
        into = node.get("intoClause")
        if into and "rel" in into:
            self.refs.append(Ref("into", *_relation(into["rel"], self.base), "define"))
        return "values" if "valuesLists" in node else "select"

    def _by_output(self, node: Node, level: _Level) -> None:
        """GROUP BY, ORDER BY and DISTINCT ON, in which a bare name, but no expression, may mean an output."""
        outputs: list[Node] = []
        for field in ("groupClause", "sortClause", "distinctClause"):
            items = list(node.get(field, ()))
            for item in items:
                item = item.get("SortBy", {}).get("node", item)
                if "GroupingSet" in item:
                    items += item["GroupingSet"].get("content", ())
                elif field == "groupClause" and "RowExpr" in item:
                    items += item["RowExpr"].get("args", ())
                elif len(item.get("ColumnRef", {}).get("fields", ())) == 1:
                    outputs.append(item)
                else:
                    self.visit(item)
        for field in ("windowClause", "limitOffset", "limitCount"):
            if field in node:
                self.visit(node[field])
        level.ordered_from = len(level.columns)
        self.visit(outputs)

    def _rest(self, node: Node) -> None:
        for field in ("distinctClause", "windowClause", "sortClause", "limitOffset", "limitCount"):
            if field in node:
                self.visit(node[field])

    def _insert(self, node: Node, level: _Level) -> str:
        level.target = self._target(node["relation"], "insert")
        columns = level.target_columns
        for item in node.get("cols", ()):
            column = item["ResTarget"]
            columns.append(ColumnUse("", column.get("name", ""), column.get("location", -1) + self.base))
            if "indirection" in column:
                self._part_of(column, column.get("location", -1) + self.base)
        select = node.get("selectStmt")
        if select:
            body = select.get("SelectStmt")
            if body is not None and "valuesLists" in body and "withClause" not in body:
                rows = body["valuesLists"]
                for row in rows:
                    items = row["List"].get("items", ())
                    level.rows.add(len(items))
                    self.visit(items)
                if len(rows) == 1:
                    level.assigned = [
                        DEFAULT if "SetToDefault" in item else constant(item)
                        for item in rows[0]["List"].get("items", ())
                    ]
            else:
                level.insert_query = self._child(select)
        conflict = node.get("onConflictClause")
        if conflict:
            self._on_conflict(conflict, level)
        self._returning(node, level)
        return "insert"

    def _part_of(self, target: Node, at: int) -> None:
        """A field of a composite column, or of an element of an array, that something is put into."""
        steps = target["indirection"]
        names = [step for step in steps if "A_Indices" not in step]
        element = "A_Indices" in steps[0]
        field = names[0].get("String") if names else None
        if field is not None and self.level is not None:
            use = ColumnUse("", target.get("name", ""), at)
            self.level.fields += (FieldUse(field.get("sval", ""), at, use, None, element),)
        self.visit([step for step in steps if "A_Indices" in step])

    def _on_conflict(self, node: Node, level: _Level) -> None:
        infer = node.get("infer", {})
        level.conflict_at = node.get("location", -1) + self.base
        names = []
        for item in infer.get("indexElems", ()):
            element = item["IndexElem"]
            names.append(element.get("name", ""))
            if "expr" in element:
                self.visit(element["expr"])
            else:
                # An element has no place of its own; behind the parenthesis the first of them stands.
                at = infer.get("location", -1) + 1 + self.base
                level.conflict_columns += (ColumnUse("", element.get("name", ""), at),)
        if infer.get("conname"):
            names = ["\0" + infer["conname"]]
        level.conflict = tuple(names)
        if "whereClause" in infer:
            self.visit(infer["whereClause"])
        for item in node.get("targetList", ()):
            target = item["ResTarget"]
            at = target.get("location", -1) + self.base
            level.conflict_columns += (ColumnUse("", target.get("name", ""), at),)
            if "val" in target:
                self.visit(target["val"])
        if "whereClause" in node:
            self.visit(node["whereClause"])

    def _update(self, node: Node, level: _Level) -> str:
        level.target = self._target(node["relation"], "update")
        for item in node.get("fromClause", ()):
            self._from(item)
        for item in node.get("targetList", ()):
            target = item["ResTarget"]
            at = target.get("location", -1) + self.base
            level.target_columns.append(ColumnUse("", target.get("name", ""), at))
            if "indirection" in target:
                self._part_of(target, at)
            level.assigned.append(constant(target.get("val")))
            if "val" in target:
                self.visit(target["val"])
        if "whereClause" in node:
            self.conjuncts(node["whereClause"])
        self._returning(node, level)
        return "update"

    def _delete(self, node: Node, level: _Level) -> str:
        level.target = self._target(node["relation"], "delete")
        for item in node.get("usingClause", ()):
            self._from(item)
        if "whereClause" in node:
            self.conjuncts(node["whereClause"])
        self._returning(node, level)
        return "delete"

    def _merge(self, node: Node, level: _Level) -> str:
        level.target = self._target(node["relation"], "update")
        if "sourceRelation" in node:
            self._from(node["sourceRelation"])
        if "joinCondition" in node:
            self.conjuncts(node["joinCondition"])
        for item in node.get("mergeWhenClauses", ()):
            clause = item["MergeWhenClause"]
            level.actions.append(clause.get("commandType", "").removeprefix("CMD_").lower())
            for target in clause.get("targetList", ()):
                body = target["ResTarget"]
                if "name" in body:
                    at = body.get("location", -1) + self.base
                    level.target_columns.append(ColumnUse("", body["name"], at))
                if "val" in body:
                    self.visit(body["val"])
            for field in ("condition", "values"):
                if field in clause:
                    self.visit(clause[field])
        self._returning(node, level)
        return "merge"

    def _target(self, node: Node, use: str) -> Source:
        schema, name, at = _relation(node, self.base)
        self.refs.append(Ref("relation", schema, name, at, use))
        alias = node.get("alias", {}).get("aliasname") or name
        return Source("relation", alias, schema, name, at, only="inh" not in node)

    def _returning(self, node: Node, level: _Level) -> None:
        clause = node.get("returningClause")
        items = clause.get("exprs", ()) if clause else node.get("returningList", ())
        if items:
            self._targets(items, level.returning)

    def _targets(self, items: list[Node], outputs: list[Output]) -> None:
        for item in items:
            target = item.get("ResTarget")
            if target is None:
                self.visit(item)
                continue
            value = target.get("val")
            if not value:
                continue
            self.visit(value)
            outputs.append(self._output(target, value))

    def _output(self, target: Node, value: Node) -> Output:
        at = target.get("location", -1) + self.base
        cast: Any = None
        while "TypeCast" in value:
            if cast is None:
                cast = type_name(value["TypeCast"]["typeName"], self.base)
            value = value["TypeCast"]["arg"]
        column = None
        name = target.get("name", "")
        if "ColumnRef" in value:
            # It has just been walked, so it is the last column noted.
            columns = self.level.columns if self.level is not None else []
            column = columns[-1] if columns else self._column_use(value["ColumnRef"])
            name = name or column.name
        elif not name:
            if "A_Star" in (value.get("A_Indirection", {}).get("indirection") or ({},))[-1]:
                column = ColumnUse(COMPOSITE, "*", at)
            name = output_name(value, cast)
        if column is not None or cast is not None:
            return Output(name, column, at, cast)
        like, form, call, child = self._kind_of(value)
        return Output(name, column, at, cast, like, form, call, child)

    def _kind_of(self, value: Node) -> _Kind:
        """What an output that is no plain column tells of its type: see `Output`."""
        for kind, node in value.items():
            if kind == "FuncCall":
                schema, name = qualified(node.get("funcname"))
                arguments = node.get("args", ())
                if name in _SAME_TYPE and arguments:
                    return self._columns(arguments[:1])[0], _SAME_TYPE[name], None, -1
                return (), "", (schema, name, len(arguments)), -1
            if kind in ("CoalesceExpr", "MinMaxExpr"):
                return *self._columns(node.get("args", ())), None, -1
            if kind == "CaseExpr":
                results = [item.get("CaseWhen", {}).get("result", {}) for item in node.get("args", ())]
                return *self._columns([*results, node.get("defresult", {})]), None, -1
            if kind == "SubLink" and node.get("subLinkType") == "EXPR_SUBLINK" and self.level is not None:
                return (), "", None, len(self.level.children) - 1
        return (), "", None, -1

    def _columns(self, nodes: Any) -> tuple[tuple[ColumnUse, ...], str]:
        """The plain columns among expressions, and `mixed` if there is anything else."""
        found = tuple(self._column_use(node["ColumnRef"]) for node in nodes if "ColumnRef" in node)
        return found, "" if len(found) == len(nodes) else "mixed"

    # -- FROM --------------------------------------------------------------------------------------

    def _from(self, item: Node) -> None:
        for kind, node in item.items():
            if kind == "RangeVar":
                self._range_variable(node)
            elif kind == "JoinExpr":
                self._join(node)
            elif kind == "RangeSubselect":
                self._sub_select(node)
            elif kind == "RangeFunction":
                self._range_function(node)
            elif kind == "RangeTableSample":
                self._from(node["relation"])
                self.visit({key: value for key, value in node.items() if key != "relation"})
            else:
                self._other_source(node)

    def _range_variable(self, node: Node) -> None:
        schema, name, at = _relation(node, self.base)
        alias = node.get("alias", {})
        shown = alias.get("aliasname") or name
        columns = tuple(strings(alias.get("colnames")))
        level = self.level
        if not schema:
            searched = level
            while searched is not None:
                if name in searched.bound:
                    index = searched.bound[name] if searched is level else -1
                    if level is not None:
                        level.sources.append(Source("cte", shown, "", name, at, index, columns))
                    return
                searched = searched.parent
        self.refs.append(Ref("relation", schema, name, at, "read"))
        if level is not None:
            level.sources.append(Source("relation", shown, schema, name, at, -1, columns, "inh" not in node))

    def _join(self, node: Node) -> None:
        level = self.level
        first, merged = (len(level.sources), len(level.using)) if level is not None else (0, 0)
        self._from(node["larg"])
        self._from(node["rarg"])
        if "quals" in node:
            self.conjuncts(node["quals"])
        if level is not None:
            using = strings(node.get("usingClause"))
            level.using.extend(using)
            if node.get("isNatural"):
                level.natural = True
            if "alias" in node:
                alias = node["alias"]
                merges = level.natural or len(level.using) > merged
                covered = () if merges else tuple(level.sources[first:])
                level.sources.append(
                    Source("join", alias.get("aliasname", ""), "", "", -1, -1, tuple(strings(alias.get("colnames"))),
                           parts=covered)
                )  # fmt: skip
            if "join_using_alias" in node:
                shown = node["join_using_alias"].get("aliasname", "")
                level.sources.append(Source("using", shown, "", "", -1, -1, tuple(using)))

    def _sub_select(self, node: Node) -> None:
        index = self._child(node.get("subquery", {}))
        alias = node.get("alias", {})
        if self.level is not None:
            self.level.sources.append(
                Source(
                    "query",
                    alias.get("aliasname", ""),
                    "",
                    "",
                    self.place(node),
                    index,
                    tuple(strings(alias.get("colnames"))),
                    lateral=bool(node.get("lateral")),
                )
            )

    def _range_function(self, node: Node) -> None:
        schema, name, at = "", "", -1
        functions = node.get("functions", ())
        called: list[Source] = []
        for item in functions:
            parts = item.get("List", {}).get("items", ())
            if parts:
                self.visit(parts)
                called.append(self._called(parts[0]))
                if called[-1].name and not name:
                    _, _, schema, name, at, *_ = called[-1]
        alias = node.get("alias", {})
        columns = list(strings(alias.get("colnames")))
        for item in node.get("coldeflist", ()):
            definition = item["ColumnDef"]
            columns.append(definition.get("colname", ""))
            self._type(definition["typeName"])
        if self.level is not None:
            shown = alias.get("aliasname") or name
            kind = "function"
            covered = tuple(called) if len(called) > 1 else called[0].parts if called else ()
            if len(functions) > 1 or node.get("coldeflist"):
                name = ""  # its columns are not those of one function
                if node.get("coldeflist") and len(functions) == 1 and not node.get("ordinality"):
                    kind = "values"
            self.level.sources.append(
                Source(kind, shown, schema, name, at, -1, tuple(columns), ordinality=bool(node.get("ordinality")),
                       parts=covered)
            )  # fmt: skip

    def _called(self, node: Node) -> Source:
        """One function of FROM; of `unnest` what it takes apart, which gives the columns."""
        call = node.get("FuncCall")
        if not call:
            return Source("function", "", "", "", -1)
        schema, name = qualified(call.get("funcname"))
        at = call.get("location", -1) + self.base
        arrays = tuple(map(self._array, call.get("args", ()))) if name == "unnest" else ()
        return Source("function", name, schema, name, at, parts=arrays)

    def _array(self, node: Node) -> Source:
        """An argument of `unnest`: a column or variable, or an array of which it is plain that it has no fields."""
        reference = node.get("ColumnRef")
        if reference is not None:
            use = self._column_use(reference)
            return Source("array", use.schema, use.qualifier, use.name, use.at)
        items = node.get("A_ArrayExpr", {}).get("elements", ())
        cast = node.get("TypeCast", {}).get("typeName", {})
        call = (strings(node.get("FuncCall", {}).get("funcname")) or [""])[-1]
        if (
            (items and all("A_Const" in item for item in items))
            or ("arrayBounds" in cast and is_common_type(cast.get("names", [])))
            or call in _ARRAYS_OF_TEXT
        ):
            return Source("values", "", "", "", -1)
        return Source("other", "", "", "", -1)

    def _other_source(self, node: Node) -> None:
        self.visit(node)
        if self.level is not None:
            alias = node.get("alias", {})
            given = strings(alias.get("colnames"))
            columns = _table_columns(node.get("columns", ()))
            columns[: len(given)] = given
            kind = "values" if columns else "other"
            self.level.sources.append(
                Source(kind, alias.get("aliasname", ""), "", "", -1, -1, tuple(columns))
            )

    # -- conditions --------------------------------------------------------------------------------

    def conjuncts(self, node: Node) -> None:
        """Walk a WHERE or ON condition and note which columns its conjuncts equate."""
        boolean = node.get("BoolExpr")
        if boolean is not None and boolean.get("boolop") == "AND_EXPR":
            for argument in boolean["args"]:
                self.conjuncts(argument)
            return
        level = self.level
        known = len(level.columns) if level is not None else 0
        self.visit(node)
        if level is None:
            return
        if boolean is not None and boolean.get("boolop") == "OR_EXPR":
            self._listed(boolean["args"][0].get("A_Expr", {}).get("lexpr", {}), node, level)
        level.conditions.extend(level.columns[known:])
        comparison = node.get("A_Expr")
        if comparison is not None:
            names = comparison["name"]
            operator = names[0]["String"].get("sval", "") if len(names) == 1 else ""
            if operator in _ORDERINGS and comparison.get("kind") == "AEXPR_OP":
                right = comparison.get("rexpr", {})
                left = comparison.get("lexpr", {})
                if (
                    type(left) is dict
                    and "ColumnRef" in left
                    and type(right) is dict
                    and "ColumnRef" not in right
                ):
                    value = constant(right)
                    if value is not None:
                        level.comparisons.append(
                            Comparison(self._column_use(left["ColumnRef"]), operator, (value,))
                        )
            elif comparison.get("kind") in _LISTS:
                self._listed(comparison.get("lexpr", {}), node, level)
            if operator == "=" and comparison.get("kind") in _COMPARISONS:
                self._equate(comparison.get("lexpr", {}), comparison.get("rexpr", {}), level)
            return
        link = node.get("SubLink")
        if link is not None and link.get("subLinkType") == "ANY_SUBLINK" and "operName" not in link:
            self._equate(link.get("testexpr", {}), {}, level)

    def _listed(self, left: Any, node: Node, level: _Level) -> None:
        """IN, BETWEEN and OR of equalities: one column and several constants."""
        if type(left) is not dict or "ColumnRef" not in left:
            return
        test = logic(node)
        column = self._column_use(left["ColumnRef"])
        if test.kind == "compare":
            level.comparisons.append(Comparison(column, test.operator, test.values))
        elif test.kind == "and":
            level.comparisons += [Comparison(column, part.operator, part.values) for part in test.parts]
        elif test.kind == "or" and all(
            (part.kind, part.column, part.operator) == ("compare", column.name, "=") for part in test.parts
        ):
            values = tuple(value for part in test.parts for value in part.values)
            level.comparisons.append(Comparison(column, "=", values))

    def _equate(self, left: Any, right: Any, level: _Level) -> None:
        if type(left) is not dict or type(right) is not dict:
            right = {}
        row = left.get("RowExpr")
        if row is not None:
            others = right.get("RowExpr", {}).get("args", ())
            for index, item in enumerate(row.get("args", ())):
                self._equate(item, others[index] if index < len(others) else {}, level)
            return
        first, second = self._bare_column(left), self._bare_column(right)
        if first is None:
            first, second = second, None
        if first is not None:
            level.equalities.append(Equality(first, second))

    def _bare_column(self, node: Node) -> ColumnUse | None:
        while "TypeCast" in node:
            node = node["TypeCast"]["arg"]
        reference = node.get("ColumnRef")
        return self._column_use(reference) if reference is not None else None

    # -- leaves ------------------------------------------------------------------------------------

    def _column_use(self, node: Node) -> ColumnUse:
        fields = node.get("fields", ())
        at = node.get("location", -1) + self.base
        count = len(fields)
        string = fields[-1].get("String") if count else None
        name = string.get("sval", "") if string is not None else "*"
        if count < 2:
            return _new_use(("", name, at, ""))
        qualifier = fields[-2]["String"].get("sval", "")
        if count == 2:
            return _new_use((qualifier, name, at, ""))
        return _new_use((qualifier, name, at, fields[-3]["String"].get("sval", "")))

    def _column(self, node: Node) -> None:
        if self.level is not None:
            self.level.columns.append(self._column_use(node))

    def _operator(self, node: Node) -> None:
        """Operands, and the operator itself where its name is none of PostgreSQL's own."""
        written = node.get("name", ())
        if (len(written) > 1 or written[0]["String"].get("sval") not in _OPERATORS) if written else False:
            schema, name = qualified(written)
            if schema != "pg_catalog":
                self.refs.append(Ref("operator", schema, name, node.get("location", -1) + self.base, "call"))
        left, right = node.get("lexpr"), node.get("rexpr")
        if left:
            self.visit(left)
        if right:
            self.visit(right)
            if left and self.level is not None:
                if "ColumnRef" in left:
                    self._compared(left["ColumnRef"], right)
                elif "ColumnRef" in right:
                    self._compared(right["ColumnRef"], left)

    def _compared(self, column: Node, other: Node) -> None:
        """Note a column that string constants are compared with."""
        if _is_string(other) and self.level is not None:
            self.level.literals.append(self._column_use(column))

    def collate(self, node: Node) -> None:
        """COLLATE: PostgreSQL's own collations are nothing of the tree."""
        schema, name = qualified(node.get("collname"))
        if name not in ("C", "POSIX", "default", "") and schema != "pg_catalog":
            self.refs.append(Ref("collation", schema, name, node.get("location", -1) + self.base, "call"))
        if "arg" in node:
            self.visit(node["arg"])

    def _case(self, node: Node) -> None:
        subject = node.get("arg", {}).get("ColumnRef")
        if subject is not None:
            for item in node.get("args", ()):
                self._compared(subject, item.get("CaseWhen", {}).get("expr", {}))
        self.visit(node)

    def _field(self, node: Node) -> None:
        """`(column).field`: what it has fields of is its type."""
        base = node.get("arg", {})
        steps = list(node["indirection"])
        inner = base.get("A_Indirection")
        element = inner is not None and all("A_Indices" in step for step in inner["indirection"])
        if inner is not None and element:
            base = inner.get("arg", {})
        while steps and "A_Indices" in steps[0]:
            element = True
            del steps[0]
        field = steps[0].get("String") if steps else None
        if field is not None and self.level is not None:
            column, call = base.get("ColumnRef"), base.get("FuncCall")
            use = None
            if column is not None:
                use = self._column_use(column)
                self.level.literals.append(use)
            called = (
                (*qualified(call.get("funcname")), len(call.get("args", ()))) if call is not None else None
            )
            if use is not None or called is not None:
                at = use.at if use is not None else call.get("location", -1) + self.base
                self.level.fields += (FieldUse(field.get("sval", ""), at, use, called, element),)
        self.visit(node)

    def _call(self, node: Node) -> None:
        names = strings(node.get("funcname"))
        arguments = node.get("args", ())
        schema = names[-2] if len(names) > 1 else ""
        named: tuple[str, ...] = ()
        texts: tuple[str, ...] = ()
        text = ""
        if arguments:
            first = arguments[0].get("A_Const")
            if first is not None and "sval" in first:
                text = first["sval"].get("sval", "")
            else:
                text = _cast_string(arguments[0])
            if len(arguments) > 1:
                texts = tuple(text for text in map(_string_constant, arguments) if text)
            self.visit(arguments)
            named = tuple(a["NamedArgExpr"].get("name", "") for a in arguments if "NamedArgExpr" in a)
        count = len(arguments)
        if node.get("agg_star"):
            count = 0
        if node.get("func_variadic"):
            count = -1
        if node.get("agg_within_group"):
            count += len(node.get("agg_order", ()))
        at = node.get("location", -1) + self.base
        nested = self.level is not None and self.level.parent is not None
        self.refs.append(
            Ref("function", schema, names[-1] if names else "", at, "call", count, text, nested, named, texts)
        )
        if text and names[-1] in _SEQUENCE_FUNCTIONS and "A_Const" in arguments[0]:
            self._registered("regclass", text, arguments[0])
        if "agg_order" in node:
            self.visit(node["agg_order"])
        if "agg_filter" in node:
            self.visit(node["agg_filter"])
        if "over" in node:
            self.visit(node["over"])

    def _cast(self, node: Node) -> None:
        self._type(node["typeName"])
        argument = node.get("arg")
        if not argument:
            return
        name = (strings(node["typeName"].get("names")) or [""])[-1]
        known = argument.get("A_Const", {})
        text = constant(argument) if name in _REGISTERED and not known.get("isnull") else None
        if text and "TypeCast" not in argument:
            self._registered(name, text, node)
            return
        self.visit(argument)

    def _registered(self, name: str, text: str, node: Node) -> None:
        """`'app.t'::regclass` names a relation, `'f'::regproc` a function, `'f(app.t)'::regprocedure` types, too."""
        written, _, types = text.partition("(")
        parts = [part[1:-1] if part[0] == '"' else part.lower() for part in _NAME_PART.findall(written)]
        schema, last = (parts[-2] if len(parts) > 1 else ""), parts[-1] if parts else ""
        at = self.place(node)
        self.refs.append(Ref(_REGISTERED[name], schema, last, at, "registered", -1, text))
        if name != "regprocedure":
            return
        for type_schema, type_last in _QUALIFIED_TYPE.findall(types):
            if type_schema != "pg_catalog":
                self.refs.append(Ref("type", type_schema, type_last, at, "registered"))

    def _type(self, node: Node) -> None:
        names = node.get("names")
        if not names or is_common_type(names):
            return
        self.note_type(type_name(node, self.base))

    def note_type(self, written: TypeName) -> None:
        """Note a type that has been read already."""
        if written.percent_type:
            schema, _, table = written.schema.rpartition(".")
            self.refs.append(Ref("relation", schema, table, written.at, "type", -1, written.name))
        elif (
            written.name
            and written.schema != "pg_catalog"
            and (written.schema or written.name not in COMMON_TYPES)
        ):
            self.refs.append(Ref("type", written.schema, written.name, written.at, "type"))

    def reference(self, schema: str, name: str, at: int, use: str = "reference") -> None:
        """Note a relation that a definition refers to, such as the target of a foreign key."""
        self.refs.append(Ref("relation", schema, name, at, use))

    def call(self, schema: str, name: str, at: int, arguments: int) -> None:
        """Note a function that a definition names, such as a trigger's."""
        self.refs.append(Ref("function", schema, name, at, "define", arguments))

    def _sub_link(self, node: Node) -> None:
        if "testexpr" in node:
            self.visit(node["testexpr"])
        self._child(node.get("subselect", {}))

    def _nested_query(self, kind: str, node: Node) -> None:
        query = self.query(kind, node)
        if self.level is not None:
            self.level.children.append(query)
        else:
            self.queries.append(query)

    def _value_function(self, node: Node) -> None:
        name = VALUE_FUNCTIONS.get(node.get("op", ""))
        if name:
            at = node.get("location", -1) + self.base
            self.refs.append(Ref("function", "pg_catalog", name, at, "call", 0))


_new_use: Callable[[tuple[str, str, int, str]], ColumnUse] = partial(tuple.__new__, ColumnUse)
"""Makes a ColumnUse without the Python-level constructor: there are tens of thousands."""


def _relation(node: Node, base: int) -> tuple[str, str, int]:
    return node.get("schemaname", ""), node.get("relname", ""), node.get("location", -1) + base


def _begin(node: Any) -> int:
    """Where an expression begins: operators carry their own place, which is behind their first operand."""
    if type(node) is list:
        for item in node:
            at = _begin(item)
            if at >= 0:
                return at
        return -1
    for kind, body in node.items():
        if type(body) is not dict:
            continue
        first = _FIRST_OPERAND.get(kind)
        if first is not None and first in body:
            at = _begin(body[first])
            if at >= 0:
                return at
        at = body.get("location", -1)
        if at >= 0:
            return int(at)
        for child in body.values():
            if type(child) is dict or type(child) is list:
                at = _begin(child)
                if at >= 0:
                    return at
    return -1


_FIRST_OPERAND = {
    "A_Expr": "lexpr",
    "TypeCast": "arg",
    "BoolExpr": "args",
    "NullTest": "arg",
    "BooleanTest": "arg",
    "A_Indirection": "arg",
    "CollateClause": "arg",
}


def _is_string(node: Node) -> bool:
    """Whether it is a string constant, or a list or array of them."""
    body = node.get("A_Const")
    if body is not None:
        return "sval" in body
    several = node.get("List") or node.get("A_ArrayExpr")
    if several is None:
        return False
    return any(
        "sval" in item.get("A_Const", {}) for item in several.get("items") or several.get("elements") or ()
    )


_SAME_TYPE = {
    "max": "base", "min": "base", "array_agg": "array", "first_value": "bare", "last_value": "bare", "nth_value": "bare", "lag": "bare",
    "lead": "bare", "mode": "bare", "any_value": "bare",
}  # fmt: skip
"""Functions whose result has the type of their first argument, see `Output.form`."""


def _string_constant(node: Node) -> str:
    named = node.get("NamedArgExpr")
    if named is not None:
        node = named.get("arg", {})
    body = node.get("A_Const")
    if body is not None:
        return str(body["sval"].get("sval", "")) if "sval" in body else ""
    return _cast_string(node)


def _cast_string(node: Node) -> str:
    cast = node.get("TypeCast")
    if cast is None:
        return ""
    body = cast.get("arg", {}).get("A_Const")
    return str(body["sval"].get("sval", "")) if body is not None and "sval" in body else ""


_NAME_PART = re.compile(r'"[^"]+"|[^\s.("]+')

_SEQUENCE_FUNCTIONS = frozenset({"nextval", "currval", "setval"})
"""Functions whose first argument is a regclass: a string constant there names a relation."""

_QUALIFIED_TYPE = re.compile(r"(?<![\w.])(\w+)\.(\w+)(?![\w.])")
_REGISTERED = {"regclass": "relation", "regproc": "function", "regprocedure": "function", "regtype": "type"}

_QUERIES: dict[str, Callable[[Walk, Node, _Level], str]] = {
    "SelectStmt": Walk._select,
    "InsertStmt": Walk._insert,
    "UpdateStmt": Walk._update,
    "DeleteStmt": Walk._delete,
    "MergeStmt": Walk._merge,
}

_HANDLERS: dict[str, Callable[[Walk, Node], None]] = {
    "ColumnRef": Walk._column,
    "A_Expr": Walk._operator,
    "CaseExpr": Walk._case,
    "A_Indirection": Walk._field,
    "BoolExpr": lambda walk, node: walk.visit(node.get("args", [])),
    "FuncCall": Walk._call,
    "TypeCast": Walk._cast,
    "typeName": Walk._type,
    "TypeName": Walk._type,
    "SubLink": Walk._sub_link,
    "RangeVar": Walk._range_variable,
    "SQLValueFunction": Walk._value_function,
    "CollateClause": Walk.collate,
    "collClause": Walk.collate,
    "SelectStmt": lambda walk, node: walk._nested_query("SelectStmt", node),
    "InsertStmt": lambda walk, node: walk._nested_query("InsertStmt", node),
    "UpdateStmt": lambda walk, node: walk._nested_query("UpdateStmt", node),
    "DeleteStmt": lambda walk, node: walk._nested_query("DeleteStmt", node),
    "MergeStmt": lambda walk, node: walk._nested_query("MergeStmt", node),
}

_ARRAYS_OF_TEXT = frozenset({"string_to_array", "regexp_split_to_array", "regexp_match"})


def _table_columns(items: Any) -> list[str]:
    """Columns of XMLTABLE and JSON_TABLE; those of NESTED paths come last."""
    columns = [item.get("RangeTableFuncCol") or item.get("JsonTableColumn") or {} for item in items]
    found = [c.get("colname") or c.get("name", "") for c in columns if c.get("coltype") != "JTC_NESTED"]
    for column in columns:
        if column.get("coltype") == "JTC_NESTED":
            found += _table_columns(column.get("columns", ()))
    return found


_LEAVES = frozenset({"A_Const", "ParamRef", "String", "alias", "join_using_alias"})
"""Nodes that name nothing."""

_OPERATORS = frozenset(
    {"=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "^", "||", "~", "~*", "!~", "!~*", "~~", "~~*", "!~~",
     "!~~*", "->", "->>", "#>", "#>>", "#-", "@>", "<@", "?", "?|", "?&", "&&", "@@", "@@@", "@?", "&", "|", "#", "<<",
     ">>", "&<", "&>", "-|-", "<<=", ">>=", "<->", "|/", "||/", "@", "!!", "^@", "AND", "OR", "NOT"}
)  # fmt: skip
"""PostgreSQL's own operators, but for rare ones: a name that is not here is looked for in the tree."""

QUERY_KINDS = frozenset(_QUERIES)
"""Nodes that are queries: SELECT, INSERT, UPDATE, DELETE, MERGE."""
