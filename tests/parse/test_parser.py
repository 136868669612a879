"""The one room that knows pglast: places are bytes, errors stand where they are, depth is no crash."""

import subprocess
import sys

import pytest

from confiture_linter.parse import ParseFailure, parse_statements
from confiture_linter.parse.parser import _failure


def parse(sql: str) -> list[str]:
    data = sql.encode()
    return [data[s.start : s.end].decode() for s in parse_statements(sql, len(data))]


@pytest.mark.parametrize("before", ["", "-- plain\n", "-- é😀\n", "SELECT 'é😀';\n", "  \n\t"])
def test_statements_begin_at_their_first_token(before: str) -> None:
    assert parse(before + "SELECT 1; SELECT 'ü' ")[-2:] == ["SELECT 1", "SELECT 'ü' "]


@pytest.mark.parametrize(
    ("sql", "rest"),
    [
        ("SELECT 1 frm t", "t"),
        ("SELECT 'é' frm t", "t"),
        ("SELECT 'é😀', 'é' frm t x", "t x"),
        ("-- é\nSELEC 1", "SELEC 1"),
        ("sélect 1", "sélect 1"),
    ],
)
def test_errors_stand_where_they_are(sql: str, rest: str) -> None:
    with pytest.raises(ParseFailure) as caught:
        parse(sql)
    assert sql.encode()[caught.value.offset :].decode() == rest


def test_all_of_pglast_works_beside_the_lean_import() -> None:
    """A plugin may use pglast in the same process; the stand-ins must have given way."""
    program = (
        "import confiture_linter.parse, sys; assert 'pglast.ast' not in sys.modules; "
        "import pglast; from pglast.stream import RawStream; "
        "assert RawStream()('select 1') == 'SELECT 1'; print(type(pglast.parse_sql('select 1')[0].stmt).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("SelectStmt\n", "")


def test_an_error_at_the_end_has_no_place() -> None:
    with pytest.raises(ParseFailure) as caught:
        parse("SELECT (1")
    assert (caught.value.message, caught.value.offset) == ("syntax error at end of input", -1)


@pytest.mark.parametrize("counted", ["characters", "bytes"])
def test_an_error_stands_right_however_pglast_counted(counted: str) -> None:
    """libpg_query's position counts characters in one process and bytes in another; pglast takes it for bytes."""
    text = "SELECT 'é😀' frm t x"
    true = text.index("t x")
    wrong = next(i for i in range(len(text)) if len(text[:i].encode()) >= true)
    failure = _failure(
        Exception('syntax error at or near "t"', wrong if counted == "characters" else true), text
    )
    assert text.encode()[failure.offset :] == b"t x"
