"""Any bytes become valid UTF-8 of the same length; what is wrong with them is said."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from confiture_linter.model import Span
from confiture_linter.sources import read, read_source, source_from


@settings(max_examples=500, deadline=None)
@given(
    st.binary(max_size=80)
    | st.text(max_size=40).map(str.encode)
    | st.text(max_size=40).map(lambda t: t.encode("utf-16"))
)
@example(b"")
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb")
@example(b"\xed\xa0\x80\n")
@example(b"\0\0\n")
def test_any_bytes(data: bytes) -> None:
    source = source_from(data, "x.sql", (("${a}", "b"),))
    assert source.data == data
    assert len(source.text) == len(data)
    source.text.decode()
    assert [at for at, byte in enumerate(source.text) if byte == 10] == [
        at for at, byte in enumerate(data) if byte == 10
    ]
    assert b"\0" not in source.text
    again = source_from(source.text, "x.sql")
    assert not again.problems


def test_plain_text_is_not_copied() -> None:
    data = "select 'é';".encode()
    assert source_from(data, "x.sql").text is data


def test_byte_order_mark_is_no_problem() -> None:
    source = source_from(b"\xef\xbb\xbfselect 1;", "x.sql")
    assert source.text == b"   select 1;"
    assert source.problems == ()


@pytest.mark.parametrize(
    ("data", "name"), [(b"-- caf\xe9\n", "Latin-1"), (b"-- \x93x\x94\n", "Windows-1252")]
)
def test_one_problem_for_another_encoding(data: bytes, name: str) -> None:
    source = source_from(data, "x.sql")
    [problem] = source.problems
    assert problem.kind == "encoding"
    assert name in problem.message
    assert source.text.count(b"?") == len(data) - len(data.decode("ascii", "ignore"))
    assert problem.span == Span(source.text.index(b"?"), source.text.index(b"?") + 1)


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_blank(codec: str) -> None:
    source = source_from("create table t (a int);\n".encode(codec), "x.sql")
    assert [problem.kind for problem in source.problems] == ["utf-16"]
    assert not source.text.strip()
    assert source.unanalysed


def test_nul_bytes_become_spaces() -> None:
    source = source_from(b"select 1;\0 select 2;\0", "x.sql")
    assert source.text == b"select 1;  select 2; "
    assert [(problem.kind, problem.span) for problem in source.problems] == [("nul-byte", Span(9, 10))]


@pytest.mark.parametrize("data", [b"PGDMP\x01\x0e", b"\x1f\x8b\x08\x00abc", bytes(range(128))])
def test_binary(data: bytes) -> None:
    source = source_from(data, "x.sql")
    assert [problem.kind for problem in source.problems] == ["binary"]
    assert not source.text.strip()


def test_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.sql"):
        source = read_source(str(path), "x.sql", ())
        assert [problem.kind for problem in source.problems] == ["unreadable"]
        assert source.text == b""


def test_backslashes_in_strings_cost_nothing() -> None:
    data = rb"select 1 where a ~ '^\d+\s*$' or b = '\x' or c ~ '[\w]' or d ~ '(\d|\D)'"
    assert source_from(data, "x.sql").text is data


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_BYTES", 100_000)
    (tmp_path / "a.sql").write_bytes(b" " * 100_001)
    (tmp_path / "b.sql").write_bytes(b"-" * 100_000)
    large = read_source(str(tmp_path / "a.sql"), "a.sql", ())
    assert [problem.kind for problem in large.problems] == ["too-large"]
    assert (large.text, large.data) == (b"", b"")
    assert len(read_source(str(tmp_path / "b.sql"), "b.sql", ()).text) == 100_000


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.sql").touch()
    source = read_source(str(tmp_path / "a.sql"), "a.sql", ())
    assert source == source_from(b"", "a.sql")
    assert source.problems == ()


@pytest.mark.parametrize(
    "sql",
    ["\\i x", "select 1\\g", "select 'x'\\g", "(1)\\g", "1;\\i x", "\\.", "'x'\\;", "a :b", 'a :"b"', "{{a}}", "${a}", "{%a%}", "$(a)", "<%= a %>", "[% a %]", "%(a)s", "@a@", "#{a}",
     "copy t from stdin;\n1", "COPY t FROM STDIN;\n1", "-- +goose Down\nx", "-- migrate:down\nx",
     "---- create above / drop below ----\nx", "---\na: 1\n---\n", "SCHEMA"],
)  # fmt: skip
def test_the_quick_test_misses_nothing(sql: str) -> None:
    placeholders = (("SCHEMA", "s"),)
    assert source_from(f"{sql} ".encode(), "x.sql", placeholders).text != f"{sql} ".encode()
