"""Each fact here was asked of the servers named in the header of ``data/names.json``."""

import pytest

from confiture_linter.catalog import builtin
from confiture_linter.catalog.builtin import BuiltinCatalog, BuiltinColumn, builtin_catalog

OLDEST, NEWEST = BuiltinCatalog(13), BuiltinCatalog(18)
EVERY = [BuiltinCatalog(major) for major in range(13, 19)]


def test_majors_outside_the_data_are_refused() -> None:
    with pytest.raises(ValueError, match="PostgreSQL 12 is not among 13 to 18"):
        BuiltinCatalog(12)
    assert builtin_catalog(17) is builtin_catalog(17)


@pytest.mark.parametrize("catalog", EVERY, ids=lambda catalog: str(catalog.major))
def test_what_every_major_has(catalog: BuiltinCatalog) -> None:
    assert catalog.accepts("gen_random_uuid", 0)
    assert not catalog.accepts("gen_random_uuid", 1)
    assert catalog.accepts("array_length", 2)
    assert not catalog.accepts("array_length", 1)
    assert [catalog.accepts("current_setting", count) for count in range(4)] == [False, True, True, False]
    assert [catalog.accepts("count", count) for count in range(3)] == [True, True, False]
    assert catalog.accepts("percentile_cont", 2)
    assert {found.volatility for found in catalog.functions("now")} == {"s"}
    assert {found.volatility for found in catalog.functions("random") if not found.arguments} == {"v"}
    assert {found.kind for found in catalog.functions("sum")} == {"a"}
    assert {found.kind for found in catalog.functions("row_number")} == {"w"}
    assert catalog.format_type("int4") == "integer"
    assert catalog.keyword_class("user") == "reserved"
    assert catalog.keyword_class("order") == "reserved"
    assert catalog.keyword_class("name") == "unreserved"
    assert catalog.has_relation("pg_catalog", "pg_class")
    assert "lock_timeout" in catalog.settings
    assert catalog.index_methods == {"btree", "hash", "gist", "gin", "spgist", "brin"}


@pytest.mark.parametrize("catalog", EVERY, ids=lambda catalog: str(catalog.major))
def test_unknown_names(catalog: BuiltinCatalog) -> None:
    assert catalog.functions("no_such_thing") == ()
    assert not catalog.has_function("no_such_thing")
    assert not catalog.accepts("no_such_thing", 1)
    assert catalog.function_since("no_such_thing") is None
    assert catalog.type("no_such_thing") is None
    assert catalog.format_type("no_such_thing") is None
    assert catalog.relation("pg_catalog", "no_such_thing") == ()
    assert catalog.operators("<<<<") == ()
    assert catalog.operator_volatility("<<<<") is None
    assert catalog.keyword_class("no_such_thing") is None
    assert catalog.extension("no_such_thing") is None
    assert catalog.extension_providing_function("no_such_thing") == ()


@pytest.mark.parametrize("name", ["json_table", "coalesce", "greatest", "nullif", "xmlelement", "grouping"])
def test_what_the_grammar_handles_is_no_function(name: str) -> None:
    assert not NEWEST.has_function(name)


@pytest.mark.parametrize(
    ("name", "n_args", "since"),
    [
        ("gen_random_uuid", 0, 13),
        ("abs", 1, 13),
        ("date_bin", 3, 14),
        ("split_part", 3, 13),
        ("string_to_table", 2, 14),
        ("regexp_count", 2, 15),
        ("any_value", 1, 16),
        ("random", 0, 13),
        ("random", 2, 17),
        ("to_bin", 1, 17),
        ("uuidv7", 0, 18),
        ("uuidv7", 1, 18),
        ("uuidv7", 2, None),
        ("casefold", 1, 18),
    ],
)
def test_first_major_of_a_function(name: str, n_args: int, since: int | None) -> None:
    assert OLDEST.function_since(name, n_args) == since
    for catalog in EVERY:
        assert catalog.accepts(name, n_args) == (since is not None and catalog.major >= since)
        assert any(found.accepts(n_args) for found in catalog.functions(name)) == catalog.accepts(
            name, n_args
        )


def test_variadic_functions() -> None:
    assert [NEWEST.accepts("format", count) for count in (0, 1, 2, 9)] == [False, True, True, True]
    assert [NEWEST.accepts("concat", count) for count in (0, 1, 9)] == [False, True, True]
    (concat,) = NEWEST.functions("concat")
    assert concat.variadic
    assert concat.arguments == ("any",)


