from collections.abc import Iterator

from confiture_linter.effects import Change
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.locking.sizes import GIGABYTE, Sizes


@rule(
    name="rewrite-disk-headroom",
    subject=Change,
    severity=Severity.WARNING,
    options={"gigabytes": {}, "least": 10},
    config="lint: {rules: {rewrite-disk-headroom: {options: {gigabytes: {'*w_order': 120}}}}}",
    given="CREATE TABLE w_order (id int PRIMARY KEY, code varchar(20));",
    bad="ALTER TABLE w_order ALTER COLUMN id TYPE bigint;",
    good="ALTER TABLE w_order ALTER COLUMN code TYPE varchar(40);",
    at="ALTER TABLE",
)
def rewrite_disk_headroom(change: Change, ctx: Context) -> Iterator[Finding]:
    """A table is written anew, and the old one stays on disk until the commit.

    Table and indexes are there twice meanwhile, the same amount goes through the WAL, and replicas lag behind by it: a
    disk without that room fills up, and the server stops.

    *When not:* the table is smaller than `least` gigabytes, or its size is not known: sizes come from the snapshot
    (`migrations.snapshot`), or from `gigabytes` (object glob to number).

    *Instead:* make sure of the room on the server and on each replica, or move the rows in batches.
    """
    if change.effects.error or not change.effects.rewrites:
        return
    sizes = Sizes(ctx)
    for name in change.effects.rewrites:
        size = sizes.get(name) if not change.is_new(name) else None
        total = (size.bytes + size.index_bytes) / GIGABYTE if size is not None else 0
        if total >= ctx.options["least"]:
            yield change.finding(
                f"{name} is written anew: {total:,.0f} GB more on disk until the commit, and as much WAL",
                object=name,
                help="make sure of the room on the server and on each replica, or move the rows in batches",
            )
