"""Reads the catalogs of a PostgreSQL database into a `Snapshot`.

Objects of extensions are left out; an edge to one leads to the extension. What belongs to a relation
(constraint, index, trigger, policy, rule, default) is named under it, and its dependencies are the relation's.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.oracle.snapshot import Edge, Properties, Snapshot, plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

_OWN = """n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e' AND x.classid = '{table}'::regclass
                    AND x.objid = {oid})"""


def _own(table: str, oid: str) -> str:
    return _OWN.format(table=table, oid=oid)


def _owner(column: str) -> str:
    """The owner's name, empty for the role that builds the tree."""
    return f"CASE WHEN {column} = current_user::regrole THEN '' ELSE pg_get_userbyid({column})::text END"


_MEMBER = "NOT EXISTS (SELECT FROM pg_depend x WHERE x.deptype = 'e' AND x.classid = '{}'::regclass AND x.objid = {})"

_SCHEMAS = f"""
SELECT n.nspname, obj_description(n.oid, 'pg_namespace'), {_owner("n.nspowner")} FROM pg_namespace n
WHERE n.oid >= 16384 AND n.nspname !~ '^pg_(toast|temp)' AND """ + _MEMBER.format("pg_namespace", "n.oid")

_RELATIONS = f"""
SELECT n.nspname || '.' || c.relname,
       CASE WHEN c.relkind IN ('r', 'p', 'f') THEN 'table' WHEN c.relkind = 'v' THEN 'view' ELSE 'materialized_view' END,
       CASE p.partstrat WHEN 'r' THEN 'range' WHEN 'l' THEN 'list' WHEN 'h' THEN 'hash' ELSE '' END,
       c.relrowsecurity, c.relforcerowsecurity, coalesce(obj_description(c.oid, 'pg_class'), ''),
       CASE WHEN c.relkind IN ('r', 'p', 'f')
            THEN (SELECT coalesce(array_agg(i.inhparent::regclass::text ORDER BY i.inhseqno), '{{}}') FROM pg_inherits i WHERE i.inhrelid = c.oid)
            ELSE '{{}}' END,
       {_owner("c.relowner")}, c.relpersistence = 'u'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {_own("pg_class", "c.oid")}"""

_COLUMNS = f"""
SELECT n.nspname || '.' || c.relname, c.relkind IN ('v', 'm'), a.attname, format_type(a.atttypid, a.atttypmod),
       a.attnotnull, a.atthasdef AND a.attgenerated = '', a.attgenerated::text, a.attidentity::text,
       coalesce(col_description(c.oid, a.attnum), ''),
       CASE WHEN a.attcollation <> t.typcollation THEN l.collname::text ELSE '' END
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {_own("pg_class", "c.oid")}"""

_CONSTRAINTS = f"""
SELECT n.nspname || '.' || c.relname || '.' || k.conname, k.contype::text, k.convalidated,
       (SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{{}}')
        FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
        LEFT JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
       (SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{{}}')
        FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
       CASE WHEN k.confrelid <> 0 THEN (SELECT fn.nspname || '.' || fc.relname FROM pg_class fc JOIN pg_namespace fn ON fn.oid = fc.relnamespace WHERE fc.oid = k.confrelid) ELSE '' END, k.condeferrable,
       k.confdeltype::text, k.confupdtype::text
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND {_own("pg_class", "c.oid")}
  AND NOT EXISTS (SELECT FROM pg_constraint q WHERE q.oid = k.conparentid AND q.conrelid = k.conrelid)"""

_INDEXES = f"""
SELECT n.nspname || '.' || i.relname, t.oid::regclass::text, x.indisunique, x.indpred IS NOT NULL, m.amname,
       (SELECT array_agg(coalesce(a.attname::text, '') ORDER BY u.place)
        FROM unnest(x.indkey[0:x.indnkeyatts - 1]) WITH ORDINALITY u (number, place)
        LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.number AND u.number <> 0),
       (SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{{}}')
        FROM unnest(x.indkey[x.indnkeyatts:]) WITH ORDINALITY u (number, place)
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.number)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = i.relnamespace JOIN pg_am m ON m.oid = i.relam
WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
  AND {_own("pg_class", "t.oid")}"""

_SIGNATURE = """coalesce((SELECT string_agg(format_type(u.type, NULL), ',' ORDER BY u.place)
        FROM unnest(p.proargtypes) WITH ORDINALITY u (type, place)), '')"""
