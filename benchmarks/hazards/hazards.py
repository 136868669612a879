"""Which family a hazard belongs to, and which findings of which linter are about it.

A hazard is named as in the catalogue that the rules of this project were written from. A rule of ours is a hit if it
has the hazard's name, or one of the names here: the same hazard under another heading, or the more general rule that
is entitled to speak. Peers are treated more kindly: every finding of theirs counts, but for those listed as style.
"""

FAMILIES: dict[str, dict[str, tuple[str, ...]]] = {
    "rewrites and long locks": {
        "add-column-volatile-default": (),
        "add-column-volatile-default-hidden": ("add-column-volatile-default",),
        "add-column-serial": (),
        "add-column-identity": (),
        "add-column-stored-generated": (),
        "add-column-constrained-domain": (),
        "change-column-type-rewrite": (),
        "change-column-type-narrowing": ("change-column-type-rewrite",),
        "change-column-type-timezone-dependent": ("change-column-type-rewrite",),
        "change-column-type-with-using": ("change-column-type-rewrite",),
        "change-column-type-indexed": (),
        "change-column-type-rechecks-constraints": (),
        "change-column-collation": ("change-column-type-indexed",),
        "alter-generated-expression": (),
        "set-logged-unlogged": (),
        "set-access-method": (),
        "set-tablespace": (),
        "vacuum-full": (),
        "cluster-table": (),
        "refresh-matview-non-concurrent": (),
        "refresh-matview-concurrently-without-unique-index": ("statement-refused",),
        "explicit-lock-table": (),
        "create-rule": (),
        "create-trigger-lock": (),
        "enable-disable-trigger": ("disable-trigger",),
        "drop-table-locks-referenced": (),
        "rls-toggle-lock": ("row-security-switched",),
        "statement-after-access-exclusive": (
            "statement-after-write-blocking-lock",
            "validate-while-holding-lock",
        ),
        "statement-after-write-blocking-lock": ("statement-after-access-exclusive",),
        "lock-order-inversion": (),
    },
    "blocking scans": {
        "add-foreign-key-without-not-valid": (),
        "add-foreign-key-locks-referenced": (),
        "add-column-inline-references": ("add-foreign-key-without-not-valid",),
        "add-check-without-not-valid": (),
        "add-column-inline-check": ("add-check-without-not-valid",),
        "set-not-null": (),
        "set-not-null-unproven": ("set-not-null",),
        "add-column-not-null-without-default": ("statement-refused",),
        "add-unique-constraint": (),
        "add-column-inline-unique": ("add-unique-constraint",),
        "add-primary-key-without-index": (),
        "primary-key-using-index-nullable": (),
        "add-exclusion-constraint": (),
        "validate-constraint-in-same-transaction": ("validate-while-holding-lock",),
        "validate-while-holding-lock": ("statement-after-access-exclusive",),
        "invalid-not-valid-target": ("statement-refused",),
        "domain-add-constraint": (),
        "domain-set-not-null": (),
        "attach-partition-without-check": (),
        "default-partition-scan": ("attach-partition-without-check",),
        "detach-partition-non-concurrent": (),
        "create-partition-of-lock": (),
        "ban-not-enforced-constraint": ("constraint-not-enforced",),
    },
    "indexes": {
        "create-index-non-concurrent": (),
        "drop-index-non-concurrent": (),
        "reindex-non-concurrent": (),
        "concurrent-index-on-partitioned": ("statement-refused",),
        "partitioned-index-fanout": ("partitioned-index-non-concurrent", "create-index-non-concurrent"),
        "invalid-index-retry": (),
        "drop-index-backing-constraint": ("statement-refused",),
        "drop-index-removes-guarantee": (),
        "non-immutable-index-expression": ("statement-refused",),
        "on-conflict-without-unique": ("statement-refused",),
    },
    "keys": {
        "foreign-key-type-mismatch": ("statement-refused",),
        "foreign-key-target-missing": ("missing-object", "statement-refused"),
        "foreign-key-target-not-unique": ("statement-refused",),
        "set-null-on-not-null-column": (),
        "partition-key-not-in-pk": ("partition-key-not-in-primary-key", "statement-refused"),
        "drop-primary-key-breaks-replica-identity": (),
    },
    "destructive": {
        "drop-table": (),
        "drop-column": (),
        "drop-schema": (),
        "drop-cascade": (),
        "drop-type": ("drop-object",),
        "drop-view-with-dependents": ("statement-refused",),
        "truncate": ("statement-refused",),
        "truncate-cascade": ("truncate",),
        "delete-without-where": (),
        "tautological-where": ("delete-without-where", "update-without-where"),
        "update-without-where": (),
        "drop-constraint": (),
        "drop-not-null": (),
        "drop-default": (),
        "drop-policy": ("drop-trigger-or-policy",),
        "drop-trigger": ("drop-trigger-or-policy",),
        "disable-autovacuum": (),
    },
    "compatibility": {
        "rename-column": (),
        "rename-table": (),
        "rename-schema": (),
        "rename-object": (),
        "rename-enum-value": (),
        "set-schema": (),
        "alter-identity": (),
        "drop-generated-expression": (),
        "replace-view-incompatible": ("statement-refused",),
        "replace-function-signature-change": ("ambiguous-overload",),
        "replace-function-return-type": ("statement-refused",),
        "function-volatility-change": (),
        "function-property-lost-on-replace": (),
        "grants-lost-on-drop-recreate": (),
        "change-column-used-by-view": ("statement-refused",),
        "change-column-used-by-plpgsql": ("change-breaks-function-body",),
        "drop-then-recreate": (),
        "composite-type-add-attribute": ("statement-refused",),
    },
    "transactions": {
        "concurrently-in-transaction": ("non-transactional-statement-in-transaction",),
        "non-transactional-statement-in-transaction": (),
        "enum-value-used-in-same-transaction": (),
        "transaction-nesting": (),
        "uncommitted-transaction": (),
        "commit-in-do-or-function": ("commit-in-transaction",),
        "pending-trigger-events": ("deferred-constraint-side-effect",),
        "set-role-without-reset": (),
    },
    "session settings": {
        "lock-timeout-ineffective": (),
        "timeout-too-long": (),
        "statement-timeout-kills-concurrent-build": (),
        "session-replication-role": (),
        "check-function-bodies-off": (),
    },
    "hidden in blocks and functions": {
        "do-block": (),
    },
    "refused, versions and syntax": {
        "feature-newer-than-target": ("syntax-error", "statement-refused"),
        "feature-removed-or-deprecated": ("syntax-error",),
        "syntax-error": (),
        "if-not-exists-hides-drift": (),
        "statement-refused": (
            "missing-object",
            "missing-column",
            "duplicate-object",
            "multiple-primary-keys",
        ),
    },
}
"""Family to hazards to the names of ours that speak of it, beside its own."""

