"""Alembic's operations as the SQL that they run on PostgreSQL."""

import pytest

from confiture_linter.sources import read_embedded, source_from

_CASES = [
    (
        (
            "op.create_table('t', sa.Column('id', sa.Integer(), nullable=False), sa.Column('n', sa.String(length=5)),"
            " sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('n', name='u'), schema='s')"
        ),
        ["CREATE TABLE s.t (id SERIAL NOT NULL, n VARCHAR(5), PRIMARY KEY (id), CONSTRAINT u UNIQUE (n))"],
    ),
    (
        (
            "op.create_table('t', sa.Column('a', sa.BigInteger(), primary_key=True),"
            " sa.Column('u', sa.Integer(), sa.ForeignKey('x.users.id', ondelete='CASCADE'), index=True))"
        ),
        [
            (
                "CREATE TABLE t (a BIGSERIAL NOT NULL, u INTEGER, PRIMARY KEY (a),"
                " FOREIGN KEY (u) REFERENCES x.users (id) ON DELETE CASCADE)"
            ),
            "CREATE INDEX ix_t_u ON t (u)",
        ],
    ),
    (
        (
            "op.create_table('t', sa.Column('a', sa.Enum('x', \"y'z\", name='Kind'), nullable=False),"
            " sa.Column('b', sa.Enum('x', \"y'z\", name='Kind')))"
        ),
        [
            "CREATE TYPE \"Kind\" AS ENUM ('x', 'y''z')",
            'CREATE TABLE t (a "Kind" NOT NULL, b "Kind")',
        ],
    ),
    (
        (
            "op.create_table('t', sa.Column('a', sa.Integer(), sa.Identity(always=True)),"
            " sa.Column('b', sa.Integer(), sa.Computed('a + 1')), sa.CheckConstraint('a > 0', name='c'),"
            " sa.ForeignKeyConstraint(['a', 'b'], ['p.x', 'p.y'], deferrable=True, initially='DEFERRED'))"
        ),
        [
            (
                "CREATE TABLE t (a INTEGER GENERATED ALWAYS AS IDENTITY, b INTEGER GENERATED ALWAYS AS (a + 1) STORED,"
                " CONSTRAINT c CHECK (a > 0),"
                " FOREIGN KEY (a, b) REFERENCES p (x, y) DEFERRABLE INITIALLY DEFERRED)"
            )
        ],
    ),
    (
        (
            "op.add_column('t', sa.Column('a', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False,"
            ' comment="it\'s"))'
        ),
        ["ALTER TABLE t ADD COLUMN a JSONB DEFAULT '{}' NOT NULL", "COMMENT ON COLUMN t.a IS 'it''s'"],
    ),
    (
        "op.add_column('t', sa.Column('a', postgresql.UUID(as_uuid=True), sa.ForeignKey('u.id'), unique=True))",
        [
            "ALTER TABLE t ADD COLUMN a UUID",
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (id)",
            "ALTER TABLE t ADD UNIQUE (a)",
        ],
    ),
    ("op.drop_column('t', 'order')", ['ALTER TABLE t DROP COLUMN "order"']),
    (
        (
            "op.alter_column('t', 'a', existing_type=x(), type_=sa.Numeric(10, 2), nullable=False, server_default=None,"
            " new_column_name='b', postgresql_using='a::numeric')"
        ),
        [
            "ALTER TABLE t ALTER COLUMN a TYPE NUMERIC(10, 2) USING a::numeric",
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            "ALTER TABLE t ALTER COLUMN a DROP DEFAULT",
            "ALTER TABLE t RENAME a TO b",
        ],
    ),
    (
        (
            "op.create_index(op.f('i'), 't', ['a', sa.text('lower(b)')], unique=True, postgresql_concurrently=True,"
            " postgresql_where=sa.text('a > 1'), postgresql_using='btree', if_not_exists=True)"
        ),
        ["CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t USING btree (a, lower(b)) WHERE a > 1"],
    ),
    (
        "op.create_index('i', 't', [sa.text('a DESC'), 'b'], postgresql_include=['c'], postgresql_ops={'b': 'x_ops'})",
        ["CREATE INDEX i ON t (a DESC, b x_ops) INCLUDE (c)"],
    ),
    ("op.drop_index('i', table_name='t', postgresql_concurrently=True)", ["DROP INDEX CONCURRENTLY i"]),
    (
        "op.create_foreign_key(None, 't', 'u', ['a'], ['id'], source_schema='s', postgresql_not_valid=True)",
        ["ALTER TABLE s.t ADD FOREIGN KEY (a) REFERENCES u (id) NOT VALID"],
    ),
    ("op.create_unique_constraint('c', 't', ['a', 'b'])", ["ALTER TABLE t ADD CONSTRAINT c UNIQUE (a, b)"]),
    ("op.create_primary_key('c', 't', ['a'])", ["ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY (a)"]),
    (
        "op.create_check_constraint('c', 't', sa.column('a').is_not(None), postgresql_not_valid=True)",
        ["ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID"],
    ),
    ("op.drop_constraint('c', 't', type_='foreignkey')", ["ALTER TABLE t DROP CONSTRAINT c"]),
    ("op.drop_table('t', if_exists=True)", ["DROP TABLE IF EXISTS t"]),
    ("op.rename_table('t', 'u', schema='s')", ["ALTER TABLE s.t RENAME TO u"]),
    (
        (
            "with op.batch_alter_table('t', schema='s') as batch:\n        batch.add_column(sa.Column('a', sa.Text()))\n"
            "        batch.create_index('i', ['a'])\n        batch.drop_constraint(constraint_name='c')"
        ),
        [
            "ALTER TABLE s.t ADD COLUMN a TEXT",
            "CREATE INDEX i ON s.t (a)",
            "ALTER TABLE s.t DROP CONSTRAINT c",
        ],
    ),
    (
        "op.bulk_insert(sa.table('t', sa.column('a'), sa.column('b')), [{'a': 1, 'b': 'x'}, {'a': None, 'b': True}])",
        ["INSERT INTO t  (a, b) VALUES (1, 'x'), (NULL, true)"],
    ),
    (
        (
            "kind = postgresql.ENUM('a', name='k', create_type=False)\n    kind.create(op.get_bind(), checkfirst=True)\n"
            "    op.add_column('t', sa.Column('a', kind))\n    sa.Enum(name='j').drop(op.get_bind())"
        ),
        ["CREATE TYPE k AS ENUM ('a')", "ALTER TABLE t ADD COLUMN a k", "DROP TYPE j"],
    ),
    (
        "with op.get_context().autocommit_block():\n        op.execute('VACUUM t')",
        ["COMMIT", "VACUUM t", "BEGIN"],
    ),
    ("op.execute(sa.schema.CreateSchema('s', if_not_exists=True))", ["CREATE SCHEMA IF NOT EXISTS s"]),
]


