"""What hangs on objects that exist: triggers, policies, comments and privileges."""

from typing import TYPE_CHECKING, Any

from confiture_linter.catalog.entities import (
    Entity,
    Function,
    Generic,
    GrantEntry,
    Index,
    Named,
    Policy,
    Table,
    Trigger,
    View,
)
from confiture_linter.catalog.missing import TargetMissing, dotted, path_text
from confiture_linter.catalog.shape import Shapes
from confiture_linter.model import Span
from confiture_linter.statements import facts as f

if TYPE_CHECKING:
    from confiture_linter.catalog.replay import Replay


class Attachments:
    """Attaches things to objects; part of the replay."""

    def __init__(self, replay: "Replay") -> None:
        self.replay = replay
        self.catalog = replay.catalog

    def trigger(self, fact: f.CreateTrigger) -> Entity | None:
        """CREATE TRIGGER."""
        found = self.catalog.relation(fact.table_schema, fact.table)
        if found is None:
            if fact.table in self.catalog.temporary:
                return None
            raise TargetMissing("relation", dotted(fact.table_schema, fact.table), fact.at)
        if not isinstance(found, Table | View):
            return None
        trigger = Trigger(found, fact, self.replay.where.path, self.replay.span())
        self.catalog.temporary.update(fact.transitions)
        trigger.function = trigger_function(self.catalog.overloads(fact.function_schema, fact.function))
        same = [t for t in found.triggers if t.name == fact.name]
        if same and not fact.replace:
            self.replay.conflict("duplicate-object", trigger.identity, "trigger", first=same[0])
            return found
        found.triggers = [t for t in found.triggers if t.name != fact.name]
        found.triggers.append(trigger)
        if isinstance(found, Table) and not found.unknown_columns:
            for name in fact.columns:
                if name not in found.columns:
                    self.replay.conflict("missing-column", f"{found.identity}.{name}", "trigger", first=found)
        return found

    def policy(self, fact: f.CreatePolicy) -> Entity | None:
        """CREATE POLICY and ALTER POLICY."""
        found = self.replay.table(fact.table_schema, fact.table, fact.at)
        if fact.alter:
            for policy in found.policies:
                if policy.name == fact.name:
                    policy.using = fact.using or policy.using
                    policy.check = fact.check or policy.check
                    policy.roles = fact.roles or policy.roles
            return found
        if any(p.name == fact.name for p in found.policies):
            first = next(p for p in found.policies if p.name == fact.name)
            self.replay.conflict("duplicate-object", f"{found.identity}.{fact.name}", "policy", first=first)
            return found
        found.policies.append(Policy(found, fact, self.replay.where.path, self.replay.span()))
        self._policy_columns(found, fact)
        return found

    def _policy_columns(self, table: Table, fact: f.CreatePolicy) -> None:
        if table.unknown_columns:
            return
        for expression in (fact.using, fact.check):
            for use in expression.columns if expression is not None else ():
                if use.qualifier in ("", table.name) and use.name != "*" and use.name not in table.columns:
                    self.replay.conflict(
                        "missing-column",
                        f"{table.identity}.{use.name}",
                        "policy",
                        Span(use.at, -2),
                        first=table,
                    )

    def comment(self, fact: f.Comment) -> Entity | None:
        """COMMENT ON."""
        target = fact.target
        entity = self.replay.find(target)
        if target.kind == "column":
            relation = self._column_owner(target)
            if isinstance(relation, Table):
                column = relation.columns.get(target.parts[-1])
                if column is not None:
                    column.comment = fact.text
                elif not relation.unknown_columns:
                    self.replay.conflict(
                        "missing-column", f"{relation.identity}.{target.parts[-1]}", "comment", first=relation
                    )
            elif isinstance(relation, View):
                relation.column_comments[target.parts[-1]] = fact.text
                shape = Shapes(self.catalog).view(relation)
                if shape is not None and target.parts[-1] not in shape:
                    self.replay.conflict(
                        "missing-column", f"{relation.identity}.{target.parts[-1]}", "comment", first=relation
                    )
            return None
        if isinstance(entity, Named):
            entity.comment = fact.text
        elif entity is None and target.kind in _FINDABLE:
            raise TargetMissing(target.kind, path_text(target), -1)
        return None

    def _column_owner(self, target: f.ObjectPath) -> Any:
        if len(target.parts) < 2:
            return None
        schema = target.parts[-3] if len(target.parts) > 2 else ""
        found = self.catalog.relation(schema, target.parts[-2])
        if found is None:
            composite = self.catalog.type(schema, target.parts[-2])
            if composite is None and target.parts[-2] not in self.catalog.temporary:
                raise TargetMissing("relation", ".".join(target.parts[:-1]), target.at)
        return found

    def grant(self, fact: f.Grant) -> Entity | None:
        """GRANT and REVOKE."""
        catalog = self.catalog
        catalog.grants.append((self.replay.where, fact))
        for target in fact.targets:
            if fact.all_in_schema:
                for relation in list(catalog.relations.values()):
                    if (
                        relation.schema == target.parts[-1]
                        and not isinstance(relation, Index)
                        and fact.kind == "table"
                    ):
                        self._granted(relation, fact)
                continue
            entity = self.replay.find(target)
            if entity is None and fact.kind in _FINDABLE and not fact.revoke:
                known = fact.kind not in ("table", "sequence") or target.parts[-1] not in catalog.temporary
                system = len(target.parts) > 1 and target.parts[-2] in ("pg_catalog", "information_schema")
                if known and not system and target.parts and not self.replay.references.is_external(target):
                    raise TargetMissing(fact.kind, path_text(target), target.at)
            if entity is not None:
                self._granted(entity, fact)
        return None

    def _granted(self, entity: Any, fact: f.Grant) -> None:
        if hasattr(entity, "grants"):
            if fact.revoke:
                if isinstance(entity, Function) and "public" in fact.grantees:
                    entity.revoked_public = True
                entity.grants = [left for grant in entity.grants for left in _revoked(grant, fact)]
            else:
                entity.grants.append(
                    GrantEntry(entity.identity, fact, self.replay.where.path, self.replay.span())
                )


def trigger_function(candidates: list[Function | Generic]) -> Function | None:
    """The one of several functions of a name that a trigger can run: it takes no arguments."""
    functions = [candidate for candidate in candidates if isinstance(candidate, Function)]
    return next((f for f in functions if not f.signature), functions[0] if functions else None)


def _revoked(grant: GrantEntry, fact: f.Grant) -> list[GrantEntry]:
    """What is left of a grant after a REVOKE: the other grantees whole, those named with the other privileges."""
    named = tuple(name for name in grant.fact.grantees if name in fact.grantees)
    if not named:
        return [grant]
    others = tuple(name for name in grant.fact.grantees if name not in fact.grantees)
    kept = grant.fact.privileges
    if fact.privileges == ("all",):
        kept = ()
    elif kept != ("all",):  # of ALL less something, something is left
        kept = tuple(privilege for privilege in kept if privilege not in fact.privileges)
    left = [(others, grant.fact.privileges), (named, kept)]
    return [
        GrantEntry(
            grant.object, grant.fact._replace(grantees=names, privileges=privileges), grant.path, grant.span
        )
        for names, privileges in left
        if names and privileges
    ]


_FINDABLE = frozenset(
    {
        "table",
        "view",
        "materialized view",
        "sequence",
        "foreign table",
        "function",
        "procedure",
        "type",
        "domain",
    }
)
"""Kinds of objects whose absence is certain, since all of them are tracked."""
