from collections.abc import Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, Span, rule
from confiture_linter.statements.facts import (
    Body,
    CreateFunction,
    CreateOther,
    CreateRole,
    DoBlock,
    Fact,
    Ref,
)
from confiture_rules.security.nested_statements import statements_anywhere

_PLACEHOLDERS = ("${", "{{", "%(", "%s", "<%", "$(", "@@", "#{", ":'", "<")
_SERVERS = ("user mapping", "foreign server")


@rule(
    name="hardcoded-secret",
    subject=Catalog,
    severity=Severity.ERROR,
    bad="CREATE ROLE app_collector LOGIN PASSWORD 'Toner-2024!';",
    good="CREATE ROLE app_collector LOGIN;",
    at="CREATE ROLE app_collector",
    security=True,
)
def hardcoded_secret(_catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    r"""A password stands in the SQL.

    It is in every clone and every backup of the repository, in the server's log, and it never changes.

    *When not:* PASSWORD NULL, SCRAM verifiers and placeholders (`${APP_PASSWORD}`) are not reported.

    *Instead:* create the role without a password and set it where secrets are kept: `\password` in psql,
    Ansible, a vault.
    """
    for path, statement in statements_anywhere(ctx):
        found = _secret(statement.fact)
        if found is not None:
            what, name = found
            yield Finding(
                path,
                Span(statement.start, statement.end),
                f"the password of {what} {name} stands in the source",
                name,
                "leave it out, set it outside of the repository, and change the one that was published",
            )
        for ref in (*statement.refs, *_body_refs(statement.fact)):
            if ref.kind == "function" and ref.name.startswith("dblink") and _in_connection(ref.text):
                yield Finding(
                    path,
                    Span(ref.at, -2),
                    f"a password stands in the connection string of {ref.name}",
                    ref.name,
                    "use a foreign server and a user mapping that is created outside of the repository",
                )


def _body_refs(fact: Fact) -> tuple[Ref, ...]:
    body: Body | None = fact.body if isinstance(fact, CreateFunction | DoBlock) else None
    return body.refs if body is not None else ()


def _secret(fact: Fact) -> tuple[str, str] | None:
    """What a statement gives a literal password to, and its name."""
    if isinstance(fact, CreateRole):
        what = "role"
    elif isinstance(fact, CreateOther) and fact.kind in _SERVERS:
        what = fact.kind
    else:
        return None
    given = dict(fact.options).get("password", "")
    return (what, fact.name) if _literal(given) else None


def _literal(text: str) -> bool:
    """Whether a password is one: no NULL, no verifier, no placeholder."""
    return text not in ("", "true") and not text.startswith("SCRAM-SHA-256$") and not _placeholder(text)


def _placeholder(text: str) -> bool:
    return any(mark in text for mark in _PLACEHOLDERS) or text.startswith((":", "$"))


def _in_connection(text: str) -> bool:
    _, given, value = text.partition("password=")
    return bool(given) and value[:1] not in ("", " ", "'", "$", ":") and not _placeholder(value)
