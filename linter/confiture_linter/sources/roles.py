"""What a file is for, told by its name, its folder and its siblings.

Only what would define an object a second time, or take it away again, is kept out of the schema. A name alone
decides where nobody uses it otherwise (`x.down.sql`); a word that is also a plain English word (`verify/`,
`count_down.sql`) decides only beside its counterpart.
"""

import re
from collections.abc import Mapping, Sequence

Role = tuple[str, str]
"""Role, and why."""

_DIALECTS = (
    "mysql|mysql5|mysql8|mariadb|sqlite|sqlite3|libsql|mssql|sqlserver|tsql|oracle|plsql|h2|hsqldb|derby|db2|"
    "clickhouse|bigquery|snowflake|redshift|duckdb|spark|databricks|hive|trino|presto|cassandra|spanner|vertica"
)
_POSTGRES = "postgres|postgresql|pgsql|psql|pg|pq|postgre"
_OTHER_FOLDERS = frozenset(_DIALECTS.split("|"))
_POSTGRES_FOLDERS = frozenset(_POSTGRES.split("|"))

_SCHEMA_FOLDERS = frozenset(
    (
        "deploy",
        "functions",
        "migrations",
        "procedures",
        "schema",
        "schemas",
        "sql",
        "src",
        "tables",
        "types",
        "views",
    )
)

_FOLDERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "revert": ("revert", frozenset()),
    "reverts": ("revert", frozenset()),
    "rollback": ("down", frozenset()),
    "rollbacks": ("down", frozenset()),
    "down": ("down", frozenset()),
    "undo": ("down", frozenset(("do", "deploy", "migrations", "versioned", "up", "redo"))),
    "verify": ("verify", frozenset(("deploy", "revert", "rollback", "up"))),
    "test": ("verify", _SCHEMA_FOLDERS),
    "tests": ("verify", _SCHEMA_FOLDERS),
}
"""Folder to its role, and the siblings of which it needs one (none: it needs no sibling)."""
_FORWARD = frozenset(("deploy", "up"))

# Nearly no run needs these; `re` compiles each when it is first used.
_DOWN = r"(?i)(?:.+[._-])?(?:down|undo|rollback|revert)\.sql\Z"
_DOWN_CERTAIN = (
    r"(?i)(?:.+\.)?(?:down|undo|rollback|revert)\.sql\Z|\d.*[_-](?:down|undo|rollback|revert)\.sql\Z"
)
_FLYWAY_UNDO = r"U\d[\d._]*__.*\.sql\Z"
_DIALECT = rf"(?i)(.+?)[.](?:{_DIALECTS})((?:\.\w+)*)\.sql\Z"
_DIALECT_WORD = rf"(?i)(?:(.+)[_-])?(?:{_DIALECTS})\.sql\Z"
_FOR_POSTGRES = rf"(?i)(.+?)\.(?:{_POSTGRES})((?:\.\w+)*)\.sql\Z"
_EXTENSION = r"(.+?)--(\w[\w.]*)(--\w[\w.]*)?\.sql\Z"
_TELLING = tuple(f"{word}.sql" for word in ("down", "undo", "rollback", "revert", *_DIALECTS.split("|")))


def assign_roles(paths: Sequence[str], folders: Mapping[str, Sequence[str]]) -> dict[str, Role]:
    """Tell the role of every file that is not `deploy`.

    `folders` maps each folder that was walked to the names of the folders in it.
    """
    known = frozenset(paths)
    roles: dict[str, Role] = {}
    of_folder: dict[str, Role | None] = {"": None}
    scripts: dict[str, list[tuple[str, str, str | None]]] = {}
    replaced: dict[str, Role] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        role = of_folder.get(folder, _UNASKED)
        if role is _UNASKED:
            role = of_folder[folder] = _role_of_folder(folder, folders)
        if role is None and _may_tell(name):
            role = _role_of_name(folder, name, known)
            if role is None and "--" in name and (found := re.match(_EXTENSION, name)):
                scripts.setdefault(f"{folder}/{found[1]}", []).append((path, found[2], found[3]))
        if role is not None:
            roles[path] = role
        elif name.count(".") > 1 and (found := re.match(_FOR_POSTGRES, name)):
            generic = f"{folder}/" if folder else ""
            generic += f"{found[1]}{found[2]}.sql"
            if generic in known:
                replaced[generic] = ("superseded", f"{name} replaces it")
    roles.update(replaced)
    for path in paths:
        # Temporal and Cadence keep what all versions lead to beside them.
        before, versioned, _ = path.partition("/versioned/")
        if versioned and f"{before}/schema.sql" in known:
            roles[f"{before}/schema.sql"] = ("superseded", "what versioned/ leads to")
    if scripts:
        _extension_scripts(scripts, len(paths) - len(roles), roles)
        _generated_scripts(scripts, known, folders, roles)
    return roles


