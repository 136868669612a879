"""Walks expressions and queries once and notes everything they name.

One `Walk` serves one statement. It keeps two things: `refs`, a flat list of the objects mentioned, and a
tree of query levels (`Query`) that says which column was named where. CTE names shadow relations while
the query they belong to is walked. What stands in expressions and in FROM is read by the classes it is made of.
"""

from collections.abc import Callable
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import (
    DEFAULT,
    ColumnUse,
    Expression,
    FieldUse,
    Output,
    Query,
    Ref,
    Source,
)
from confiture_linter.statements.from_items import FromItems, relation_at
from confiture_linter.statements.level import Level
from confiture_linter.statements.mentions import HANDLERS
from confiture_linter.statements.names import constant, strings, type_name
from confiture_linter.statements.output_names import output_name
from confiture_linter.statements.terms import listed, term

COMPOSITE = "()"
"""Qualifier of the star in `(expression).*`, which stands for columns that are not known."""


class Walk(FromItems):
    """Collects what a statement names; `base` is added to every location."""

    __slots__ = ()

    def expression(self, node: Node | None, at: int = -1) -> Expression | None:
        """Walk an expression that stands outside any query and return what it names."""
        if not node:
            return None
        refs, queries, level = self.refs, self.queries, self.level
        self.refs, self.queries = [], []
        self.level = own = Level(None)
        self.visit(node)
        result = Expression(
            at if at >= 0 else self.place(node),
            tuple(own.columns),
            tuple(self.refs),
            tuple(own.children),
            constant(node),
            calls=tuple(own.calls),
        )
        refs.extend(self.refs)
        self.refs, self.queries, self.level = refs, queries, level
        return result

    def top(self, kind: str, node: Node) -> Query:
        """Walk a query that is a statement of its own and keep it in `queries`."""
        query = self.query(kind, node)
        self.queries.append(query)
        return query

    def query(self, kind: str, node: Node) -> Query:
        """Walk one query and return it; the caller decides where it belongs."""
        parent = self.level
        level = self.level = Level(parent)
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
            level.selected,
            level.listed,
            tuple(level.evaluated),
            tuple(level.calls),
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
                level.numbers[id(body)] = len(level.children)
                level.children.append(query)
                return len(level.children) - 1
        self.visit(node)
        return -1

    def _ctes(self, clause: Node, level: Level) -> None:
        for item in clause.get("ctes", ()):
            cte = item["CommonTableExpr"]
            name = cte.get("ctename", "")
            if clause.get("recursive"):
                level.bound[name] = -1
            level.bound[name] = self._child(cte.get("ctequery", {}))
            level.bound_columns.append(tuple(strings(cte.get("aliascolnames"))))

    def _select(self, node: Node, level: Level) -> str:
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
        if "valuesLists" in node and self.typed:
            level.listed = listed(node["valuesLists"], level.numbers)
        if "targetList" in node:
            self._targets(node["targetList"], level.outputs)
        if "whereClause" in node:
            self.conjuncts(node["whereClause"])
            self._evaluated(node["whereClause"], level)
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
            self.refs.append(Ref("into", *relation_at(into["rel"], self.base), "define"))
        return "values" if "valuesLists" in node else "select"

    def _by_output(self, node: Node, level: Level) -> None:
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

    def _insert(self, node: Node, level: Level) -> str:
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

    def _on_conflict(self, node: Node, level: Level) -> None:
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

    def _update(self, node: Node, level: Level) -> str:
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
                self._evaluated(target["val"], level)
        if "whereClause" in node:
            self.conjuncts(node["whereClause"])
            self._evaluated(node["whereClause"], level)
        self._returning(node, level)
        return "update"

    def _evaluated(self, value: Node, level: Level) -> None:
        found = term(value, level.numbers) if self.typed else None
        if found is not None and (found.parts or found.also):
            level.evaluated.append(found)

    def _delete(self, node: Node, level: Level) -> str:
        level.target = self._target(node["relation"], "delete")
        for item in node.get("usingClause", ()):
            self._from(item)
        if "whereClause" in node:
            self.conjuncts(node["whereClause"])
            self._evaluated(node["whereClause"], level)
        self._returning(node, level)
        return "delete"

    def _merge(self, node: Node, level: Level) -> str:
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
        schema, name, at = relation_at(node, self.base)
        self.refs.append(Ref("relation", schema, name, at, use))
        alias = node.get("alias", {}).get("aliasname") or name
        return Source("relation", alias, schema, name, at, only="inh" not in node)

    def _returning(self, node: Node, level: Level) -> None:
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
        if not self.typed:
            return Output(name, column, at, cast)
        return Output(
            name, column, at, cast, term(value, self.level.numbers if self.level is not None else {})
        )

    def _sub_link(self, node: Node) -> None:
        if "testexpr" in node:
            self.visit(node["testexpr"])
        self._child(node.get("subselect", {}))

    def _nested_query(self, kind: str, node: Node) -> None:
        query = self.query(kind, node)
        if self.level is not None:
            self.level.numbers[id(node)] = len(self.level.children)
            self.level.children.append(query)
        else:
            self.queries.append(query)


_QUERIES: dict[str, Callable[[Walk, Node, Level], str]] = {
    "SelectStmt": Walk._select,
    "InsertStmt": Walk._insert,
    "UpdateStmt": Walk._update,
    "DeleteStmt": Walk._delete,
    "MergeStmt": Walk._merge,
}

HANDLERS |= {
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

QUERY_KINDS = frozenset(_QUERIES)
"""Nodes that are queries: SELECT, INSERT, UPDATE, DELETE, MERGE."""
