"""What is set aside as a second copy of the schema."""

import pytest

from confiture_linter.engine.copies import second_schemas
from confiture_linter.engine.file_facts import file_facts


def set_aside(files: dict[str, str]) -> frozenset[str]:
    facts = {path: file_facts(path, text.encode()) for path, text in files.items()}
    return second_schemas(sorted(files), facts, lambda path: False, changes_first=False)[0]


@pytest.mark.parametrize(("schema", "copies"), [("", 6), ("app", 6), ("stage", 0)])
def test_tables_of_one_name_in_two_schemas_are_no_copies(schema: str, copies: int) -> None:
    files = {
        f"a/{n}.sql": f"CREATE TABLE app.t{n} (id int); CREATE TABLE app.u{n} (id int);" for n in range(6)
    }
    written = f"{schema}." if schema else ""
    files |= {f"b/{n}.sql": f"CREATE TABLE {written}t{n} (id int);" for n in range(6)}
    assert len(set_aside(files)) == copies


@pytest.mark.parametrize(
    ("file", "drops", "copies"),
    [("0009_views.sql", True, 0), ("0009_views.sql", False, 1), ("dump.sql", True, 1)],
)
def test_a_numbered_file_that_drops_what_it_makes_again_is_a_change(
    file: str, drops: bool, copies: int
) -> None:
    views = [f"CREATE VIEW v{n} AS SELECT {n} AS n;" for n in range(12)]
    again = [(f"DROP VIEW v{n};" if drops else "") + view for n, view in enumerate(views)]
    files = {f"{n:04}_v.sql": view for n, view in enumerate(views)} | {file: "\n".join(again)}
    assert len(set_aside(files)) == copies
