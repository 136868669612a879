"""Which parts of a PL/pgSQL body are done in any case."""

import pytest

from confiture_linter.parse import parse_statements
from confiture_linter.statements import facts as f
from confiture_linter.statements.summarise import summarise


def body_of(text: str) -> f.Body:
    """The body of a DO block."""
    sql = f"DO $$ {text} $$"
    data = sql.encode()
    (raw,) = parse_statements(sql, len(data))
    (statement,) = summarise(raw, data, 0)
    assert isinstance(statement.fact, f.DoBlock)
    assert statement.fact.body is not None
    return statement.fact.body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN PERFORM here(); END", True),
        ("DECLARE a int := here(); BEGIN END", True),
        ("BEGIN IF a() THEN PERFORM here(); END IF; END", False),
        ("BEGIN IF here() THEN PERFORM x(); END IF; END", True),
        ("BEGIN IF a() THEN PERFORM x(); ELSIF here() THEN PERFORM y(); END IF; END", False),
        ("BEGIN IF a() THEN PERFORM x(); END IF; PERFORM here(); END", True),
        ("BEGIN IF a() THEN RAISE EXCEPTION 'no'; END IF; PERFORM here(); END", True),
        ("BEGIN IF a() THEN PERFORM here(); ELSE RAISE EXCEPTION 'no'; END IF; END", True),
        ("BEGIN IF a() THEN RAISE EXCEPTION 'no'; ELSE PERFORM here(); END IF; END", True),
        ("BEGIN IF a() THEN RAISE NOTICE 'no'; ELSE PERFORM here(); END IF; END", False),
        ("BEGIN IF a() THEN RETURN; END IF; PERFORM here(); END", False),
        ("BEGIN IF a() THEN RETURN; RAISE EXCEPTION 'no'; ELSE PERFORM here(); END IF; END", False),
        ("BEGIN FOR i IN 1..here() LOOP PERFORM x(); END LOOP; END", True),
        ("DECLARE r record; BEGIN FOR r IN SELECT here() LOOP PERFORM x(); END LOOP; END", True),
        ("DECLARE r record; BEGIN FOR r IN SELECT a() LOOP PERFORM here(); END LOOP; END", False),
        ("BEGIN LOOP EXIT; END LOOP; PERFORM here(); END", True),
        ("DECLARE x int; BEGIN x := CASE WHEN a() THEN b() END; PERFORM here(); END", True),
        ("BEGIN CASE a() WHEN 1 THEN PERFORM x(); ELSE PERFORM y(); END CASE; PERFORM here(); END", True),
        ("BEGIN CASE a() WHEN 1 THEN PERFORM here(); ELSE PERFORM y(); END CASE; END", False),
        ("BEGIN CASE a() WHEN 1 THEN PERFORM here(); END CASE; END", True),
        ("BEGIN CASE a() WHEN 1 THEN PERFORM x(); END CASE; IF b() THEN PERFORM here(); END IF; END", False),
        ("BEGIN -- if so then return\n PERFORM here(); END", True),
        ("BEGIN RAISE NOTICE 'then'; /* loop */ PERFORM here(); END", True),
        ("BEGIN PERFORM here(); EXCEPTION WHEN others THEN PERFORM x(); END", False),
        (
            "BEGIN BEGIN PERFORM x(); EXCEPTION WHEN others THEN PERFORM y(); END; PERFORM here(); END",
            True,
        ),
        (
            "BEGIN BEGIN PERFORM x(); EXCEPTION WHEN others THEN RETURN; END; PERFORM here(); END",
            False,
        ),
        ("BEGIN EXECUTE 'select here()'; END", True),
    ],
)
def test_a_statement_is_done_in_any_case_or_not(text: str, expected: bool) -> None:
    body = body_of(text)
    (called,) = (ref for ref in body.refs if ref.name == "here")
    assert body.surely(called.at) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BEGIN PERFORM x(); EXCEPTION WHEN others THEN RAISE NOTICE 'no'; END", True),
        ("BEGIN PERFORM x(); EXCEPTION WHEN others THEN RAISE; END", False),
        ("BEGIN PERFORM x(); EXCEPTION WHEN undefined_table THEN NULL; END", False),
        ("BEGIN BEGIN PERFORM x(); EXCEPTION WHEN others THEN NULL; END; PERFORM y(); END", False),
    ],
)
def test_a_block_is_undone_as_a_whole_or_not(text: str, expected: bool) -> None:
    assert body_of(text).undone_whole is expected
