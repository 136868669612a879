"""Strategies of other packages."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from tests.migrator.anonymize.site import Site

from confiture_linter.profiles import Spec
from confiture_migrator.anonymize import strategies
from confiture_migrator.anonymize.strategies import Compiled, Setting, Unfit

pytestmark = pytest.mark.pg
HERE = "tests.migrator.anonymize.test_custom"


def backwards(spec: Spec, setting: Setting) -> Compiled:
    if setting.type.kind != "text":
        raise Unfit("backwards is for text")
    return Compiled(sql=lambda value: f"reverse({value.text})", python=lambda text, row: text[::-1])


def careless(spec: Spec, setting: Setting) -> Compiled:
    def python(text: str, row: Any) -> str:
        raise ValueError(text)

    return Compiled(sql=None, python=python)


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(group: str) -> Iterable[EntryPoint]:
        names = {
            "backwards": f"{HERE}:backwards",
            "careless": f"{HERE}:careless",
            "broken": "no_such_module:x",
        }
        return (
            [EntryPoint(name, value, group) for name, value in names.items()]
            if group == strategies.GROUP
            else []
        )

    monkeypatch.setattr(strategies, "entry_points", found)


def profile(site: Site, spec: str) -> None:
    site.schema(
        "CREATE TABLE t (id int PRIMARY KEY, email text);", "INSERT INTO t VALUES (1, 'secret@corp.example');"
    )
    site.profile(f"  - table: t\n    columns: {{email: {spec}}}\n")


def test_a_strategy_of_another_package(site: Site) -> None:
    profile(site, "{type: backwards, loud: true}")
    assert site.good()["state"] == "verified"
    assert site.one("SELECT email FROM t") == "elpmaxe.proc@terces"


def test_one_that_raises_tells_nothing_of_the_value(site: Site) -> None:
    profile(site, "{type: careless}")
    done = site.run()
    assert done.returncode == 3, done.stderr
    assert "public.t.email: the strategy failed with ValueError on some value" in done.stderr
    assert "secret" not in done.stderr


def test_one_that_does_not_load_names_its_package(site: Site) -> None:
    profile(site, "{type: broken}")
    done = site.run()
    assert done.returncode == 2
    assert "strategy broken of package no_such_module:x does not load" in done.stderr
