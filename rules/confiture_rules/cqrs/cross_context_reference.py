from collections.abc import Callable, Iterator

from confiture_linter.catalog import Catalog
from confiture_linter.catalog.entities import TOKEN
from confiture_linter.engine.context import Context, compile_globs
from confiture_linter.model import Finding, Preset, Severity, Span, rule

Contexts = list[tuple[str, Callable[[str], bool]]]


@rule(
    name="cross-context-reference",
    subject=Catalog,
    severity=Severity.INFO,
    preset=Preset.ALL,
    options={"contexts": {}, "allowed": {}},
    config="lint: {rules: {cross-context-reference: {options: {contexts: "
    '{sales: ["db/sales/**"], billing: ["db/billing/**"]}, allowed: {billing: [sales]}}}}}',
    bad={
        "db/billing/10.sql": "CREATE TABLE w_invoice (id int PRIMARY KEY);",
        "db/sales/20.sql": "CREATE TABLE w_order (id int PRIMARY KEY, invoice_id int REFERENCES w_invoice);",
    },
    good={
        "db/sales/10.sql": "CREATE TABLE w_order (id int PRIMARY KEY);",
        "db/billing/20.sql": "CREATE TABLE w_invoice (id int PRIMARY KEY, order_id int REFERENCES w_order);",
    },
    at="w_invoice",
)
def cross_context_reference(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """An object of one context depends on an object of another.

    Bounded contexts stay separable as long as they meet in few places that are declared.

    *When not:* `contexts` (name to path globs) is empty: nothing is reported. `allowed` says which contexts one
    may depend on.

    *Instead:* keep the identifier without the reference, or read a projection of one's own.
    """
    globs = ctx.options["contexts"]
    if not globs:
        return
    contexts: Contexts = [(name, compile_globs(tuple(paths))) for name, paths in globs.items()]
    places: dict[str, str] = {}
    seen: set[tuple[int, int]] = set()
    for edge in catalog.edges:
        if edge.source is None or edge.ref.use == "grant":
            continue
        here, there = (
            _context(edge.where.path, contexts, places),
            _context(edge.target.path, contexts, places),
        )
        if not here or not there or here == there or there in ctx.options["allowed"].get(here, ()):
            continue
        if (id(edge.source), id(edge.target)) not in seen:
            seen.add((id(edge.source), id(edge.target)))
            yield Finding(
                edge.where.path,
                Span(edge.ref.at, TOKEN),
                f"{edge.source.identity} of context {here} depends on {edge.target.identity} of context {there}",
                edge.source.identity,
                f"remove the dependency, or add {there} to allowed: {{{here}: […]}} of this rule",
            )


def _context(path: str, contexts: Contexts, places: dict[str, str]) -> str:
    if path not in places:
        places[path] = next((name for name, matches in contexts if matches(path)), "")
    return places[path]
