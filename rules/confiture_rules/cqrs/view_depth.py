from collections.abc import Iterator

from confiture_linter.catalog import View
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule


@rule(
    name="view-depth",
    subject=View,
    severity=Severity.INFO,
    options={"max": 4},
    bad="CREATE VIEW v_1 AS SELECT 1 AS id;\nCREATE VIEW v_2 AS SELECT id FROM v_1;\n"
    "CREATE VIEW v_3 AS SELECT id FROM v_2;\nCREATE VIEW v_4 AS SELECT id FROM v_3;\n"
    "CREATE VIEW v_5 AS SELECT id FROM v_4;",
    good="CREATE VIEW v_1 AS SELECT 1 AS id;\nCREATE VIEW v_2 AS SELECT id FROM v_1;",
    at="v_5",
)
def view_depth(view: View, ctx: Context) -> Iterator[Finding]:
    """A view stands on a tower of views.

    The planner flattens what it can; aggregates and DISTINCT on the way keep filters from reaching the tables,
    and the lowest view can only be changed by dropping all above it.

    *When not:* raise `max`; a materialized view ends the tower, because it is stored.

    *Instead:* read the tables, or the lowest view that has the rows.
    """
    depths: dict[int, int] = ctx.memo("view-depths", dict)
    depth = _depth(view, ctx, depths)
    if depth > ctx.options["max"]:
        yield view.finding(
            f"{view.name} is {depth} views deep",
            at=view.fact.at,
            help=f"read the tables or a lower view, so that at most {ctx.options['max']} views stand on each other",
        )


def _depth(view: View, ctx: Context, depths: dict[int, int]) -> int:
    known = depths.get(id(view))
    if known is None:
        depths[id(view)] = 1
        below = [
            e.target for e in ctx.dependencies.of(view) if isinstance(e.target, View) and e.ref.use == "read"
        ]
        known = 1 + max((_depth(v, ctx, depths) for v in below if not v.materialized), default=0)
        depths[id(view)] = known
    return known
