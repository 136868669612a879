"""Each strategy's SQL and Python make the same of the same value, on a real server."""

import os
import string
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from confiture_linter.profiles import read_profile
from confiture_migrator.anonymize.compiled import masked
from confiture_migrator.anonymize.keyring import Keyring
from confiture_migrator.anonymize.live import Table, read_live
from confiture_migrator.anonymize.session import prepare
from confiture_migrator.anonymize.strategies.values import ROW
from confiture_migrator.shadow import Shadow

pytestmark = pytest.mark.pg

KEY = {"CONFITURE_ANONYMIZE_KEY": "a key of the tests", "LONG_KEY": "k" * 100}
SCHEMA = """
CREATE DOMAIN address AS varchar(60);
CREATE TYPE place AS (street text, n int, "zip code" text);
CREATE TABLE t (
  txt text, v10 varchar(10), v25 varchar(25), dom address, ch char(12), u uuid, i2 smallint, i4 integer, i8 bigint, n numeric,
  n2 numeric(9, 2), f float8, b boolean, d date, ts timestamp, tz timestamptz, j json, jb jsonb, by bytea, arr text[], ints int[], p place
);
"""

no_zero = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
emails = st.one_of(
    no_zero,
    st.builds(
        lambda a, d: f"{a}@{d}",
        st.text(string.ascii_letters + "é.'", min_size=1, max_size=10),
        st.text(string.ascii_lowercase + ".-", min_size=1, max_size=30),
    ),
)
phones = st.one_of(no_zero, st.from_regex(r"\A\d{3}-\d{3}-\d{4}-\d{3}\Z", fullmatch=True))


def ints(bits: int) -> Any:
    return st.integers(-(2**bits), 2**bits - 1)


def json_values() -> Any:
    leaf = st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), no_zero)
    inner = st.recursive(
        leaf,
        lambda c: st.one_of(
            st.lists(c, max_size=3), st.dictionaries(st.sampled_from(["a", "b", "é", "ab"]), c, max_size=3)
        ),
        max_leaves=6,
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "a": inner,
            "b": st.dictionaries(st.sampled_from(["c", "d"]), inner),
            "list": st.lists(inner, max_size=3),
        },
    )


CASES: list[tuple[str, str, Any]] = [
    ("txt", "{type: hash}", no_zero),
    ("txt", '{type: hash, key: "${LONG_KEY}"}', no_zero),
    ("v10", "{type: hash}", no_zero.map(lambda t: t[:10])),
    ("v25", "{type: hash}", no_zero.map(lambda t: t[:25])),
    ("ch", "{type: hash}", no_zero.map(lambda t: t[:12])),
    ("u", "{type: hash}", st.uuids().map(str)),
    ("i2", "{type: hash}", ints(15)),
    ("i4", "{type: hash}", ints(31)),
    ("i8", "{type: hash}", st.one_of(ints(31), ints(63))),
    ("by", "{type: hash}", st.binary(max_size=70)),
    ("txt", '{type: email, prefix: "qa+"}', emails),
    ("txt", "{type: email, keep_domain: true}", emails),
    ("dom", "{type: email, keep_domain: true, prefix: o'x}", emails),
    ("txt", '{type: pattern, pattern: "***-***-****-999"}', phones),
    ("txt", '{type: pattern, pattern: "A]^[*9"}', no_zero),
    ("txt", "{type: redact, value: it's}", no_zero),
    ("jb", "{type: redact}", json_values().map(psycopg.types.json.Jsonb)),
    ("p", "{type: redact}", st.tuples(no_zero, st.one_of(st.none(), ints(31)), no_zero)),
    ("i4", "{type: range, min: -5, max: 50000}", ints(31)),
    ("n2", "{type: range, min: 1, max: 50000.25}", st.integers(0, 10**9 - 1).map(lambda n: n / 100)),
    ("n", "{type: range, min: 0.125, max: 7}", st.decimals(allow_nan=False, allow_infinity=False, places=3)),
    ("f", "{type: range, min: -1, max: 1}", st.floats()),
    ("d", "{type: date_shift, days: 200}", st.dates().map(str)),
    ("d", "{type: date_shift, days: 1}", st.sampled_from(["infinity", "-infinity", "4700-02-01 BC", "0001-01-01", "12345-12-31", "2000-02-29"])),
    ("ts", "{type: date_shift, days: 30}", st.datetimes().map(str)),
    ("tz", "{type: date_shift, days: 30, per: txt}", st.datetimes().map(lambda d: f"{d}+00")),
    ("arr", "{type: hash}", st.lists(st.one_of(st.none(), no_zero), max_size=4)),
    ("arr", "{type: pattern, pattern: '*9'}", st.lists(st.one_of(st.none(), no_zero), max_size=4)),
    ("ints", "{type: hash}", st.lists(st.one_of(st.none(), ints(31)), max_size=4)),
    ("txt", "{type: conditional, condition: \"row.txt LIKE 'a%_' OR row.txt < 'é'\", if_true: {type: hash}, if_false: {type: keep}}", no_zero),
    ("n", '{type: conditional, condition: "NOT (row.n >= 10.5 AND row.n <> 12) OR row.n IN (3, 14)", if_true: {type: "null"}, if_false: {type: keep}}', st.decimals(-20, 20, places=1)),
    ("f", '{type: conditional, condition: "row.f > 0.5", if_true: {type: redact}, if_false: {type: keep}}', st.floats()),
    ("b", '{type: conditional, condition: "row.b", if_true: {type: "null"}, if_false: {type: keep}}', st.booleans()),
    ("d", "{type: conditional, condition: \"row.d <= '2000-01-01' AND row.txt IS NULL\", if_true: {type: redact}, if_false: {type: keep}}", st.dates().map(str)),
    ("tz", "{type: conditional, condition: \"row.tz > '2000-01-01 12:30:00'\", if_true: {type: redact}, if_false: {type: keep}}", st.datetimes().map(lambda d: f"{d}+00")),
    ("u", "{type: conditional, condition: \"row.u < '80000000-0000-4000-8000-00000000000A'\", if_true: {type: hash}, if_false: {type: keep}}", st.uuids().map(str)),
    ("jb", '{type: json, paths: {"$.a.b": {type: hash}, "$.a.a.é": {type: email}, "$.b.c": {type: "null"}, "$.b.d.a": {type: pattern, pattern: "9*"}}}', json_values().map(psycopg.types.json.Jsonb)),
    ("jb", '{type: json, paths: {"$.a": {type: hash}, "$.b.c": {type: email}, "$.list[*]": {type: redact}, "$.list[0].a": {type: "null"}}}', json_values().map(psycopg.types.json.Jsonb)),
]  # fmt: skip


