from collections.abc import Iterator

from confiture_linter.engine.context import Context, File
from confiture_linter.engine.includes import normal_path
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="include-missing",
    subject=File,
    severity=Severity.ERROR,
    bad={
        "db/main.sql": "\\ir tables/w_order.sql\n",
        "db/tables/w_site.sql": "CREATE TABLE w_site (id int PRIMARY KEY);",
    },
    good={
        "db/main.sql": "\\ir tables/w_site.sql\n",
        "db/tables/w_site.sql": "CREATE TABLE w_site (id int PRIMARY KEY);",
    },
    at="\\ir",
)
def include_missing(file: File, ctx: Context) -> Iterator[Finding]:
    """A psql include names a file that is not there.

    psql stops, or goes on without it when ON_ERROR_STOP is off, and the schema is incomplete.

    *When not:* paths with psql variables and absolute paths cannot be judged. A file may also be included
    from another working directory: any file of the tree whose path ends in the name is accepted.

    *Instead:* correct the path, or remove the line.
    """
    if not file.source.includes:
        return
    known = ctx.memo("file-paths", lambda: [f.path for f in ctx.files])
    folder = file.path.rpartition("/")[0]
    for include in file.source.includes:
        wanted = normal_path(f"{folder}/{include.path}" if folder else include.path)
        plain = normal_path(include.path)
        if (
            ":" in include.path
            or include.path.startswith(("/", "~", "`"))
            or ctx.exists(wanted)
            or ctx.exists(plain)
        ):
            continue
        if any(path in (wanted, plain) or path.endswith("/" + plain.lstrip("./")) for path in known):
            continue
        yield file.finding(
            f"included file {include.path} is not there",
            span=include.span,
            help="correct the path, or remove the line",
        )
