"""What each object of a catalog is, aspect by aspect, as text: two catalogs can then be compared."""

from collections.abc import Callable, Iterator
from typing import Any

from confiture_linter.catalog import Catalog, Column, Constraint, Function, Index, Sequence, Table, Type, View
from confiture_linter.catalog.entities import Extension, Named
from confiture_linter.catalog.types import format_type
from confiture_linter.graph.nodes import RuleEntry, node_id, objects, parts, rules_of
from confiture_linter.graph.spelling import after, inside, spelt, tokens
from confiture_linter.sources.split import element_end
from confiture_linter.statements.facts import TypeName

Aspects = dict[str, str]
"""`column total`, `index ix_order`, `query`, … to what it is."""

_ACTIONS = {"a": "", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}


class Definitions:
    """Reads the definitions of one catalog."""

    def __init__(self, catalog: Catalog, text: Callable[[str], bytes]) -> None:
        self._catalog = catalog
        self._text = text
        self._rules = rules_of(catalog)

    def all(self) -> dict[str, tuple[Named, Aspects]]:
        """Every object, parts of relations in those, by node id."""
        return {node_id(entity): (entity, self.of(entity)) for entity in objects(self._catalog)}

    def of(self, entity: Named) -> Aspects:
        """The aspects of one object."""
        found = {key: value for key, value in self._aspects(entity) if value}
        if entity.comment:
            found["comment"] = entity.comment
        if entity.owner:
            found["owner"] = entity.owner
        grants = sorted({self._statement(grant) for grant in getattr(entity, "grants", ())})
        if grants:
            found["grants"] = "; ".join(grants)
        return found

    def _aspects(self, entity: Named) -> Iterator[tuple[str, str]]:
        if isinstance(entity, Table):
            yield from self._table(entity)
        elif isinstance(entity, View):
            yield "query", _behind_as(self._words(entity))
            yield "options", ", ".join(f"{key}={value}" for key, value in sorted(entity.options.items()))
            yield from self._parts(entity)
            for column, comment in entity.column_comments.items():
                yield f"comment of {column}", comment
        elif isinstance(entity, Function):
            yield from self._function(entity)
        elif isinstance(entity, Type):
            yield from self._type(entity)
        elif isinstance(entity, Extension):
            yield "schema", entity.fact_schema
        elif isinstance(entity, Sequence):
            if entity.owned_by is None:
                yield "definition", self._statement(entity)
        elif entity.kind != "schema":
            yield "definition", self._statement(entity)

    # Tables.

    def _table(self, table: Table) -> Iterator[tuple[str, str]]:
        for column in table.columns.values():
            yield f"column {column.name}", self._column(column)
            if column.comment:
                yield f"comment of {column.name}", column.comment
        yield "inherits", ", ".join(parent.identity for parent in table.parents)
        if table.partition_of is not None:
            yield "partition of", f"{table.partition_of.identity} {_bound(table)}"
        yield (
            "partitioned by",
            f"{table.partition_strategy} ({', '.join(table.fact.partition_key)})"
            if table.partition_strategy
            else "",
        )
        yield "persistence", {"u": "unlogged", "t": "temporary"}.get(table.fact.persistence, "")
        yield "row security", "forced" if table.rls_forced else "enabled" if table.rls_enabled else ""
        yield "options", ", ".join(f"{key}={value}" for key, value in sorted(table.fact.options))
        yield from self._parts(table)

    def _column(self, column: Column) -> str:
        words = self._element(column.path, column.span.start)
        made = [self._named_type(column.type)]
        if column.collation:
            made.append(f"COLLATE {column.collation}")
        if column.identity_kind:
            made.append(f"GENERATED {'ALWAYS' if column.identity_kind == 'a' else 'BY DEFAULT'} AS IDENTITY")
        if column.generated:
            made.append(f"GENERATED ALWAYS AS ({spelt(inside(words[_at(words, 'generated') :]))})")
        elif column.default is not None:
            made.append(f"DEFAULT {self._default(column, words)}")
        if column.not_null or column.name in column.table.identity_columns:
            made.append("NOT NULL")
        return " ".join(made)

    def _default(self, column: Column, words: list[str]) -> str:
        """As it is written; where another statement has set it, as far as it is known."""
        default = column.default
        if default is None or default is column.fact.default:
            return spelt(after(words, "default")) or ("nextval" if column.serial else "…")
        if default.constant is not None:
            return default.constant
        return ", ".join(sorted({ref.name for ref in default.refs})) or "…"

    def _named_type(self, written: TypeName) -> str:
        if written.percent_type or not written.name:
            return f"{written.schema}.{written.name}%TYPE" if written.percent_type else "unknown"
        return format_type(self._catalog.type_schema(written), written)

    def _parts(self, relation: Table | View) -> Iterator[tuple[str, str]]:
        for part in parts(relation, self._rules):
            if isinstance(part, Constraint):
                yield f"constraint {part.name}", self._constraint(part)
            elif isinstance(part, Index):
                if part.constraint is None:
                    yield f"index {part.name}", self._index(part)
            elif isinstance(part, RuleEntry):
                yield f"rule {part.name}", self._statement(part)
            else:
                yield f"{part.kind} {part.name}", self._statement(part)

    def _constraint(self, constraint: Constraint) -> str:
        fact = constraint.fact
        made = [constraint.kind]
        if constraint.columns and constraint.kind not in ("check", "exclude"):
            made.append(f"({', '.join(constraint.columns)})")
        if constraint.kind == "foreign key":
            target = constraint.target.identity if constraint.target is not None else fact.target
            columns = f" ({', '.join(constraint.target_columns)})" if constraint.target_columns else ""
            made.append(f"references {target}{columns}")
            for what, action in (("delete", fact.on_delete), ("update", fact.on_update)):
                made += [f"on {what} {_ACTIONS.get(action, action)}"] if _ACTIONS.get(action, action) else []
        elif constraint.kind in ("check", "exclude"):
            words = self._element(constraint.path, constraint.span.start)
            made.append(f"({spelt(inside(words[_at(words, constraint.kind) :]))})")
        for said, word in (
            (fact.deferrable, "deferrable"),
            (fact.initially_deferred, "initially deferred"),
            (constraint.not_valid, "not valid"),
            (fact.not_enforced, "not enforced"),
            (fact.nulls_not_distinct, "nulls not distinct"),
            (fact.no_inherit, "no inherit"),
        ):
            made += [word] if said else []
        made += [f"include ({', '.join(fact.include)})"] if fact.include else []
        return " ".join(made)

    def _index(self, index: Index) -> str:
        """Method, columns and what follows, as they are written."""
        words = self._words(index)
        rest = spelt(words[_at(words, "(") :]).rstrip(";")
        return f"{'unique ' if index.unique else ''}{index.fact.method or 'btree'} {rest}"

    # The rest.

    def _function(self, function: Function) -> Iterator[tuple[str, str]]:
        words = self._words(function)
        head, body = _parted(words)
        yield "definition", spelt(head)
        yield "body", spelt(body)
        fact = function.fact
        if function.volatility != fact.volatility:
            yield "volatility", function.volatility
        if function.security_definer != fact.security_definer:
            yield "security", "definer" if function.security_definer else "invoker"
        if function.settings != dict(fact.settings):
            yield (
                "settings",
                ", ".join(f"{key} = {value}" for key, value in sorted(function.settings.items())),
            )
        if function.revoked_public:
            yield "execute", "revoked from public"

    def _type(self, entity: Type) -> Iterator[tuple[str, str]]:
        if entity.form == "enum":
            yield "labels", ", ".join(entity.labels)
        elif entity.attributes:
            for name, attribute in entity.attributes.items():
                yield f"attribute {name}", self._named_type(attribute.type)
        else:
            yield "definition", self._statement(entity)
            yield "constraints", ", ".join(sorted(constraint.name for constraint in entity.constraints))
            yield "not null", "yes" if entity.not_null else ""

    # Text.

    def _words(self, entity: Any) -> list[str]:
        text = self._text(entity.path)
        words = [*tokens(text[entity.span.start : entity.span.end if entity.span.end >= 0 else None])]
        return [words[0], *words[3:]] if words[1:3] == ["or", "replace"] else words

    def _statement(self, entity: Any) -> str:
        return spelt(self._words(entity)).rstrip(";")

    def _element(self, path: str, start: int) -> list[str]:
        text = self._text(path)
        return [*tokens(text[start : element_end(text, start)])] if start >= 0 else []


def _at(words: list[str], word: str) -> int:
    return words.index(word) if word in words else 0


def _behind_as(words: list[str]) -> str:
    rest = words[_at(words, "as") + 1 :] if "as" in words else words
    return spelt(rest).rstrip(";")


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    """The words of a function without its body, and those of its body."""
    for at, word in enumerate(words):
        if word == "$$":
            end = len(words) - 1 - words[::-1].index("$$")
            return [*words[:at], *words[end + 1 :]], words[at + 1 : end]
        if word == "as" and words[at + 1 : at + 2] and words[at + 1].startswith(("'", "e'")):
            return [*words[:at], *words[at + 2 :]], [words[at + 1]]
        if word in ("return", "begin"):
            return words[:at], words[at:]
    return words, []


def _bound(table: Table) -> str:
    bound = table.bound
    if bound is None:
        return "default" if table.fact.default_partition else ""
    values = [*bound.lower, *bound.upper, *bound.values]
    return f"{bound.strategy} {', '.join(values)} {bound.modulus or ''} {bound.remainder or ''}".strip()


__all__ = ["Aspects", "Definitions"]