_UNASKED: Role = ("", "")


def _may_tell(name: str) -> bool:
    """Whether a file name can say anything; nearly none can."""
    return (
        name.count(".") > 1
        or "--" in name
        or "@" in name
        or name[0] == "U"
        or name.lower().endswith(_TELLING)
    )


def _role_of_folder(folder: str, folders: Mapping[str, Sequence[str]]) -> Role | None:
    parts = folder.split("/")
    lowered = [part.lower() for part in parts]
    is_forward = not _FORWARD.isdisjoint(lowered)
    for index, part in enumerate(lowered):
        if part in _FOLDERS:
            role, needed = _FOLDERS[part]
            beside = _beside(parts, index, folders)
            if not (_FORWARD | needed).isdisjoint(beside) or (not needed and not is_forward):
                return role, f"in folder {parts[index]}/"
        elif part in _OTHER_FOLDERS and not _POSTGRES_FOLDERS.isdisjoint(_beside(parts, index, folders)):
            return "other-dialect", f"in folder {parts[index]}/, beside one for PostgreSQL"
    return None


def _beside(parts: Sequence[str], index: int, folders: Mapping[str, Sequence[str]]) -> set[str]:
    return {name.lower() for name in folders.get("/".join(parts[:index]), ())}


def _role_of_name(folder: str, name: str, known: frozenset[str]) -> Role | None:
    prefix = f"{folder}/" if folder else ""
    stem = name[:-4]
    if re.match(_DOWN_CERTAIN, name) or re.match(_FLYWAY_UNDO, name):
        return "down", "takes a migration back"
    if re.match(_DOWN, name) and (_counterparts(prefix, stem) & known):
        return "down", "takes a migration back"
    if "@" in name:
        current = f"{stem.partition('@')[0]}.sql"
        if prefix + current in known:
            return "superseded", f"an older version of {current}"
    if re.match(_DIALECT, name):
        return "other-dialect", "named for another database"
    if found := re.match(_DIALECT_WORD, name):
        start = f"{prefix}{found[1]}{name[len(found[1])]}" if found[1] else prefix
        if any(f"{start}{postgres}.sql" in known for postgres in _POSTGRES_FOLDERS):
            return "other-dialect", "named for another database, beside one for PostgreSQL"
    return None


def _counterparts(prefix: str, stem: str) -> set[str]:
    base = re.sub(r"(?i)[._-](?:down|undo|rollback|revert)\Z", "", stem)
    return {
        prefix + base + ending
        for ending in (".sql", "_up.sql", "-up.sql", ".up.sql", "_do.sql", "_deploy.sql")
    }


def _extension_scripts(
    scripts: Mapping[str, Sequence[tuple[str, str, str | None]]], schema_files: int, roles: dict[str, Role]
) -> None:
    """Keep the newest installation script of each extension; updates only where there is nothing else."""
    updates = [path for group in scripts.values() for path, _, update in group if update]
    only_updates = len(updates) == schema_files
    for group in scripts.values():
        installs = [(_natural(version), path) for path, version, update in group if not update]
        newest = max(installs)[1] if installs else ""
        for path, _, update in group:
            if update and (newest or not only_updates):
                roles[path] = ("superseded", "updates an older version of the extension")
            elif not update and path != newest:
                roles[path] = ("superseded", f"an older version of {newest.rpartition('/')[2]}")


def _generated_scripts(
    scripts: Mapping[str, Sequence[tuple[str, str, str | None]]],
    known: frozenset[str],
    folders: Mapping[str, Sequence[str]],
    roles: dict[str, Role],
) -> None:
    """Leave out installation scripts that are made of files which are there themselves."""
    for base, group in scripts.items():
        folder = base.rpartition("/")[0]
        above = folder.rpartition("/")[0]
        source = f"{base}.sql".removeprefix("/")
        packaged = folder.rpartition("/")[2] == "sql" and "deploy" in folders.get(above, ())
        if packaged or source in known:
            for path, _, _ in group:
                roles.setdefault(path, ("superseded", f"made of {'deploy/' if packaged else source}"))


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (int(part), "") if index % 2 else (-1, part) for index, part in enumerate(re.split(r"(\d+)", text))
    )
