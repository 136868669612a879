from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_rules.transactions.said_once import first_blocking


@rule(
    name="missing-application-name",
    subject=Change,
    severity=Severity.INFO,
    preset=Preset.ALL,
    given="CREATE TABLE w_order (id bigint PRIMARY KEY);",
    bad="ALTER TABLE w_order ADD COLUMN note text;",
    good="SET application_name = 'migration 12';\nALTER TABLE w_order ADD COLUMN note text;",
    at="ALTER TABLE",
)
def missing_application_name(change: Change, ctx: Context) -> Iterator[Finding]:
    """Whoever waits for a migration cannot see in pg_stat_activity that it is one.

    *When not:* the script, or the connection of the tool, sets application_name; this is a policy. It is said once a
    file, at the first statement that keeps others waiting.

    *Instead:* SET application_name at the head of the script, or in the connection string.
    """
    if change.settings.get("application_name"):
        return
    name, _ = first_blocking(change)
    if name:
        text = f"SET application_name = 'migration {change.migration.version}';\n"
        yield change.finding(
            f"who waits for {name} does not see that a migration holds it",
            object=name,
            help="`SET application_name = 'migration'` before it, or set it in the connection string",
            fix=change.insertion("set application_name", text, safe=False)
            if "'" not in change.migration.version
            else None,
        )
