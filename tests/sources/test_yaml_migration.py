"""SQL inside YAML migrations, every word at its place."""

import pytest

from confiture_linter.sources import SourceFile, read_embedded, source_from


def _read(text: str) -> SourceFile:
    source = read_embedded(source_from(text.encode(), "m/1_x.yaml"))
    assert len(source.text) == len(source.data)
    assert source.text.count(b"\n") == source.data.count(b"\n")
    return source


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("|\n    CREATE TABLE ä (\n      id int\n\n    );\n", "CREATE TABLE ä (\n  id int\n\n);"),
        ("|2-\n      CREATE\n    TABLE\n", "  CREATE\nTABLE"),
        (">\n    CREATE TABLE\n    ä (id int);\n", "CREATE TABLE ä (id int);"),
        ('"CREATE TABLE ä (id int)"\n', "CREATE TABLE ä (id int)"),
        ('"CREATE TABLE \\"ä\\"\n    (id int)"\n', 'CREATE TABLE "ä" (id int)'),
        ("'COMMENT ON TABLE t IS ''é'' '\n", "COMMENT ON TABLE t IS 'é'"),
        ("CREATE TABLE ä (id int)\n", "CREATE TABLE ä (id int)"),
        ("CREATE TABLE ä\n    (id int)\n", "CREATE TABLE ä (id int)"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_word_is_found_again(value: str, expected: str, newline: str) -> None:
    source = _read(f"# é😀\nmigration:\n  name: é\n  ddl: {value}".replace("\n", newline))
    assert source.embedded is not None
    (piece,) = source.embedded
    assert piece.sql.decode() == expected
    for word in set(expected.split()):
        if word.isascii() and word.isalpha():
            at = piece.place(piece.sql.index(word.encode()))
            assert source.data[at : at + len(word)] == word.encode(), word
            assert source.text[at : at + len(word)] == word.encode(), word
    assert b"migration" not in source.text


def test_hooks_run_around_the_ddl_and_the_way_back_is_set_aside() -> None:
    source = _read(
        "migration:\n"
        "  ddl: SELECT 2\n"
        "  hooks:\n"
        "    after_ddl:\n"
        "      - {type: backfill, config: {source_query: SELECT 3, batch_size: 10}}\n"
        "      - {type: sql, config: {sql: SELECT 4}}\n"
        "    before_ddl: [{sql: SELECT 1}]\n"
        "    on_error: [{sql: SELECT 9}]\n"
        "  rollback: {ddl: DROP TABLE t}\n"
    )
    assert source.embedded is not None
    assert [piece.sql for piece in source.embedded] == [b"SELECT 1", b"SELECT 2", b"SELECT 3", b"SELECT 4"]
    assert [source.data[start:end] for start, end in source.down] == [b"DROP TABLE t"]
    assert b"DROP" not in source.text


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("migration:\n  ddl: [\n", 3, "YAML that cannot be read"),
        ("migration:\n  ddl: a\n  ddl: b\n", 3, "duplicate key"),
    ],
)
def test_broken_yaml_is_said_at_its_line(text: str, line: int, reason: str) -> None:
    source = _read(text)
    ((span, said),) = source.unanalysed
    assert reason in said
    assert source.data.count(b"\n", 0, span.start) + 1 == line


@pytest.mark.parametrize("text", ["", "a: b\n", "- 1\n", "migration: text\n", "migration: {ddl: ''}\n"])
def test_other_yaml_has_no_sql(text: str) -> None:
    source = _read(text)
    assert source.embedded == ()
    assert source.unanalysed == ()
