"""Which database is meant; URLs come from variables and are never shown."""

import pytest

from confiture_linter.config import Config, Environment
from confiture_migrator.errors import MigrateError
from confiture_migrator.target import connect, environment_of, target_of

URL = "postgresql://me:geheim@h/db"


def config(**environments: str | None) -> Config:
    return Config(environments={name: Environment(url) for name, url in environments.items()})


def test_which_environment() -> None:
    both = config(default="${A}", production="${B}")
    assert environment_of(both, None) == ("default", Environment("${A}"))
    assert environment_of(both, "production") == ("production", Environment("${B}"))
    assert environment_of(config(only="${A}"), None) == ("only", Environment("${A}"))
    assert environment_of(Config(), None) is None
    with pytest.raises(MigrateError, match="name one of a, b with --env"):
        environment_of(config(a="${A}", b="${B}"), None)
    with pytest.raises(MigrateError, match=r"no environment is called x \(there: default, production\)"):
        environment_of(both, "x")


def test_variables() -> None:
    found = target_of(
        config(default="postgresql://${WHO}:${SECRET}@h/db"), None, None, {"WHO": "me", "SECRET": "geheim"}
    )
    assert found is not None
    assert found.url == URL
    assert "geheim" not in repr(found)
    with pytest.raises(
        MigrateError, match=r"environments\.default: the environment variable SECRET, WHO is not set"
    ):
        target_of(config(default="postgresql://${WHO}:${SECRET}@h/db"), None, None, {})
    found = target_of(Config(), None, "env:HERE", {"HERE": URL})
    assert found is not None
    assert found.url == URL


@pytest.mark.parametrize("given", [URL, "HERE", "env:", "env:1", "env:A B"])
def test_a_url_is_no_argument(given: str) -> None:
    with pytest.raises(MigrateError, match="takes env:VARIABLE") as caught:
        target_of(Config(), None, given, {})
    assert "geheim" not in str(caught.value)


def test_no_message_shows_the_url() -> None:
    for url in (
        "postgresql://me:geheim@/x?host=/nowhere&port=1",
        "postgresql:/me:geheim@h/db",
        "host=/nowhere password=geheim",
    ):
        with pytest.raises(MigrateError) as caught:
            connect(url)
        assert "geheim" not in str(caught.value)
