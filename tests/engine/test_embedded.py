"""Findings in migrations that are no SQL files."""

from pathlib import Path

import pytest

from confiture_linter.config import load_config
from confiture_linter.engine.memory import open_texts
from confiture_linter.engine.workspace import open_workspace
from confiture_linter.parse import parse_statements
from confiture_linter.statements.facts import AlterTable, CreateFunction, Unparsed

_PYTHON = '''# é
revision = "b"
down_revision = "a"


def upgrade():
    op.execute("""
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
        BEGIN
            RETURN (SELECT count(*) FROM missing_é);
        END $$
    """)
    op.execute("ALTER TABLE t " + "ADD COLUMN x int")
    op.add_column("t", sa.Column("y", sa.Integer()))
    op.execute("SELEC 1")
    op.execute("DROP \\t SELEC x")
'''


def _at(text: str, offset: int) -> str:
    return text.encode()[offset:].decode().split("\n")[0]


def test_every_offset_is_one_of_the_file() -> None:
    workspace = open_texts({"1.py": _PYTHON})
    statements = workspace.facts[0].statements
    size = len(_PYTHON.encode())
    assert all(0 <= s.start <= s.end <= size for s in statements)
    function, joined, added, refused, escaped = statements
    assert isinstance(function.fact, CreateFunction)
    assert function.fact.body is not None
    (read,) = [ref for ref in function.fact.body.refs if ref.name == "missing_é"]
    assert _at(_PYTHON, read.at).startswith("missing_é);")
    assert isinstance(joined.fact, AlterTable)
    assert _at(_PYTHON, joined.start).startswith("ALTER TABLE t ")
    assert _PYTHON.encode()[: joined.end].endswith(b"ADD COLUMN x int")
    assert _at(_PYTHON, added.start).startswith("op.add_column(")
    assert isinstance(refused.fact, Unparsed)
    assert _at(_PYTHON, refused.fact.at).startswith("SELEC 1")
    assert isinstance(escaped.fact, Unparsed)
    assert _at(_PYTHON, escaped.fact.at).startswith('SELEC x")')


def test_yaml_statements_are_placed_in_the_file() -> None:
    text = "migration:\n  ddl: >\n    CREATE TABLE é (\n    id int);\n    ALTER TABLE\n    é ADD x int\n"
    first, second = open_texts({"1.yaml": text}).facts[0].statements
    assert _at(text, first.start) == "CREATE TABLE é ("
    assert _at(text, second.start) == "ALTER TABLE"
    assert _at(text, second.refs[0].at) == "é ADD x int"


@pytest.mark.parametrize("suffix", ["python", "comment"])
def test_a_comment_of_python_suppresses(suffix: str) -> None:
    from confiture_linter.engine.suppress import comments_of

    note = "# confiture: ignore some-rule -- on purpose"
    call = "op.execute('DROP TABLE t')" if suffix == "python" else "op.drop_table('t')"
    text = f"revision = 'a'\n\n\ndef upgrade():\n    {note}\n    {call}\n"
    workspace = open_texts({"1.py": text})
    (comment,) = comments_of(zip(workspace.facts, (s.text for s in workspace.sources), strict=True))["1.py"]
    assert [name for name, _ in comment.rules] == ["some-rule"]
    assert comment.reason == "on purpose"
    assert comment.scope is not None
    assert comment.scope.start == workspace.facts[0].statements[0].start


def _tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


_ALEMBIC = {
    "alembic/env.py": "from alembic import context\n\ndef run():\n    context.execute('x')\n",
    "alembic/versions/__init__.py": "",
    "alembic/versions/a_second.py": "revision = '2'\ndown_revision = '1'\n\n\ndef upgrade():\n    op.drop_table('t')\n",
    "alembic/versions/b_first.py": "revision = '1'\ndown_revision = None\n\n\ndef upgrade():\n"
    "    op.create_table('t', sa.Column('a', sa.Integer()))\n",
}


def test_migrations_of_all_kinds_below_the_roots(tmp_path: Path) -> None:
    _tree(tmp_path, {**_ALEMBIC, "confiture.yaml": "migrations:\n  roots: [alembic]\n"})
    workspace = open_workspace(load_config(str(tmp_path / "confiture.yaml")))
    assert [source.path for source in workspace.sources] == [
        "alembic/versions/b_first.py",
        "alembic/versions/a_second.py",
    ]
    assert workspace.order.declared
    assert list(workspace.context.catalog.tables) == []


def test_python_is_looked_for_where_a_named_place_has_no_sql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from confiture_linter.config import default_config

    _tree(tmp_path, _ALEMBIC)
    monkeypatch.chdir(tmp_path)
    assert len(open_workspace(default_config("."), ["alembic"]).sources) == 2
    assert open_workspace(default_config(".")).sources == ()
    assert len(open_workspace(default_config("."), ["alembic/versions/b_first.py"]).sources) == 1
    assert open_workspace(default_config("."), ["alembic/env.py"]).sources == ()
    _tree(tmp_path, {"alembic/x.sql": "select 1;"})
    assert [s.path for s in open_workspace(default_config("."), ["alembic"]).sources] == ["alembic/x.sql"]


def test_what_is_translated_is_sql() -> None:
    from confiture_linter.sources import read_embedded, source_from

    text = (
        "revision = 'a'\n\n\ndef upgrade():\n"
        "    op.create_table('user', sa.Column('Order', sa.Numeric(3, 1), nullable=False, server_default='1', index=True),"
        " sa.Column('k', sa.Enum('a', name='k')), sa.PrimaryKeyConstraint('Order', name='P'), comment='é')\n"
        "    op.create_index('i', 'user', [sa.text('lower(k::text)')], postgresql_where=sa.text('k IS NOT NULL'))\n"
        "    op.alter_column('user', 'k', type_=sa.ARRAY(sa.Integer()), postgresql_using='ARRAY[1]')\n"
    )
    source = read_embedded(source_from(text.encode(), "a.py"))
    assert source.embedded is not None
    for piece in source.embedded:
        assert parse_statements(piece.sql.decode(), len(piece.sql))
    assert len(source.embedded) == 6
