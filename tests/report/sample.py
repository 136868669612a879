"""One report with everything in it that a renderer can get wrong."""

from collections.abc import Iterable
from typing import Any

from confiture_linter.model import (
    Edit,
    Finding,
    Fix,
    LineIndex,
    Related,
    Report,
    Rule,
    Severity,
    Span,
    Summary,
    Suppression,
    Unanalysed,
)

FILES = {
    "db/00_common/001_tenant.sql": "create schema app;\n\ncreate table app.tenant (\n  id uuid primary key\n);\n",
    "db/01_write/010_order.sql": (
        "-- orders\n"
        "create table app.order (\n"
        "  id uuid primary key,\n"
        "  note text default 'é😀', total float8\n"
        ");\n"
    ),
    "db/01_write/020_crlf.sql": "create table app.line (\r\n\tid int,\r\n\torder_id int\r\n);\r\n",
    "db/02_read/030_宽.sql": "select '宽字符', café, cafe\u0301, a\x1b[31m from app.order; -- \u202e\n",
    "db/02_read/040_long, 100%.sql": "select " + ", ".join(f"column_{n:02}" for n in range(40)) + "\n",
    "db/03_functions/050_dynamic.sql": "do $$ begin execute format('drop %I', x); end $$;\n",
    "db/99_clean.sql": "comment on schema app is 'clean';\n",
}


def span(path: str, text: str, upto: str = "") -> Span:
    """The bytes of the first `text` in a file, to the end of the next `upto`."""
    data = FILES[path].encode()
    start = data.index(text.encode())
    end = start + len(text.encode())
    if upto:
        end = data.index(upto.encode(), end) + len(upto.encode())
    return Span(start, end)


def _check(subject: str, context: object) -> Iterable[Finding]:
    return ()


def rule(name: str, family: str, severity: Severity, summary: str, **more: Any) -> Rule[Any, Any]:
    return Rule(
        name=name,
        family=family,
        subject=str,
        check=_check,
        severity=severity,
        since="0.1",
        summary=summary,
        description=f"**Why.** {summary}\n\n**Instead.** Do as the `good` example does.",
        bad="select 1;",
        good="select 2;",
        at="select",
        **more,
    )


RULES = (
    rule("approximate-number", "types", Severity.WARNING, "Money is kept in a floating-point column."),
    rule("foreign-key-missing", "keys", Severity.INFO, "A column looks like a reference and is none."),
    rule("reserved-word", "naming", Severity.WARNING, "A name must be quoted everywhere."),
    rule("select-order", "style", Severity.INFO, "Columns are not in the order of the table."),
    rule("syntax-error", "syntax", Severity.ERROR, "PostgreSQL refuses the text.", suppressible=False),
    rule(
        "tenant-column-missing",
        "tenancy",
        Severity.ERROR,
        "A table in a tenant schema has no tenant column.",
        security=True,
    ),
    rule("wide-select", "style", Severity.INFO, "A query names more columns than a person reads."),
)

_ORDER = "db/01_write/010_order.sql"
_CRLF = "db/01_write/020_crlf.sql"
_WIDE = "db/02_read/030_宽.sql"
_LONG = "db/02_read/040_long, 100%.sql"
_TENANT = "db/00_common/001_tenant.sql"