_RESULT = """CASE WHEN p.prokind = 'p' THEN '' ELSE CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END || format_type(p.prorettype, NULL) END"""
_NO_RANGE = """NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'i' AND d.classid = 'pg_proc'::regclass
                    AND d.objid = p.oid AND d.refclassid = 'pg_type'::regclass)"""

_FUNCTIONS = f"""
SELECT n.nspname || '.' || p.proname || '(' || {_SIGNATURE} || ')', p.prokind::text, {_RESULT}, p.provolatile::text,
       p.prosecdef, l.lanname, p.proisstrict, coalesce(obj_description(p.oid, 'pg_proc'), ''),
       coalesce(p.proconfig, '{{}}'), {_owner("p.proowner")}
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE {_own("pg_proc", "p.oid")} AND {_NO_RANGE}"""

_TYPES = f"""
SELECT n.nspname || '.' || t.typname, t.typtype::text, t.typnotnull, t.typdefault IS NOT NULL, t.typisdefined,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
            WHEN t.typtype = 'r' THEN (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid) ELSE '' END,
       (SELECT coalesce(array_agg(e.enumlabel::text ORDER BY e.enumsortorder), '{{}}') FROM pg_enum e WHERE e.enumtypid = t.oid),
       (SELECT coalesce(array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum), '{{}}')
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
       (SELECT coalesce(array_agg(k.conname::text ORDER BY k.conname), '{{}}') FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'),
       coalesce(obj_description(t.oid, 'pg_type'), obj_description(t.typrelid, 'pg_class'), ''), {_owner("t.typowner")}
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE t.typtype IN ('e', 'd', 'r', 'c', 'b', 'p') AND (c.oid IS NULL OR c.relkind = 'c')
  AND NOT EXISTS (SELECT FROM pg_type b WHERE b.typarray = t.oid) AND {_own("pg_type", "t.oid")}"""

_TRIGGERS = f"""
SELECT n.nspname || '.' || c.relname || '.' || t.tgname, pn.nspname || '.' || p.proname, t.tgtype::int,
       t.tgqual IS NOT NULL, t.tgenabled::text,
       (SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{{}}') FROM unnest(t.tgattr) WITH ORDINALITY u (number, place)
        JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = u.number)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace pn ON pn.oid = p.pronamespace
WHERE NOT t.tgisinternal AND {_own("pg_class", "c.oid")}"""

_POLICIES = f"""
SELECT n.nspname || '.' || c.relname || '.' || y.polname, y.polcmd::text, y.polpermissive, y.polqual IS NOT NULL,
       y.polwithcheck IS NOT NULL,
       (SELECT coalesce(array_agg(CASE u.role WHEN 0 THEN 'public' ELSE pg_get_userbyid(u.role)::text END ORDER BY 1), '{{}}')
        FROM unnest(y.polroles) u (role))
FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_own("pg_class", "c.oid")}"""

_SEQUENCES = f"""
SELECT n.nspname || '.' || c.relname,
       coalesce((SELECT d.refobjid::regclass::text || '.' || a.attname FROM pg_depend d
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
          AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 LIMIT 1), ''),
       {_owner("c.relowner")}
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' AND {_own("pg_class", "c.oid")}"""

_OTHERS = f"""
SELECT 'operator', n.nspname || '.' || o.oprname FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE {_own("pg_operator", "o.oid")}
UNION ALL SELECT 'operator_class', n.nspname || '.' || o.opcname FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE {_own("pg_opclass", "o.oid")}
UNION ALL SELECT 'collation', n.nspname || '.' || o.collname FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE {_own("pg_collation", "o.oid")}
UNION ALL SELECT 'statistics', n.nspname || '.' || o.stxname FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace
UNION ALL SELECT 'publication', pubname FROM pg_publication
UNION ALL SELECT 'event_trigger', evtname FROM pg_event_trigger t WHERE {_MEMBER.format("pg_event_trigger", "t.oid")}
UNION ALL SELECT 'foreign_server', srvname FROM pg_foreign_server
UNION ALL SELECT 'foreign_data_wrapper', fdwname FROM pg_foreign_data_wrapper f WHERE {_MEMBER.format("pg_foreign_data_wrapper", "f.oid")}
UNION ALL SELECT 'text_search_configuration', n.nspname || '.' || o.cfgname FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace WHERE {_own("pg_ts_config", "o.oid")}
UNION ALL SELECT 'text_search_dictionary', n.nspname || '.' || o.dictname FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace WHERE {_own("pg_ts_dict", "o.oid")}
UNION ALL SELECT 'extension', extname FROM pg_extension WHERE extname <> 'plpgsql'"""