def test_defaults_and_names() -> None:
    (interval,) = NEWEST.functions("make_interval")
    assert interval.argument_names == ("years", "months", "weeks", "days", "hours", "mins", "secs")
    assert interval.n_defaults == len(interval.arguments) == 7
    assert [NEWEST.accepts("make_interval", count) for count in (0, 7, 8)] == [True, True, False]


def test_output_columns() -> None:
    (each,) = NEWEST.functions("jsonb_each")
    assert each.returns_set
    assert each.columns == (BuiltinColumn("key", "text"), BuiltinColumn("value", "jsonb"))


def test_a_call_of_a_type_is_a_cast() -> None:
    assert NEWEST.accepts("jsonb", 1)
    assert not NEWEST.accepts("jsonb", 2)
    assert not NEWEST.has_function("jsonb")


def test_information_schema() -> None:
    assert NEWEST.has_function("_pg_char_max_length", "information_schema")
    assert not NEWEST.has_function("_pg_char_max_length")
    identifier = NEWEST.type("sql_identifier", "information_schema")
    assert identifier is not None
    assert (identifier.kind, identifier.related) == ("d", "name")
    columns = NEWEST.relation("information_schema", "columns")
    assert columns[2:4] == (
        BuiltinColumn("table_name", "information_schema.sql_identifier"),
        BuiltinColumn("column_name", "information_schema.sql_identifier"),
    )


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("bool", "boolean"),
        ("varchar", "character varying"),
        ("bpchar", "character"),
        ("char", '"char"'),
        ("timestamptz", "timestamp with time zone"),
        ("_int4", "integer[]"),
        ("_timestamptz", "timestamp with time zone[]"),
        ("text", "text"),
        ("numeric", "numeric"),
        ("int8", "bigint"),
    ],
)
def test_format_type(name: str, spelled: str) -> None:
    assert NEWEST.format_type(name) == spelled


def test_types() -> None:
    integer, integers = NEWEST.type("int4"), NEWEST.type("_int4")
    assert integer is not None
    assert integers is not None
    assert (integer.kind, integer.category, integer.array, integer.is_array) == ("b", "N", "_int4", False)
    assert (integers.category, integers.element, integers.is_array) == ("A", "int4", True)
    assert NEWEST.spelled_type("double precision") == "float8"
    assert NEWEST.spelled_type("dec") == "numeric"
    assert OLDEST.type("int4multirange") is None
    assert OLDEST.type_since("int4multirange") == 14
    multirange = NEWEST.type("int4multirange")
    assert multirange is not None
    assert (multirange.kind, multirange.related, multirange.array) == ("m", "int4", "_int4multirange")
    vector = NEWEST.type("oidvector")
    assert vector is not None
    assert not vector.is_array
    assert NEWEST.type("pg_class") is None
    assert NEWEST.has_type("pg_class")


def test_relations_change_between_majors() -> None:
    names = [{column.name for column in catalog.relation("pg_catalog", "pg_class")} for catalog in EVERY]
    assert all({"oid", "relname", "relkind"} <= columns for columns in names)
    assert ["relallfrozen" in columns for columns in names] == [False, False, False, False, False, True]
    assert BuiltinColumn("relname", "name") in NEWEST.relation("pg_catalog", "pg_class")
    assert NEWEST.relation_since("pg_catalog", "pg_stat_io") == 16
    assert not OLDEST.has_relation("pg_catalog", "pg_stat_io")


def test_operators() -> None:
    assert NEWEST.operator_volatility("+", "int4", "int4") == "i"
    assert NEWEST.operator_volatility("+", "timestamptz", "interval") == "s"
    assert NEWEST.operator_volatility("+") == "s"
    (contains,) = [found for found in NEWEST.operators("@>") if found.left == "jsonb"]
    assert (contains.right, contains.returns, contains.commutator) == ("jsonb", "bool", "<@")
    equal = next(found for found in NEWEST.operators("=") if (found.left, found.right) == ("int4", "int4"))
    assert (equal.can_merge, equal.can_hash, equal.negator) == (True, True, "<>")


@pytest.mark.parametrize(
    ("source", "target", "context", "method"),
    [
        ("int4", "int8", "i", "f"),
        ("int8", "int4", "a", "f"),
        ("varchar", "text", "i", "b"),
        ("text", "varchar", "i", "b"),
        ("int4", "oid", "i", "b"),
        ("jsonb", "json", "a", "i"),
        ("int4", "text", "a", "i"),
        ("text", "int4", "e", "i"),
        ("_varchar", "_text", "i", "b"),
        ("_int4", "_int8", "i", "a"),
        ("uuid", "uuid", "i", "b"),
    ],
)
def test_casts(source: str, target: str, context: str, method: str) -> None:
    found = NEWEST.cast(source, target)
    assert found is not None
    assert (found.context, found.method) == (context, method)