FINDINGS = (
    Finding(
        path=_ORDER,
        span=span(_ORDER, "create table app.order", ");"),
        message="table app.order has no column tenant_id",
        object="app.order",
        help="add `tenant_id uuid not null references app.tenant`: row-level security and the export of one "
        "tenant need the column on every row.\nA table that every tenant shares belongs to another schema.",
        related=(Related(_TENANT, span(_TENANT, "app.tenant"), "tenants are declared here"),),
        rule="tenant-column-missing",
        family="tenancy",
        severity=Severity.ERROR,
        fingerprint="1" * 64,
    ),
    Finding(
        path=_ORDER,
        span=span(_ORDER, "app.order"),
        message='"order" is a reserved word',
        object="app.order",
        rule="reserved-word",
        family="naming",
        severity=Severity.WARNING,
        suppressed=Suppression("comment", "the name is older than this rule"),
        fingerprint="2" * 64,
    ),
    Finding(
        path=_ORDER,
        span=span(_ORDER, "total float8"),
        message="column app.order.total is float8",
        object="app.order.total",
        help="use numeric",
        fix=Fix("Change the type to numeric", (Edit(_ORDER, span(_ORDER, "float8"), "numeric"),), safe=False),
        rule="approximate-number",
        family="types",
        severity=Severity.WARNING,
        fingerprint="3" * 64,
    ),
    Finding(
        path=_CRLF,
        span=span(_CRLF, "order_id"),
        message="column app.line.order_id references nothing:\n100% of its values, by name, are ids of app.order",
        object="app.line.order_id",
        help="add a foreign key",
        fix=Fix(
            "Add the foreign key",
            (
                Edit(
                    _CRLF,
                    Span(span(_CRLF, "order_id int").end, span(_CRLF, "order_id int").end),
                    " references app.order",
                ),
            ),
        ),
        related=tuple(
            Related(_ORDER, span(_ORDER, word), f"reason {number}")
            for number, word in enumerate(("app.order", "id", "uuid", "primary key"), 1)
        ),
        rule="foreign-key-missing",
        family="keys",
        severity=Severity.INFO,
        fingerprint="4" * 64,
    ),
    Finding(
        path=_CRLF,
        span=span(_CRLF, "app.line"),
        message="table app.line has no column tenant_id",
        object="app.line",
        rule="tenant-column-missing",
        family="tenancy",
        severity=Severity.ERROR,
        suppressed=Suppression("baseline"),
        fingerprint="5" * 64,
    ),
    Finding(
        path=_WIDE,
        span=span(_WIDE, "cafe\u0301"),
        message="column cafe\u0301 comes after café",
        rule="select-order",
        family="style",
        severity=Severity.INFO,
        fingerprint="6" * 64,
    ),
    Finding(
        path=_WIDE,
        span=span(_WIDE, "from"),
        message='syntax error at or near "from"',
        rule="syntax-error",
        family="syntax",
        severity=Severity.ERROR,
        fingerprint="6" * 64,
    ),
    Finding(
        path=_LONG,
        span=span(_LONG, "column_30"),
        message="column_30 is the 31st column",
        rule="wide-select",
        family="style",
        severity=Severity.INFO,
        fingerprint="7" * 64,
    ),
)

UNANALYSED = (
    Unanalysed(
        "db/03_functions/050_dynamic.sql",
        span("db/03_functions/050_dynamic.sql", "execute format('drop %I', x)"),
        "dynamic SQL: the statement is known only when it runs",
    ),
)

REPORT = Report(
    findings=FINDINGS,
    unanalysed=UNANALYSED,
    summary=Summary(files=7, statements=8, objects=5, errors=2, warnings=1, infos=3, suppressed=2),
    rules=RULES,
    lines={path: LineIndex(text.encode()) for path, text in FILES.items()}.__getitem__,
    files=tuple(FILES),
)

CLEAR = Report(
    findings=(),
    unanalysed=(),
    summary=Summary(files=124, statements=612, objects=498),
    rules=RULES,
    lines=REPORT.lines,
    files=("db/99_clean.sql",),
)


def one(text: str, marked: str | Span, path: str = "a.sql", **more: Any) -> Report:
    """A report of one warning in one file."""
    data = text.encode()
    if isinstance(marked, str):
        start = data.index(marked.encode())
        marked = Span(start, start + len(marked.encode()))
    values: dict[str, Any] = {"message": "wrong", "rule": "wide-select", "family": "style"} | more
    finding = Finding(path=path, span=marked, **values)
    return Report(
        (finding,), (), Summary(1, 1, 1, warnings=1), RULES, {path: LineIndex(data)}.__getitem__, (path,)
    )