def _read(body: str) -> tuple[list[str], list[bytes]]:
    text = f"revision = 'a'\n\n\ndef upgrade():\n    {body}\n"
    source = read_embedded(source_from(text.encode(), "m/a.py"))
    assert source.embedded is not None
    assert source.unanalysed == ()
    return [piece.sql.decode() for piece in source.embedded], [
        source.data[piece.span.start : piece.span.end] for piece in source.embedded
    ]


@pytest.mark.parametrize(("body", "expected"), _CASES)
def test_operations(body: str, expected: list[str]) -> None:
    found, _ = _read(body)
    assert found == expected


def test_a_statement_stands_where_its_call_does() -> None:
    _, places = _read("op.drop_table('t')\n    op.drop_table('ü')")
    assert places == [b"op.drop_table('t')", "op.drop_table('ü')".encode()]


def test_a_type_nobody_knows_is_text_and_said() -> None:
    text = "revision = 'a'\n\n\ndef upgrade():\n    op.add_column('t', sa.Column('a', app.Points()))\n"
    source = read_embedded(source_from(text.encode(), "m/a.py"))
    assert source.embedded is not None
    assert [piece.sql for piece in source.embedded] == [b"ALTER TABLE t ADD COLUMN a text"]
    assert "is not known" in source.unanalysed[0][1]