def test_no_cast() -> None:
    assert NEWEST.cast("uuid", "int4") is None
    assert NEWEST.cast("date", "int4") is None


def test_operator_classes() -> None:
    default = NEWEST.default_operator_class("gin", "jsonb")
    assert default is not None
    assert default.name == "jsonb_ops"
    assert {found.access_method for found in NEWEST.operator_classes("jsonb_path_ops")} == {"gin"}
    assert NEWEST.default_operator_class("gist", "int4") is None


def test_keywords() -> None:
    assert NEWEST.keyword_class("between") == "column name"
    assert NEWEST.keyword_class("left") == "type or function name"
    assert NEWEST.keyword_class("json_table") == "column name"
    assert BuiltinCatalog(16).keyword_class("json_table") is None
    assert NEWEST.is_bare_label("name")
    assert not NEWEST.is_bare_label("year")


def test_settings() -> None:
    assert NEWEST.settings["work_mem"].kind == "integer"
    assert "transaction_timeout" not in BuiltinCatalog(16).settings
    assert "transaction_timeout" in BuiltinCatalog(17).settings
    assert "role" in NEWEST.settings


def test_citext() -> None:
    citext = NEWEST.extension("citext")
    assert citext is not None
    assert (citext.contrib, citext.trusted, citext.schema) == (True, True, None)
    assert {found.name for found in citext.types} == {"citext", "_citext"}
    assert NEWEST.extension_providing_type("citext") == ("citext",)
    assert ("citext", "text", "i", "b") in {
        (found.source, found.target, found.context, found.method) for found in citext.casts
    }


def test_pgcrypto() -> None:
    pgcrypto = OLDEST.extension("pgcrypto")
    assert pgcrypto is not None
    (crypt,) = [found for found in pgcrypto.functions if found.name == "crypt"]
    assert crypt.accepts(2)
    assert not crypt.accepts(1)
    assert NEWEST.extension_providing_function("crypt") == ("pgcrypto",)
    assert NEWEST.extension_providing_function("uuid_generate_v4") == ("uuid-ossp",)
    assert NEWEST.extension_providing_function("similarity") == ("pg_trgm",)


@pytest.mark.parametrize("name", ["st_area", "st_intersects", "st_setsrid"])
def test_postgis_functions(name: str) -> None:
    assert "postgis" in NEWEST.extension_providing_function(name)


def test_extension_relations_and_schemas() -> None:
    cron = NEWEST.extension("pg_cron")
    assert cron is not None
    assert cron.schemas == ("cron",)
    assert "cron.job" in {found.name for found in cron.relations}
    assert NEWEST.extension_providing_relation("pg_stat_statements") == ("pg_stat_statements",)
    assert NEWEST.extension_providing_type("geometry") == ("postgis",)
    assert NEWEST.extension_providing_type("vector") == ("vector",)
    vector = NEWEST.extension("vector")
    assert vector is not None
    assert set(vector.access_methods) == {"hnsw", "ivfflat"}


def test_extensions_leave_and_arrive() -> None:
    assert "adminpack" in OLDEST.extensions
    assert "adminpack" not in NEWEST.extensions
    assert "pg_walinspect" not in OLDEST.extensions
    assert "pg_walinspect" in NEWEST.extensions


@pytest.mark.parametrize("catalog", EVERY, ids=lambda catalog: str(catalog.major))
def test_every_extension_can_be_read(catalog: BuiltinCatalog) -> None:
    for name in sorted(catalog.extensions):
        contents = catalog.extension(name)
        assert contents is not None
        for function in contents.functions:
            providers = catalog.extension_providing_function(function.name)
            qualified = catalog.extension_providing_function(f"{function.schema}.{function.name}")
            assert name in providers + qualified


def test_every_function_type_is_known() -> None:
    for catalog in EVERY:
        for name in builtin._load("functions")["functions"]:
            schema, _, bare = name.rpartition(".")
            for function in catalog.functions(bare, schema or "pg_catalog"):
                for of in (*function.arguments, function.returns):
                    where, _, plain = of.rpartition(".")
                    assert catalog.has_type(plain.removeprefix("_"), where or "pg_catalog"), (name, of)


def test_the_hot_path_opens_one_file() -> None:
    builtin._load.cache_clear()
    catalog = BuiltinCatalog(18)
    catalog.accepts("now", 0)
    catalog.format_type("int4")
    catalog.has_relation("pg_catalog", "pg_class")
    assert builtin._load.cache_info().currsize == 1