_CONSTRAINT_KINDS = {"p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclude"}
_TYPE_KINDS = {"e": "enum", "d": "domain", "r": "range", "c": "composite", "b": "base", "p": "shell"}
_EVENTS = ((4, "insert"), (8, "delete"), (16, "update"), (32, "truncate"))
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}


def read_server(connection: "Connection") -> Snapshot:
    """Everything of the database that this session is in."""
    connection.execute("SET search_path = ''")
    objects: dict[str, dict[str, Properties]] = {}
    for kind, name, properties in _objects(connection):
        objects.setdefault(kind, {})[name] = properties
    return Snapshot(objects, _edges(connection))


def _objects(connection: "Connection") -> Iterator[tuple[str, str, Properties]]:
    rows = connection.execute
    for name, comment, owner in rows(_SCHEMAS):
        yield "schema", name, {"comment": comment or "", "owner": owner}
    for name, kind, strategy, secured, forced, comment, parents, owner, unlogged in rows(_RELATIONS):
        yield "relation", name, {
            "kind": kind, "partitioned by": strategy, "row security": secured, "row security forced": forced,
            "comment": comment, "parents": tuple(map(plain, parents)), "owner": owner, "unlogged": unlogged,
        }  # fmt: skip
    for table, of_view, name, spelt, not_null, default, generated, identity, comment, collation in rows(
        _COLUMNS
    ):
        if of_view:
            yield "view column", f"{table}.{name}", {"comment": comment, "type": plain(spelt)}
        else:
            yield "column", f"{table}.{name}", {
                "type": plain(spelt), "not null": not_null, "default": default, "generated": generated,
                "identity": identity, "comment": comment, "collation": collation,
            }  # fmt: skip
    for name, kind, valid, columns, targets, target, deferrable, deleting, updating in rows(_CONSTRAINTS):
        found: dict[str, Any] = {"kind": _CONSTRAINT_KINDS[kind], "valid": valid}
        # pg_constraint sorts the columns of a check by number and repeats nothing: it is a set.
        found["columns"] = tuple(
            sorted(c for c in columns if c) if kind == "c" else (c or "" for c in columns)
        )
        if kind == "f":
            found |= {"target": target, "target columns": tuple(targets), "deferrable": deferrable,
                      "on delete": deleting.strip(), "on update": updating.strip()}  # fmt: skip
        yield "constraint", name, found
    for name, table, unique, partial, method, columns, include in rows(_INDEXES):
        yield "index", name, {
            "table": plain(table), "unique": unique, "partial": partial, "method": method,
            "columns": tuple(columns), "include": tuple(include),
        }  # fmt: skip
    for name, kind, result, volatility, definer, language, strict, comment, settings, owner in rows(
        _FUNCTIONS
    ):
        if kind == "a":
            yield "function", plain(name), {"kind": "aggregate", "comment": comment}
        else:
            yield "function", plain(name), {
                "kind": "procedure" if kind == "p" else "function", "result": plain(result), "volatility": volatility,
                "security definer": definer, "language": language, "strict": strict, "comment": comment,
                "settings": tuple(sorted(setting.partition("=")[0].lower() for setting in settings)),
                "owner": owner,
            }  # fmt: skip
    yield from _types(connection)
    for name, function, bits, condition, _enabled, columns in rows(_TRIGGERS):
        yield "trigger", name, {
            "function": function, "timing": "before" if bits & 2 else "instead of" if bits & 64 else "after",
            "row": bool(bits & 1), "events": tuple(sorted(word for bit, word in _EVENTS if bits & bit)),
            "condition": condition, "columns": tuple(columns),
        }  # fmt: skip
    for name, command, permissive, using, check, roles in rows(_POLICIES):
        yield "policy", name, {"command": _COMMANDS[command], "permissive": permissive, "using": using,
                               "check": check, "roles": tuple(sorted(roles))}  # fmt: skip
    for name, owned_by, owner in rows(_SEQUENCES):
        yield "sequence", name, {"owned by": plain(owned_by), "owner": owner}
    for kind, name in rows(_OTHERS):
        yield "other", f"{kind}:{name}", {}


