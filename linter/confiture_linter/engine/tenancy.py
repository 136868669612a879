"""Which tables hold rows of tenants (`tenancy:` of the configuration)."""

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import Column, Entity, Table, View
from confiture_linter.config import Config, compile_object_globs


class Tenancies:
    """Answers questions about tenancy; all are False or None where no tenancy is configured."""

    def __init__(self, config: Config, catalog: Catalog) -> None:
        self.settings = config.tenancy
        self.catalog = catalog
        tenancy = config.tenancy
        self._covered = compile_object_globs(tenancy.tables) if tenancy else None
        self._exempt = compile_object_globs(tenancy.exempt) if tenancy and tenancy.exempt else None
        self._required: dict[int, bool] = {}

    def __bool__(self) -> bool:
        """Whether tenancy is configured."""
        return self.settings is not None

    @property
    def column(self) -> str:
        """Name of the tenant column; empty without tenancy."""
        return self.settings.column if self.settings else ""

    @property
    def type(self) -> str:
        """Type of the tenant column as configured; empty without tenancy."""
        return self.settings.type if self.settings else ""

    @property
    def setting(self) -> str:
        """The run-time setting that policies read; empty if none is configured."""
        return (self.settings.setting or "") if self.settings else ""

    @property
    def root(self) -> Table | None:
        """The table with one row a tenant."""
        if self.settings is None or not self.settings.root:
            return None
        schema, _, name = self.settings.root.rpartition(".")
        found = self.catalog.relation(schema, name, self.catalog.default_path)
        return found if isinstance(found, Table) else None

    def required(self, table: Entity) -> bool:
        """Whether a table must carry the tenant column: covered, not exempt, not the root."""
        if self._covered is None or not isinstance(table, Table):
            return False
        key = id(table)
        known = self._required.get(key)
        if known is None:
            name = table.identity
            known = (
                self._covered(name)
                and not (self._exempt is not None and self._exempt(name))
                and table is not self.root
            )
            self._required[key] = known
        return known

    def is_tenant(self, table: Entity | None) -> bool:
        """Whether a table holds rows of tenants: it must carry the column, and does."""
        return isinstance(table, Table) and self.required(table) and self.column in table.columns

    def column_of(self, table: Table) -> Column | None:
        """The tenant column of a table."""
        return table.columns.get(self.column) if self.settings else None

    def reads_tenants(self, view: View) -> list[Table]:
        """Tenant tables that a view names itself, in order, each once."""
        found: dict[int, Table] = {}
        for ref in view.statement.refs:
            if ref.kind == "relation":
                target = self.catalog.relation(ref.schema, ref.name, self.catalog.default_path)
                if isinstance(target, Table) and self.is_tenant(target):
                    found[id(target)] = target
        return list(found.values())