OURS = {
    hazard: frozenset((hazard, *rules)) for hazards in FAMILIES.values() for hazard, rules in hazards.items()
}
FAMILY = {hazard: family for family, hazards in FAMILIES.items() for hazard in hazards}

OUR_FAMILIES = frozenset(("locking", "destructive", "compatibility", "transactions", "robustness", "types"))
"""Families of ours in which a finding on a harmless case is a false alarm."""

OUR_STYLE = ("prefer-", "no-", "float-for-money")
"""Beginnings of names of ours that are about taste in types: neither hit nor false alarm."""

SQUAWK_STYLE = frozenset(
    (
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-identity",
        "prefer-text-field",
        "prefer-timestamp-tz",
        "ban-char-field",
        "prefer-robust-stmts",  # IF EXISTS and IF NOT EXISTS
        "require-enum-value-ordering",
        "require-table-schema",
    )
)
SQUAWK_TIMEOUTS = frozenset(("require-lock-timeout", "require-statement-timeout"))
"""Said of nearly every file, harmful or not: counted only in the family of session settings, there as hits alone."""

PGRUBIC_HAZARDS = ("US", "CT004", "GN002", "GN015", "GN019", "GN022", "GN023", "GN032")
"""Beginnings of the codes that are about hazards; all others are naming, typing, schema and style."""