def _types(connection: "Connection") -> Iterator[tuple[str, str, Properties]]:
    for (
        name,
        kind,
        not_null,
        default,
        defined,
        inner,
        labels,
        attributes,
        checks,
        comment,
        owner,
    ) in connection.execute(_TYPES):
        form = _TYPE_KINDS[kind] if defined else "shell"
        found: dict[str, Any] = {"kind": form, "comment": comment, "owner": owner}
        if kind == "e":
            found["labels"] = tuple(labels)
        elif kind == "c":
            found["attributes"] = tuple(map(plain, attributes))
        elif kind in "dr":
            found["base"] = plain(inner)
        if kind == "d":
            found |= {"not null": not_null, "default": default, "checks": tuple(checks)}
        yield "type", name, found


# -- edges ---------------------------------------------------------------------------------------------

_ADDRESSES = f"""
SELECT 'pg_namespace'::regclass::oid, n.oid, 'schema:' || n.nspname FROM pg_namespace n
  WHERE n.oid >= 16384 AND n.nspname !~ '^pg_(toast|temp)'
UNION ALL SELECT 'pg_extension'::regclass::oid, oid, 'extension:' || extname FROM pg_extension
UNION ALL SELECT 'pg_class'::regclass::oid, c.oid,
  CASE WHEN c.relkind IN ('r', 'p', 'f') THEN 'table:' WHEN c.relkind = 'v' THEN 'view:' WHEN c.relkind = 'm' THEN 'materialized_view:'
       WHEN c.relkind = 'S' THEN 'sequence:' ELSE 'type:' END || n.nspname || '.' || c.relname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND {_own("pg_class", "c.oid")}
UNION ALL SELECT 'pg_type'::regclass::oid, t.oid, 'type:' || n.nspname || '.' || t.typname
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typrelid = 0 AND t.typtype <> 'm' AND NOT EXISTS (SELECT FROM pg_type b WHERE b.typarray = t.oid) AND {_own("pg_type", "t.oid")}
UNION ALL SELECT 'pg_proc'::regclass::oid, p.oid, 'function:' || n.nspname || '.' || p.proname || '(' || {_SIGNATURE} || ')'
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_own("pg_proc", "p.oid")} AND {_NO_RANGE}
UNION ALL SELECT 'pg_operator'::regclass::oid, o.oid, 'operator:' || n.nspname || '.' || o.oprname
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE {_own("pg_operator", "o.oid")}
UNION ALL SELECT 'pg_opclass'::regclass::oid, o.oid, 'operator_class:' || n.nspname || '.' || o.opcname
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE {_own("pg_opclass", "o.oid")}
UNION ALL SELECT 'pg_opfamily'::regclass::oid, o.oid, coalesce('operator_class:' || n.nspname ||
    '.' || (SELECT min(c.opcname) FROM pg_opclass c WHERE c.opcfamily = o.oid AND c.opcname = o.opfname), 'operator_family:' || n.nspname || '.' || o.opfname)
  FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace WHERE {_own("pg_opfamily", "o.oid")}
UNION ALL SELECT 'pg_collation'::regclass::oid, o.oid, 'collation:' || n.nspname || '.' || o.collname
  FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE {_own("pg_collation", "o.oid")}
UNION ALL SELECT 'pg_statistic_ext'::regclass::oid, o.oid, 'statistics:' || n.nspname || '.' || o.stxname
  FROM pg_statistic_ext o JOIN pg_namespace n ON n.oid = o.stxnamespace
UNION ALL SELECT 'pg_publication'::regclass::oid, oid, 'publication:' || pubname FROM pg_publication
UNION ALL SELECT 'pg_event_trigger'::regclass::oid, oid, 'event_trigger:' || evtname FROM pg_event_trigger
UNION ALL SELECT 'pg_foreign_server'::regclass::oid, oid, 'foreign_server:' || srvname FROM pg_foreign_server
UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass::oid, oid, 'foreign_data_wrapper:' || fdwname FROM pg_foreign_data_wrapper
UNION ALL SELECT 'pg_ts_config'::regclass::oid, o.oid, 'text_search_configuration:' || n.nspname || '.' || o.cfgname
  FROM pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace WHERE {_own("pg_ts_config", "o.oid")}
UNION ALL SELECT 'pg_ts_dict'::regclass::oid, o.oid, 'text_search_dictionary:' || n.nspname || '.' || o.dictname
  FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace WHERE {_own("pg_ts_dict", "o.oid")}
UNION ALL SELECT e.classid, e.objid, 'extension:' || x.extname FROM pg_depend e JOIN pg_extension x ON x.oid = e.refobjid
  WHERE e.deptype = 'e' AND e.refclassid = 'pg_extension'::regclass AND x.extname <> 'plpgsql'"""
