"""What a tree without configuration says of its build order by its names."""

from pathlib import Path

import pytest

from confiture_linter.config import default_config
from confiture_linter.engine.opening import guessed_order


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["2024-01-01-000000_a/up.sql", "20240201000000_b/up.sql"], ("diesel", True)),
        (["20240101000000_init/migration.sql", "20240201000000_b/migration.sql"], ("prisma", True)),
        (["V1__init.sql", "V1.1__more.sql", "R__view.sql"], (None, False)),
        (["V1__init.sql", "V1.1__more.sql"], ("flyway", True)),
        (["0001_init.sql", "0002_more.up.sql"], ("natural", True)),
        (["delta/9/a.sql", "delta/10/b.sql"], ("natural", True)),
        (["10/a.sql", "20/b.sql"], (None, False)),
        (["tables/a.sql", "views/b.sql"], (None, False)),
        ([], (None, False)),
    ],
)
def test_names(names: list[str], order: tuple[str | None, bool]) -> None:
    assert guessed_order(default_config("."), names, ["."]) == order


def test_a_sqitch_plan_above_nearly_all_files(tmp_path: Path) -> None:
    for project in ("main", "mocks"):
        (tmp_path / project).mkdir()
        (tmp_path / project / "sqitch.plan").write_text("%project=x\n")
    names = [f"main/deploy/{n}.sql" for n in range(9)] + ["mocks/deploy/a.sql"]
    config = default_config(str(tmp_path))
    assert guessed_order(config, names, [str(tmp_path)]) == ("sqitch:main/sqitch.plan", True)
    assert guessed_order(config, names[7:], [str(tmp_path)]) == (None, False)
