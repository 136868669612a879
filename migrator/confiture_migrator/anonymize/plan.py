"""A profile against two live databases → what is copied and how; or every problem, before the first row.

What a reader of the profile can put right has the place in the profile; what is wrong with the databases has its name.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from confiture_linter.config.reader import suggestion
from confiture_linter.model import ConfigError, Problem
from confiture_linter.profiles import ColumnRule, Profile, Spec, TableRule, personal_kind
from confiture_migrator.anonymize.compiled import Masked, masked
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import Column, ForeignKey, Live, Table
from confiture_migrator.anonymize.strategies.values import Unfit
from confiture_migrator.errors import MigrateError


class TablePlan(NamedTuple):
    """One table that is copied."""

    table: Table
    columns: tuple[tuple[Column, Spec | None], ...]
    """The columns that are copied, with their strategy; None: nothing is said about it."""

    def compiled(self, keyring: Keyring) -> tuple[Masked, ...]:
        """What is selected for each column."""
        return tuple(masked(column, spec, self.table, keyring) for column, spec in self.columns)


class CopyPlan(NamedTuple):
    """What is copied from where."""

    profile: Profile
    tables: tuple[TablePlan, ...]
    skipped: tuple[str, ...]
    keys: tuple[ForeignKey, ...]
    """Foreign keys of the target between tables that are copied."""
    tenant: str
    """The tenant column; empty without tenancy."""
    notes: tuple[str, ...]


def make_plan(
    profile: Profile,
    source: Live,
    target: Live,
    keyring: Keyring,
    tenant: str = "",
    path: Sequence[str] = ("public",),
) -> CopyPlan:
    """Check everything and return the plan; raises `ConfigError` or `MigrateError` with every problem."""
    _keys_are_set(profile, keyring)
    made = _Planner(profile, source, target, keyring, tenant, path)
    return made.plan()


def _keys_are_set(profile: Profile, keyring: Keyring) -> None:
    missing = []
    for variable in profile.keys:
        try:
            keyring.keyed(variable)
        except MigrateError:
            missing.append(variable)
    if missing:
        raise MigrateError(
            f"the profile needs a key, and the environment variable {', '.join(missing)} is not set: "
            "set it to a long random text, the same one in every run whose results are to agree"
        )


class _Planner:
    def __init__(
        self, profile: Profile, source: Live, target: Live, keyring: Keyring, tenant: str, path: Sequence[str]
    ) -> None:
        self.profile = profile
        self.source = source
        self.target = target
        self.keyring = keyring
        self.tenant = tenant
        self.path = path
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.rules: dict[str, TableRule] = {}

    def plan(self) -> CopyPlan:
        for rule in self.profile.rules:
            name = self._resolve(rule)
            if name and name in self.rules:
                self._problem(rule.line, rule.at, f"table {name} has two rules", "write them into one")
            elif name:
                self.rules[name] = rule
        skipped = tuple(name for name, rule in self.rules.items() if rule.skip)
        tables = [self._table(table) for name, table in self.source.tables.items() if name not in skipped]
        copied = {plan.table.full: plan for plan in tables}
        self._foreign_keys(copied, skipped)
        if self.problems:
            raise ConfigError(tuple(sorted(set(self.problems), key=lambda problem: problem[1:4])))
        keys = tuple(key for key in self.target.keys if key.table in copied and key.target in copied)
        return CopyPlan(self.profile, tuple(tables), skipped, keys, self.tenant, tuple(self.notes))

    def _problem(self, line: int, column: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.profile.path, line, column, message, hint))

    def _resolve(self, rule: TableRule) -> str:
        """The table that a rule means."""
        name = rule.table
        candidates = [name] if "." in name else [f"{schema}.{name}" for schema in self.path]
        found = [each for each in candidates if each in self.source.tables][:1]
        if not found and "." not in name:
            found = [full for full, table in self.source.tables.items() if table.name == name]
        if len(found) == 1:
            return found[0]
        partition = next(
            (root for part, root in self.source.partitions.items() if name in (part, part.partition(".")[2])),
            "",
        )
        if found:
            self._problem(
                rule.line, rule.at, f"table {name} is in several schemas", f"write one of {', '.join(found)}"
            )
        elif partition:
            self._problem(
                rule.line, rule.at, f"{name} is a partition", f"the rule is for the whole table {partition}"
            )
        else:
            names = [*self.source.tables, *(table.name for table in self.source.tables.values())]
            self._problem(rule.line, rule.at, f"the source has no table {name}", suggestion(name, names))
        return ""

    def _table(self, table: Table) -> TablePlan:
        rule = self.rules.get(table.full)
        by_name = {column.column: column for column in rule.columns} if rule else {}
        for name, given in by_name.items():
            if table.column(name) is None:
                hint = suggestion(name, [column.name for column in table.columns])
                self._problem(given.line, given.at, f"table {table.full} has no column {name}", hint)
        twin = self.target.tables.get(table.full)
        self._twins(table, twin)
        columns: list[tuple[Column, Spec | None]] = []
        for column in table.columns:
            given_rule = by_name.get(column.name)
            other = twin.column(column.name) if twin else None
            strict = column._replace(not_null=column.not_null or bool(other and other.not_null))
            if column.generated:
                if given_rule:
                    self._problem(
                        given_rule.line,
                        given_rule.at,
                        f"column {column.name} is generated",
                        "mask what it is generated from",
                    )
                continue
            if given_rule is None:
                self._uncovered(table, column, rule)
            else:
                self._masked(table, twin, strict, given_rule)
            columns.append((strict, given_rule.spec if given_rule else None))
        return TablePlan(table, tuple(columns))

    def _masked(self, table: Table, twin: Table | None, column: Column, rule: ColumnRule) -> None:
        spec = rule.spec
        if column.name == self.tenant and spec.type != "keep":
            self._problem(
                rule.line,
                rule.at,
                f"{column.name} is the tenant column, which is never changed",
                "write {type: keep}, or nothing",
            )
            return
        try:
            compiled = masked(column, spec, table, self.keyring).compiled
            masked(column, spec, table, self.keyring, python=True)
        except Unfit as error:
            self._problem(spec.line, spec.column, f"{table.full}.{column.name}: {error}")
            return
        if compiled is None or compiled.untouched:
            return
        for name, on in dict.fromkeys((*table.unique, *(twin.unique if twin else ()))):
            if column.name in on and compiled.repeats and not self._told_apart(table, on, column.name):
                self._problem(
                    rule.line,
                    rule.at,
                    f"{table.full}.{column.name} is in the unique index {name}, and {compiled.repeats}",
                    "use hash or email, or null where the column allows it",
                )
            elif column.name in on and compiled.crowded:
                self.notes.append(
                    f"{table.full}.{column.name} is unique, and {compiled.crowded}: two may become the same, which stops the copy"
                )

    def _told_apart(self, table: Table, on: tuple[str, ...], name: str) -> bool:
        """Whether the other columns of a unique index are unique without this one."""
        rest = set(on) - {name}
        return any(set(columns) <= rest and columns for _, columns in table.unique)

    def _uncovered(self, table: Table, column: Column, rule: TableRule | None) -> None:
        kind = personal_kind(
            column.name, _plain(column), plain_text=column.type.kind in ("text", "composite")
        )
        if kind and column.name != self.tenant:
            line, at = (rule.line, rule.at) if rule else (1, 1)
            message = f"{table.full}.{column.name} looks like {kind} and has no rule"
            self._problem(
                line, at, message, f"give it a strategy; {column.name}: {{type: keep}} says that it may stay"
            )

    def _twins(self, table: Table, twin: Table | None) -> None:
        if not table.readable:
            self._problem(
                1, 1, f"the source's role may not read {table.full}", "grant SELECT, or skip the table"
            )
        if twin is None:
            self._problem(
                1, 1, f"the target has no table {table.full}", "build its schema first, or skip the table"
            )
            return
        for column in table.columns:
            other = twin.column(column.name)
            if column.generated:
                continue
            if other is None:
                self._problem(
                    1,
                    1,
                    f"the target's table {table.full} has no column {column.name}",
                    "bring its schema up to date",
                )
            elif other.written != column.written:
                self._problem(
                    1,
                    1,
                    f"{table.full}.{column.name} is {column.written} in the source and {other.written} in the target",
                    "bring the schemas to the same state",
                )
            elif other.generated:
                self._problem(
                    1,
                    1,
                    f"{table.full}.{column.name} is generated in the target only",
                    "bring the schemas to the same state",
                )
        for other in twin.columns:
            if (
                table.column(other.name) is None
                and other.not_null
                and not other.filled
                and not other.generated
            ):
                self._problem(
                    1,
                    1,
                    f"{table.full}.{other.name} is NOT NULL in the target and not in the source",
                    "give it a default",
                )

    def _foreign_keys(self, copied: dict[str, TablePlan], skipped: tuple[str, ...]) -> None:
        for key in dict.fromkeys((*self.source.keys, *self.target.keys)):
            child = copied.get(key.table)
            if child is None:
                continue
            if key.target in skipped:
                if not any(
                    spec is not None and spec.type == "null" for spec in self._specs(child, key.columns)
                ):
                    rule = self.rules[key.target]
                    self._problem(
                        rule.line,
                        rule.at,
                        f"{key.table} refers to {key.target}, which is skipped ({key.name})",
                        f"skip {key.table}, too, or set {', '.join(key.columns)} to null",
                    )
                continue
            parent = copied.get(key.target)
            if parent is not None:
                for problem in self._disagreeing(key, child, parent):
                    line, at = self._place(key)
                    self._problem(line, at, problem, "give both columns the same strategy")

    def _disagreeing(self, key: ForeignKey, child: TablePlan, parent: TablePlan) -> Iterator[str]:
        pairs = zip(
            key.columns,
            key.target_columns,
            self._specs(child, key.columns),
            self._specs(parent, key.target_columns),
            strict=True,
        )
        for mine, theirs, one, other in pairs:
            if one is not None and one.type == "null":
                continue
            left, right = (
                spec if spec is not None and spec.type != "keep" else None for spec in (one, other)
            )
            if left is None and right is None:
                continue
            shown = f"{key.table}.{mine} refers to {key.target}.{theirs} ({key.name})"
            if left is None or right is None or not left.same(right):
                yield f"{shown}, and they are not masked alike: rows would lose each other"
            elif left.type in ("conditional", "json") or left.options.get("per"):
                yield f"{shown}, and {left.type} looks at the row: rows would lose each other"
            else:
                here, there = child.table.column(mine), parent.table.column(theirs)
                if (
                    here
                    and there
                    and not _alike(left, (child.table, here), (parent.table, there), self.keyring)
                ):
                    yield f"{shown}, and {left.type} makes other values of {here.written} than of {there.written}"

    def _specs(self, plan: TablePlan, columns: Sequence[str]) -> list[Spec | None]:
        specs = {column.name: spec for column, spec in plan.columns}
        return [specs.get(name) for name in columns]

    def _place(self, key: ForeignKey) -> tuple[int, int]:
        for table, columns in ((key.table, key.columns), (key.target, key.target_columns)):
            rule = self.rules.get(table)
            for given in rule.columns if rule else ():
                if given.column in columns and given.spec.type != "keep":
                    return given.line, given.at
        return 1, 1


_PROBES = {
    "text": ("a", "someone@corp.example", f"{'x' * 40}@{'y' * 60}.example"),
    "integer": ("1", "40000", "3000000000"),
}
"""Values that show whether a strategy makes the same of two types of one kind."""


def _alike(spec: Spec, one: tuple[Table, Column], other: tuple[Table, Column], keyring: Keyring) -> bool:
    """Whether a strategy makes the same of both columns: of an integer and a bigint it does, of varchar(8) and text not."""
    left, right = one[1].type, other[1].type
    if left.kind != right.kind or left.array != right.array or left.kind not in _PROBES:
        return left._replace(name="") == right._replace(name="")
    try:
        compiled = [
            masked(column, spec, table, keyring, python=True).compiled for table, column in (one, other)
        ]
    except Unfit:
        return True  # told already
    made = [[each.python(probe, {}) for probe in _PROBES[left.kind]] for each in compiled if each is not None]
    return made[0] == made[-1]


def _plain(column: Column) -> str:
    """The name of a type without length and brackets."""
    return column.written.partition("(")[0].removesuffix("[]")
