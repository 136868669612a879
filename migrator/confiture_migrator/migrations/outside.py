"""Statements that PostgreSQL refuses inside a transaction block, and what an interrupted one leaves behind.

From the calls of `PreventInTransactionBlock` in src/backend/tcop/utility.c and the commands it dispatches to. Those
that cannot be told from the text (REINDEX and CLUSTER of a partitioned table, procedures that commit) PostgreSQL
reports with SQLSTATE 25001 or 2D000 when they run.
"""

from typing import NamedTuple

from confiture_linter.parse import RawStatement


class Outside(NamedTuple):
    """A statement that runs on its own, outside a transaction."""

    action: str
    """`create-index`, `drop-index`, `reindex`, `detach`, `create-database`, `drop-database`, `repeatable`, `once`."""
    schema: str = ""
    """Empty: found by the search path."""
    name: str = ""
    table: str = ""
    """The table of an index, the partition that is detached."""
    concurrent: bool = False
    """Whether it waits for old transactions without blocking anybody."""


def outside_of(raw: RawStatement) -> Outside | None:
    """Say why a statement cannot be part of a transaction; None if it can."""
    kind, node = raw.kind, raw.node
    if kind == "IndexStmt" and node.get("concurrent"):
        relation = node["relation"]
        return Outside(
            "create-index", relation.get("schemaname", ""), node.get("idxname", ""), relation["relname"], True
        )
    if kind == "DropStmt" and node.get("concurrent"):
        names = [part["String"]["sval"] for part in node["objects"][0]["List"]["items"]]
        return Outside("drop-index", names[-2] if len(names) > 1 else "", names[-1], concurrent=True)
    if kind == "ReindexStmt":
        return _reindex(node)
    if kind == "AlterTableStmt":
        return _detach(node)
    if kind == "VacuumStmt" and node.get("is_vacuumcmd"):
        return Outside("repeatable")
    if kind == "CreatedbStmt":
        return Outside("create-database", name=node["dbname"])
    if kind == "DropdbStmt":
        return Outside("drop-database", name=node["dbname"])
    if kind in ("AlterSystemStmt", "DiscardStmt"):
        all_of_it = kind == "AlterSystemStmt" or node.get("target") == "DISCARD_ALL"
        return Outside("repeatable") if all_of_it else None
    if kind == "ClusterStmt" and "relation" not in node:
        return Outside("repeatable")
    return Outside("once") if _once(kind, node) else None


def _reindex(node: dict[str, object]) -> Outside | None:
    words = [item["DefElem"]["defname"] for item in node.get("params", ())]  # type: ignore[attr-defined]
    concurrent = "concurrently" in words
    what = node.get("kind")
    if not concurrent and what in ("REINDEX_OBJECT_INDEX", "REINDEX_OBJECT_TABLE"):
        return None
    relation: dict[str, str] = node.get("relation", {})  # type: ignore[assignment]
    name = relation.get("relname", "")
    table = name if what == "REINDEX_OBJECT_TABLE" else ""
    index = name if what == "REINDEX_OBJECT_INDEX" else ""
    return Outside("reindex", relation.get("schemaname", ""), index, table, concurrent)


def _detach(node: dict[str, object]) -> Outside | None:
    for item in node.get("cmds", ()):  # type: ignore[attr-defined]
        command = item.get("AlterTableCmd", {})
        partition = command.get("def", {}).get("PartitionCmd", {})
        if command.get("subtype") == "AT_DetachPartition" and partition.get("concurrent"):
            relation = partition["name"]
            return Outside(
                "detach", relation.get("schemaname", ""), table=relation["relname"], concurrent=True
            )
    return None


_ONCE = frozenset(
    ("CreateTableSpaceStmt", "DropTableSpaceStmt", "CreateSubscriptionStmt", "DropSubscriptionStmt")
)


def _once(kind: str, node: dict[str, object]) -> bool:
    if kind == "AlterDatabaseStmt":
        options = node.get("options", ())
        return any(item["DefElem"]["defname"] == "tablespace" for item in options)  # type: ignore[attr-defined]
    if kind == "CreateSubscriptionStmt":
        for item in node.get("options", ()):  # type: ignore[attr-defined]
            definition = item["DefElem"]
            value = definition.get("arg", {}).get("String", {}).get("sval", "true")
            if definition["defname"] in ("create_slot", "connect") and value in ("false", "off", "0"):
                return False
    return kind in _ONCE
