"""Django's migrations: SQL, functions, and operations as the SQL they run on PostgreSQL."""

import pytest

from confiture_linter.sources import read_embedded, source_from
from confiture_linter.sources.django_names import django_names, generated_name, shortened

_PATH = "shop/migrations/0002_x.py"
_FIRST = """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("boss", models.ForeignKey(null=True, on_delete=models.CASCADE, to="shop.person")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("tags", models.ManyToManyField(to="shop.Tag")),
            ],
            options={"db_table": "people", "swappable": "AUTH_USER_MODEL"},
        ),
        migrations.CreateModel(name="Tag", fields=[("code", models.CharField(max_length=9, primary_key=True))]),
    ]
"""


def _read(operations: str, before: str = "") -> tuple[list[str], list[str]]:
    text = f"{before}\n\nclass Migration(migrations.Migration):\n    operations = [\n        {operations}\n    ]\n"
    names = django_names([("shop/migrations/0001_initial.py", _FIRST.encode()), (_PATH, text.encode())])
    source = read_embedded(source_from(text.encode(), _PATH), (), names)
    assert source.embedded is not None
    return [piece.sql.decode() for piece in source.embedded], [reason for _, reason in source.unanalysed]


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ("migrations.RunSQL('select 1', reverse_sql='select 2')", ["select 1"]),
        (
            "migrations.RunSQL(sql=['select 1', ('select %s', [1])], reverse_sql=migrations.RunSQL.noop)",
            ["select 1", "select $1"],
        ),
        ("migrations.RunSQL(migrations.RunSQL.noop)", []),
        (
            "migrations.AlterField('person', 'name', models.CharField(max_length=50, null=True))",
            [
                "ALTER TABLE people ALTER COLUMN name TYPE varchar(50) USING name::varchar(50)",
                "ALTER TABLE people ALTER COLUMN name DROP NOT NULL",
            ],
        ),
        ("migrations.RunPython(forwards, backwards)", ["select 3"]),
        (
            (
                "migrations.SeparateDatabaseAndState(database_operations=[migrations.RunSQL('select 1')],"
                " state_operations=[migrations.DeleteModel('Tag')])"
            ),
            ["select 1"],
        ),
        (
            "migrations.AddField(model_name='person', name='age', field=models.PositiveIntegerField(default=3))",
            [
                "ALTER TABLE people ADD COLUMN age integer DEFAULT 3 NOT NULL CHECK (age >= 0)",
                "ALTER TABLE people ALTER COLUMN age DROP DEFAULT",
            ],
        ),
        (
            "migrations.AddField('tag', 'owner', models.ForeignKey(to=settings.AUTH_USER_MODEL, null=True))",
            [
                (
                    "ALTER TABLE shop_tag ADD COLUMN owner_id bigint NULL"
                    " CONSTRAINT shop_tag_owner_id_FK REFERENCES people (id) DEFERRABLE INITIALLY DEFERRED"
                ),
                "CREATE INDEX shop_tag_owner_id_IX ON shop_tag (owner_id)",
            ],
        ),
        (
            "migrations.RemoveField(model_name='person', name='boss')",
            ["ALTER TABLE people DROP COLUMN boss_id CASCADE"],
        ),
        ("migrations.RemoveField(model_name='person', name='tags')", ["DROP TABLE people_tags CASCADE"]),
        ("migrations.DeleteModel(name='Tag')", ["DROP TABLE shop_tag CASCADE"]),
        ("migrations.RenameModel('Tag', 'Label')", ["ALTER TABLE shop_tag RENAME TO shop_label"]),
        (
            "AddIndexConcurrently('person', models.Index(fields=['-name', 'boss'], name='i'))",
            ["CREATE INDEX CONCURRENTLY i ON people (name DESC, boss_id)"],
        ),
        ("migrations.RemoveIndex(model_name='person', name='i')", ["DROP INDEX IF EXISTS i"]),
        (
            "migrations.AddConstraint('person', models.UniqueConstraint(fields=('boss', 'name'), name='u'))",
            ["ALTER TABLE people ADD CONSTRAINT u UNIQUE (boss_id, name)"],
        ),
        ("TrigramExtension()", ["CREATE EXTENSION IF NOT EXISTS pg_trgm"]),
        ("migrations.AlterModelOptions('person', options={})", []),
    ],
)
def test_operations(operations: str, expected: list[str]) -> None:
    before = "def forwards(apps, schema_editor):\n    schema_editor.execute('select 3')\n\ndef backwards(apps, e):\n    e.execute('x')\n"
    found, unknown = _read(operations, before)
    key = generated_name("shop_tag", ["owner_id"], "_fk_people_id")
    index = generated_name("shop_tag", ["owner_id"], "")
    wanted = [
        text.replace("shop_tag_owner_id_FK", key).replace("shop_tag_owner_id_IX", index) for text in expected
    ]
    assert found == wanted
    assert unknown == []


@pytest.mark.parametrize(
    ("operations", "reason"),
    [
        ("migrations.AlterField('person', 'id', models.BigAutoField(primary_key=True))", "AlterField"),
        ("migrations.RunSQL(build())", "only known when the migration runs"),
        ("migrations.RemoveField('person', 'nobody')", "nobody"),
        ("mine.Special()", "Special"),
        (
            "migrations.AddConstraint('person', models.CheckConstraint(check=models.Q(a=1), name='c'))",
            "CheckConstraint",
        ),
        ("migrations.AddField('tag', 'x', models.ForeignKey(to='other.Thing', null=True))", "other.Thing"),
    ],
)
def test_what_depends_on_more_than_the_files_is_said(operations: str, reason: str) -> None:
    _, (said,) = _read(operations)
    assert reason in said


def test_a_new_model_brings_keys_and_indexes_at_the_end() -> None:
    names = django_names([("shop/migrations/0001_initial.py", _FIRST.encode())])
    source = read_embedded(source_from(_FIRST.encode(), "shop/migrations/0001_initial.py"), (), names)
    assert source.embedded is not None
    found = [piece.sql.decode() for piece in source.embedded]
    assert found[:3] == [
        (
            "CREATE TABLE people (id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY, boss_id bigint NULL,"
            " name varchar(40) NOT NULL UNIQUE)"
        ),
        (
            "CREATE TABLE people_tags (id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,"
            " person_id bigint NOT NULL, tag_id varchar(9) NOT NULL)"
        ),
        "CREATE TABLE shop_tag (code varchar(9) NOT NULL PRIMARY KEY)",
    ]
    assert sum("FOREIGN KEY" in text for text in found) == 3
    assert sum(text.startswith("CREATE INDEX") and "_pattern_ops" not in text for text in found) == 3
    assert sum("_pattern_ops" in text for text in found) == 2


def test_what_is_dropped_again_gets_nothing_at_the_end() -> None:
    found, _ = _read(
        "migrations.CreateModel('Gone', [('id', models.AutoField(primary_key=True)),"
        " ('p', models.ForeignKey(to='shop.Person'))]), migrations.DeleteModel('Gone')"
    )
    assert [text.split(" (")[0] for text in found] == [
        "CREATE TABLE shop_gone",
        "DROP TABLE shop_gone CASCADE",
    ]


def test_names_are_cut_as_django_cuts_them() -> None:
    # Names that Django itself made.
    made = generated_name(
        "library_borrowed_volumes", ["catalogue_entry_identifier_id"], "_fk_library_catalogue_id"
    )
    assert len(made) <= 63
    assert made.startswith("library_borrowed_vol_catalogue_entry_iden_")
    assert len(shortened("a" * 80)) == 63
    assert shortened("a" * 63) == "a" * 63