@pytest.fixture(scope="module")
def session(shadow: Shadow) -> Iterator[tuple[psycopg.Connection[Any], Table]]:
    name = shadow.create_database(f"both_engines_{os.getpid()}")
    with shadow.connect(name) as connection:
        connection.execute(SCHEMA.encode())
        prepare(connection)
        table = read_live(connection).tables["public.t"]
        yield connection, table
    shadow.drop_database(name)


@pytest.mark.parametrize(("column", "spec", "values"), CASES, ids=[f"{c}-{s[:60]}" for c, s, _ in CASES])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_sql_and_python_agree(
    session: tuple[psycopg.Connection[Any], Table], column: str, spec: str, values: Any, data: st.DataObject
) -> None:
    connection, table = session
    profile = f"anonymization_profile: p\nrules:\n  - table: t\n    columns: {{{column}: {spec}}}\n"
    rule = read_profile(profile.encode(), "p.yaml").rules[0].columns[0]
    found = table.column(column)
    assert found is not None
    keyring = Keyring(KEY)
    by_server = masked(found, rule.spec, table, keyring)
    by_python = masked(found, rule.spec, table, keyring, python=True)
    assert by_server.python is None
    assert by_python.python is not None
    assert by_python.compiled is not None
    keyring.install(connection)
    value = data.draw(values)
    extra = data.draw(st.one_of(st.none(), no_zero)) if column != "txt" else None
    reads = by_python.compiled.reads
    selected = ", ".join([by_server.sql, by_python.sql, *(f'{ROW}."{name}"::text' for name in reads)])
    kind = found.written
    row = connection.execute(
        f"SELECT {selected.replace('%', '%%')} FROM (SELECT %s::{kind} AS {column}"  # type: ignore[arg-type]
        + (", %s::text AS txt" if column != "txt" else "")
        + f") AS {ROW}",
        [value] if column == "txt" else [value, extra],
    ).fetchone()
    assert row is not None
    expected, text, *others = row
    made = None if text is None else by_python.python(text, dict(zip(reads, others, strict=True)))
    if column in ("jb", "arr", "ints") and expected is not None:
        kind = found.written
        assert connection.execute(f"SELECT %s::{kind} = %s::{kind}", [made, expected]).fetchone() == (
            True,
        ), (made, expected)  # type: ignore[arg-type]
    assert made == expected
