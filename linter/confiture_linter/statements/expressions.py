"""Expressions: columns, operators, calls, casts; and conditions, whose conjuncts say which columns are equal."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from confiture_linter.parse import Node
from confiture_linter.statements.facts import Call, ColumnUse, Comparison, Equality, FieldUse, Ref
from confiture_linter.statements.level import Level
from confiture_linter.statements.logic import logic
from confiture_linter.statements.mentions import Mentions
from confiture_linter.statements.names import constant, qualified, strings
from confiture_linter.statements.output_names import VALUE_FUNCTIONS
from confiture_linter.statements.terms import COMMON_FUNCTIONS, term

_ORDERINGS = frozenset({"=", "<", "<=", ">", ">="})
_LISTS = frozenset({"AEXPR_IN", "AEXPR_OP_ANY", "AEXPR_BETWEEN"})
_COMPARISONS = frozenset({"AEXPR_OP", "AEXPR_OP_ANY", "AEXPR_IN", "AEXPR_NOT_DISTINCT"})


class Expressions(Mentions):
    """Walks expressions."""

    __slots__ = ()

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

    def _columns(self, nodes: Any) -> tuple[tuple[ColumnUse, ...], str]:
        """The plain columns among expressions, and `mixed` if there is anything else."""
        found = tuple(self._column_use(node["ColumnRef"]) for node in nodes if "ColumnRef" in node)
        return found, "" if len(found) == len(nodes) else "mixed"

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
        if arguments and self.level is not None and names and names[-1] not in COMMON_FUNCTIONS:
            self.level.calls.append(Call(at, term({"FuncCall": node}, self.level.numbers)))
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

    def _value_function(self, node: Node) -> None:
        name = VALUE_FUNCTIONS.get(node.get("op", ""))
        if name:
            at = node.get("location", -1) + self.base
            self.refs.append(Ref("function", "pg_catalog", name, at, "call", 0))

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
        children = len(level.children) if level is not None else 0
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
                if len(level.children) == children + 1 and "SubLink" in comparison.get("rexpr", {}):
                    self._equate_query(comparison.get("lexpr", {}), children, level)
            return
        link = node.get("SubLink")
        if link is not None and link.get("subLinkType") == "ANY_SUBLINK" and "operName" not in link:
            self._equate(link.get("testexpr", {}), {}, level)

    def _listed(self, left: Any, node: Node, level: Level) -> None:
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

    def _equate_query(self, left: Any, child: int, level: Level) -> None:
        """`column = (SELECT …)`."""
        if type(left) is dict and "ColumnRef" in left:
            level.selected += ((self._column_use(left["ColumnRef"]), child),)

    def _equate(self, left: Any, right: Any, level: Level) -> None:
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
            level.equalities.append(Equality(first, second, "TypeCast" in left or "TypeCast" in right))

    def _bare_column(self, node: Node) -> ColumnUse | None:
        while "TypeCast" in node:
            node = node["TypeCast"]["arg"]
        reference = node.get("ColumnRef")
        return self._column_use(reference) if reference is not None else None


_new_use: Callable[[tuple[str, str, int, str]], ColumnUse] = partial(tuple.__new__, ColumnUse)
"""Makes a ColumnUse without the Python-level constructor: there are tens of thousands."""


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

_OPERATORS = frozenset(
    {"=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "^", "||", "~", "~*", "!~", "!~*", "~~", "~~*", "!~~",
     "!~~*", "->", "->>", "#>", "#>>", "#-", "@>", "<@", "?", "?|", "?&", "&&", "@@", "@@@", "@?", "&", "|", "#", "<<",
     ">>", "&<", "&>", "-|-", "<<=", ">>=", "<->", "|/", "||/", "@", "!!", "^@", "AND", "OR", "NOT"}
)  # fmt: skip
"""PostgreSQL's own operators, but for rare ones: a name that is not here is looked for in the tree."""
