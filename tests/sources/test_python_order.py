"""The order that Alembic's and Django's migrations give themselves."""

from confiture_linter.sources.order import natural_key
from confiture_linter.sources.python_order import order_python, superseded


def _ordered(files: dict[str, str]) -> list[str] | None:
    return order_python(list(files), lambda path: files[path].encode(), natural_key)


def test_alembic_follows_revisions_and_merges() -> None:
    files = {
        "v/a_last.py": "revision = 'e5'\ndown_revision = ('c3', 'd4')\n",
        "v/b.py": "revision: str = 'd4'\ndown_revision: str | None = 'b2'\ndepends_on = None\n",
        "v/c.py": "revision = 'c3'\ndown_revision = (\n    'b2',\n)\n",
        "v/y.py": 'revision = "b2"\ndown_revision = "a1"\n',
        "v/z_first.py": "revision = 'a1'\ndown_revision = None\n",
    }
    assert _ordered(files) == ["v/z_first.py", "v/y.py", "v/b.py", "v/c.py", "v/a_last.py"]


def test_alembic_takes_the_beginning_of_a_revision() -> None:
    files = {
        "a.py": "revision = 'bbbbbb'\ndown_revision = 'aaaa'\n",
        "b.py": "revision = 'aaaaaa'\ndown_revision = None\n",
    }
    assert _ordered(files) == ["b.py", "a.py"]


def test_django_follows_dependencies_across_apps() -> None:
    head = "class Migration(migrations.Migration):\n    dependencies = "
    files = {
        "a/migrations/0001_initial.py": head + "[\n        ('b', '0002_two'),\n    ]\n",
        "b/migrations/0001_initial.py": head + "[]\n",
        "b/migrations/0002_two.py": head + "[('b', '0001_initial')]\n",
    }
    assert _ordered(files) == [
        "b/migrations/0001_initial.py",
        "b/migrations/0002_two.py",
        "a/migrations/0001_initial.py",
    ]


def test_a_circle_is_cut_and_silent_files_keep_their_place() -> None:
    files = {
        "b.py": "revision = 'b'\ndown_revision = 'c'\n",
        "c.py": "revision = 'c'\ndown_revision = 'b'\n",
        "a.sql": "",
    }
    assert _ordered(files) == ["a.sql", "b.py", "c.py"]
    assert _ordered({"a.py": "def up(conn): pass\n"}) is None


def test_squashed_migrations_beside_their_originals() -> None:
    files = {
        "a/migrations/0001_one.py": "",
        "a/migrations/0002_two.py": "",
        "a/migrations/0001_squashed_0002_two.py": "    replaces = [('a', '0001_one'), ('a', '0002_two')]\n",
    }
    assert superseded(files, lambda path: files[path].encode()) == {"a/migrations/0001_squashed_0002_two.py"}
    del files["a/migrations/0002_two.py"]
    assert superseded(files, lambda path: files[path].encode()) == frozenset()