"""Objects that are nodes themselves: class, oid, id."""

_OWNERS = """
SELECT 'pg_class'::regclass::oid, indexrelid, 'pg_class'::regclass::oid, indrelid, 'index ' || indexrelid::regclass::text FROM pg_index
UNION ALL SELECT 'pg_constraint'::regclass::oid, oid, CASE WHEN conrelid <> 0 THEN 'pg_class' ELSE 'pg_type' END::regclass::oid,
  CASE WHEN conrelid <> 0 THEN conrelid ELSE contypid END, 'constraint ' || conname FROM pg_constraint
UNION ALL SELECT 'pg_attrdef'::regclass::oid, oid, 'pg_class'::regclass::oid, adrelid, 'default' FROM pg_attrdef
UNION ALL SELECT 'pg_trigger'::regclass::oid, oid, 'pg_class'::regclass::oid, tgrelid, 'trigger ' || tgname FROM pg_trigger
UNION ALL SELECT 'pg_policy'::regclass::oid, oid, 'pg_class'::regclass::oid, polrelid, 'policy ' || polname FROM pg_policy
UNION ALL SELECT 'pg_rewrite'::regclass::oid, oid, 'pg_class'::regclass::oid, ev_class,
  CASE WHEN rulename = '_RETURN' THEN 'query' ELSE 'rule ' || rulename END FROM pg_rewrite
UNION ALL SELECT 'pg_publication_rel'::regclass::oid, oid, 'pg_publication'::regclass::oid, prpubid, 'published' FROM pg_publication_rel
UNION ALL SELECT 'pg_publication_namespace'::regclass::oid, oid, 'pg_publication'::regclass::oid, pnpubid, 'published' FROM pg_publication_namespace
UNION ALL SELECT 'pg_type'::regclass::oid, oid, 'pg_class'::regclass::oid, typrelid, 'row type' FROM pg_type WHERE typrelid <> 0
UNION ALL SELECT 'pg_type'::regclass::oid, typarray, 'pg_type'::regclass::oid, oid, 'array type' FROM pg_type WHERE typarray <> 0
UNION ALL SELECT 'pg_type'::regclass::oid, rngmultitypid, 'pg_type'::regclass::oid, rngtypid, 'multirange' FROM pg_range
UNION ALL SELECT 'pg_proc'::regclass::oid, d.objid, 'pg_type'::regclass::oid, d.refobjid, 'constructor' FROM pg_depend d
  WHERE d.deptype = 'i' AND d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_type'::regclass
UNION ALL SELECT 'pg_amop'::regclass::oid, oid, 'pg_opfamily'::regclass::oid, amopfamily, 'operator' FROM pg_amop
UNION ALL SELECT 'pg_amproc'::regclass::oid, oid, 'pg_opfamily'::regclass::oid, amprocfamily, 'support function' FROM pg_amproc"""
"""What belongs to another object: class, oid, class and oid of the owner, what it is."""

_DEPEND = """
SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d
WHERE d.deptype <> 'e' AND NOT (d.classid = 'pg_trigger'::regclass AND EXISTS (
  SELECT FROM pg_trigger t WHERE t.oid = d.objid AND t.tgisinternal)) AND NOT EXISTS (
  SELECT FROM pg_constraint k JOIN pg_constraint q ON q.oid = k.conparentid AND q.conrelid = k.conrelid
  WHERE d.classid = 'pg_constraint'::regclass AND k.oid = d.objid)"""
"""All dependencies, but for two that nobody wrote: the triggers behind a foreign key, and the copies that a foreign
key to a partitioned table has for each partition."""

_Address = tuple[int, int]


def _edges(connection: "Connection") -> dict[Edge, str]:
    names: dict[_Address, str] = {(c, o): plain(name) for c, o, name in connection.execute(_ADDRESSES)}
    owners: dict[_Address, tuple[_Address, str]] = {
        (c, o): ((oc, oo), what) for c, o, oc, oo, what in connection.execute(_OWNERS)
    }

    def named(address: _Address) -> tuple[str, str]:
        through = ""
        while address not in names and address in owners:
            address, what = owners[address]
            through = through or what
        return names.get(address, ""), through

    found: dict[Edge, str] = {}
    for classid, oid, target_class, target_oid in connection.execute(_DEPEND):
        source, through = named((classid, oid))
        target, _ = named((target_class, target_oid))
        if source and target and source != target and not source.startswith("extension:"):
            found.setdefault(Edge(source, target), through)
    return found
