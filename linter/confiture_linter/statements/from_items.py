"""FROM: tables, joins, sub-selects, functions; each becomes a `Source` of its level."""

from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.expressions import Expressions
from confiture_linter.statements.facts import Ref, Source, Term, TypeName
from confiture_linter.statements.names import is_common_type, qualified, strings, type_name
from confiture_linter.statements.terms import term


class FromItems(Expressions):
    """Walks the items of FROM."""

    __slots__ = ()

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
        schema, name, at = relation_at(node, self.base)
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
        terms: list[Term] = []
        types: list[TypeName] = []
        for item in functions:
            parts = item.get("List", {}).get("items", ())
            if parts:
                self.visit(parts)
                called.append(self._called(parts[0]))
                if self.typed:
                    terms.append(term(parts[0], {}))
                if called[-1].name and not name:
                    _, _, schema, name, at, *_ = called[-1]
        alias = node.get("alias", {})
        columns = list(strings(alias.get("colnames")))
        for item in node.get("coldeflist", ()):
            definition = item["ColumnDef"]
            columns.append(definition.get("colname", ""))
            types.append(type_name(definition["typeName"], self.base))
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
                       parts=covered, terms=tuple(terms), types=tuple(types))
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
            defined = _table_columns(node.get("columns", ()))
            columns = [name for name, _ in defined]
            columns[: len(given)] = given
            kind = "values" if columns else "other"
            types = tuple(written for _, written in defined)
            self.level.sources.append(
                Source(kind, alias.get("aliasname", ""), "", "", -1, -1, tuple(columns), types=types)
            )


def relation_at(node: Node, base: int) -> tuple[str, str, int]:
    """Schema, name and place of a relation."""
    return node.get("schemaname", ""), node.get("relname", ""), node.get("location", -1) + base


_ARRAYS_OF_TEXT = frozenset({"string_to_array", "regexp_split_to_array", "regexp_match"})


def _table_columns(items: Any) -> list[tuple[str, TypeName]]:
    """Columns of XMLTABLE and JSON_TABLE, with their types; those of NESTED paths come last."""
    columns = [item.get("RangeTableFuncCol") or item.get("JsonTableColumn") or {} for item in items]
    found = [
        (column.get("colname") or column.get("name", ""), _type_of(column))
        for column in columns
        if column.get("coltype") != "JTC_NESTED"
    ]
    for column in columns:
        if column.get("coltype") == "JTC_NESTED":
            found += _table_columns(column.get("columns", ()))
    return found


def _type_of(column: Node) -> TypeName:
    if "typeName" in column:
        return type_name(column["typeName"])
    return TypeName("", "int4", (), array=False, set_of=False, percent_type=False, at=-1)  # FOR ORDINALITY
