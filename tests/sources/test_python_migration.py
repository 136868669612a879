"""SQL inside Python migrations: what is found, where it stands, and what is said to be unknown."""

import pytest

from confiture_linter.sources import SourceFile, read_embedded, source_from
from confiture_linter.sources.python_signs import is_migration

_HEAD = "# é😀\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = 'b1'\ndown_revision = 'a1'\n\n"


def read(text: str, path: str = "m/1_x.py") -> SourceFile:
    source = read_embedded(source_from(text.encode(), path))
    assert len(source.text) == len(source.data)
    assert source.text.count(b"\n") == source.data.count(b"\n")
    return source


def upgrade(body: str, before: str = "") -> SourceFile:
    """Read a migration with `body` in its function `upgrade`."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return read(
        f"{_HEAD}{before}\n\ndef upgrade():\n{lines}\n\ndef downgrade():\n    op.execute('DROP TABLE down')\n"
    )


def sql(source: SourceFile) -> list[str]:
    assert source.embedded is not None
    return [piece.sql.decode() for piece in source.embedded]


@pytest.mark.parametrize(
    "call",
    [
        "op.execute({})",
        "op.execute(sa.text({}))",
        "op.execute(text({}).bindparams(x=1))",
        "op.get_bind().execute({})",
        "op.get_bind().execute(text({})).fetchall()",
        "rows = connection.execute({})",
        "conn.exec_driver_sql({})",
        "cursor.execute({})",
        "self.execute({})",
        "cur.execute(sql.SQL({}))",
        "with op.get_bind() as c:\n    c.execute({})",
        "try:\n    op.execute({})\nexcept ValueError:\n    pass",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        '"ALTER TABLE t ADD COLUMN ä int"',
        "'''\n  ALTER TABLE t\n    ADD COLUMN ä int'''",
        'r"ALTER TABLE t ADD x int"',
    ],
)
def test_texts_that_are_executed(call: str, written: str) -> None:
    source = upgrade(call.format(written))
    assert source.embedded is not None
    (piece,) = source.embedded
    content = written.removeprefix("r").strip("'\"").replace("\n", "\n" + " " * 4)
    assert piece.sql.decode() == content
    assert piece.exact
    assert source.data[piece.place(0) : piece.place(len(piece.sql))] == content.encode()
    assert source.text.index(b"ALTER") == source.data.index(b"ALTER")
    assert b"down" not in source.text
    assert source.unanalysed == ()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"a " "b"', "a b"),
        ('"a " + NAME', "a orders"),
        ('f"a {NAME}"', "a orders"),
        ('f"a {NAME} {{b}}"', "a orders {b}"),
        ('"a {} {n}".format(NAME, n=3)', "a orders 3"),
        ('"a {0} {0}".format(NAME)', "a orders orders"),
        ('"a %s %%" % NAME', "a orders %"),
        ('"a %(n)s" % {"n": NAME}', "a orders"),
        ('textwrap.dedent("""\n      a\n        b""")', "\na\n  b"),
        ('", ".join([NAME, "b"])', "orders, b"),
        ('"a;b".replace(";", NAME)', "aordersb"),
        ("QUERY", "select 1 from orders"),
        ("Names.TABLE", "things"),
        (r'"it\'s \x41 \u00e9 \N{BULLET}\n"', "it's A é •"),
        ("r\"select '\\d'\"", r"select '\d'"),
        ('sql.SQL("drop table {}").format(sql.Identifier("A"))', 'drop table "A"'),
        ("quoted(NAME)", "<orders>"),
        ("local", "a b"),
    ],
)
def test_constants_are_resolved(expression: str, expected: str) -> None:
    before = (
        "NAME = 'orders'\nQUERY: str = f'select 1 from {NAME}'\n\n\nclass Names:\n    TABLE = 'things'\n\n\n"
        "def quoted(x):\n    'doc'\n    return f'<{x}>'\n"
    )
    source = upgrade(f"local = 'a '\nlocal += 'b'\nop.execute({expression})", before)
    assert sql(source) == [expected]


def test_places_of_joined_text() -> None:
    source = upgrade('op.execute("SELECT é\\n, " + NAME + " FROM t")', "NAME = 'colümn'\n")
    assert source.embedded is not None
    (piece,) = source.embedded
    for word in ("SELECT", ", ", "colümn", " FROM"):
        at = piece.place(piece.sql.index(word.encode()))
        assert source.data[at : at + len(word.encode())] == word.encode()
    assert source.data[piece.place(piece.sql.index(b"\n")) :].startswith(b"\\n")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("op.execute(f'drop table {name()}')", "`name()`"),
        ("op.execute('x' + str(uuid.uuid4()))", "`str(uuid.uuid4())`"),
        ("op.execute('x {}'.format(now))", "`now`"),
        ("op.execute(users.update().values(a=1))", "`users.update().values(a=1)`"),
        ("for row in rows():\n    op.execute('x %s' % row)", "`row`"),
        ("op.execute(f'{x:>3}')", "`{x:>3}`"),
        ("op.create_table('t', *columns())", "`*columns()`"),
        ("op.frobnicate('t')", "`frobnicate`"),
        ("Base.metadata.create_all(op.get_bind())", "models"),
        ("op.bulk_insert(t, rows)", "bulk insert"),
    ],
)
def test_what_only_a_run_could_tell_is_said(body: str, reason: str) -> None:
    source = upgrade(body)
    assert sql(source) == []
    ((span, said),) = source.unanalysed
    assert reason in said
    assert source.data.count(b"\n", 0, span.start) + 1 == 11 + body.count("\n")


def test_fragments_and_way_back_are_no_statements() -> None:
    source = upgrade("op.add_column('t', sa.Column('a', sa.DateTime(), server_default=sa.text('now()')))")
    assert sql(source) == ["ALTER TABLE t ADD COLUMN a TIMESTAMP WITHOUT TIME ZONE DEFAULT now()"]


def test_loops_functions_and_branches() -> None:
    before = "PAIRS = [('a', 'x'), ('b', 'y')]\n\n\ndef drop(name, *, how='CASCADE'):\n    op.execute(f'drop table {name} {how}')\n"
    source = upgrade(
        "for t, c in PAIRS:\n    op.execute(f'alter table {t} drop {c}')\n"
        "drop('z')\ndrop(name='y', how='RESTRICT')\n"
        "if op.get_bind().dialect.name == 'sqlite':\n    op.execute('pragma x')\nelse:\n    op.execute('select 1')",
        before,
    )
    assert sql(source) == [
        "alter table a drop x",
        "alter table b drop y",
        "drop table z CASCADE",
        "drop table y RESTRICT",
        "select 1",
    ]


def test_parameters_of_a_driver() -> None:
    source = upgrade("cursor.execute('update t set a = %s where b like \\'5%%\\'', (1,))")
    assert sql(source) == ["update t set a = $1 where b like '5% '"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from yoyo import step\nstep('create table a ()', 'drop table a')\n", ["create table a ()"]),
        (
            "from yoyo import step\ndef go(conn):\n    conn.cursor().execute('select 1')\nstep(go)\nsteps = [step('select 2')]\n",
            ["select 1", "select 2"],
        ),
        (
            (
                "class A:\n    SQL = 'select 1'\n\n    def up(self, conn):\n        conn.execute(self.SQL)\n"
                "        self.more(conn)\n\n    def more(self, conn):\n        conn.execute('select 2')\n\n"
                "    def down(self, conn):\n        conn.execute('select 3')\n"
            ),
            ["select 1", "select 2"],
        ),
        (
            "def up(conn):\n    conn.execute('select 1')\n\ndef down(conn):\n    conn.execute('x')\n",
            ["select 1"],
        ),
    ],
)
def test_other_tools(text: str, expected: list[str]) -> None:
    assert is_migration(text.encode())
    assert sql(read(text)) == expected


def test_broken_python_is_said_at_its_line() -> None:
    source = read(_HEAD + "def upgrade(:\n    op.execute('select 1')\n")
    ((span, reason),) = source.unanalysed
    assert "not Python" in reason
    assert source.data.count(b"\n", 0, span.start) + 1 == 8


def test_byte_order_mark_and_line_ends() -> None:
    text = (_HEAD + "def upgrade():\n    op.execute('''\nselect 1,\n 2''')\n").replace("\n", "\r\n")
    source = read_embedded(source_from(b"\xef\xbb\xbf" + text.encode(), "m/1.py"))
    assert source.text.index(b"select 1,\r\n 2") == source.data.index(b"select 1,\r\n 2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "from alembic import context\ndef run_migrations_online():\n    context.execute('x')\n",
        "class User(models.Model):\n    pass\n",
        "def test_x(conn):\n    conn.execute('select 1')\n",
    ],
)
def test_files_that_are_no_migrations(text: str) -> None:
    assert not is_migration(text.encode())
